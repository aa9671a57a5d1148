"""The daily mail (每日邮件摘要): once a day and person, from the opening of the office on, never empty, never twice.

It tells of what is unread and was in no earlier mail. One row for each person and day is the promise of "never twice":
an attempt is noted before it is made, and one whose end nobody knows (the worker died in it) is not repeated; what it
told of goes into the next day's mail, and stands in the inbox anyway. A refusal of the mail server is tried again.
"""

import datetime as dt
import logging
import smtplib
from itertools import islice

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actors import build_actor
from accounts.models import User
from core import clock
from notices import inbox, words
from notices.enums import FIXED, Sending
from notices.hours import Hours
from notices.models import Digest, Notice, Preference

log = logging.getLogger(__name__)

LISTED = 50
OLDEST = dt.timedelta(days=30)
LEASE = dt.timedelta(minutes=5)
BACKOFF = [dt.timedelta(minutes=one) for one in (5, 15, 60)]
MOST_ATTEMPTS = len(BACKOFF) + 1


class ServerAway(Exception):
    """The mail server did not answer at all."""


def is_on() -> bool:
    """Whether a mail server is named."""
    return bool(settings.EMAIL_HOST)


def run(now: dt.datetime | None = None) -> int:
    """Write and send the mails of the day that are due; answers how many attempts were made."""
    if not is_on():
        return 0
    moment = now or clock.now()
    hours = Hours(moment)
    for user in _people(hours):
        prepare(user, hours)
    _settle_unsure(moment)
    attempts = 0
    waiting = Digest.objects.filter(state=Sending.QUEUED, next_at__lte=moment)
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)):
        try:
            attempts += send(pk, hours)
        except ServerAway:
            return attempts + 1  # the others need not wait for the same silence; they stay queued
    return attempts


def _people(hours: Hours):
    """Who has an address and something unread that was in no mail."""
    fresh = Notice.objects.filter(
        is_read=False, digest=None, created_at__gt=hours.now - OLDEST, created_at__lt=hours.latest_opening()
    )
    today = Digest.objects.filter(day=hours.today).values("user")
    return (
        User.objects.filter(is_active=True, pk__in=fresh.order_by().values("user"))
        .exclude(email="").exclude(pk__in=today).exclude(notice_preference__digest=False)
        .select_related("notice_preference").order_by("pk")
    )  # fmt: skip


def path_of(user, day: dt.date) -> tuple[object, str]:
    """(the actor, the path of the place whose office hours are this person's)."""
    actor = build_actor(user, day)
    return actor, next((duty.region_path for duty in actor.duties if duty.region_path), "")


@transaction.atomic
def prepare(user: User, hours: Hours) -> Digest | None:
    """The row of the day with what it tells of; None when there is nothing, it is no office hour, or it exists."""
    actor, path = path_of(user, hours.today)
    if not actor.duties or not hours.are_open(path):
        return None
    muted = set(preference_of(user).not_by_mail) - FIXED
    fresh = Notice.objects.visible_to(actor).unread().filter(
        digest=None, created_at__gt=hours.now - OLDEST, created_at__lt=hours.opening(path)
    ).exclude(kind__in=muted)  # fmt: skip
    keys = list(fresh.order_by("pk").values_list("pk", flat=True))
    if not keys:
        return None
    row, made = Digest.objects.get_or_create(
        user=user, day=hours.today, defaults={"address": user.email, "count": len(keys), "next_at": hours.now}
    )
    if not made:
        return None
    Notice.objects.filter(pk__in=keys).update(digest=row)
    return row


def preference_of(user) -> Preference:
    return getattr(user, "notice_preference", None) or Preference(user=user)


def _settle_unsure(moment: dt.datetime) -> None:
    """Attempts whose worker died: not repeated, and what they told of is free for the next mail."""
    dead = Digest.objects.filter(state=Sending.SENDING, next_at__lte=moment)
    for row in dead:
        with transaction.atomic():
            if Digest.objects.filter(pk=row.pk, state=Sending.SENDING).update(state=Sending.UNSURE):
                row.notices.update(digest=None)


def send(pk: int, hours: Hours) -> int:
    """One attempt, if nobody else is at it and the office is open. Raises ServerAway when nobody answered."""
    row = _take(pk, hours)
    if row is None:
        return 0
    try:
        message(row).send(fail_silently=False)
    except (smtplib.SMTPException, OSError) as error:
        _failed(row, error, hours.now)
        if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
            raise ServerAway from error
    else:
        Digest.objects.filter(pk=row.pk).update(state=Sending.SENT, sent_at=hours.now, error="")
    return 1


@transaction.atomic
def _take(pk: int, hours: Hours) -> Digest | None:
    row = (
        Digest.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        .select_related("user").filter(pk=pk, state=Sending.QUEUED, next_at__lte=hours.now).first()
    )  # fmt: skip
    if row is None or not hours.are_open(path_of(row.user, hours.today)[1]):
        return None
    still = Notice.objects.filter(digest=row, is_read=False).count()
    if row.day != hours.today or not still:
        # The day is over, or everything was read meanwhile: nothing is sent, what is unread goes into the next mail.
        row.state = Sending.FAILED
        row.error = _("当日未能送出。") if still else _("已全部阅读，无需发送。")
        row.save(update_fields=["state", "error"])
        row.notices.update(digest=None)
        return None
    row.state, row.attempts, row.count = Sending.SENDING, row.attempts + 1, still
    row.tried_at, row.next_at = hours.now, hours.now + LEASE
    row.save(update_fields=["state", "attempts", "count", "tried_at", "next_at"])
    return row


@transaction.atomic
def _failed(row: Digest, error: Exception, now: dt.datetime) -> None:
    code = getattr(error, "smtp_code", None) or next(iter(getattr(error, "recipients", {}).values()), (None,))[0]
    final = row.attempts >= MOST_ATTEMPTS or (code is not None and code >= 500)
    said = f"{type(error).__name__} {code or ''}".strip()
    values = {"state": Sending.FAILED if final else Sending.QUEUED, "error": said[:300]}
    if not final:
        values["next_at"] = now + BACKOFF[row.attempts - 1]
    Digest.objects.filter(pk=row.pk).update(**values)
    if final:
        row.notices.update(digest=None)
    log.warning("digest %s not sent, attempt %s: %s", row.pk, row.attempts, said)


def message(row: Digest) -> EmailMultiAlternatives:
    """The mail in the person's language, as text and as simple HTML."""
    with translation.override(preference_of(row.user).language):
        actor = build_actor(row.user, row.day)
        found = Notice.objects.visible_to(actor).filter(digest=row, is_read=False).with_records()
        notices = inbox.dress(islice(found.order_by("-pk"), LISTED))
        for one in notices:
            one.line = words.line(one.code, {**one.data, "record_title": one.title})
        context = {
            "person": row.user, "day": row.day, "count": row.count, "notices": notices,
            "more": row.count - len(notices), "site": settings.SITE_URL, "inbox": reverse("notices:inbox"),
            "preferences": reverse("notices:preferences"),
        }  # fmt: skip
        subject = _("产业链党建联盟工作台：%(count)d 条未读消息") % {"count": row.count}
        mail = EmailMultiAlternatives(
            subject,
            render_to_string("notices/digest.txt", context),
            settings.DEFAULT_FROM_EMAIL,
            [row.address],
            headers={"Message-ID": f"<digest-{row.user_id}-{row.day:%Y%m%d}@chain-alliance>", "Auto-Submitted":
                     "auto-generated"},
            connection=get_connection(),
        )  # fmt: skip
        mail.attach_alternative(render_to_string("notices/digest.html", context), "text/html")
        return mail
