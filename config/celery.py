"""The Celery application: it wakes workers and never holds the truth (that is in PostgreSQL).

The settings live in `config.settings` under `CELERY_`; docs/operations.md explains the ones that matter.
"""

import os
import time

from celery import Celery
from celery.signals import after_task_publish, beat_init, heartbeat_sent, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("chain_alliance")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

HEARTBEAT_SECONDS = 10.0
_last: dict[str, float] = {}


def _note_alive(name: str) -> None:
    """Tell `/readyz` and `doctor` that this process is at work; quiet when Redis is away."""
    now = time.monotonic()
    if now - _last.get(name, -HEARTBEAT_SECONDS) < HEARTBEAT_SECONDS:
        return
    _last[name] = now
    from core.health import beat_heart

    beat_heart(name)


@worker_ready.connect
@heartbeat_sent.connect
def _worker_lives(**_):
    _note_alive("worker")


@beat_init.connect
def _beat_lives(**_):
    _note_alive("beat")
    after_task_publish.connect(_beat_publishes)


def _beat_publishes(**_):
    _note_alive("beat")
