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
    global _closed_until
    if time.monotonic() < _closed_until:
        return False
    from indicators.tasks import roll_up

    try:
        roll_up.apply_async(expires=60)
    except Exception as error:  # whatever the broker or the network has in store
        _closed_until = time.monotonic() + BREAK_SECONDS
        log.warning("figures: the worker could not be woken (%s); beat will sweep", error.__class__.__name__)
        return False
    return True


def reset():
    """Forget an earlier failure (for tests and for the doctor)."""
    global _closed_until
    _closed_until = 0.0
