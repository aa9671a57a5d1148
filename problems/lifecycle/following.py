"""When something else changes, entries follow: an enterprise moves or is merged, the calendar changes."""

from django.db import transaction

from alliances.models import Region
from audit import trail
from core import clock
from core.actor import Actor
from core.workdays import WorkCalendar
from problems import rules
from problems.enums import CLOCK_STATES
from problems.lifecycle import intake, machine
from problems.models import Problem


@transaction.atomic
def follow_enterprise(enterprise, *, by: Actor) -> int:
    """The copies of region, chain and committee on an enterprise's entries and their spans follow the enterprise.

    An entry keeps the chain it was raised on, also after the enterprise has left that chain (`move` changes it); one
    without a chain takes the main one. Answers how many entries changed.
    """
    memberships = list(enterprise.memberships.filter(left_on=None).select_related("chain", "committee"))
    region = Region.objects.get(pk=enterprise.region_id)
    changed = 0
    locked = Problem.objects.select_for_update(of=("self",), no_key=True).filter(enterprise=enterprise)
    for problem in locked.select_related("chain", "committee", "region", "enterprise").order_by("pk"):
        chain, committee = problem.chain, problem.committee
        joined = any(member.chain_id == problem.chain_id for member in memberships)
        if chain is None or joined or problem.region_id != region.pk:
            chain, committee = intake.place_of(region, memberships, chain)
        changed += _place(problem, region, chain, committee, by)
    return changed


def _place(problem: Problem, region, chain, committee, by: Actor) -> bool:
    before = {"region": problem.region, "chain": problem.chain, "committee": problem.committee}
    after = {"region": region, "chain": chain, "committee": committee}
    changes = trail.changes(before, after)
    if not changes:
        return False
    problem.region, problem.chain, problem.committee = region, chain, committee
    problem.spans.update(region=region, chain=chain, committee=committee)
    problem.version += 1
    intake.index(problem)
    problem.save()
    trail.record(by, "problem.followed_enterprise", problem, version=problem.version, changes=changes)
    return True


def _open_deadlines():
    running = Problem.objects.filter(state__in=list(CLOCK_STATES)).exclude(due_on=None)
    return running.select_related("region").order_by("pk")


def _moved_deadline(problem: Problem, before: WorkCalendar, after: WorkCalendar):
    """The deadline with as many working days since assignment as before; what has passed is never moved earlier."""
    start = problem.since_on if problem.assigned_on is None else _leg_start(problem)
    return after.add(start, before.between(start, problem.due_on))


def _leg_start(problem: Problem):
    leg = next((leg for leg in problem.active_legs if leg.is_lead), None)
    return clock.local_date(leg.assigned_at) if leg else problem.assigned_on


def count_moved(before: WorkCalendar, after: WorkCalendar) -> int:
    """How many open deadlines a change of the calendar would move."""
    days = before.off ^ after.off | before.makeup ^ after.makeup
    if not days:
        return 0
    near = _open_deadlines().filter(assigned_on__lt=max(days), due_on__gte=min(days))
    return sum(_moved_deadline(problem, before, after) != problem.due_on for problem in near)


@transaction.atomic
def recalculate(before: WorkCalendar, after: WorkCalendar, *, by: Actor, reason: str) -> int:
    """Move the open deadlines that a change of the calendar touches, each with an event that says why."""
    days = before.off ^ after.off | before.makeup ^ after.makeup
    if not days:
        return 0
    moved = 0
    near = _open_deadlines().filter(assigned_on__lt=max(days), due_on__gte=min(days)).values_list("pk", flat=True)
    for pk in list(near):
        moved += _recalculate_one(machine.lock(pk), before, after, by, reason)
    return moved


def _recalculate_one(problem: Problem, before, after, by, reason) -> bool:
    if problem.state not in CLOCK_STATES:
        return False
    due_on = _moved_deadline(problem, before, after)
    if due_on == problem.due_on:
        return False
    old = problem.due_on
    for leg in problem.active_legs:
        start = clock.local_date(leg.assigned_at)
        leg.due_on = after.add(start, before.between(start, leg.due_on))
        leg.save(update_fields=["due_on"])
    problem.due_on = due_on
    book = rules.rulebook_for(problem.region, clock.today())
    problem.yellow_on = rules.yellow_from(book, due_on, after)
    span = problem.spans.get(ended_at=None)
    machine.set_lights(span, problem.yellow_on, due_on)
    span.save()
    problem.version += 1
    problem.save()
    trail.record(
        by, "problem.recalculated", problem, version=problem.version, reason=reason, changes={"due_on": [old, due_on]}
    )
    return True
