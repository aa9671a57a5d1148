"""Waking the worker after a change, so that a verdict follows within moments. Only a hint: the marks are the truth,
beat sweeps what a lost message leaves."""

from django.db import connection, transaction

from indicators.wake import publish


def after_commit(**_signal) -> None:
    """Look once when the transaction that is running has committed, however much happened in it."""
    if not any(waiting[1] is wake for waiting in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def wake() -> bool:
    """Ask a worker to judge what is marked; nothing where the change marked nothing. Never blocks for more than about a
    second, and after a failure no message is sent for half a minute."""
    from mechanisms.models import Mark
    from mechanisms.tasks import sweep

    return Mark.objects.exists() and publish(sweep)
