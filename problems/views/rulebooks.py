"""The rules of handling on pages: which hold where, one version in words, a new version with its preview."""

import datetime as dt
from types import SimpleNamespace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, prefetch_related_objects
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from alliances.models import Region
from audit import sentences
from core import clock
from core.answers import demand, get_or_404
from core.held import held_data
from core.transitions import Conflict, Refused
from problems import rules
from problems.enums import LimitStep, Preset, Reach
from problems.forms.rulebook import ReachForm, RulebookForms, StartForm, book_of_preset
from problems.lifecycle import rule_preview, rulebooks
from problems.models import Rulebook
from problems.rulebook import words

PAGE = 50
MOST_REGIONS = 300


# --- which hold where ---------------------------------------------------------------------------------------------
@require_GET
def rulebook_list(request):
    """The rules in force for each region in sight, own or inherited, and all versions."""
    today = clock.today()
    seen = Rulebook.objects.visible_to(request.actor).select_related("region", "made_by")
    books = list(seen.order_by("-valid_from", "region_id", "-revision"))
    regions = list(Region.objects.visible_to(request.actor).filter(is_active=True).order_by("path")[:MOST_REGIONS])
    context = {
        "places": [_place(region, books, today, request.actor) for region in regions],
        "versions": [_version(book, books, today) for book in books],
        "today": today,
    }
    return render(request, "problems/rulebook_list.html", context)


def _governing(region: Region, books, day: dt.date) -> Rulebook | None:
    """As `rules.rulebook_for`, among books that are read already."""
    line = set(region.ancestor_paths)
    found = [b for b in books if b.valid_from <= day and (b.region is None or b.region.path in line)]
    return max(found, key=lambda b: (b.region.path if b.region else "", b.since), default=None)


def _place(region, books, today, actor) -> dict:
    book = _governing(region, books, today)
    coming = [b for b in books if b.region_id == region.pk and b.valid_from > today]
    return {
        "region": region,
        "book": book,
        "own": book is not None and book.region_id == region.pk,
        "coming": min(coming, key=lambda b: (b.valid_from, -b.revision), default=None),
        "may_write": rulebooks.may_write(region, actor) is None,
    }


def _version(book, books, today) -> dict:
    of_region = [b for b in books if b.region_id == book.region_id]
    begun = [b for b in of_region if b.valid_from <= today]
    successor = min((b for b in of_region if b.since > book.since), key=lambda b: b.since, default=None)
    same_day = successor is not None and successor.valid_from == book.valid_from
    if book.valid_from > today and not same_day:
        state, tone = _("未生效"), "blue"
    elif book is max(begun, key=lambda b: b.since, default=None):
        state, tone = _("生效中"), "green"
    else:
        state, tone = _("已被替代"), "grey"
    until = successor.valid_from - dt.timedelta(days=1) if successor and not same_day else None
    return {"book": book, "state": state, "tone": tone, "until": until, "corrected_by": successor if same_day else None}


# --- one version --------------------------------------------------------------------------------------------------
def _seen(request, pk: int) -> Rulebook:
    return get_or_404(Rulebook.objects.visible_to(request.actor).select_related("region", "made_by"), pk)


@require_GET
def rulebook_detail(request, pk: int):
    """All rules of one version in words, beside those of the version before it or of the region above."""
    book, today = _seen(request, pk), clock.today()
    previous, above = _previous(book), _above(book)
    against = request.GET.get("against", "")
    other = {"above": above, "none": None}.get(against, previous or above)
    siblings = list(Rulebook.objects.filter(region=book.region))
    tabs = [("previous", _("与上一版比较"), previous), ("above", _("与上级规则比较"), above), ("none", _("不比较"), 1)]
    chosen = against or ("previous" if previous else "above" if above else "none")
    context = {
        **_version(next(b for b in siblings if b.pk == book.pk), siblings, today),
        "book": book,
        "other": other,
        "tabs": [
            {"label": label, "url": f"?against={key}", "active": key == chosen} for key, label, has in tabs if has
        ],
        "groups": words.groups(book, other),
        "limits": words.limits(book, other),
        "ladder": words.ladder(book, other),
        "changed": len(words.changes(book, other)) if other else 0,
        "job": job_of(book),
        "events": sentences.timeline(book),
        "refusal": rulebooks.may_write(book.region, request.actor),
        "may_withdraw": rulebooks.may_withdraw(book, request.actor) is None,
        "may_correct": book.region is not None and book.valid_from >= today,
    }
    return render(request, "problems/rulebook_detail.html", context)


