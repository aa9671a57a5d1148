"""Jobs of the figures engine. Each may be lost, repeated or killed: the markers stay until counted."""

import logging

from celery import shared_task

from indicators.drain import BATCH, Busy, drain_unless_awaited, lag

log = logging.getLogger(__name__)


@shared_task(name="indicators.tasks.roll_up", ignore_result=True, max_retries=0)
def roll_up():
    """Count what is marked. Returns the number of markers consumed."""
    try:
        done = drain_unless_awaited()
    except Busy:
        return 0
    if done and done >= BATCH and lag()[0]:
        from indicators.wake import wake

        wake()
    return done or 0


@shared_task(name="indicators.tasks.sweep", ignore_result=True, max_retries=0)
def sweep():
    """Beat's round: count what a lost message left. Costs one look at the markers when there is nothing."""
    return roll_up() if lag()[0] else 0
