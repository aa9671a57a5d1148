"""Targets (目标): setting them, how far they are reached, and where a straight line leads."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from closing import perms, places
from closing.frozen import settled
from closing.models import Target
from core import clock, units
from core.actor import Actor
from core.periods import Month, Period
from core.transitions import Conflict, Refusal, Refused
from indicators import declarations, figures
from indicators.declarations import BAD

# Before so many days of the period have passed, a straight line says nothing.
EARLIEST = 30


@dataclass
class Attainment:
    """A target beside the figure of the engine.

    `projected` is where a straight line from the beginning of the period through today ends: of a flow what came so
    far, of a stock how it moved since the beginning. None for shares and means, which do not grow with time, in the
    first thirty days, and after the end.
    """

    target: Target
    figure: figures.Figure | None
    projected: Decimal | None = None

    @property
    def declared(self):
        return self.figure.declared

    @property
    def at_most(self):
        """Whether the figure must stay at or below the target."""
        return self.declared.more == BAD

    @property
    def wanted(self):
        """The target as printed, with its unit and direction."""
        text = units.text(self.target.value, self.declared.unit, self.declared.places)
        return _("不高于%(value)s") % {"value": text} if self.at_most else text

    @property
    def percent(self):
        """The figure as a share of the target in percent; None where one of them says nothing, or less is better."""
        if self.figure.value is None or not self.target.value or self.at_most:
            return None
        return units.exact(self.figure.value) * 100 / self.target.value

    @property
    def reached(self):
        return self.figure.value is not None and self._enough(self.figure.value)

    @property
    def tone(self):
        """Green: reached, or on the way to it; yellow: not to be reached at this pace; grey: nothing to say."""
        if self.figure.value is None:
            return "grey"
        if self.reached and not (self.at_most and self.projected is not None and not self._enough(self.projected)):
            return "green"
        return "grey" if self.projected is None else "green" if self._enough(self.projected) else "yellow"

    @property
    def verdict(self):
        if self.figure.value is None:
            return _("暂无数据")
        if self.at_most:
            return _("未超出") if self.reached else _("已超出")
        return _("已达到") if self.reached else _("未达到")

    @property
    def outlook(self):
        """The projection in one sentence."""
        end = self.target.period.end
        if end < clock.today():
            return _("目标期已结束。")
        if self.declared.kind in ("ratio", "duration"):
            return _("比率和时长不按时间推算，以现值为准。")
        if self.projected is None:
            return _("起始不足%(days)d天，暂不推算。") % {"days": EARLIEST}
        values = {
            "end": _("%(year)d年底") % {"year": end.year},
            "value": units.text(self.projected, self.declared.unit, self.declared.places),
        }
        if self._enough(self.projected):
            return _("按目前进度推算，到%(end)s为%(value)s，可以完成目标。") % values
        return _("按目前进度推算，到%(end)s为%(value)s，不能完成目标。") % values

    def _enough(self, value):
        return value <= self.target.value if self.at_most else value >= self.target.value


def place_of(scope) -> places.Place | None:
    """The unit whose targets a scope of figures shows. A chain has none of its own: its committee has."""
    return None if scope.chain_id else places.of_scope(scope)


def of(scope, period: Period, today=None) -> list[Attainment]:
    """The targets of a scope whose years touch `period`, each with its figure up to today."""
    place = place_of(scope)
    return of_place(place, period, today) if place else []


def of_place(place, period: Period, today=None) -> list[Attainment]:
    """As `of`, for a unit that is known already."""
    spans = {"first_year__lte": period.last.year, "last_year__gte": period.first.year}
    return attained(list(Target.objects.standing().filter(**place.rows, **spans)), place, today)


def attained(targets, place, today=None) -> list[Attainment]:
    """Each target of one unit with its figure: one query for each span of years."""
    today = today or clock.today()
    known = {one.code for one in declarations.indicators()}
    result = {}
    for span in dict.fromkeys((one.first_year, one.last_year) for one in targets):
        mine = [one for one in targets if (one.first_year, one.last_year) == span and one.indicator in known]
        first = Month(span[0], 1)
        last = max(first, min(Month(span[1], 12), Month.of(today)))
        periods = [Period(first, last), Period(first - 1, first - 1)]
        if mine:
            now, before = figures.read_many([one.indicator for one in mine], place.scope, periods, today)
            for one in mine:
                code = one.indicator
                result[one.pk] = Attainment(one, now[code], project(one, now[code], before[code].value, today))
    return [result[one.pk] for one in targets if one.pk in result]


def project(target, figure, opening, today: dt.date) -> Decimal | None:
    """Where a straight line from the first day of the target's period through today ends; None: see Attainment."""
    start, end = target.period.start, target.period.end
    passed, whole = (today - start).days + 1, (end - start).days + 1
    if figure.value is None or passed < EARLIEST or today > end or figure.declared.kind in ("ratio", "duration"):
        return None
    base = units.exact(opening or 0) if figure.declared.kind == "stock" else Decimal(0)
    return settled(base + (units.exact(figure.value) - base) * whole / passed)


