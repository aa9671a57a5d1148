"""Celery tasks: they take ids, find their work in the database, may run twice, and may be killed at any line."""

import logging

from celery import shared_task
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from reports import batches, lifecycle, making

log = logging.getLogger(__name__)


@shared_task(name="reports.tasks.make_report")
def make_report(report_id):
    """Make one report, if it still waits to be made."""
    making.make(report_id)


@shared_task(name="reports.tasks.draft_month")
def draft_month():
    """Draft the reports of last month where it is the first working day and nobody has; safe to run at any time."""
    return batches.draft_last_month()


@shared_task(name="reports.tasks.sweep_reports")
def sweep_reports():
    """Re-queue reports whose worker died and wake a worker for those whose message was lost."""
    return lifecycle.sweep()


def wake(report_id):
    """Tell a worker that a report waits. A broker that is away is no harm: the sweep tells again."""
    try:
        make_report.delay(report_id)
    except (KombuError, RedisError, OSError) as error:
        log.warning("report %s waits: the broker did not answer (%s)", report_id, type(error).__name__)
