import pytest
from django.conf import settings
from django.db import connection, connections

from indicators import drain, recount, triggers
from indicators.models import Marker
from tests.indicators import toys, world


def as_owner(function):
    """Run `function(alias)` on a connection of the tables' owner: what `migrate` is."""
    import environ

    alias = "owner_for_tests"
    connections.settings[alias] = {
        **connections.settings["default"], **environ.Env.db_url_config(settings.OWNER_DATABASE_URL),
    }  # fmt: skip
    try:
        return function(alias)
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


@pytest.fixture(scope="module")
def _toy_triggers(django_db_setup, django_db_blocker):
    toys.declare()
    with django_db_blocker.unblock():
        as_owner(triggers.install)
    yield
    toys.forget()
    with django_db_blocker.unblock():
        as_owner(triggers.install)


@pytest.fixture
def toy(_toy_triggers, db):
    """The small district with the engine's own figures declared, and nothing yet to be counted."""
    made = world.build()
    recount.rebuild()
    assert not Marker.objects.exists()
    return made


@pytest.fixture
def toy_committed(_toy_triggers, transactional_db):
    """As `toy`, committed: for tests with several connections or processes."""
    made = world.build()
    recount.rebuild()
    connection.close()
    return made


@pytest.fixture
def settle():
    """Roll up until nothing is marked, then have the second opinion find no difference."""

    def run():
        from indicators import check

        while drain.drain():
            pass
        result = check.compare()
        assert result.differences == [], [str(one) for one in result.differences[:10]]
        return result

    return run
