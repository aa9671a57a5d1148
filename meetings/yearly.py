"""What a seat's holder and the unit did in a year, from the records (述职数据): typed by nobody, ranked by nobody."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from core import units
from meetings.enums import TOOK_PLACE, ActivityState, DecisionState, Presence
from meetings.models import Activity, Attendance, Decision, DutyTerm, Meeting
from problems.models import Problem


def figures_of(seat, year: int) -> list[dict]:
    """[{label, value, unit}] for the time in which the person held the seat that year."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    first = max(first, seat.started_on)
    last = min(last, seat.ended_on - dt.timedelta(days=1)) if seat.ended_on else last
    span = (first, last)
    held = Meeting.objects.filter(committee_id=seat.committee_id, state__in=TOOK_PLACE, held_on__range=span)
    there = Attendance.objects.filter(seat=seat, meeting__in=held.values("pk"), presence=Presence.PRESENT)
    owed = Decision.objects.filter(committee_id=seat.committee_id, decided_on__range=span).exclude(
        state__in=[DecisionState.DRAFT, DecisionState.CANCELLED]
    )
    owned = owed.filter(Q(owner_name=seat.person) | _unit(seat, "owner_department"))
    done = owned.filter(state=DecisionState.DONE)
    led = Activity.objects.filter(
        committee_id=seat.committee_id, state=ActivityState.DONE, held_on__range=span, leader=seat.person
    )
    solved = Problem.objects.filter(committee_id=seat.committee_id, resolved_on__range=span).filter(
        _unit(seat, "lead_department")
    )
    terms = DutyTerm.objects.filter(committee_id=seat.committee_id, starts_on__range=span).filter(
        _unit(seat, "department")
    )
    rows = [
        (_("本党委召开会议"), held.count(), units.CI),
        (_("出席会议"), there.count(), units.CI),
        (_("承担议定事项"), owned.count(), units.XIANG),
        (_("其中已落实"), done.count(), units.XIANG),
        (_("带队开展活动和走访"), led.count(), units.CI),
        (_("所在单位办结企业问题"), solved.count(), units.JIAN),
        (_("所在单位轮值"), terms.count(), units.GE),
    ]
    return [{"label": str(label), "value": value, "unit": unit.code} for label, value, unit in rows]


def _unit(seat, column: str) -> Q:
    """Rows of the holder's unit, told by its name: a seat names its employer in words."""
    if not seat.employer:
        return Q(pk__in=[])
    return Q(**{f"{column}__name": seat.employer}) | Q(**{f"{column}__short_name": seat.employer})
