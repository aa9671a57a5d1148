"""What other apps' pages show about meetings."""

from django.db.models import Q

from core.clock import today
from core.registers import counted
from meetings import lifecycle, perms
from meetings.enums import COMING
from meetings.lifecycle.matters import UNSETTLED
from meetings.models import Decision, Matter, Meeting, MeetingSeries
from meetings.recurrence import next_dates
from problems import prospects
from problems.enums import OPEN_STATES

SHOWN = 6
# A larger number of meetings or decisions is not counted for a panel: "more than".
MANY = 500


def of_committee(request, committee):
    """The committee's latest meetings and what is still to be carried out."""
    meetings = Meeting.objects.visible_to(request.actor).filter(committee=committee)
    decisions = Decision.objects.visible_to(request.actor).filter(committee=committee, state="open")
    shown = list(decisions.select_related("owner_department").order_by("due_on", "id")[:SHOWN])
    series = MeetingSeries.objects.visible_to(request.actor).filter(committee=committee)
    running = series.filter(Q(ends_on=None) | Q(ends_on__gte=today())).select_related("committee__region")[:SHOWN]
    matters = Matter.objects.visible_to(request.actor).filter(committee=committee, state__in=UNSETTLED)
    return "meetings/panel_committee.html", {
        "committee": committee,
        "meetings": meetings.select_related("kind").order_by("-held_on", "-id")[:SHOWN],
        "meeting_total": counted(meetings, MANY),
        "many": MANY,
        "decisions": _lit(shown),
        "decision_total": counted(decisions, MANY),
        "series": [(one, next_dates(one, 1)) for one in running],
        "keeps": perms.keep(committee, request.actor) is None,
        "coming": meetings.filter(state__in=COMING, held_on__gte=today()).order_by("starts_at").first(),
        "matters": list(matters.order_by("id")[:SHOWN]),
        "matter_total": matters.count(),
        "puts": perms.put_matter(committee, request.actor) is None and committee.dissolved_on is None,
    }


def of_problem(request, problem):
    """What meetings decided on the problem, what waits for one, and the way to ask for one (要事一事一商)."""
    found = Decision.objects.visible_to(request.actor).filter(problem=problem).exclude(state="draft")
    shown = list(found.select_related("owner_department", "meeting").order_by("-decided_on", "id"))
    waits = (
        Matter.objects.visible_to(request.actor)
        .filter(problem=problem, state__in=UNSETTLED)
        .select_related("committee", "put_by")
    )
    waiting, is_open = list(waits.order_by("id")), problem.state in OPEN_STATES
    if not shown and not is_open and not waiting:
        return None
    refusal = lifecycle.may_convene(problem, request.actor) if is_open else None
    who = prospects.who_can(problem, refusal) if refusal else ""
    context = {"decisions": _lit(shown), "waiting": waiting, "problem": problem, "is_open": is_open}
    return "meetings/panel_problem.html", context | {"refusal": refusal, "who": who}


def of_enterprise(request, enterprise):
    """What meetings decided on the enterprise's problems; nothing where none did."""
    found = Decision.objects.visible_to(request.actor).filter(problem__enterprise=enterprise).exclude(state="draft")
    shown = list(found.select_related("owner_department", "meeting").order_by("-decided_on", "id")[:SHOWN])
    return ("meetings/panel_problem.html", {"decisions": _lit(shown)}) if shown else None


def _lit(decisions):
    for decision in decisions:
        decision.shown_light = decision.light(today())
    return decisions
