"""When something else changes, entries follow: an enterprise moves or is merged.

Deadlines that follow the calendar are in `recalculation`.
"""

from django.db import transaction

from alliances.models import Region
from audit import trail
from core.actor import Actor
from problems.lifecycle import intake
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
    problem.call_backs.update(region=region)
    problem.version += 1
    intake.index(problem)
    problem.save()
    trail.record(by, "problem.followed_enterprise", problem, version=problem.version, changes=changes)
    return True
