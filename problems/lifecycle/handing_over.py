"""A post changes hands (交接): who works on a leg, and whose draft it is."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Post
from audit import trail
from core import clock
from core.actor import Actor
from core.transitions import Refusal, Refused
from problems import perms
from problems.enums import State
from problems.lifecycle.machine import limited, lock, step
from problems.models import Problem


def hand_over_leg(
    problem, *, by: Actor, version: int | None = None, leg_id: int, handler, reason: str = "", at=None
) -> Problem:
    """Another person of the same unit works on the unit's leg from now on; unit, deadline and clock stay.

    Refused where the leg has ended or the person holds no post of the unit. Raises Conflict on another version.
    """
    limited(reason=(reason, 500))
    with step("hand_over_leg", problem, by=by, version=version, at=at) as s:
        leg = next((one for one in s.problem.active_legs if one.pk == leg_id), None)
        if leg is None:
            raise Refused(Refusal("leg_ended", _("这一办理段已经结束，不用交接。")))
        if not (perms.governs(s.problem, by) or perms.in_unit(by, leg.team_id, leg.department_id)):
            raise Refused(Refusal("unit", _("只能交接本单位的办理段。"), perms.HANDLER))
        unit = {"team": leg.team_id} if leg.team_id else {"department": leg.department_id}
        if not Post.objects.in_force(s.day).filter(user=handler, user__is_active=True, **unit).exists():
            raise ValidationError(
                {"handler": _("%(person)s没有“%(unit)s”的岗位。") % {"person": handler, "unit": leg.unit}}
            )
        before = leg.handler.name if leg.handler_id else ""
        leg.handler = handler
        leg.save(update_fields=["handler"])
        return s.finish(unit=leg.unit, before=before, handler=handler, reason=reason)


def hand_over_draft(problem: Problem | int, *, by: Actor, author) -> Problem:
    """The writer of a draft gives it to somebody else, who sends or drops it. Nobody else can: nobody else sees it."""
    with transaction.atomic():
        problem = lock(problem)
        if problem.state != State.DRAFT:
            raise Refused(Refusal("state", _("这份草稿已经提交。")))
        refusal = perms.as_author(problem, by)
        if refusal:
            raise Refused(refusal)
        before, problem.created_by = problem.created_by, author
        problem.version += 1
        problem.save(update_fields=["created_by", "version"])
        trail.record(by, "problem.draft_handed_over", problem, version=problem.version, before=before, author=author,
                     on=clock.today())  # fmt: skip
        return problem
