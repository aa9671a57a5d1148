"""Duties of the rule radar (规矩雷达) that will be missed: one notice for each, once, in office hours, to who can act.

It goes on the first working day inside the days of warning; where these begin on a day off, on the working day before,
so that nobody hears of it later than the rule says. A planned act is named and delays nothing. That somebody was told
is kept apart from the duty's row: a duty met and then undone is not told of again.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Post
from chains.models import Seat
from core import clock
from core.actor import Role
from mechanisms import drain as radar
from mechanisms import lifecycle, reading
from mechanisms.enums import Reminded
from mechanisms.models import Obligation, Told
from notices import recipients as to
from notices.drain import write
from notices.enums import Kind, Reason
from notices.hours import Hours
from notices.telling import Message

# The longest stretch of days off: what begins in it is told before it.
FARTHEST = dt.timedelta(days=12)


def tell(now: dt.datetime | None = None) -> int:
    """Tell of what will be missed and was not told of; answers how many duties."""
    now = now or clock.now()
    hours, count = Hours(now), 0
    try:
        radar.drain(hours.today)
    except radar.Busy:
        return 0  # the next round finds them
    for duty in waiting(hours.today):
        if not hours.are_open(duty.region.path) or not is_time(duty, hours):
            continue
        message = message_of(duty, hours.today)
        if not message.told:
            continue
        with transaction.atomic():
            if lifecycle.note_told(duty.version_id, duty.actor_id, duty.first_on, now):
                write([message], now)
                count += 1
    return count


def waiting(today: dt.date):
    """Duties that run, are judged and not met, whose days of warning have begun or begin within days off."""
    told = Told.objects.filter(
        version=OuterRef("version_id"), actor_id=OuterRef("actor_id"), first_on=OuterRef("first_on")
    )
    rows = Obligation.objects.filter(
        ~Exists(told), is_judged=True, is_standing=False, complied_on=None, warn_on__lte=today + FARTHEST,
        last_on__gte=today,
    ).exclude(Q(version__maximum__isnull=False) & Q(count__gt=F("version__maximum")))  # fmt: skip
    return rows.select_related("version", "region", "committee", "enterprise").order_by("pk")


def is_time(duty: Obligation, hours: Hours) -> bool:
    """Whether today is the day: no working day is left before the warning begins."""
    return hours.today >= duty.warn_on or not hours.calendar(duty.region.path).between(hours.today, duty.warn_on)


def message_of(duty: Obligation, today: dt.date) -> Message:
    who = reading.actor_name(duty.actor_kind, duty.actor_id)
    data = {
        "record_title": f"{duty.version.name} · {who}"[:200],
        "cycle": [duty.version.cadence, duty.first_on.isoformat()],
        "due_on": duty.last_on.isoformat(),
    }
    is_planned = duty.planned_on is not None and duty.planned_on >= today
    if is_planned:
        data["planned_on"] = duty.planned_on.isoformat()
    return Message(
        Kind.DUTY, "duty_planned" if is_planned else "duty", f"duty:{duty.version_id}:{duty.actor_id}:{duty.first_on}",
        duty=duty, told=doers(duty, who), data=data,
    )  # fmt: skip


def doers(duty: Obligation, who: str) -> to.Told:
    """Who can act, as the rule names them; the officers of the place where nobody holds that post."""
    found = {}
    if duty.version.reminds == Reminded.SECRETARY and duty.committee_id:
        found = _holders(Role.CHAIN_SECRETARY, committee=duty.committee_id)
    elif duty.version.reminds == Reminded.BRANCH and duty.enterprise_id:
        found = _holders(Role.BRANCH_SECRETARY, enterprise=duty.enterprise_id)
    elif duty.version.reminds == Reminded.SEAT and duty.actor_kind == "seat":
        found = Seat.objects.filter(pk=duty.actor_id, user__is_active=True).values_list("user_id", flat=True)
    return dict.fromkeys(found, (Reason.DUTY, who[:120])) or to.officers(duty)


def _holders(role: str, **scope):
    posts = Post.objects.filter(role=role, user__is_active=True, **scope).in_force(clock.today())
    return list(posts.values_list("user_id", flat=True))
