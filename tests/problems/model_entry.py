"""The parts of the plain model: working days, and an entry as bare values with its legs and requests."""

import datetime as dt
from dataclasses import dataclass, field


class Days:
    """Working days, counted one by one."""

    def __init__(self, off, worked):
        self.off, self.worked = off, worked

    def works(self, day):
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def add(self, day, number):
        while number:
            day += dt.timedelta(days=1)
            number -= self.works(day)
        return day

    def between(self, start, end):
        if end < start:
            return -self.between(end, start)
        return sum(self.works(start + dt.timedelta(days=n)) for n in range(1, (end - start).days + 1))


@dataclass
class Leg:
    unit: str
    lead: bool
    start: dt.date
    due: dt.date
    signed: bool = False
    end: str = ""
    begun: int = 0


@dataclass
class Asked:
    leg: int
    state: str = "pending"
    new_due: dt.date | None = None


@dataclass
class Entry:
    """One entry. `spans` are [state, first day, last day or None, moment of its beginning]."""

    submitted_on: dt.date
    state: str = "submitted"
    outcome: str = ""
    urgency: str = "ordinary"
    accepted_on: dt.date | None = None
    assigned_on: dt.date | None = None
    decided_on: dt.date | None = None
    first_reply_on: dt.date | None = None
    resolved_on: dt.date | None = None
    rated_on: dt.date | None = None
    confirmed_on: dt.date | None = None
    closed_on: dt.date | None = None
    last_closed_on: dt.date | None = None
    ended_on: dt.date | None = None
    since_on: dt.date | None = None
    due_on: dt.date | None = None
    next_on: dt.date | None = None
    pause_asked_on: dt.date | None = None
    rating: str = ""
    on_time: bool | None = None
    handling_days: int | None = None
    bounces: int = 0
    reopened_times: int = 0
    escalated_to: str = ""
    escalated_on: dt.date | None = None
    lead: str = ""
    merged_into: int | None = None
    root: int | None = None
    version: int = 1
    legs: list[Leg] = field(default_factory=list)
    objections: list[Asked] = field(default_factory=list)
    extensions: list[Asked] = field(default_factory=list)
    spans: list[list] = field(default_factory=list)
    said_no: set = field(default_factory=set)

    def open_legs(self):
        return [leg for leg in self.legs if not leg.end]

    def lead_leg(self):
        return next((leg for leg in self.legs if leg.lead and not leg.end), None)

    def pending(self, asked):
        leg = self.lead_leg()
        return next((one for one in asked if one.state == "pending" and leg is self.legs[one.leg]), None)

    def waits(self):
        return self.state == "resolved" and self.outcome == "waiting"
