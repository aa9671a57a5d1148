"""Whether enough seats were there (法定到会人数): by the kind's rule, over the seats in office on the day."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from chains.models import Committee, Seat
from core.actor import SYSTEM
from core.transitions import Refusal
from meetings.enums import Presence, Quorum
from meetings.models import Meeting


@dataclass(frozen=True)
class Count:
    """Seats that were to be there, and seats that were."""

    due: int
    present: int

    def reaches(self, rule: str) -> bool:
        """A committee without seats cannot be judged: it reaches every rule."""
        if not self.due or rule == Quorum.NONE:
            return True
        if rule == Quorum.HALF:
            return self.present * 2 > self.due
        return self.present * 3 >= self.due * 2


def in_office(committee: Committee, day: dt.date):
    """The seats of a committee that somebody held on that day, whoever looks on."""
    begun = Seat.objects.visible_to(SYSTEM).filter(committee=committee, started_on__lte=day)
    return begun.filter(Q(ended_on=None) | Q(ended_on__gt=day))


def count(meeting: Meeting) -> Count:
    """By the roll as it is. Who holds two seats stands on the roll once and fills both."""
    seats = list(in_office(meeting.committee, meeting.held_on).values_list("pk", "person", "employer"))
    lines = meeting.attendances.filter(presence=Presence.PRESENT).exclude(seat=None)
    there = set(lines.values_list("name", "unit")) | set(lines.values_list("seat_id", flat=True))
    return Count(len(seats), sum(1 for pk, *person in seats if pk in there or tuple(person) in there))


def short_of(meeting: Meeting, counted: Count) -> Refusal | None:
    """Why too few were there, in figures."""
    rule = meeting.kind.quorum
    if counted.reaches(rule):
        return None
    words = {"due": counted.due, "present": counted.present, "rule": Quorum(rule).label}
    sentence = _("应到 %(due)s 席，实到 %(present)s 席，未达到%(rule)s。") % words
    return Refusal("quorum", sentence)
