"""Many open entries at once, for the recalculations: read once, reckoned in memory, written in a few statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from alliances.models import Region
from core.many import update
from problems.enums import CLOCK_STATES
from problems.lifecycle import limits, machine
from problems.models import Assignment, Category, Problem, StateSpan, StepLimit


@dataclass
class Reckoned:
    """An entry as it is to be: the legs with a new deadline, whether the entry's own deadline or light differs
    (`relit`), its limits that are new and that differ."""

    problem: Problem
    legs: list[Assignment] = field(default_factory=list)
    relit: bool = False
    new: list[StepLimit] = field(default_factory=list)
    changed: list[StepLimit] = field(default_factory=list)


def locked(keys: Iterable[int]) -> list[Problem]:
    """The entries as they are now, locked in the order of their numbers, with region and category."""
    return placed(machine.lock_all(keys))


def placed(problems: Iterable[Problem]) -> list[Problem]:
    """Entries with their region, their category and all categories above, each read once for all of them."""
    problems = list(problems)
    regions = Region.objects.in_bulk({problem.region_id for problem in problems})
    categories = {category.pk: category for category in Category.objects.all()}
    for category in categories.values():
        category.parent = categories.get(category.parent_id)
    for problem in problems:
        problem.region, problem.category = regions[problem.region_id], categories[problem.category_id]
    return problems


def write(found: list[Reckoned]) -> None:
    """Write them, each entry with its next version. Inside the transaction that holds them."""
    for one in found:
        one.problem.version += 1
    update([leg for one in found for leg in one.legs], ["due_on"])
    update([one.problem for one in found], ["due_on", "yellow_on", "version"])
    _write_lights([one.problem for one in found if one.relit])
    write_limits(found)


def write_limits(found: list[Reckoned]) -> None:
    """Only the limits: of entries of which nothing is told, as only the day on which a limit comes near has moved."""
    update([row for one in found for row in one.changed], limits.WRITTEN)
    StepLimit.objects.bulk_create([row for one in found for row in one.new])


def _write_lights(problems: list[Problem]) -> None:
    known = {problem.pk: problem for problem in problems if problem.state in CLOCK_STATES}
    spans = list(StateSpan.objects.filter(problem__in=list(known), ended_at=None))
    for span in spans:
        machine.set_lights(span, known[span.problem_id].yellow_on, known[span.problem_id].due_on)
    update(spans, machine.LIGHTS)
