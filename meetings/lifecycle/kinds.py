"""Kinds of meetings that a region keeps for itself (自设会议类别). Never deleted: what was used is disabled."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records
from core.actor import Actor
from core.transitions import Refusal
from meetings import perms
from meetings.models import MeetingKind

# What figures and past meetings hang on: fixed once a meeting has the kind.
FIXED = ("region", "counts_as")


@transaction.atomic
def save_kind(kind: MeetingKind, values: dict, *, by: Actor, seen: str | None = None) -> MeetingKind:
    """Create or change a region's own kind. Its code is made here, and meetings are counted by `counts_as`.

    Raises Refused (`role`, `common`, `used`), Conflict.
    """
    if kind.pk is None:
        values = values | {"code": _free_code(values["region"])}

    def judge(row, data):
        refusal = perms.keep_kind(row, by) if row.pk else None
        refusal = refusal or perms.keep_kinds(data["region"], by)
        if refusal or row.pk is None or not row.meetings.exists():
            return refusal
        if any(getattr(row, name) != data.get(name, getattr(row, name)) for name in FIXED):
            return Refusal("used", _("已有会议使用这个类别，所属区域和归口不能再改；可以停用它，另设一个。"))
        return None

    row, _changed = records.write(kind, values, by=by, noun="meetingkind", seen=seen, judge=judge)
    return row


def _free_code(region) -> str:
    taken = set(MeetingKind.objects.filter(region=region).values_list("code", flat=True))
    return next(code for number in range(1, len(taken) + 2) if (code := f"own_{number}") not in taken)
