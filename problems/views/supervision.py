"""Supervision: the board of lights, slips, instructions."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import clock, keyset, listings, workdays
from core.answers import add_errors
from core.held import held_data
from core.transitions import Refused
from exchange.responses import bytes_response
from problems import handed_out
from problems.enums import Light, SlipKind
from problems.forms.supervision import (
    AnswerSlipForm,
    BoardForm,
    InstructionFilterForm,
    InstructionReportForm,
    SlipFilterForm,
    SlipForm,
)
from problems.models import Instruction, Slip
from problems.supervision import board as content
from problems.supervision import documents, instructions, past, slips
from problems.views.entry import seen

PAGE = 50


@require_GET
def board(request):
    """The board of lights, now or at the end of a day gone by; of such a day one light's entries with `light`. HTMX
    gets the results alone."""
    part = "#results" if request.htmx and not request.htmx.boosted else ""
    form, light = BoardForm(request.GET, actor=request.actor), request.GET.get("light", "")
    if light in past.FIGURES and form.past_day() is not None:
        return render(request, f"problems/supervision_stood.html{part}", _stood(request, form, light))
    return render(request, f"problems/supervision.html{part}", content.build(request.GET, request.actor))


def _stood(request, form, light: str) -> dict:
    """The context of the entries that stood under one light on a day gone by."""
    day, calendars = form.past_day(), workdays.everywhere()
    spans = form.narrow(past.stood(light, day, request.actor))
    page = keyset.page(past.read(spans), request, ["problem_id"], size=PAGE, total=spans.count())
    page.rows = [past.told(span, day, calendars) for span in page.rows]
    back = {name: value for name, value in request.GET.items() if name in form.fields and value}
    return {
        "filter_form": form,
        "page": page,
        "day": day,
        "light": light,
        "light_label": Light(light).label,
        "back": f"{reverse('problems:supervision')}?{urlencode(back)}",
    }


# --- slips --------------------------------------------------------------------------------------------------------
def _slips(actor):
    return Slip.objects.visible_to(actor).select_related(
        "problem", "problem__enterprise", "problem__region", "problem__committee", "region", "team", "department",
        "issued_by", "answered_by",
    )  # fmt: skip


def _answered(rows, chosen: str, done: str, due: str, today):
    if chosen == "answered":
        return rows.exclude(**{done: None})
    if chosen == "open":
        return rows.filter(**{done: None})
    if chosen == "late":
        return rows.filter(**{done: None, f"{due}__lt": today})
    return rows


@require_GET
def slip_list(request):
    """All slips that the actor sees, newest first."""
    today = clock.today()
    form, rows = _found_slips(request)
    page = keyset.page(rows, request, ["-id"], size=PAGE, total=rows.count())
    for row in page.rows:
        row.is_late = row.answered_on is None and row.answer_due_on < today
    part = "#results" if request.htmx and not request.htmx.boosted else ""
    context = {"filter_form": form, "page": page, "export_url": _export_url(request, "problems:slip_export")}
    return render(request, f"problems/slip_list.html{part}", context)


def _found_slips(request):
    form, today = SlipFilterForm(request.GET, actor=request.actor), clock.today()
    chosen = form.cleaned_data
    rows = _answered(
        form.narrow(_slips(request.actor)), chosen.get("answered", ""), "answered_on", "answer_due_on", today
    )
    for name, column in (("kind", "kind"), ("since", "issued_on__gte"), ("until", "issued_on__lte")):
        if chosen.get(name):
            rows = rows.filter(**{column: chosen[name]})
    return form, rows


def slip_listing(asking):
    form, rows = _found_slips(asking)
    return handed_out.slips(rows.order_by("-id"), handed_out.in_words(form))


slip_export = listings.export(slip_listing)


def _export_url(request, name):
    return f"{reverse(name)}?{request.GET.urlencode()}"


@require_GET
def slip_detail(request, pk: int):
    """One slip with its answer."""
    slip = get_object_or_404(_slips(request.actor), pk=pk)
    slip.is_late = slip.answered_on is None and slip.answer_due_on < clock.today()
    may_answer = slips.answer_refusal(slip, request.actor) is None
    return render(request, "problems/slip_detail.html", {"slip": slip, "may_answer": may_answer})


@require_GET
def slip_document(request, pk: int):
    """The slip as a Word file in the official layout."""
    slip = get_object_or_404(_slips(request.actor), pk=pk)
    return bytes_response(documents.word(slip), documents.file_name(slip))


def _tried(request, form, refusal, act):
    """(what `act` answered on the form's checked data, refusal): nothing done on a GET, on errors (which stand beside
    their fields then) or where it is refused, before or by `act` itself."""
    if request.method != "POST" or refusal is not None or not form.is_valid():
        return None, refusal
    try:
        return act(**form.cleaned_data), None
    except Refused as refused:
        return None, refused.refusal
    except ValidationError as error:
        add_errors(form, error)
        return None, None


@require_http_methods(["GET", "POST"])
def slip_issue(request, pk: int):
    """A slip by hand: everything is proposed, nothing needs to be typed."""
    problem = seen(request, pk)
    kind = request.GET.get("kind", "")
    kind = kind if kind in SlipKind.values else SlipKind.REMINDER
    legs = slips.addressees(problem)
    form = SlipForm(
        request.POST or held_data(request), problem=problem, actor=request.actor, legs=legs,
        initial=slips.proposed(problem, kind),
    )  # fmt: skip
    refusal = slips.issue_refusal(problem, request.actor)
    slip, refusal = _tried(request, form, refusal, lambda **data: slips.issue(problem, by=request.actor, **data))
    if slip:
        messages.success(request, _("%(number)s已发出。") % {"number": slip.number})
        return redirect("problems:slip_detail", pk=slip.pk)
    kinds = [
        {"label": label, "url": "?" + urlencode({"kind": value}), "active": value == kind}
        for value, label in SlipKind.choices
    ]
    context = {"problem": problem, "form": form, "refusal": refusal, "kinds": kinds, "draft_key": f"slip-{problem.pk}"}
    return render(request, "problems/slip_form.html", context, status=403 if refusal else 200)


@require_http_methods(["GET", "POST"])
def slip_answer(request, pk: int):
    """The unit's answer."""
    slip = get_object_or_404(_slips(request.actor), pk=pk)
    form = AnswerSlipForm(request.POST or held_data(request))
    refusal = slips.answer_refusal(slip, request.actor)
    done, refusal = _tried(request, form, refusal, lambda **data: slips.answer(slip, by=request.actor, **data))
    if done:
        messages.success(request, _("反馈已提交。"))
        return redirect("problems:slip_detail", pk=slip.pk)
    context = {"slip": slip, "form": form, "refusal": refusal, "draft_key": f"slip-answer-{slip.pk}"}
    return render(request, "problems/slip_answer.html", context, status=403 if refusal else 200)


