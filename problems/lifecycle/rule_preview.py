"""What a version of the rules would do to open entries: every limit that runs, by step, and the ladder."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from problems import rules
from problems.enums import CLOCK_STATES, LimitStep, Outcome, State, Trigger
from problems.lifecycle import many
from problems.lifecycle.rule_changes import KEPT, MISSED, STATES, Change, Moved, bring, facts_of
from problems.models import Problem, Rulebook, StepLimit


@dataclass
class RungChange:
    """A rung that is new or gone, and how many open entries have reached its threshold already."""

    rung: rules.Rung
    is_new: bool
    reached: int | None


@dataclass
class LimitMoved:
    """One running limit that would get another deadline."""

    problem: Problem
    limit: StepLimit
    old: dt.date
    new: dt.date

    @property
    def who(self) -> str:
        """Who owes the step: the unit of the leg, else the enterprise or those who keep the ledger."""
        if self.limit.step == LimitStep.RATE:
            return _("企业")
        leg = self.limit.assignment if self.limit.step != LimitStep.RULE else None
        return str(leg.unit) if leg else _("台账管理单位")


@dataclass
class StepPreview:
    """The limits of one step: how many run, those past their deadline (which stay), those that would move."""

    step: LimitStep
    running: int = 0
    late: int = 0
    moved: list[LimitMoved] = field(default_factory=list)

    @property
    def agreed(self) -> bool:
        """Whether such a limit ends on a day that people agreed, which no rule moves."""
        return self.step in (LimitStep.WAIT, LimitStep.CALL_BACK)


@dataclass
class Preview:
    """What a version would do if its deadlines held for open entries, on its first day. `looked_at` are the entries
    with a deadline of handling, `rows` those of them whose deadline or light would differ."""

    looked_at: int
    rows: list[Moved]
    missed: int
    kept: int
    rungs: list[RungChange]
    steps: dict[str, StepPreview]

    @property
    def deadlines(self) -> int:
        return sum(row.new != row.old for row in self.rows)

    @property
    def lights(self) -> int:
        return sum(row.light_after != row.light_before for row in self.rows)


def preview(book: Rulebook, day: dt.date, before: Rulebook) -> Preview:
    """The open entries whose deadlines or light would differ from `day` on, and the ladder against that of `before`.
    The number of statements is fixed."""
    change = Change(book, day)
    problems = _entries(change)
    facts = facts_of(change.open_entries().order_by().values("pk"))
    held = [problem for problem in problems if problem.state in STATES and problem.due_on is not None]
    rungs = _rungs(change, before, held)
    steps = {str(step): StepPreview(step) for step in LimitStep}
    moved = []
    for problem in problems:
        brought = bring(change, problem, facts)
        moved += [brought.moved] if brought.moved else []
        _note(steps, brought, day)
    missed, kept = (sum(row.why == why for row in moved) for why in (MISSED, KEPT))
    return Preview(len(held), [row for row in moved if row.seen], missed, kept, rungs, steps)


_READ = (
    "number", "title", "enterprise_id", "region_id", "chain_id", "committee_id", "category_id", "urgency", "state",
    "outcome", "rating", "since_on", "next_on", "due_on", "yellow_on", "first_reply_on", "bounces",
)  # fmt: skip


def _entries(change: Change) -> list[Problem]:
    """Open entries with the few columns that are reckoned with."""
    return many.placed(change.open_entries().only(*_READ).order_by("pk"))


def _note(steps: dict[str, StepPreview], brought, day: dt.date) -> None:
    """Count the limits of an entry that run on, and keep those that move. What the new rules end or begin is none."""
    for row, old in brought.before:
        if row.met_on is not None or row.dropped_on is not None:
            continue
        step = steps[row.step]
        step.running += 1
        step.late += row.paused_on is None and old < day
        if row.due_on != old:
            step.moved.append(LimitMoved(brought.problem, row, old, row.due_on))


def _rungs(change: Change, before: Rulebook, problems: list[Problem]) -> list[RungChange]:
    old, new = ({tuple(map(str, rung)): rung for rung in rules.ladder_of(book)} for book in (before, change.book))
    found = [
        RungChange(new[key], True, _reached(change, new[key], problems)) for key in sorted(new.keys() - old.keys())
    ]
    return found + [RungChange(old[key], False, None) for key in sorted(old.keys() - new.keys())]


def _reached(change: Change, rung: rules.Rung, problems: list[Problem]) -> int | None:
    """How many open entries are at or past the threshold on the day, by their present deadlines."""
    running = [p for p in problems if p.state in CLOCK_STATES]
    if rung.trigger in (Trigger.NEAR, Trigger.OVERDUE):
        left = [change.calendars.at(p.region.path).remaining(p.due_on, change.day) for p in running]
        return sum(-n >= rung.threshold if rung.trigger == Trigger.OVERDUE else 0 <= n <= rung.threshold for n in left)
    if rung.trigger == Trigger.BOUNCED:
        return sum(p.bounces >= rung.threshold for p in problems)
    if rung.trigger == Trigger.WAITED:
        waiting = Problem.objects.filter(change.region(), state=State.RESOLVED, outcome=Outcome.WAITING)
        days = waiting.exclude(since_on=None).values_list("region__path", "since_on")
        at = change.calendars.at
        return sum(at(path).between(since, change.day) >= rung.threshold for path, since in days)
    return None
