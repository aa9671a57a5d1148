"""A month's way: open -> submitted -> approved -> locked, and open again for a time; each step one guarded function.

Upward: a region's month is submitted and locked after the units below it are locked or have time given. Rows dated in a
locked month may still change: what that does to its figures goes to its list of corrections (`closing.corrections`).
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import trail
from closing import frozen, perms, places
from closing.enums import ClosingState
from closing.models import Closing, Exemption
from core import clock
from core.actor import Actor
from core.transitions import Conflict, Refusal, Refused, Transition

OPEN, SUBMITTED, APPROVED, LOCKED = ClosingState.values


def _step(name, label, sources, target, allowed):
    return name, Transition(name, label, frozenset(sources), target, allowed)


STEPS = dict(
    (
        _step("submit", gettext_lazy("提交"), {OPEN}, SUBMITTED, perms.submit),
        _step("approve", gettext_lazy("审核通过"), {SUBMITTED}, APPROVED, perms.keep),
        _step("lock", gettext_lazy("封账"), {APPROVED}, LOCKED, perms.keep),
        _step("send_back", gettext_lazy("退回"), {SUBMITTED, APPROVED}, OPEN, perms.keep),
        _step("exempt", gettext_lazy("给予宽限"), {OPEN, SUBMITTED, APPROVED}, None, perms.keep),
        _step("reopen", gettext_lazy("开封"), {LOCKED}, OPEN, perms.keep),
    )
)


def check(name, place, month, closing, actor: Actor) -> Refusal | None:
    """Why this actor may not take the step on the unit's month now, or None. `closing` is its row, or None."""
    step = STEPS[name]
    refusal = step.allowed(place, actor)
    if refusal:
        return refusal
    state = closing.state if closing else OPEN
    if state not in step.sources:
        sentence = _("本月数据当前为“%(state)s”，不能%(step)s。")
        return Refusal("state", sentence % {"state": ClosingState(state).label, "step": step.label})
    if month.last_day >= clock.today():
        return Refusal("running", _("%(month)s尚未结束，月底之后才能办理封账。") % {"month": month.name})
    if name in ("submit", "lock"):
        return _upward(place, month)
    return None


def _upward(place, month):
    """A region waits for the units below it, but not for those that were given time."""
    late = waiting_for(place, month)
    if not late:
        return None
    sentence = _("下级单位尚未封账，也没有宽限：%(units)s。")
    return Refusal("below", sentence % {"units": _("、").join(map(str, late))}, who_can=perms.who_opens(place))


def waiting_for(place, month) -> list:
    """The units just below that have neither locked the month nor time given that has not run out."""
    units = places.below(place, month)
    if not units:
        return []
    inside = Closing.objects.filter(month=month.first_day, region__path__startswith=place.region.path)
    rows = inside.exclude(region=place.region, committee=None).prefetch_related("exemptions")
    done = {places.key_of(row) for row in rows if row.state == LOCKED or in_force(row)}
    return [unit for unit in units if unit.key not in done]


def in_force(closing) -> Exemption | None:
    """The time given to a month that is not locked, while it has not run out."""
    if closing is None or closing.state == LOCKED:
        return None
    newest = next(iter(closing.exemptions.all()), None)
    return newest if newest and newest.until >= clock.today() else None


@transaction.atomic
def submit(place, month, *, by: Actor, version=None) -> Closing:
    """Say that the month's data is complete. Raises Refused, Conflict; so do all functions here."""
    closing = _taken("submit", place, month, by, version)
    return _moved(closing, SUBMITTED, by, "closing.submitted")


@transaction.atomic
def approve(place, month, *, by: Actor, version=None) -> Closing:
    """The officers have looked at the month and find it right."""
    closing = _taken("approve", place, month, by, version)
    return _moved(closing, APPROVED, by, "closing.approved")


@transaction.atomic
def send_back(place, month, *, by: Actor, reason, version=None) -> Closing:
    """Give the month back to the unit with a reason."""
    closing = _taken("send_back", place, month, by, version)
    return _moved(closing, OPEN, by, "closing.sent_back", reason=_reason(reason))


@transaction.atomic
def lock(place, month, *, by: Actor, reason, version=None) -> Closing:
    """Close the month: every declared figure at the unit's scopes is written down and stands from now on.

    Refused also while changes of the unit wait to be counted, so that none of them begins as a correction.
    """
    closing = _taken("lock", place, month, by, version)
    if frozen.uncounted(place, month):
        raise Refused(Refusal("uncounted", _("刚发生的变动尚未计入指标，请稍候几秒再封账。")))
    closing.reason = _reason(reason)
    closing.round += 1
    closing.locked_at, closing.locked_by_id = clock.now(), by.user_id
    closing.state = LOCKED
    closing.version += 1
    closing.save()
    count = frozen.freeze(closing, place)
    trail.record(by, "closing.locked", closing, month=str(month), reason=closing.reason, count=count)
    return closing


@transaction.atomic
def reopen(place, month, *, by: Actor, reason, until, version=None) -> Closing:
    """Open a locked month again for one unit until a day. What was frozen stands until the next lock."""
    closing = _taken("reopen", place, month, by, version)
    _exempted(closing, by, reason, until)
    return _moved(closing, OPEN, by, "closing.reopened", reason=reason.strip(), until=until)


@transaction.atomic
def exempt(place, month, *, by: Actor, reason, until, version=None) -> Closing:
    """Give one unit time until a day, so that the units above need not wait for it."""
    closing = _taken("exempt", place, month, by, version)
    _exempted(closing, by, reason, until)
    return _moved(closing, closing.state, by, "closing.exempted", reason=reason.strip(), until=until)


def _taken(name, place, month, by, version) -> Closing:
    """The unit's month, made where there is none, locked and judged."""
    unit = {"region": place.region, "committee": place.committee, "month": month.first_day}
    refusal = STEPS[name].allowed(place, by)  # before anything is written for somebody who may not
    if refusal:
        raise Refused(refusal)
    row, _new = Closing.objects.get_or_create(**unit)
    closing = Closing.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    if version is not None and version != closing.version:
        raise Conflict(Refusal("conflict", _("您打开页面之后，其他人已办理了本月数据，请核对现状后再办理。")))
    refusal = check(name, place, month, closing, by)
    if refusal:
        raise Refused(refusal)
    return closing


def _moved(closing, state, by, verb, **data) -> Closing:
    closing.state = state
    closing.version += 1
    closing.save(update_fields=["state", "version"])
    trail.record(by, verb, closing, month=str(closing.month_of), **data)
    return closing


def _reason(text) -> str:
    text = (text or "").strip()
    if not text:
        raise ValidationError({"reason": _("请写明理由。")})
    return text


def _exempted(closing, by, reason, until: dt.date):
    if until < clock.today():
        raise ValidationError({"until": _("截止日期不能早于今天。")})
    Exemption.objects.create(
        closing=closing, until=until, reason=_reason(reason), granted_by_id=by.user_id, granted_at=clock.now()
    )