def _previous(book) -> Rulebook | None:
    earlier = Q(valid_from__lt=book.valid_from) | Q(valid_from=book.valid_from, revision__lt=book.revision)
    found = Rulebook.objects.filter(earlier, region=book.region).select_related("region")
    return found.order_by("-valid_from", "-revision").first()


def _above(book) -> Rulebook | None:
    """The rules that would hold without the region's own."""
    if book.region is None:
        return None
    parent = book.region.parent
    day = max(book.valid_from, clock.today())
    if parent is not None:
        found = rules.rulebook_for(parent, day)
        return found if found.pk else None
    common = Rulebook.objects.filter(region=None, valid_from__lte=day).order_by("-valid_from")
    return common.first()


def job_of(book) -> dict | None:
    """The recalculation of a version for the job component; None where it has none or has not begun."""
    if book.reach != Reach.OPEN or book.valid_from > clock.today():
        return None
    done = book.finished_at is not None
    percent = min(99, 100 * book.checked // book.to_check) if book.to_check else 0
    message = _("已查看 %(checked)d 件，调整 %(moved)d 件。") % {"checked": book.checked, "moved": book.moved}
    return {
        "id": f"rules-{book.pk}",
        "title": _("重新计算在办事项的期限"),
        "running": not done,
        "poll_url": reverse("problems:rulebook_progress", args=[book.pk]),
        "percent": percent,
        "message": message,
        "state_label": _("已完成") if done else _("进行中"),
        "tone": "green" if done else "blue",
    }


@require_GET
def rulebook_progress(request, pk: int):
    """How far the recalculation of a version has come: the job component alone."""
    job = job_of(_seen(request, pk))
    if job is None:
        raise Http404
    return render(request, "components/job.html", {"job": job})


@require_http_methods(["GET", "POST"])
def rulebook_withdraw(request, pk: int):
    """Take back a version before its day."""
    book = _seen(request, pk)
    demand(rulebooks.may_withdraw(book, request.actor))
    if request.method == "POST":
        try:
            rulebooks.withdraw(book, by=request.actor)
        except Rulebook.DoesNotExist as gone:
            raise Http404 from gone
        except Refused as refused:
            demand(refused.refusal)
        messages.success(request, _("已撤销未生效的规则。"))
        return redirect("problems:rulebook_list")
    before = _previous(book)
    again = before is not None and before.valid_from == book.valid_from
    return render(request, "problems/rulebook_withdraw.html", {"book": book, "again": again})


# --- a new version ------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def rulebook_edit(request, pk: int):
    """A new version for a region: the form, the preview of what it changes, the confirmation. Nothing is kept on the
    server in between; each page carries what was written to the next."""
    region = get_or_404(Region.objects.visible_to(request.actor).select_related("parent"), pk)
    demand(rulebooks.may_write(region, request.actor))
    newest = Rulebook.objects.filter(region=region).order_by("-pk").values_list("pk", flat=True).first() or -1
    data = request.POST or held_data(request)
    if not data:
        return _form_page(request, region, _start(request, region), newest)
    parts = RulebookForms(region, data)
    if request.method == "GET" or "back" in data or not _whole(parts):
        return _form_page(request, region, parts, data.get("newest", newest))
    if "confirmed" in data:
        return _confirmed(request, region, parts, newest)
    return _preview_page(request, region, parts, newest)


def _whole(parts: RulebookForms) -> bool:
    """Whether everything can be read and the day may be chosen; what is wrong is told beside its field."""
    if not parts.is_valid():
        return False
    try:
        rulebooks.check_day(parts.form.cleaned_data["valid_from"])
    except ValidationError as error:
        parts.add_errors(error)
        return False
    return True


def _start(request, region) -> RulebookForms:
    """The rules to begin with: those in force, those of a day to be corrected, a ready set, or those of the region
    above."""
    start, today = StartForm(request.GET), clock.today()
    chosen, day = (start.cleaned_data["preset"], start.cleaned_data["day"]) if start.is_valid() else ("", None)
    day = day if day and day >= today else None
    book = rules.rulebook_for(region, day or today)
    if chosen in Preset.values:
        book = book_of_preset(chosen, region)
    elif chosen == "above":
        book = _above(SimpleNamespace(region=region, valid_from=today)) or book
    parts = RulebookForms(region, book=book)
    parts.form.initial["valid_from"] = day or _free_day(region)
    return parts


def _free_day(region) -> dt.date:
    """Tomorrow, or the first day after it on which no version of the region begins."""
    taken = set(Rulebook.objects.filter(region=region).values_list("valid_from", flat=True))
    day = clock.today() + dt.timedelta(days=1)
    while day in taken:
        day += dt.timedelta(days=1)
    return day


def _form_page(request, region, parts, newest, **more):
    status = 422 if request.htmx and parts.form.is_bound else 200
    presets = [(str(preset), preset.label) for preset in Preset]
    context = {"region": region, "parts": parts, "newest": newest, "presets": presets, **more}
    return render(request, "problems/rulebook_edit.html", context, status=status)


def _preview_page(request, region, parts, newest, reach_form=None):
    draft = parts.draft()
    book = draft.book()
    before = rules.rulebook_for(region, draft.valid_from)
    seen = rule_preview.preview(book, draft.valid_from, before)
    step = seen.steps.get(request.POST.get("step", ""), seen.steps[LimitStep.RESOLVE])
    rows = seen.rows if step.step == LimitStep.RESOLVE else step.moved
    number = _number(request.POST.get("page", "1"), len(rows))
    corrected = rulebooks.corrects(region, draft.valid_from)
    open_only = rulebooks.must_reach_open(corrected)
    context = {
        "region": region,
        "draft": draft,
        "preview": seen,
        "steps": [one for one in seen.steps.values() if one.running or one.step == LimitStep.RESOLVE],
        "step": step,
        "by_light": step.step == LimitStep.RESOLVE,
        "page": {
            "number": number,
            "rows": _named(rows[(number - 1) * PAGE : number * PAGE]),
            "previous": number - 1 if number > 1 else None,
            "next": number + 1 if number * PAGE < len(rows) else None,
        },
        "rungs": [(words.rung(one.rung), one) for one in seen.rungs],
        "changes": words.changes(book, before),
        "kept_values": _kept(request.POST),
        "newest": request.POST.get("newest", newest),
        "corrected": corrected,
        "reach_form": reach_form
        or ReachForm(initial={"reach": request.POST.get("reach") or Reach.NEW}, open_only=open_only),
        "is_today": draft.valid_from == clock.today(),
    }
    return render(request, "problems/rulebook_preview.html", context)


def _named(rows: list) -> list:
    """The rows of one page with the units that their limits are of."""
    legs = [row.limit.assignment for row in rows if isinstance(row, rule_preview.LimitMoved)]
    prefetch_related_objects([leg for leg in legs if leg], "team", "department")
    return rows


def _number(text: str, rows: int) -> int:
    last = max(1, -(-rows // PAGE))
    return min(max(int(text), 1), last) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _kept(data) -> list[tuple[str, str]]:
    """What was written, to be carried on by hidden fields."""
    own = ("csrfmiddlewaretoken", "page", "step", "back", "confirmed", "reach", "newest")
    return [(name, value) for name, values in data.lists() if name not in own for value in values]


def _confirmed(request, region, parts, newest):
    corrected = rulebooks.corrects(region, parts.form.cleaned_data["valid_from"])
    reach = ReachForm(request.POST, open_only=rulebooks.must_reach_open(corrected))
    if not reach.is_valid():
        return _preview_page(request, region, parts, newest, reach)
    read = request.POST.get("newest", "")
    known = int(read) if read.lstrip("-").isdigit() and read.isascii() and len(read) < 19 else -2
    try:
        book = rulebooks.make(parts.draft(), by=request.actor, reach=reach.cleaned_data["reach"], newest=known)
    except Conflict as conflict:
        return _form_page(request, region, parts, newest, conflict=conflict.refusal.sentence)
    except Refused as refused:
        demand(refused.refusal)
    except ValidationError as error:
        parts.add_errors(error)
        return _form_page(request, region, parts, read)
    messages.success(request, _("新的规则已保存，自 %(day)s 起生效。") % {"day": book.valid_from.isoformat()})
    return redirect("problems:rulebook_detail", pk=book.pk)
