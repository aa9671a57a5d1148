"""Work of the ledger that nobody clicks."""

import logging

from celery import shared_task

from problems import lifecycle
from problems.lifecycle import recalculation

log = logging.getLogger(__name__)


@shared_task(name="problems.escalate_overdue")
def escalate_overdue() -> int:
    """Raise what is overdue beyond the rulebook's working days. Finds its work itself, can be run twice."""
    return lifecycle.escalate_overdue()


@shared_task(name="problems.recalculate")
def recalculate() -> int:
    """Move the deadlines that changes of the calendar touch. Finds its work itself, can be run twice."""
    return recalculation.work_off()


def wake_recalculation() -> None:
    """Tell a worker that an edition of the calendar waits. A broker that is away is no harm: beat tells again."""
    try:
        recalculate.delay()
    except Exception as error:  # whatever the broker's library raises
        log.warning("recalculation waits: the broker did not answer (%s)", type(error).__name__)
