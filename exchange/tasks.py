"""Celery tasks: they take ids, find their work in the database, may run twice, and may be killed at any line."""

import logging

from celery import shared_task
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from exchange import lifecycle
from exchange.exports import lifecycle as exports
from exchange.exports import working as writing
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


@shared_task(name="exchange.tasks.write_export")
def write_export(export_id):
    """Write an export to its file, if it still waits."""
    writing.work(export_id)


@shared_task(name="exchange.tasks.sweep_exports")
def sweep_exports():
    """Wake a worker for exports whose worker died or whose message was lost."""
    return exports.sweep()


@shared_task(name="exchange.tasks.expire_exports")
def expire_exports():
    """Take away files whose time is over."""
    return exports.expire()


def wake_export(export_id):
    """As `wake`, for an export."""
    try:
        write_export.delay(export_id)
    except (KombuError, RedisError, OSError) as error:
        log.warning("export %s waits: the broker did not answer (%s)", export_id, type(error).__name__)
