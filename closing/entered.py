"""Figures that are entered (填报数): one guarded function for both the first value and its corrections, and reading.

What the house can count is never typed (最多报一次): this is for what comes from elsewhere, the statistics office or a
unit's own books. Nothing is overwritten; a correction is a new version with its reason.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from alliances.models import Region
from audit import trail
from closing import perms, places
from closing.enums import ClosingState
from closing.models import Closing, EnteredFigure, EnteredKind
from core import clock, units
from core.actor import Actor
from core.periods import Month, Period
from core.transitions import Conflict, Refusal, Refused

# A page of a place tells figures whose period ended so many months before the one shown, at most.
TOLD_FOR = YEAR = 12


@transaction.atomic
def enter(
    place, *, by: Actor, kind: EnteredKind, period: Period, value, unit, source, as_of, reason="", seen=0
) -> EnteredFigure:
    """Enter the figure of a period, or correct it: `seen` is the version that the person read, 0 for none.

    `value` is in `unit`, kept exactly in the kind's own. Raises Refused, Conflict, or ValidationError by field.
    """
    refusal = perms.enter(place, by)
    if refusal:
        raise Refused(refusal)
    # The unit's region is the lock of all that is entered for it: two first versions cannot pass each other.
    Region.objects.select_for_update(of=("self",), no_key=True).get(pk=place.region.pk)
    before = standing(place, kind, period)
    row = EnteredFigure(
        kind=kind,
        region=place.region,
        committee=place.committee,
        first=period.first.first_day,
        last=period.last.first_day,
        version=before.version + 1 if before else 1,
        value=_value(kind, value, unit, before),
        source=_text(source, "source", _("请写明来源。")),
        as_of=_as_of(as_of, period),
        after_lock=is_closed(place, period),
        entered_by_id=by.user_id,
        entered_at=clock.now(),
    )
    _kind_holds(kind, place, before)
    if before:
        row.reason = _correction(row, before, reason, seen)
    elif seen:
        raise Conflict(Refusal("conflict", _("原填报数已不在，请刷新后再填报。")))
    row.save()
    told = {"indicator": kind.name, "period": period.name, "value": row.text, "source": row.source}
    if before:
        trail.record(by, "entered.corrected", row, **told, before=before.text, reason=row.reason)
    else:
        trail.record(by, "entered.recorded", row, **told)
    return row


def _correction(row, before, reason, seen) -> str:
    if not seen:
        sentence = _("%(name)s%(period)s已有填报数%(value)s，请在原数上更正。")
        values = {"name": row.kind.spoken, "period": row.period.name, "value": before.text}
        raise Refused(Refusal("exists", sentence % values))
    if seen != before.version:
        raise Conflict(Refusal("conflict", _("您打开页面之后，其他人已更正了该填报数，请核对现状后再办理。")))
    if (row.value, row.source, row.as_of) == (before.value, before.source, before.as_of):
        raise ValidationError({"value": _("数值、来源和截止日期都没有变，不需要更正。")})
    return _text(reason, "reason", _("请写明更正理由。"))


def _kind_holds(kind, place, before) -> None:
    if not kind.holds_in(place.region) or not (kind.is_active or before):
        raise ValidationError({"kind": _("这项填报指标不适用于该单位，或已停用。")})


def _value(kind, value, unit, before):
    try:
        value = units.convert(units.exact(value), units.get(unit), kind.typed)
    except units.UnitMismatch:
        sentence = _("“%(name)s”以“%(unit)s”计量，不能用“%(given)s”。")
        values = {"name": kind.spoken, "unit": kind.typed.label, "given": unit}
        raise ValidationError({"unit": sentence % values}) from None
    if not value.is_finite() or abs(value) >= 10**15:
        raise ValidationError({"value": _("请填写一个数。")})
    if value != units.rounded(value, kind.places):
        raise ValidationError({"value": _("最多保留 %(n)d 位小数。") % {"n": kind.places}})
    if value < 0 and not kind.typed.rate:
        raise ValidationError({"value": _("数值不能小于零。")})
    return value


def _as_of(day, period):
    if day > clock.today():
        raise ValidationError({"as_of": _("截止日期不能晚于今天。")})
    if day < period.start:
        raise ValidationError({"as_of": _("截止日期不能早于期间的第一天。")})
    return day


def _text(text, name, sentence) -> str:
    text = (text or "").strip()
    if not text:
        raise ValidationError({name: sentence})
    return text


def is_closed(place, period: Period) -> bool:
    """Whether a month of the period is closed for the unit or a region above it: what is entered is a correction."""
    above = Q(committee=None, region__path__in=place.region.ancestor_paths)
    unit = above | Q(committee=place.committee) if place.committee else above
    rows = Closing.objects.filter(unit, state=ClosingState.LOCKED)
    return rows.filter(month__range=(period.first.first_day, period.last.first_day)).exists()


# --- reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A standing figure with how it moved; `changes` are sentences, of a rate in percentage points (百分点)."""

    row: EnteredFigure
    changes: tuple[str, ...]


