"""Waking the worker when an entry has risen: it goes on the agenda above. Only a hint, beat looks every few minutes."""

from django.db import transaction

from indicators.wake import publish


def after_escalation(sender, instance, created: bool, **_signal) -> None:
    if created and instance.verb == "problem.escalate":
        transaction.on_commit(_wake, robust=True)


def _wake() -> bool:
    from meetings.tasks import top_up

    return publish(top_up)