# --- setting them -------------------------------------------------------------------------------------------------


@transaction.atomic
def set_target(place, *, by: Actor, indicator, value, unit, first_year, years, source) -> Target:
    """Set a target; `value` is in `unit`, kept in the indicator's. Raises Refused, or ValidationError by field."""
    refusal = perms.set_target(place, by)
    if refusal:
        raise Refused(refusal)
    target = Target(
        region=place.region,
        committee=place.committee,
        indicator=indicator,
        first_year=first_year,
        last_year=first_year + years - 1,
        value=_in_own_unit(place, indicator, value, unit),
        source=_source(source),
        set_by_id=by.user_id,
        set_at=clock.now(),
    )
    target.validate_constraints()
    target.save()
    trail.record(by, "target.set", target, **_told(target), source=target.source)
    return target


@transaction.atomic
def revise(target, *, by: Actor, value, unit, source, version=None) -> Target:
    """Change the value of a target, with the paper that says so. Raises Refused, Conflict, ValidationError."""
    target = _taken(target, by, version)
    place = places.Place(target.region, target.committee)
    before = _told(target)["value"]
    target.value, target.source = _in_own_unit(place, target.indicator, value, unit), _source(source)
    target.set_by_id, target.set_at = by.user_id, clock.now()
    target.version += 1
    target.save()
    trail.record(by, "target.revised", target, **_told(target), before=before, source=target.source)
    return target


@transaction.atomic
def withdraw(target, *, by: Actor, reason, version=None) -> Target:
    """Take a target back with a reason; it stays in the trail. Raises Refused, Conflict, ValidationError."""
    target = _taken(target, by, version)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    target.withdrawn_at = clock.now()
    target.version += 1
    target.save()
    trail.record(by, "target.withdrawn", target, **_told(target), reason=reason.strip())
    return target


def _taken(target, by, version):
    rows = Target.objects.select_for_update(of=("self",), no_key=True).select_related("region", "committee__region")
    target = rows.get(pk=target.pk)
    refusal = perms.set_target(target, by)
    if refusal:
        raise Refused(refusal)
    if target.withdrawn_at:
        raise Refused(Refusal("withdrawn", _("该目标已撤销。")))
    if version is not None and version != target.version:
        raise Conflict(Refusal("conflict", _("您打开页面之后，其他人已调整了该目标，请核对现状后再办理。")))
    return target


def _in_own_unit(place, code, value, unit):
    """The value in the indicator's unit. 家 is no 家次, 万元 is a ten-thousandth of 元: what cannot be converted is
    refused beside the unit's field."""
    try:
        one = declarations.get(code)
        told = declarations.told_for(code, place.scope.cell_class)
    except KeyError:
        raise ValidationError({"indicator": _("没有这项指标。")}) from None
    if not told:
        raise ValidationError({"indicator": _("这项指标不按该单位统计。")})
    if value < 0:
        raise ValidationError({"value": _("目标值不能小于零。")})
    if one.unit.rate and value > 100:
        raise ValidationError({"value": _("比率不能超过100%。")})
    try:
        converted = units.convert(units.exact(value), units.get(unit), one.unit)
    except units.UnitMismatch:
        sentence = _("“%(name)s”以“%(unit)s”计量，不能用“%(given)s”。")
        raise ValidationError({"unit": sentence % {"name": one.name, "unit": one.unit.code, "given": unit}}) from None
    if not one.places and converted != converted.to_integral_value():
        raise ValidationError({"value": _("“%(unit)s”应为整数。") % {"unit": one.unit.code}})
    return converted


def _source(text):
    text = (text or "").strip()
    if not text:
        raise ValidationError({"source": _("请写明依据。")})
    return text


def _told(target):
    one = declarations.get(target.indicator)
    return {
        "indicator": str(one.name),
        "years": target.period.name,
        "value": units.text(target.value, one.unit, one.places),
    }
