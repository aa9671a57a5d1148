"""What every test stands on: real servers, a database of its own, and processes that are really run."""

import pytest
from django.db import connections
from django.test import TransactionTestCase
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings

from tests import database, services

# How quickly examples are made says how busy the machine is, and nothing about the product.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

pytest_plugins = ["tests.processes", "tests.browser", "tests.cast"]


def pytest_configure(config):
    """Start the servers once per run: in xdist's controller, or in the only process there is."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    services.start()
    config.add_cleanup(services.finish)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """A page that was asked for in English leaves its language behind in this process; no test begins in another's."""
    translation.deactivate()
    timezone.deactivate()


# Fixtures that a module pays for once: real processes, whole demonstrations.
DEAR = {"celery_worker_process", "celery_beat_process", "server", "yunling", "systems"}
# So many pages that both test processes should share them.
SHARED = "test_every_page.py"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """One test process runs all tests of a module that need what is dear, so that it is made once."""
    for item in items:
        if DEAR & set(item.fixturenames) and item.path.name != SHARED:
            item.add_marker(pytest.mark.xdist_group(item.path.parent.name + "." + item.path.stem))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A copy of the migrated template instead of Django's own test database; the connection is the web role's."""
    with django_db_blocker.unblock():
        services.clone()
        database.remember()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        services.drop()


def _restore_database(self):
    for connection in connections.all(initialized_only=True):
        connection.close()
    database.restore()


# Django would run `flush`, which the web role may not and which would delete the migrations' rows.
TransactionTestCase._fixture_teardown = _restore_database
