"""Waking the worker after a change. Only a hint: the marks are the truth, beat sweeps what a lost message leaves."""

from django.db import connection, transaction

from indicators.wake import publish


def after_commit(**_signal) -> None:
    """Wake once when the transaction that is running has committed, however much happened in it."""
    if not any(waiting[1] is wake for waiting in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def wake() -> bool:
    """Ask a worker to write notices. Never raises, never blocks for more than about a second."""
    from notices.tasks import drain

    return publish(drain)
