"""Undoing the last step (撤销上一步): within the rulebook's minutes, by who took it, where nothing followed."""

from audit import trail
from core.actor import Actor
from problems.lifecycle import machine, snapshots
from problems.models import Problem


def undo(problem: Problem | int, *, by: Actor, version: int | None = None, at=None) -> Problem:
    """Put back exactly what the last step changed; the version goes on and the trail keeps both. A number that the step
    had taken, the entry's own or that of its closing, is not given out again. Raises Refused where it is too late, not
    one's own, or followed."""
    with machine.step("undo", problem, by=by, version=version, at=at) as s:
        p = s.problem
        last, state, target, numbers = p.last_step, p.state, p.merged_into, (p.closing_number, p.number)
        snapshots.put_back(p, last.before)
        p.version += 1
        p.save()
        last.delete()
        p._state.fields_cache.pop("last_step", None)
        if target is not None and p.merged_into_id is None:
            trail.record(by, "problem.lost_merge", target, version=target.version, merged=p)
        void = next((number for number in numbers if number and number not in (p.closing_number, p.number)), None)
        machine.record(s, state, step=last.name, **({"void": void} if void else {}))
        return p