# --- instructions -------------------------------------------------------------------------------------------------
def _instructions(actor):
    return Instruction.objects.visible_to(actor).select_related(
        "problem", "problem__enterprise", "problem__region", "problem__lead_team", "problem__lead_department",
        "given_by", "reported_by",
    )  # fmt: skip


@require_GET
def instruction_list(request):
    """All instructions that the actor sees, newest first, with their follow-up."""
    today = clock.today()
    form, rows = _found_instructions(request)
    page = keyset.page(rows, request, ["-id"], size=PAGE, total=rows.count())
    calendars = workdays.everywhere()
    for row in page.rows:
        row.light = instructions.light(row, today, calendars.at(row.problem.region.path))
        row.may_report = instructions.report_refusal(row, request.actor) is None
    part = "#results" if request.htmx and not request.htmx.boosted else ""
    context = {"filter_form": form, "page": page, "export_url": _export_url(request, "problems:instruction_export")}
    return render(request, f"problems/instruction_list.html{part}", context)


def _found_instructions(request):
    form, rows = InstructionFilterForm(request.GET, actor=request.actor), _instructions(request.actor)
    answered = form.cleaned_data.get("answered", "")
    return form, _answered(form.narrow(rows), answered, "reported_on", "report_by_on", clock.today())


def instruction_listing(asking):
    form, rows = _found_instructions(asking)
    return handed_out.orders(rows.order_by("-id"), handed_out.in_words(form))


instruction_export = listings.export(instruction_listing)


@require_http_methods(["GET", "POST"])
def instruction_report(request, pk: int):
    """What was done about an instruction."""
    row = get_object_or_404(_instructions(request.actor), pk=pk)
    form = InstructionReportForm(request.POST or held_data(request))
    refusal = instructions.report_refusal(row, request.actor)
    done, refusal = _tried(request, form, refusal, lambda **data: instructions.report(row, by=request.actor, **data))
    if done:
        messages.success(request, _("落实情况已反馈。"))
        return redirect(row.problem.get_absolute_url())
    context = {"row": row, "form": form, "refusal": refusal, "draft_key": f"instruction-{row.pk}"}
    return render(request, "problems/instruction_report.html", context, status=403 if refusal else 200)
