"""Work of the ledger that nobody clicks."""

import logging

from celery import shared_task

from problems import bulk
from problems.lifecycle import recalculation, rulebooks
from problems.supervision import filling, ladder

log = logging.getLogger(__name__)


@shared_task(name="problems.supervise")
def supervise() -> int:
    """Fire the thresholds of the ladder that are reached, in office hours. Finds its work itself, can be run twice and
    by two workers at once."""
    filling.fill_once()
    return ladder.run()


@shared_task(name="problems.recalculate")
def recalculate() -> int:
    """Move the deadlines that changes of the calendar touch. Finds its work itself, can be run twice."""
    return recalculation.work_off()


@shared_task(name="problems.recalculate_by_rules")
def recalculate_by_rules() -> int:
    """Move the deadlines of open entries for versions of the rules that have begun and reach them. Finds its work
    itself, can be run twice."""
    return rulebooks.work_off()


@shared_task(name="problems.work_bulk")
def work_bulk() -> int:
    """Do what is left of bulk runs, entry by entry. Finds its work itself, can be run twice and by two workers."""
    return bulk.work_off()


def wake_bulk() -> None:
    """Tell a worker that a bulk run waits. A broker that is away is no harm: beat tells again."""
    try:
        work_bulk.delay()
    except Exception as error:  # whatever the broker's library raises
        log.warning("bulk run waits: the broker did not answer (%s)", type(error).__name__)


def wake_rule_changes() -> None:
    """Tell a worker that a version of the rules waits. A broker that is away is no harm: beat tells again."""
    try:
        recalculate_by_rules.delay()
    except Exception as error:  # whatever the broker's library raises
        log.warning("recalculation waits: the broker did not answer (%s)", type(error).__name__)


def wake_recalculation() -> None:
    """Tell a worker that an edition of the calendar waits. A broker that is away is no harm: beat tells again."""
    try:
        recalculate.delay()
    except Exception as error:  # whatever the broker's library raises
        log.warning("recalculation waits: the broker did not answer (%s)", type(error).__name__)
