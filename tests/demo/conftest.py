"""Demonstrations are loaded once for a module, in a transaction that is rolled back at its end."""

import contextlib

import pytest
from django.db import transaction

from demo import loading
from demo.published import SYSTEMS


@contextlib.contextmanager
def loaded(*names: str):
    """Inside the block the demonstrations are there; afterwards nothing of them is."""
    with transaction.atomic():
        yield loading.load_all(names)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def yunling(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), loaded("yunling") as counts:
        yield counts["yunling"]


@pytest.fixture(scope="module")
def systems(django_db_setup, django_db_blocker):
    """All systems of published figures, loaded together with one recount."""
    with django_db_blocker.unblock(), loaded(*SYSTEMS) as counts:
        yield counts
