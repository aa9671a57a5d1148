"""Whether what a mechanism asks for makes sense: known acts and actors, conditions that exist, days that fit."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.cycles import KINDS, Cycle
from mechanisms import actors, acts
from mechanisms.enums import WARN_DAYS, Cadence

# Kinds of actor that others belong to, so that a share of them can be asked for.
OWNERS = ("region", "committee", "enterprise")
MOST = 1000


def clean(values: dict) -> dict:
    """The values of a version as they are to be kept. Raises ValidationError by field."""
    found, errors = dict(values), {}

    def check(field, function):
        try:
            return function()
        except ValidationError as error:
            errors.setdefault(field, []).extend(error.messages)
            return None

    kind = check("actor", lambda: _known(actors.get, values.get("actor"), _("请选择责任主体。")))
    act = check("act", lambda: _known(acts.get, values.get("act"), _("请选择要做的事。")))
    if kind and act:
        check("act", lambda: _whose(act, kind))
        found["actor_filters"] = check("actor", lambda: acts.check(kind.filters, values.get("actor_filters") or {}))
        found["act_filters"] = check("act", lambda: acts.check(act.filters, values.get("act_filters") or {}))
        check("cadence", lambda: _cadence(values, act))
        check("reaches", lambda: _coverage(values, found, act, kind))
    check("warn_days", lambda: _warning(values, found))
    check("maximum", lambda: _numbers(values, found))
    check("target", lambda: _target(values))
    check("starts_on", lambda: begins_with(values.get("cadence"), values.get("starts_on")))
    if errors:
        raise ValidationError(errors)
    return found


def _known(get, code, sentence):
    try:
        return get(code)
    except KeyError:
        raise ValidationError(sentence) from None


def _whose(act, kind) -> None:
    if kind.code not in act.actors:
        known = "、".join(str(actors.get(code).label) for code in act.actors)
        raise ValidationError(
            _("“%(act)s”不能按%(actor)s统计，可以按：%(known)s。"),
            params={"act": act.label, "actor": kind.label, "known": known},
        )


def _cadence(values, act) -> None:
    if values.get("cadence") not in Cadence.values:
        raise ValidationError(_("请选择周期。"))
    if values["cadence"] == Cadence.STANDING and not act.until:
        raise ValidationError(_("“%(act)s”是一次性的事，不能作为常态要求。"), params={"act": act.label})


def _coverage(values, found, act, kind) -> None:
    reaches, percent = values.get("reaches") or "", values.get("percent")
    found["reaches"], found["reaches_filters"] = reaches, {}
    if not reaches:
        if percent is not None:
            raise ValidationError(_("填写了覆盖率，请选择覆盖对象。"))
        return
    if values.get("cadence") == Cadence.STANDING:
        raise ValidationError(_("常态要求没有覆盖率。"))
    if reaches not in act.reaches or kind.code not in OWNERS or reaches == kind.code:
        raise ValidationError(_("“%(act)s”不能按这个对象统计覆盖率。"), params={"act": act.label})
    if percent is None or not 1 <= percent <= 100:
        raise ValidationError(_("请填写 1 到 100 之间的覆盖率。"))
    found["reaches_filters"] = acts.check(actors.get(reaches).filters, values.get("reaches_filters") or {})


def _warning(values, found) -> None:
    cadence = values.get("cadence")
    if cadence not in Cadence.values:
        return
    days = values.get("warn_days")
    if days is None:
        days = found["warn_days"] = WARN_DAYS[cadence]
    if cadence == Cadence.STANDING:
        found["warn_days"] = 0
        return
    longest = Cycle.of(cadence, dt.date(2026, 1, 1)).days - 1
    if not 0 <= days <= longest:
        raise ValidationError(_("提前提醒天数应在 0 到 %(most)d 之间。"), params={"most": longest})


def _numbers(values, found) -> None:
    minimum, maximum = values.get("minimum"), values.get("maximum")
    if minimum is None or not 0 <= minimum <= MOST or (maximum is not None and not 0 <= maximum <= MOST):
        raise ValidationError(_("次数应在 0 到 %(most)d 之间。"), params={"most": MOST})
    if maximum is not None and maximum < minimum:
        raise ValidationError(_("上限不能小于下限。"))
    if minimum == 0 and maximum is None and values.get("percent") is None:
        raise ValidationError(_("次数、上限和覆盖率至少要填一项。"))


def _target(values) -> None:
    """About how many, within what is asked for; of a year's acts as of what is so on every day."""
    target, minimum, maximum = values.get("target"), values.get("minimum"), values.get("maximum")
    if target is None:
        return
    if target < (minimum or 0) or (maximum is not None and target > maximum):
        raise ValidationError(_("以多少为宜应在下限和上限之间。"))


def begins_with(cadence, day) -> None:
    """A rule begins with a period of its own. Raises ValidationError, naming days that will do."""
    if day is None:
        raise ValidationError(_("请填写生效日期。"))
    if cadence not in KINDS:
        return
    cycle = Cycle.of(cadence, day)
    if cycle.first != day:
        raise ValidationError(
            _("这个周期的规则应从周期的第一天开始，例如 %(this)s 或 %(next)s。"),
            params={"this": cycle.first.isoformat(), "next": cycle.after.isoformat()},
        )
