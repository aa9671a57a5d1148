"""What the reverse proxy and monitoring are told."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from core import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive():
    """Worker and beat have just been heard."""
    health.beat_heart("worker")
    health.beat_heart("beat")
    yield
    cache.clear()


def read(path="/readyz"):
    answer = Client().get(path)
    return answer.status_code, answer.json()


def test_alive_without_a_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert read("/healthz") == (200, {"status": "alive"})


def test_ready(alive):
    status, answer = read()
    assert (status, answer["status"]) == (200, "ready"), answer
    assert set(answer["checks"]) == {"database", "migrations", "figures", "redis", "worker", "beat"}


def test_degraded_without_a_worker(alive):
    cache.delete("alive:worker")
    status, answer = read()
    assert (status, answer["status"]) == (200, "degraded")
    assert answer["checks"]["worker"] == {"ok": False, "seen_seconds": None}


def test_degraded_while_figures_lag(alive, monkeypatch):
    monkeypatch.setattr(health, "_oldest_marker", lambda: 61.2)
    status, answer = read()
    assert (status, answer["status"]) == (200, "degraded")
    assert answer["checks"]["figures"] == {"ok": False, "oldest_seconds": 61.2}


def test_degraded_without_redis(settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere.sock"}}
    status, answer = read()
    assert (status, answer["status"]) == (200, "degraded")
    assert answer["checks"]["redis"] == {"ok": False}


def test_down_with_a_migration_missing(alive, monkeypatch):
    monkeypatch.setattr(health, "known_migrations", lambda: frozenset({("core", "9999_not_yet")}))
    status, answer = read()
    assert (status, answer["status"]) == (503, "down")
    assert answer["checks"]["migrations"] == {"ok": False, "missing": 1}


def test_down_without_a_database(alive, monkeypatch):
    def refuse(*_):
        from django.db import OperationalError

        raise OperationalError("secret address")

    monkeypatch.setattr(connection, "cursor", refuse)
    status, answer = read()
    assert (status, answer["status"]) == (503, "down")
    assert "secret" not in str(answer)


def test_nothing_is_written_or_kept(alive):
    answer = Client().get("/readyz")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert Client().post("/readyz").status_code == 405
