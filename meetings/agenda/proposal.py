"""One thing that should be on an agenda, with why."""

import datetime as dt
from dataclasses import dataclass, field

from meetings.enums import ItemSource
from meetings.models import Decision, Matter
from problems.models import Problem

# What is named as the source of an item that has several, and the order in which items stand on a new agenda.
ORDER = (
    ItemSource.POSTPONED,
    ItemSource.UNFINISHED,
    ItemSource.CONVENED,
    ItemSource.HAND,
    ItemSource.ESCALATED,
    ItemSource.OVERDUE,
    ItemSource.FIRMS,
)
# Read from the ledger alone: there may be many, so an agenda takes some and tells how many more there are.
LEDGER = frozenset({ItemSource.ESCALATED, ItemSource.OVERDUE, ItemSource.FIRMS})
# Back from an earlier meeting.
RETURNED = frozenset({ItemSource.POSTPONED, ItemSource.UNFINISHED})


@dataclass
class Proposal:
    """A matter for the next agenda. `key` says what it is about (`problem:7`, `root:3`, `decision:12`, `item:31`,
    `matter:4`), whatever brought it here; `reasons` are sentences; `day` orders those of one source."""

    key: str
    source: str
    title: str
    reasons: list[str] = field(default_factory=list)
    problem: Problem | None = None
    decision: Decision | None = None
    matter: Matter | None = None
    day: dt.date = dt.date.max

    def take_in(self, other: "Proposal") -> None:
        """The same thing for another reason: one item with both."""
        self.reasons += [reason for reason in other.reasons if reason not in self.reasons]
        if ORDER.index(other.source) < ORDER.index(self.source):
            self.source, self.title, self.day = other.source, other.title, other.day
        self.problem = self.problem or other.problem
        self.decision = self.decision or other.decision
        self.matter = self.matter or other.matter

    @property
    def place(self) -> tuple:
        kind, _colon, number = self.key.partition(":")
        return ORDER.index(self.source), self.day, kind, int(number)


def key_of(problem: Problem) -> str:
    return f"problem:{problem.pk}"
