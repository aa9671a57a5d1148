"""One matter of many alike (一件事 -> 一类事): entries under a root matter, whose result closes or asks for each."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from alliances.enums import RegionLevel
from alliances.models import Region
from core.actor import Actor
from core.transitions import Refused
from problems.enums import PAUSED_STATES, LegEnd, Outcome, Rating, State
from problems.lifecycle import guards
from problems.lifecycle.machine import Step, limited, required, step
from problems.models import Problem


def join_root(problem, *, by: Actor, version: int | None = None, root, at=None) -> Problem:
    """The entry hangs under the root matter; None takes it off again. One level only, inside one county.

    Raises ValidationError for a root that is itself below another, of another county, or ended without a result.
    """
    with step("join_root", problem, by=by, version=version, at=at) as s:
        before = s.problem.root
        s.problem.root = None if root is None else _root_for(s.problem, root, by)
        return s.finish(before=before, root=s.problem.root)


def visible_target(problem: Problem, target, by: Actor, name: str) -> Problem:
    """Another entry that the actor sees. Raises ValidationError beside the field."""
    pk = target.pk if isinstance(target, Problem) else target
    rows = Problem.objects.visible_to(by).exclude(state=State.DRAFT).select_related("region")
    other = rows.filter(pk=pk).first()
    if other is None or other.pk == problem.pk:
        raise ValidationError({name: _("请选择台账中的另一事项。")})
    if other.merged_into_id == problem.pk:
        raise ValidationError({name: _("两件事项不能互相并入。")})
    return other


def _root_for(problem: Problem, root, by: Actor) -> Problem:
    other = visible_target(problem, root, by, "root")
    if other.root_id is not None or problem.parts.exists():
        raise ValidationError({"root": _("根事项只有一层：请选择根事项本身，且本事项不能已是别人的根事项。")})
    if other.state in (State.DECLINED, State.WITHDRAWN):
        raise ValidationError({"root": _("已终结而未办理的事项不能作为根事项。")})
    if county_of(other.region) != county_of(problem.region):
        raise ValidationError({"root": _("根事项须与本事项在同一县（市、区）。")})
    return other


def county_of(region: Region) -> str:
    """Path of the county that the region lies in; its own where there is none above."""
    if region.level == RegionLevel.COUNTY:
        return region.path
    county = Region.objects.filter(path__in=region.ancestor_paths, level=RegionLevel.COUNTY).first()
    return county.path if county else region.path


# --- the answer for each ----------------------------------------------------------------------------------------
def settle_by_root(problem, *, by: Actor, version: int | None = None, at=None) -> Problem:
    """The root's result settles this entry, too: resolved with its outcome and text; the enterprise rates as ever.

    What had not been assigned counts as handled by the root's lead, so that the funnel has no hole.
    """
    with step("settle_by_root", problem, by=by, version=version, at=at) as s:
        p, root = s.problem, guards.pending_root(s.problem)
        p.outcome, p.resolution, p.next_on, p.rating = root.outcome, root.resolution, None, ""
        if p.lead is None:
            p.lead_team, p.lead_department = root.lead_team, root.lead_department
        s.first("accepted_on", "assigned_on", "first_reply_on", "resolved_on")
        p.on_time = p.on_time is not False and (p.due_on is None or s.day <= _due_after_pause(s))
        s.settle_requests(_("事项已办结，申请自动终止。"))
        s.end_legs(LegEnd.RESOLVED)
        p.handling_days = s.days_held()
        return s.finish(root=root, outcome=p.outcome, text=p.resolution, days=p.handling_days, on_time=p.on_time)


def _due_after_pause(s: Step):
    """The deadline, moved on by the pause that lasts."""
    p = s.problem
    if p.state not in PAUSED_STATES:
        return p.due_on
    return s.calendar.shift(p.due_on, [(p.spans.get(ended_at=None).started_on, s.day)])


def not_by_root(problem, *, by: Actor, version: int | None = None, reason: str, at=None) -> Problem:
    """The root's result does not settle this entry: it goes on by itself, and is not asked again for this result."""
    required(reason=reason)
    limited(reason=(reason, 500))
    with step("not_by_root", problem, by=by, version=version, at=at) as s:
        root = guards.pending_root(s.problem)
        return s.finish(root=root, round=root.reopened_times, reason=reason)


def close_parts(s: Step) -> list[Problem]:
    """With its root closed, close each entry below that the enterprise has confirmed; the others are asked on their
    pages. Locks go from the root down, in the order of ids."""
    from problems.lifecycle.ending import close

    closed = []
    ready = s.problem.parts.filter(state=State.RESOLVED, rating__in=[Rating.SATISFIED, Rating.BASICALLY])
    for part in ready.exclude(outcome=Outcome.WAITING).order_by("pk"):
        try:
            note = _("随一类事 %(number)s 销号。") % {"number": s.problem.number}
            closed.append(close(part, by=s.by, note=note, at=s.at if s.happened_earlier else None))
        except Refused:
            continue  # its own handler reviews nothing: it stays for somebody else
    s.spread = bool(closed)
    return closed
