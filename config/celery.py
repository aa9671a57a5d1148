"""The Celery application: wakes workers, never holds the truth (that is in PostgreSQL).

The settings live in `config.settings` under `CELERY_`; docs/operations.md explains the ones that matter.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("chain_alliance")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
