"""Signing in and out leaves events: done, failed, locked, out."""

from axes.helpers import get_client_ip_address
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from accounts.models import User
from audit.trail import record
from core.actor import Actor


def _somebody(request, user=None) -> Actor:
    ip = (get_client_ip_address(request) or "") if request is not None else ""
    return Actor(user_id=user.pk if user else None, name=user.name if user else "", ip=ip)


def _named(username) -> str:
    """The account's name as typed, if there is such an account: what else is typed there may be a password."""
    typed = str(username or "").replace("\x00", "")[:150]
    return typed if User.objects.filter(username=typed).exists() else typed[:2] + "…"


@receiver(user_logged_in)
def signed_in(sender, request, user, **kwargs):
    record(_somebody(request, user), "sign_in.done", user)


@receiver(user_logged_out)
def signed_out(sender, request, user, **kwargs):
    if user is not None:
        record(_somebody(request, user), "sign_in.out", user)


@receiver(user_login_failed)
def failed(sender, credentials, request=None, **kwargs):
    record(_somebody(request), "sign_in.failed", username=_named(credentials.get("username")))


@receiver(user_locked_out)
def locked(sender, request, username, **kwargs):
    record(_somebody(request), "sign_in.locked", username=_named(username))
