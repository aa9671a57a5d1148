"""Is it alive, is it ready: for the reverse proxy, for monitoring, and for `doctor`.

`/healthz` touches nothing. `/readyz` says 503 only when requests cannot be served (database, migrations): with
Redis away pages answer and figures lag, which is `degraded` and still 200.
"""

import functools
import time
from collections.abc import Callable

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

OLDEST_MARKER_ALLOWED = 60.0
BEAT_SILENCE_ALLOWED = 60.0
REDIS_AWAY = (RedisError, OSError)
# What keeps requests from being served; the rest only degrades.
ESSENTIAL = ("database", "migrations")

_oldest_marker: Callable[[], float | None] | None = None


def register_oldest_marker(function: Callable[[], float | None]) -> None:
    """The indicators app names its question: age in seconds of the oldest change not yet counted, None when none.

    `core` cannot import that app (the order of the apps), so it registers itself when it is ready.
    """
    global _oldest_marker
    _oldest_marker = function


@never_cache
@require_safe
def healthz(request) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request) -> HttpResponse:
    checks = examine()
    down = any(not checks[name]["ok"] for name in ESSENTIAL)
    status = "down" if down else "ready" if all(each["ok"] for each in checks.values()) else "degraded"
    return JsonResponse({"status": status, "checks": checks}, status=503 if down else 200)


def examine() -> dict[str, dict]:
    """Every check with `ok` and its figures; none raises, and none tells more than a stranger may know."""
    checks = {"database": _database()}
    if checks["database"]["ok"]:
        checks["migrations"] = _migrations()
        checks["figures"] = _figures()
    else:
        checks["migrations"] = checks["figures"] = {"ok": False}
    checks["redis"] = _redis()
    if checks["redis"]["ok"]:
        checks["worker"] = _heartbeat("worker")
        checks["beat"] = _heartbeat("beat")
    return checks


def _database() -> dict:
    began = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"ok": False}
    return {"ok": True, "milliseconds": round((time.monotonic() - began) * 1000, 1)}


def _migrations() -> dict:
    try:
        missing = len(missing_migrations())
    except DatabaseError:
        return {"ok": False}
    return {"ok": missing == 0, "missing": missing}


def missing_migrations() -> set[tuple[str, str]]:
    """Migrations of this code that the database has not had."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return known_migrations() - set(cursor.fetchall())


@functools.cache
def known_migrations() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations)


def _figures() -> dict:
    if _oldest_marker is None:
        return {"ok": True, "oldest_seconds": None}
    try:
        age = _oldest_marker()
    except DatabaseError:
        return {"ok": False}
    return {"ok": age is None or age <= OLDEST_MARKER_ALLOWED, "oldest_seconds": None if age is None else round(age, 1)}


def _redis() -> dict:
    # Not through the cache's own methods: those hide that the server is away.
    began = time.monotonic()
    try:
        cache._cache.get_client(None, write=True).ping()
    except REDIS_AWAY:
        return {"ok": False}
    return {"ok": True, "milliseconds": round((time.monotonic() - began) * 1000, 1)}


def beat_heart(name: str) -> None:
    """Note that the worker or beat is at work; called by them (`config.celery`)."""
    cache.set(f"alive:{name}", time.time(), timeout=24 * 3600)


def _heartbeat(name: str) -> dict:
    last = cache.get(f"alive:{name}")
    if last is None:
        return {"ok": False, "seen_seconds": None}
    silence = time.time() - last
    return {"ok": silence <= BEAT_SILENCE_ALLOWED, "seen_seconds": round(silence, 1)}
