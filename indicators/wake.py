"""Waking the worker after a change. Only a hint: the markers are the truth, and beat sweeps what
a lost message leaves. So nothing here may fail or hold up whoever saved something."""

import logging
import time

log = logging.getLogger(__name__)

BREAK_SECONDS = 30
_closed_until = 0.0


def wake():
    """Ask a worker to roll up. Never raises, never blocks for more than about a second (the broker's
    socket timeouts); after a failure it does not try again for 30 seconds."""
    from indicators.tasks import roll_up

    return publish(roll_up)


def publish(task):
    """Send the message of a task whose work waits in the database anyway; every app that wakes a worker shares the
    pause after a failure, so that a request meets a hanging broker once. Answers whether it was sent."""
    global _closed_until
    if time.monotonic() < _closed_until:
        return False
    try:
        task.apply_async(expires=60)
    except Exception as error:  # whatever the broker or the network has in store
        _closed_until = time.monotonic() + BREAK_SECONDS
        log.warning("%s: the worker could not be woken (%s); beat will sweep", task.name, error.__class__.__name__)
        return False
    return True


def reset():
    """Forget an earlier failure (for tests and for the doctor)."""
    global _closed_until
    _closed_until = 0.0