def standing(place, kind, period: Period) -> EnteredFigure | None:
    """The version that stands for a unit, kind and period."""
    months = {"first": period.first.first_day, "last": period.last.first_day}
    rows = EnteredFigure.objects.filter(**place.rows, **months, kind=kind).select_related("kind")
    return rows.order_by("-version").first()


def of_place(place, until: Month | None = None) -> list[Told]:
    """What stands for a unit, the newest period first; with `until` the last period of each kind that ended by then
    and at most `TOLD_FOR` months before. One query."""
    rows = EnteredFigure.objects.filter(**place.rows).standing().select_related("kind__region", "entered_by")
    rows = list(rows.order_by("-last", "-first", "kind__order", "kind_id"))
    by_period = {(one.kind_id, one.first, one.last): one for one in rows}
    shown = rows
    if until is not None:
        near = [one for one in rows if until - TOLD_FOR <= Month.of(one.last) <= until]
        newest = {}
        for one in near:
            newest.setdefault(one.kind_id, one)
        shown = sorted(newest.values(), key=lambda one: (one.kind.order, one.kind_id))
    return [Told(one, tuple(_changes(one, by_period))) for one in shown]


def _changes(row, by_period):
    compared = {len(row.period): _("较上期"), YEAR: _("较上年同期")}  # of a whole year both are one
    for back, words in sorted(compared.items(), reverse=True):
        first, last = (month - back for month in (row.period.first, row.period.last))
        before = by_period.get((row.kind_id, first.first_day, last.first_day))
        if before is None:
            continue
        moved = units.change(row.value, before.value, row.kind.typed)
        amount = units.text(abs(moved.difference), moved.unit, row.kind.places)
        sentence = {1: _("%(against)s上升%(amount)s"), -1: _("%(against)s下降%(amount)s"), 0: _("%(against)s持平")}
        yield sentence[moved.direction] % {"against": words, "amount": amount}


def corrections(place, month: Month) -> list[tuple[EnteredFigure, EnteredFigure | None]]:
    """(version, the one it corrects) of what was entered for a month of a unit after it was closed."""
    inside = {"first__lte": month.first_day, "last__gte": month.first_day}
    rows = EnteredFigure.objects.filter(**place.rows, **inside).select_related("kind__region", "entered_by")
    rows = list(rows.order_by("entered_at", "pk"))
    versions = {(one.kind_id, one.first, one.last, one.version): one for one in rows}
    return [(one, versions.get((one.kind_id, one.first, one.last, one.version - 1))) for one in rows if one.after_lock]


@dataclass(frozen=True)
class Late:
    """What stands of a kind and period since it was corrected after a close; `former` is the value told before, None
    where nothing was."""

    row: EnteredFigure
    former: Decimal | None


def to_report(place, month: Month, told, months=YEAR) -> list[Late]:
    """What the report of `month` prints of entered figures whose period ended in the months before it: those that were
    entered or corrected after a close and say something else than what was told. `told(row)` is the value that a report
    has told of the row's kind and period since, or None; then the version of before the close is the one told."""
    ended = {"last__lt": month.first_day, "last__gte": (month - months).first_day}
    rows = EnteredFigure.objects.filter(**place.rows, **ended).select_related("kind")
    versions: dict[tuple, list[EnteredFigure]] = {}
    for row in rows.order_by("-last", "-first", "kind__order", "kind_id", "version"):
        versions.setdefault((row.kind_id, row.first, row.last), []).append(row)
    found = []
    for listed in versions.values():
        newest, former = listed[-1], told(listed[-1])
        if former is None:
            former = next((one.value for one in reversed(listed) if not one.after_lock), None)
        if newest.after_lock and newest.value != former:
            found.append(Late(newest, former))
    return found


def kind_named(place, word: str) -> EnteredKind | None:
    """The kind with this code or name that holds for a unit."""
    return EnteredKind.objects.of_region(place.region).filter(Q(code=word) | Q(name=word)).first()


def dictionary(actor: Actor) -> list[dict]:
    """The kinds that the actor may see, as lines of the dictionary of figures."""
    kinds = EnteredKind.objects.visible_to(actor).filter(is_active=True).select_related("region")
    return [
        {
            "one": {"code": one.code, "name": one.spoken, "definition": one.definition, "unit": one.typed},
            "kind": _("填报"),
        }
        for one in kinds
    ]


def place_of(row) -> places.Place:
    return places.Place(row.region, row.committee)
