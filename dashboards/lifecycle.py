"""Making and revoking keys of walls (大屏密钥). Only `make_key` ever knows the secret."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Region
from audit.trail import record
from core.actor import Actor
from core.clock import now, today
from core.transitions import Refused
from dashboards import perms
from dashboards.models import LONGEST, SHORTEST, WallKey
from problems.voice import keys

# A key that nobody renews ends: a screen is moved, a room is given up, and nobody thinks of its key.
MOST_DAYS = 366


@transaction.atomic
def make_key(region: Region, *, by: Actor, expires_on: dt.date, seconds: int, label="") -> tuple[WallKey, str]:
    """A key for the figures of one region, and its secret, of which only a digest is kept.

    Raises Refused (`role`), ValidationError by field.
    """
    refusal = perms.keep_walls_of(region, by)
    if refusal:
        raise Refused(refusal)
    _judge(expires_on, seconds)
    secret = keys.new_token()
    key = WallKey.objects.create(
        region=region,
        label=label.strip(),
        seconds=seconds,
        expires_on=expires_on,
        key_hash=keys.digest_of(secret),
        made_by_id=by.user_id,
        made_at=now(),
    )
    record(by, "wall.made", key, until=expires_on)
    return key, secret


def _judge(expires_on: dt.date, seconds: int) -> None:
    if not today() <= expires_on <= today() + dt.timedelta(days=MOST_DAYS):
        raise ValidationError({"expires_on": _("有效期从今天起，最长一年。")})
    if not SHORTEST <= seconds <= LONGEST:
        raise ValidationError({"seconds": _("每屏停留 5 到 600 秒。")})


@transaction.atomic
def revoke_key(key: WallKey, *, by: Actor) -> WallKey:
    """The key opens nothing any more, and a wall that shows by it goes dark at its next reading. Revoking it again
    changes nothing. Raises Refused (`role`)."""
    key = WallKey.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=key.pk)
    refusal = perms.keep_walls_of(key.region, by)
    if refusal:
        raise Refused(refusal)
    if key.revoked_at is None:
        key.revoked_at = now()
        key.save(update_fields=["revoked_at"])
        record(by, "wall.revoked", key)
    return key
