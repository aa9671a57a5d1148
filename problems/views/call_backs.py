"""Calls back: the list of those who keep the ledger, and the page on which one is made."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core import clock, keyset, listings, workdays
from core.actor import Role
from core.answers import add_errors, demand
from core.held import held_data
from core.transitions import Conflict, Refusal, Refused
from problems import handed_out, perms, workbooks
from problems.enums import CallBackKind, CallBackState, Light, State
from problems.forms.voice import CallBackForm
from problems.voice import call_backs
from problems.voice.drawing import ANSWERED_STATES

PAGE = 50
UNANSWERED = sorted(str(state) for state in State if state not in ANSWERED_STATES)
TABS = (
    ("", gettext_lazy("待回访")),
    ("reached", CallBackState.REACHED.label),
    ("unreachable", CallBackState.UNREACHABLE.label),
    ("not_solved", gettext_lazy("企业说未解决")),
)


def _chosen(rows, tab: str):
    if tab == "not_solved":
        return rows.filter(is_solved=False)
    if tab in (CallBackState.REACHED, CallBackState.UNREACHABLE):
        return rows.filter(state=tab)
    return waiting(rows)


def waiting(rows):
    """Open ones; a sampled one waits only while there is a result to ask about."""
    rows = rows.filter(state=CallBackState.OPEN)
    return rows.exclude(kind=CallBackKind.SAMPLED, problem__state__in=UNANSWERED)


@require_GET
def call_list(request):
    """Calls to make, the most pressing first, and those made."""
    tab = request.GET.get("state", "")
    open_ones, rows, order = _found(request)
    page = keyset.page(rows, request, order, size=PAGE)
    today, calendars = clock.today(), workdays.everywhere()
    for row in page.rows:
        row.lamp = light(row, today)
        row.days_left = calendars.at(row.problem.region.path).remaining(row.due_on, today) if row.lamp else None
    tabs = [
        {"label": label, "url": f"?state={value}" if value else "?", "active": tab == value} for value, label in TABS
    ]
    context = {"page": page, "tabs": tabs, "open_ones": open_ones}
    context["export_url"] = f"{reverse('problems:call_back_export')}?{request.GET.urlencode()}"
    return render(request, "problems/call_back_list.html", context)


def _found(request):
    """(whether these are calls to make, the calls of the tab, their order)."""
    demand(_may_read(request.actor))
    tab = request.GET.get("state", "")
    rows = _chosen(call_backs.readable_by(request.actor), tab).select_related(
        "problem", "problem__enterprise", "problem__region", "problem__lead_team", "problem__lead_department", "done_by"
    )
    open_ones = tab not in dict(TABS) or not tab
    return open_ones, rows, ["due_on", "id"] if open_ones else ["-id"]


def call_listing(asking):
    _open_ones, rows, order = _found(asking)
    tab = dict(TABS).get(asking.GET.get("state", ""), dict(TABS)[""])
    return handed_out.calls(rows.order_by(*order), str(tab))


call_back_export = listings.export(call_listing)


def light(call, today):
    """Green before its day, yellow on it, red after; nothing once it is done."""
    if call.state != CallBackState.OPEN:
        return ""
    if call.due_on < today:
        return Light.RED
    return Light.YELLOW if call.due_on == today else Light.GREEN


def _may_read(actor) -> Refusal | None:
    if actor.has(*call_backs.READERS):
        return None
    return Refusal("role", _("回访由本链党委书记（链办）或组织部工作人员安排，办理单位和企业不参与。"), perms.KEEPERS)


@require_http_methods(["GET", "POST"])
def call_back(request, pk: int):
    """One call: what it is about, whom to ring, and what the enterprise said."""
    rows = call_backs.readable_by(request.actor).select_related(
        "problem", "problem__enterprise", "problem__region", "problem__category", "problem__chain",
        "problem__committee", "problem__lead_team", "problem__lead_department", "done_by",
    )  # fmt: skip
    call = get_object_or_404(rows, pk=pk)
    problem = call.problem
    form = CallBackForm(
        request.POST if request.method == "POST" else held_data(request), initial={"version": problem.version}
    )
    refusal = call_backs.refusal(call, problem, request.actor)
    if request.method == "POST" and refusal is None and form.is_valid():
        try:
            _do(call, request.actor, form.cleaned_data)
        except Conflict as conflict:
            form.data = form.data.copy()
            form.data["version"] = problem.version
            return _page(request, call, form, conflict=conflict.refusal.sentence, status=409)
        except Refused as stopped:
            return _page(request, call, form, refusal=stopped.refusal, status=403)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("回访已记录。"))
            return redirect("problems:call_backs")
    shown = request.method == "GET" and refusal is not None and refusal.code == "done"
    return _page(request, call, form, refusal=refusal, status=403 if refusal and not shown else 200)


def _do(call, by, data) -> None:
    if data["reached"] == "no":
        call_backs.missed(call, by=by, version=data["version"], text=data["text"])
        return
    call_backs.reached(
        call, by=by, version=data["version"], is_solved=data["solved"] == "yes", rating=data["rating"],
        text=data["text"],
    )  # fmt: skip


def _page(request, call, form, *, refusal=None, conflict="", status=200):
    workbooks.dress([call.problem], clock.today(), workdays.everywhere())
    keeps = request.actor.has(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY)
    context = {
        "call": call, "problem": call.problem, "form": form, "refusal": refusal, "conflict": conflict,
        "tries": call_backs.tries_of(call), "most_tries": call_backs.MOST_TRIES, "keeps": keeps,
        "lamp": light(call, clock.today()), "draft_key": f"call-back-{call.pk}",
    }  # fmt: skip
    return render(request, "problems/call_back_form.html", context, status=status)
