"""Making, changing, ending and switching off mechanisms. A change is a new version; ended periods keep theirs."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.actor import Actor
from core.cycles import KINDS, Cycle
from core.transitions import Conflict, Refusal, Refused
from mechanisms import perms, rules, words
from mechanisms.models import Mechanism, MechanismVersion, SwitchedOff, Told

CONTENT = (
    "name", "text", "basis", "actor", "actor_filters", "act", "act_filters", "cadence", "minimum", "maximum", "target",
    "reaches", "reaches_filters", "percent", "starts_on", "warn_days", "reminds", "note",
)  # fmt: skip


def _demand(refusal) -> None:
    if refusal:
        raise Refused(refusal)


def _lock(mechanism: Mechanism) -> Mechanism:
    row = Mechanism.objects.select_for_update(of=("self",), no_key=True).select_related("region").filter(
        pk=mechanism.pk
    ).first()  # fmt: skip
    if row is None:
        raise Refused(Refusal("gone", _("这条记录已经不存在。")))
    return row


def latest(mechanism: Mechanism) -> MechanismVersion:
    """The newest version, in force or yet to begin."""
    return mechanism.versions.order_by("-starts_on").first()


def running_since(cadence: str, today: dt.date) -> dt.date:
    """The earliest day from which a new rule may hold: the first of the period that runs, so that it never judges what
    was over before it was made."""
    return Cycle.of(cadence, today).first if cadence in KINDS else today


def draft(mechanism: Mechanism, values: dict) -> MechanismVersion:
    """A version with these values, checked and not kept. Raises ValidationError by field."""
    found = rules.clean(values)
    return MechanismVersion(mechanism=mechanism, **{name: found[name] for name in CONTENT if name in found})


@transaction.atomic
def add(region, code: str, values: dict, *, by: Actor, order: int = 0) -> Mechanism:
    """Make a mechanism of a region with its first version. Raises Refused, or ValidationError by field."""
    _demand(perms.keep(region, by))
    mechanism = Mechanism(region=region, code=code.strip(), order=order, made_by_id=by.user_id, made_at=clock.now())
    version = draft(mechanism, values)
    earliest = running_since(version.cadence, clock.today())
    if not by.is_system and version.starts_on < earliest:
        raise ValidationError({"starts_on": [_too_early(earliest)]})
    if not mechanism.code:
        raise ValidationError({"code": [_("请填写编号。")]})
    try:
        with transaction.atomic():
            mechanism.save()
    except IntegrityError:
        raise ValidationError({"code": [_("本区域已有这个编号的机制。")]}) from None
    _keep(version, mechanism, by)
    _told(by, "mechanism.created", mechanism, version)
    return mechanism


def _too_early(earliest: dt.date) -> str:
    return _("规则不能溯及已经结束的周期，最早可从 %(day)s 起生效。") % {"day": earliest.isoformat()}


def _keep(version: MechanismVersion, mechanism: Mechanism, by: Actor) -> None:
    version.mechanism, version.made_by_id, version.made_at = mechanism, by.user_id, clock.now()
    version.save()


def _told(by, verb, mechanism, version, **more) -> None:
    trail.record(
        by, verb, mechanism, name=version.name, starts_on=version.starts_on, rule=words.sentence(version),
        version=version.pk, **more,
    )  # fmt: skip


@transaction.atomic
def change(mechanism: Mechanism, values: dict, *, by: Actor, seen: int) -> MechanismVersion:
    """A new version from `starts_on` on; one that has not begun yet is written over. `seen` is the number of the
    version that the page showed.

    Raises Refused (`ended`), Conflict, or ValidationError by field: a change begins tomorrow at the earliest, with a
    period of the new rule and at the end of one of the old, so that no period is left without a verdict.
    """
    row = _lock(mechanism)
    _demand(perms.keep(row.region, by))
    old = latest(row)
    if old.pk != seen:
        raise Conflict(Refusal("conflict", _("您打开页面之后，这项机制已被他人修改，请核对后再保存。")))
    if old.ends_on is not None:
        raise Refused(Refusal("ended", _("这项机制已经终止，不能再修改。")))
    version = draft(row, values)
    today = clock.today()
    if version.starts_on <= today:
        raise ValidationError({"starts_on": [_("修改从明天起才能生效：已经结束的周期按原来的规则判定。")]})
    before = old
    if old.starts_on > today:
        before = row.versions.filter(starts_on__lt=old.starts_on).order_by("-starts_on").first()
        old.delete()
    if before is not None:
        _cut(before, version.starts_on)
    _keep(version, row, by)
    _told(by, "mechanism.changed", row, version, changes=trail.changes(_picture(old), _picture(version)))
    return version


def _picture(version) -> dict:
    return {name: getattr(version, name) for name in CONTENT}


def _cut(version: MechanismVersion, day: dt.date) -> None:
    """End a version with a period of its own. Raises ValidationError."""
    if day <= version.starts_on:
        raise ValidationError({"starts_on": [_("应晚于现行规则的生效日期 %(day)s。") % {"day": version.starts_on}]})
    rules_day = {"cadence": version.cadence, "day": day}
    try:
        rules.begins_with(rules_day["cadence"], rules_day["day"])
    except ValidationError as error:
        sentence = _("现行规则的周期到那天还没有结束。%(hint)s") % {"hint": " ".join(error.messages)}
        raise ValidationError({"starts_on": [sentence]}) from None
    version.ends_on = day
    version.save(update_fields=["ends_on"])


@transaction.atomic
def end(mechanism: Mechanism, *, on: dt.date, reason: str, by: Actor) -> MechanismVersion:
    """Let a mechanism end; `on` is the first day on which it no longer holds. Raises Refused, ValidationError."""
    row = _lock(mechanism)
    _demand(perms.keep(row.region, by))
    version = latest(row)
    if version.ends_on is not None:
        raise Refused(Refusal("ended", _("这项机制已经终止。")))
    if on <= clock.today():
        raise ValidationError({"on": [_("终止从明天起才能生效。")]})
    if not reason.strip():
        raise ValidationError({"reason": [_("请写明理由。")]})
    try:
        _cut(version, on)
    except ValidationError as error:
        raise ValidationError({"on": error.messages}) from None
    _told(by, "mechanism.ended", row, version, ends_on=on, reason=reason.strip())
    return version


@transaction.atomic
def switch_off(mechanism: Mechanism, region, *, from_on: dt.date, reason: str, by: Actor) -> SwitchedOff:
    """A region below does not follow the mechanism from a day on. Raises Refused, ValidationError by field."""
    row = _lock(mechanism)
    _demand(perms.switch(row, region, by))
    if from_on < clock.today():
        raise ValidationError({"from_on": [_("停用不能早于今天：已经结束的周期按原来的规则判定。")]})
    if not reason.strip():
        raise ValidationError({"reason": [_("请写明理由。")]})
    if row.switched_off.filter(region=region, until_on=None).exists():
        raise Refused(Refusal("already", _("这个区域已经停用了这项机制。")))
    off = SwitchedOff.objects.create(
        mechanism=row, region=region, from_on=from_on, reason=reason.strip()[:300], made_by_id=by.user_id,
        made_at=clock.now(),
    )  # fmt: skip
    name = latest(row).name
    trail.record(by, "mechanism.switched_off", row, name=name, region=region, from_on=from_on, reason=off.reason)
    return off


@transaction.atomic
def switch_on(off: SwitchedOff, *, by: Actor) -> SwitchedOff:
    """Let the mechanism hold again from today on. Raises Refused."""
    row = _lock(off.mechanism)
    off = SwitchedOff.objects.select_related("region").get(pk=off.pk)
    _demand(perms.switch(row, off.region, by))
    if off.until_on is not None:
        raise Refused(Refusal("already", _("这个区域已经恢复了这项机制。")))
    off.until_on = max(clock.today(), off.from_on)
    off.save(update_fields=["until_on"])
    name = latest(row).name
    trail.record(by, "mechanism.switched_on", row, name=name, region=off.region, until_on=off.until_on)
    return off


def note_told(version_id: int, actor_id: int, first_on: dt.date, at: dt.datetime) -> bool:
    """Note that a duty was told of; False where it had been before. In the transaction that tells."""
    _row, made = Told.objects.get_or_create(
        version_id=version_id, actor_id=actor_id, first_on=first_on, defaults={"at": at}
    )
    return made
