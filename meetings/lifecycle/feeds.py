"""Addresses from which calendars read (日历订阅): made with a secret that is shown once, and revoked."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.trail import record
from chains.models import Committee
from core.actor import Actor
from core.clock import now
from core.transitions import Refusal, Refused
from meetings import perms
from meetings.lifecycle.guards import refuse
from meetings.models import CalendarFeed
from problems.voice import keys


@transaction.atomic
def make_feed(*, by: Actor, committee: Committee | None = None) -> tuple[CalendarFeed, str]:
    """An address for the actor's own use, of one committee or of all meetings in sight, and its secret, of which only
    a digest is kept. One of a sort is open at a time. Raises Refused (`role`, `open`)."""
    refuse(perms.subscribe(by))
    if CalendarFeed.objects.filter(user_id=by.user_id, committee=committee, revoked_at=None).exists():
        raise Refused(Refusal("open", _("已有在用的订阅地址，请先停用，再生成新的。")))
    secret = keys.new_token()
    feed = CalendarFeed.objects.create(
        user_id=by.user_id, committee=committee, key_hash=keys.digest_of(secret), made_at=now()
    )
    record(by, "feed.made", feed)
    return feed, secret


@transaction.atomic
def revoke_feed(feed: CalendarFeed, *, by: Actor) -> CalendarFeed:
    """The address opens nothing any more. Revoking it again changes nothing."""
    feed = CalendarFeed.objects.select_for_update(of=("self",), no_key=True).get(pk=feed.pk)
    if feed.user_id != by.user_id and not by.is_system:
        raise Refused(Refusal("role", _("订阅地址只能由本人停用。")))
    if feed.revoked_at is None:
        feed.revoked_at = now()
        feed.save(update_fields=["revoked_at"])
        record(by, "feed.revoked", feed)
    return feed
