"""Making, changing and testing channels. The address and the secret never reach the trail."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.actor import Actor
from core.transitions import Conflict, Refusal, Refused
from notices import perms, webhooks
from notices.models import Channel, Delivery

TESTS_A_MINUTE = 3


def host_of(channel: Channel) -> str:
    """What may be shown of the address: where it leads, not its key."""
    parts = urlsplit(channel.url)
    return parts.netloc.rpartition("@")[2]


def save(channel: Channel, values: dict, *, by: Actor, version: int | None = None) -> Channel:
    """Create or change. An empty `url` or `secret` keeps what is there; `drop_secret` takes the secret away.

    Raises Refused, Conflict, or ValidationError by field.
    """
    values = dict(values)
    region = values.get("region") or channel.region
    refusal = perms.keep_channels_of(region, by)
    if refusal:
        raise Refused(refusal)
    url, secret = values.pop("url", ""), values.pop("secret", "")
    drop = values.pop("drop_secret", False)
    fresh = channel.pk is None
    if url or fresh:
        try:
            webhooks.check_url(url)
        except webhooks.Unsafe as error:
            raise ValidationError({"url": str(error)}) from None
    try:
        with transaction.atomic():
            row = _locked(channel, version)
            for name, value in values.items():
                setattr(row, name, value)
            row.url = url or row.url
            row.secret = "" if drop else secret or row.secret
            if fresh:
                row.made_by_id, row.made_at = by.user_id, clock.now()
            else:
                row.version += 1
            row.save()
            verb = "channel.created" if fresh else "channel.changed"
            trail.record(
                by, verb, row, robot=row.get_robot_display(), host=host_of(row), kinds=row.kinds, active=row.is_active,
                new_address=bool(url), new_secret=bool(secret) or drop,
            )  # fmt: skip
    except IntegrityError:
        raise ValidationError({"name": _("本区域已有同名的消息通道。")}) from None
    return row


def _locked(channel: Channel, version: int | None) -> Channel:
    if channel.pk is None:
        return channel
    row = Channel.objects.select_for_update(of=("self",), no_key=True).get(pk=channel.pk)
    if version is not None and version != row.version:
        raise Conflict(Refusal("conflict", _("您打开页面之后，这个通道已被他人修改，请核对后再保存。")))
    return row


@transaction.atomic
def test(channel: Channel, *, by: Actor) -> Delivery:
    """A message that says that it is a test, sent like every other: in office hours, by the worker. Raises Refused."""
    refusal = perms.keep_channels_of(channel.region, by)
    if refusal is None and not channel.is_active:
        refusal = Refusal("inactive", _("通道已停用，启用后再测试。"))
    row = Channel.objects.select_for_update(of=("self",), no_key=True).get(pk=channel.pk)
    now = clock.now()
    recent = row.deliveries.filter(is_test=True, made_at__gt=now - clock.dt.timedelta(minutes=1)).count()
    if refusal is None and recent >= TESTS_A_MINUTE:
        refusal = Refusal("often", _("一分钟内最多测试三次，请稍后再试。"))
    if refusal:
        raise Refused(refusal)
    number = row.deliveries.filter(is_test=True).count() + 1
    delivery = Delivery.objects.create(
        channel=row, code="test", key=f"test:{number}", is_test=True, asked_by_id=by.user_id, made_at=now, next_at=now
    )
    trail.record(by, "channel.tested", row)
    return delivery
