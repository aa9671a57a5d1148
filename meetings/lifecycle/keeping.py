"""Kinds of activities that a region keeps for itself (自设活动类别), and how near two visits may be (走访间隔).

Never deleted: a kind that was used is disabled, a guard that has begun is followed by another.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit import records
from core.actor import Actor
from core.clock import today
from core.models import Sequence
from core.transitions import Refusal
from meetings import perms
from meetings.models import Activity, ActivityKind, VisitGuard

# What figures and past activities hang on: fixed once an activity has the kind.
FIXED = ("region", "counts_as", "disturbs")


@transaction.atomic
def save_activity_kind(kind: ActivityKind, values: dict, *, by: Actor, seen: str | None = None) -> ActivityKind:
    """Create or change a region's own kind of activity. Its code is made here.

    Raises Refused (`role`, `common`, `used`), Conflict.
    """
    if kind.pk is None:
        region = values["region"]
        values = values | {"code": f"own_{Sequence.next(f'activitykind:{region.pk}')}"}

    def judge(row, data):
        refusal = perms.keep_kind(row, by) if row.pk else None
        refusal = refusal or perms.keep_kinds(data.get("region", row.region), by)
        if refusal or row.pk is None or not Activity.objects.filter(kind=row).exists():
            return refusal
        if any(getattr(row, name) != data.get(name, getattr(row, name)) for name in FIXED):
            return Refusal("used", _("已有活动使用这个类别，区域、归口和是否计入打扰不能再改；可以停用它，另设一个。"))
        return None

    row, _changed = records.write(kind, values, by=by, noun="activitykind", seen=seen, judge=judge)
    return row


@transaction.atomic
def save_guard(guard: VisitGuard, values: dict, *, by: Actor, seen: str | None = None) -> VisitGuard:
    """Set how near two visits may be from a day on, today at the earliest; what has begun stays as it is.

    Raises Refused (`role`, `begun`), ValidationError, Conflict.
    """

    def judge(row, data):
        refusal = perms.keep_guard(row, by) if row.pk else None
        return refusal or perms.keep_kinds(data.get("region", row.region if row.pk else None), by)

    begins_on = values.get("begins_on")
    if begins_on is not None and begins_on < today():
        raise ValidationError({"begins_on": _("起用日期不能早于今天。")})
    row, _changed = records.write(guard, values, by=by, noun="visitguard", seen=seen, judge=judge)
    return row
