"""Demonstrations are loaded once for a module, in a transaction that is rolled back at its end."""

import contextlib

import pytest
from django.db import transaction

from demo import loading


@contextlib.contextmanager
def loaded(*names: str):
    """Inside the block the demonstrations are there; afterwards nothing of them is."""
    with transaction.atomic():
        counts = {name: loading.load(name) for name in names}
        yield counts
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def yunling(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), loaded("yunling") as counts:
        yield counts["yunling"]


@pytest.fixture(scope="module")
def pingliang(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), loaded("pingliang") as counts:
        yield counts["pingliang"]
