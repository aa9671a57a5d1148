"""What other apps' pages show about meetings."""

from django.db.models import Q

from core.clock import today
from core.registers import counted
from meetings import perms
from meetings.models import Decision, Meeting, MeetingSeries
from meetings.recurrence import next_dates

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
    return "meetings/panel_committee.html", {
        "committee": committee,
        "meetings": meetings.select_related("kind").order_by("-held_on", "-id")[:SHOWN],
        "meeting_total": counted(meetings, MANY),
        "many": MANY,
        "decisions": _lit(shown),
        "decision_total": counted(decisions, MANY),
        "series": [(one, next_dates(one, 1)) for one in running],
        "keeps": perms.keep(committee, request.actor) is None,
    }


def of_problem(request, problem):
    """What meetings decided on the problem; nothing where none did."""
    found = Decision.objects.visible_to(request.actor).filter(problem=problem).exclude(state="draft")
    shown = list(found.select_related("owner_department", "meeting").order_by("-decided_on", "id"))
    return ("meetings/panel_problem.html", {"decisions": _lit(shown)}) if shown else None


def of_enterprise(request, enterprise):
    """What meetings decided on the enterprise's problems; nothing where none did."""
    found = Decision.objects.visible_to(request.actor).filter(problem__enterprise=enterprise).exclude(state="draft")
    shown = list(found.select_related("owner_department", "meeting").order_by("-decided_on", "id")[:SHOWN])
    return ("meetings/panel_problem.html", {"decisions": _lit(shown)}) if shown else None


def _lit(decisions):
    for decision in decisions:
        decision.shown_light = decision.light(today())
    return decisions
