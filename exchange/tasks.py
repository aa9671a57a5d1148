"""Celery tasks: they take ids, find their work in the database, may run twice, and may be killed at any line."""

import logging

from celery import shared_task
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from exchange import lifecycle
from exchange.imports import working

log = logging.getLogger(__name__)


@shared_task(name="exchange.tasks.work_import")
def work_import(import_id):
    """Do what the import waits for, if it still waits."""
    working.work(import_id)


@shared_task(name="exchange.tasks.sweep_imports")
def sweep_imports():
    """Wake a worker for imports whose worker died or whose message was lost."""
    return lifecycle.sweep()


def wake(import_id):
    """Tell a worker that an import waits. A broker that is away is no harm: the sweep tells again."""
    try:
        work_import.delay(import_id)
    except (KombuError, RedisError, OSError) as error:
        log.warning("import %s waits: the broker did not answer (%s)", import_id, type(error).__name__)
