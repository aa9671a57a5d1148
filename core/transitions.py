"""The transition machinery: a table of allowed moves, guards that answer with a reason, one way to refuse.

It knows no domain word. A lifecycle declares `Transition` rows; its functions lock the row, ask `check()`, then write.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """Why something may not be done, as a value: a page greys a button with it, an API answers with it.

    `code` is stable (tests, API); `sentence` is for people; `who_can` names who can act instead.
    """

    code: str
    sentence: str
    who_can: str = ""

    def __bool__(self) -> bool:
        return True


class Refused(Exception):
    """A guarded function would not act. Nothing was written."""

    def __init__(self, refusal: Refusal):
        super().__init__(str(refusal.sentence))
        self.refusal = refusal


class Conflict(Refused):
    """Somebody else changed the record since the page was read. `events` tells what changed."""

    def __init__(self, refusal: Refusal, events=()):
        super().__init__(refusal)
        self.events = list(events)


@dataclass(frozen=True)
class Transition:
    """One row of a lifecycle's table.

    `sources` are the states it may start from, `target` the state it ends in (None: the state stays). `allowed` answers
    a Refusal or None for (record, actor) and looks at people and rules only; states are checked from the table.
    """

    name: str
    label: str
    sources: frozenset[str]
    target: str | None
    allowed: Callable
    meaning: str = ""

    def check(self, record, actor, *, state_sentence: str) -> Refusal | None:
        """The refusal for this actor on this record now, or None when it may be done."""
        if record.state not in self.sources:
            return Refusal("state", state_sentence)
        return self.allowed(record, actor)
