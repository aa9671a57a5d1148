"""Pages of the sections and sentences that reports are written with: which hold where, writing them, their versions."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alliances.models import Region
from core import clock
from core.answers import demand, get_or_404
from core.held import held_data
from core.periods import Period
from core.transitions import Conflict, Refused
from indicators import declarations
from reports import content, screen, template_lifecycle, templates
from reports.facts import FACTS
from reports.forms import ReportForm
from reports.language import WAYS
from reports.models import ReportTemplate
from reports.sections import SHIPPED
from reports.template_forms import SectionForm, TemplateForms

MOST_REGIONS = 300
MOST_VERSIONS = 100
MOST_FOUND = 12
LEVELS = ("province", "city", "county")


@require_GET
def template_list(request):
    """What each region in sight is written with, own or inherited, and all versions."""
    seen = Region.objects.visible_to(request.actor).filter(is_active=True, level__in=LEVELS).order_by("path")
    rows = ReportTemplate.objects.visible_to(request.actor).select_related("region", "made_by")
    context = {
        "places": [_place(region, request.actor) for region in seen[:MOST_REGIONS]],
        "versions": rows.order_by("-made_at", "-pk")[:MOST_VERSIONS],
    }
    return render(request, "reports/template_list.html", context)


def _place(region, actor):
    standing = templates.for_region(region)
    return {
        "region": region,
        "standing": standing,
        "own": standing.row is not None and standing.row.region_id == region.pk,
        "may_write": template_lifecycle.may_write(region, actor) is None,
    }


@require_GET
def template_detail(request, pk: int):
    """One version as it stands, section by section, with what differs from the one before it."""
    row = get_or_404(ReportTemplate.objects.visible_to(request.actor).select_related("region", "made_by"), pk)
    before = ReportTemplate.objects.filter(region=row.region, number__lt=row.number).order_by("-number").first()
    former = {one.code: one for one in (templates.sections_of(before) if before and before.sections else SHIPPED)}
    sections = templates.sections_of(row) if row.sections else ()
    context = {
        "row": row,
        "sections": [{"section": one, "changed": former.get(one.code) != one} for one in sections],
        "may_write": template_lifecycle.may_write(row.region, request.actor) is None,
    }
    return render(request, "reports/template_detail.html", context)


# --- writing ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def template_edit(request, pk: int):
    """A region's sections: order, headings, sentences, tables. Nothing is kept before it is saved, and only whole."""
    region = _own_region(request, pk)
    data = request.POST if request.method == "POST" else held_data(request)
    if data is None:
        return _edit_page(request, region, TemplateForms(_start(request, region), newest=_newest(region)))
    parts = TemplateForms(data=data)
    touched = _arrange(parts, data)
    if touched is not None:
        return _edit_page(request, region, parts, touched=touched)
    if request.method == "POST" and parts.is_valid():
        told = parts.form.cleaned_data
        try:
            row = template_lifecycle.make(
                region, parts.sections(), by=request.actor, note=told["note"], newest=told["newest"]
            )
        except Conflict as conflict:
            newest = _newest(region)
            again = QueryDict(data.urlencode(), mutable=True)
            again["newest"] = str(newest)
            return _edit_page(request, region, TemplateForms(data=again), conflict=str(conflict.refusal.sentence))
        except Refused as refused:
            parts.form.add_error(None, str(refused.refusal.sentence))
        else:
            messages.success(request, _("已保存为第%(number)d版，此后生成的月报按它来写。") % {"number": row.number})
            return redirect(row)
    return _edit_page(request, region, parts)


def _own_region(request, pk):
    region = get_or_404(Region.objects.visible_to(request.actor), pk)
    demand(template_lifecycle.may_write(region, request.actor))
    return region


def _newest(region):
    row = templates.newest_of(region)
    return row.number if row else 0


def _start(request, region):
    """The sections to begin with: those that hold, those that are shipped, or those of an earlier version."""
    chosen = request.GET.get("from", "")
    if chosen == "shipped":
        return SHIPPED
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
        row = get_or_404(ReportTemplate.objects.visible_to(request.actor), chosen)
        return templates.sections_of(row) if row.sections else SHIPPED
    return templates.for_region(region).sections


def _arrange(parts, data):
    """Do what a button of the page asks for, without saving: the code of the section that was touched, or None."""
    for name, by in (("up", -1), ("down", 1)):
        if name in data:
            parts.move(data[name], by)
            return data[name]
    if "add" in data:
        return parts.add()
    if "remove" in data:
        parts.remove(data["remove"])
        return ""
    return None


def _edit_page(request, region, parts, **more):
    context = {
        "region": region,
        "parts": parts,
        "preview": ReportForm(actor=request.actor, initial={"scope": f"region:{region.code or f'id{region.pk}'}"}),
        "standing": templates.for_region(region),
        "may_reset": template_lifecycle.may_reset(region, request.actor) is None,
        "found": _found(""),
        "wrong": [row for row in parts.rows if row.is_bound and row.errors],
        **more,
    }
    return render(request, "reports/template_edit.html", context)


@require_POST
def template_preview(request, pk: int):
    """One section as it would be printed for a real month, or what is wrong with it. Nothing is written."""
    _own_region(request, pk)
    code = request.POST.get("section", "")
    row = next((one for one in TemplateForms(data=request.POST).rows if one.code == code), None)
    form = ReportForm(request.POST, actor=request.actor)
    context = {"wrong": [], "blocks": []}
    if row is None or not form.is_valid():
        context["wrong"] = [_("请选定预览的范围和月份。")]
    elif not row.is_valid():
        context["wrong"] = [error for errors in row.errors.values() for error in errors]
    else:
        context["blocks"] = _previewed(row, form.cleaned_data, request.actor)
    return render(request, "reports/template_preview.html", context)


def _previewed(row: SectionForm, chosen, actor):
    period = Period.month(chosen["month"].year, chosen["month"].number)
    # A report is Chinese, whatever language its writer's pages are in.
    with override("zh-hans"):
        writing = content.Writing(chosen["scope"], period, actor, clock.today(), [row.section()])
        return screen.blocks(writing.blocks(row.section()))


@require_http_methods(["GET", "POST"])
def template_reset(request, pk: int):
    """Back to what holds above, after asking."""
    region = _own_region(request, pk)
    if request.method == "POST":
        try:
            template_lifecycle.reset(region, by=request.actor)
        except Refused as refused:
            messages.error(request, str(refused.refusal.sentence))
        else:
            messages.success(request, _("本地区的月报改回沿用上级或通用模板。"))
        return redirect("reports:template_list")
    return render(request, "reports/template_reset.html", {"region": region})


# --- figures to put in --------------------------------------------------------------------------------------------


@require_GET
def template_figures(request):
    """Figures and facts that fit some words, to put into a sentence."""
    return render(request, "reports/template_figures.html", {"found": _found(request.GET.get("q", ""))})


def _found(words):
    words = words.strip().lower()[:40]
    rows = []
    for one in declarations.indicators():
        if words in f"{one.name} {one.code} {one.definition}".lower():
            ways = [(way, told.label) for way, told in WAYS.items() if not told.several and told.fits(one)]
            rows.append({"code": one.code, "name": one.name, "unit": one.unit, "ways": ways, "hint": one.definition})
    facts = [{"code": name, "name": one.label} for name, one in FACTS.items() if words in f"{name} {one.label}".lower()]
    return {"rows": rows[:MOST_FOUND], "more": max(0, len(rows) - MOST_FOUND), "facts": facts if words else facts[:4]}
