"""What `manage.py doctor` looks at in this app."""

from collections.abc import Iterator

from django.conf import settings

from core.doctor import Finding, failure, ok, warning
from notices import digests, webhooks
from notices.drain import MOST_ATTEMPTS
from notices.models import Channel, Pending


def notices() -> Iterator[Finding]:
    broken = Pending.objects.filter(attempts__gte=MOST_ATTEMPTS).count()
    if broken:
        yield failure("notices", f"{broken} changes could not be told; the worker's log says why.")
    else:
        yield ok("notices", "everything that happened was told")


def mail() -> Iterator[Finding]:
    if not digests.is_on():
        yield ok("mail", "off: no daily mail is sent. To turn it on: set EMAIL_HOST.")
    elif not settings.SITE_URL:
        yield warning("mail", "On, but mails carry no links. Mend: set SITE_URL, e.g. https://alliance.example.org")
    else:
        yield ok("mail", f"on, through {settings.EMAIL_HOST}:{settings.EMAIL_PORT}")


def channels() -> Iterator[Finding]:
    hosts, wrong = webhooks.allowed_hosts(), 0
    active = Channel.objects.filter(is_active=True)
    for channel in active:
        if channel.is_unreadable:
            continue  # told by the check of what is kept encrypted
        try:
            webhooks.check_url(channel.url)
        except webhooks.Unsafe:
            wrong += 1
    if wrong:
        yield warning("channels", f"{wrong} lead to hosts that are not in WEBHOOK_HOSTS: nothing is sent there.")
    elif not hosts:
        yield ok("channels", "off: no chat robot may be posted to. To turn it on: set WEBHOOK_HOSTS.")
    else:
        yield ok("channels", f"{len(active)} in use, {len(hosts)} hosts allowed")


CHECKS = [notices, mail, channels]
