"""Pressing on: escalation by hand (提级) and urging (催办)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.actor import Actor
from problems.enums import Level
from problems.lifecycle.machine import limited, required, step
from problems.models import Problem


def escalate(
    problem, *, by: Actor, version: int | None = None, reason: str, level: str | None = None, at=None
) -> Problem:
    """To the county committee or the city (by default where the rulebook says): on the next meeting's agenda.

    From the county it may rise once more. Raises ValidationError for a level that it has reached already.
    """
    required(reason=reason)
    limited(reason=(reason, 500))
    if level is not None and level not in Level.values:
        raise ValidationError({"level": _("请选择列表中的一项。")})
    with step("escalate", problem, by=by, version=version, at=at) as s:
        p = s.problem
        before = p.escalated_to
        target = level or (Level.CITY if before else s.rulebook.escalates_to)
        if before and target != Level.CITY:
            raise ValidationError({"level": _("本事项已经提到县级，只能再提到市级。")})
        s.raise_level(target)
        return s.finish(reason=reason, level=p.escalated_to)


def urge(problem, *, by: Actor, version: int | None = None, text: str = "", at=None) -> Problem:
    """Somebody presses for it; recorded, at most once a working day for each person."""
    limited(text=(text, 500))
    with step("urge", problem, by=by, version=version, at=at) as s:
        return s.finish(text=text)
