"""Kinds of the registers on pages: the common ones, and a region's own kept by its officers."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.records import version
from audit.registers import attempt_change
from core.actor import Role
from core.answers import answer_status, demand, get_or_404
from core.held import held_data
from enterprises import lifecycle, perms
from enterprises.forms.kinds import KINDS, form_for

FIRST = "postings"


def _word(request) -> str:
    word = request.GET.get("of", FIRST)
    return word if word in KINDS else FIRST


def _list_url(word):
    return f"{reverse('enterprises:kind_list')}?of={word}"


@require_safe
def kind_list(request):
    """The kinds of one register; tabs lead to the others."""
    word = _word(request)
    model, label, _fields = KINDS[word]
    rows = list(
        model.objects.visible_to(request.actor).select_related("region").order_by("region__path", "order", "pk")
    )
    rows.sort(key=lambda row: (row.region_id is not None, row.order, row.pk))
    for row in rows:
        row.may_write = not perms.keep_kind(row.region, request.actor)
        row.said = _said(row)
    tabs = [
        {"label": name, "url": _list_url(one), "active": one == word} for one, (_model, name, _own) in KINDS.items()
    ]
    officer = request.actor.has(Role.COUNTY_OFFICER)
    create_url = f"{reverse('enterprises:kind_create')}?of={word}" if officer else None
    context = {"rows": rows, "tabs": tabs, "label": label, "word": word, "create_url": create_url}
    return render(request, "enterprises/kind_list.html", context)


def _said(kind) -> str:
    """What a kind rules, in words."""
    parts = []
    for name in ("counts_as", "posted_to", "level", "awarded_to"):
        if getattr(kind, name, ""):
            parts.append(str(getattr(kind, f"get_{name}_display")()))
    for name in ("is_party_work", "is_single"):
        if getattr(kind, name, False):
            parts.append(str(kind._meta.get_field(name).verbose_name))
    if getattr(kind, "helped_target", None):
        band = {"n": kind.helped_target, "a": kind.helped_low, "b": kind.helped_high}
        parts.append(_("约 %(n)s 个（%(a)s 至 %(b)s 个）") % band)
    return " · ".join(parts)


def _page(request, word, kind, form, changes=()):
    label = KINDS[word][1]
    title = (
        _("修改%(label)s：%(name)s") % {"label": label, "name": kind}
        if kind.pk
        else _("增加%(label)s") % {"label": label}
    )
    context = {
        "form": form,
        "title": title,
        "label": label,
        "cancel_url": _list_url(word),
        "changes": changes,
        "draft_key": f"kind-{word}-{kind.pk or 'new'}",
    }
    return render(request, "enterprises/kind_form.html", context, status=answer_status(request, form))


def _take(request, word, kind, form):
    """Save what the form says; answers what to show."""
    model, changes, fresh = KINDS[word][0], [], kind.pk is None
    if request.method == "POST" and form.is_valid():
        row = model() if fresh else model.objects.get(pk=kind.pk)
        values = {name: value for name, value in form.values.items() if name != "order" or value is not None}
        seen = form.cleaned_data.get("version") or None
        saved, changes = attempt_change(
            form, kind, lambda: lifecycle.save_kind(row, values, by=request.actor, seen=seen)
        )
        if saved:
            messages.success(request, _("类别“%(name)s”已保存。") % {"name": saved})
            return redirect(_list_url(word))
    return _page(request, word, kind if fresh else model.objects.get(pk=kind.pk), form, changes)


@require_http_methods(["GET", "HEAD", "POST"])
def kind_create(request):
    """A region's own kind beside the common ones."""
    demand(perms.create_kind(request.actor))
    word = _word(request)
    data = request.POST if request.method == "POST" else held_data(request)
    kind = KINDS[word][0]()
    return _take(request, word, kind, form_for(word)(data or None, actor=request.actor, instance=kind))


@require_http_methods(["GET", "HEAD", "POST"])
def kind_edit(request, word, pk):
    """Rename a region's own kind, order it, disable or enable it."""
    if word not in KINDS:
        raise Http404
    kind = get_or_404(KINDS[word][0].objects.visible_to(request.actor).select_related("region"), pk)
    demand(perms.keep_kind(kind.region, request.actor))
    data = request.POST if request.method == "POST" else held_data(request)
    form = form_for(word)(data or None, actor=request.actor, instance=kind, initial={"version": version(kind)})
    return _take(request, word, kind, form)
