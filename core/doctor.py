"""What `manage.py doctor` looks at: one finding per check, a sentence each, and how to mend it."""

import importlib.metadata
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import DatabaseError, connection
from kombu.exceptions import KombuError
from redis.exceptions import ResponseError

from config.celery import app
from core import health, sealed, workdays
from core.clock import today
from core.owner import append_only_tables


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILURE = "FAILURE"


@dataclass(frozen=True)
class Finding:
    level: Level
    subject: str
    sentence: str


def ok(subject: str, sentence: str) -> Finding:
    return Finding(Level.OK, subject, sentence)


def warning(subject: str, sentence: str) -> Finding:
    return Finding(Level.WARNING, subject, sentence)


def failure(subject: str, sentence: str) -> Finding:
    return Finding(Level.FAILURE, subject, sentence)


def examine() -> Iterator[Finding]:
    """Every finding, as it is made; a check that breaks is itself a failure, and the others still run."""
    of_apps = [check for config in apps.get_app_configs() for check in getattr(config, "doctor_checks", ())]
    for check in [*CHECKS, *of_apps]:
        try:
            yield from check()
        except Exception as problem:
            # Whatever it is: it happens on a broken machine, and a traceback would hide what the others find.
            yield failure(check.__name__.replace("_", " "), f"The check itself failed: {problem!r}")


def python() -> Iterator[Finding]:
    yield ok("python", ".".join(map(str, sys.version_info[:3])))


def packages() -> Iterator[Finding]:
    """The versions installed against requirements.txt (hashes are checked at installation)."""
    text = (settings.BASE_DIR / "requirements.txt").read_text(encoding="utf-8")
    wanted = dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", text, flags=re.MULTILINE))
    wrong = []
    for name, version in wanted.items():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found = "missing"
        if found != version:
            wrong.append(f"{name} {found} instead of {version}")
    if wrong:
        yield failure("packages", f"{'; '.join(wrong[:5])}. Mend: pip install --require-hashes -r requirements.txt")
    else:
        yield ok("packages", f"{len(wanted)} as pinned")


def database() -> Iterator[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')"
            )
            version, encoding = cursor.fetchone()
    except DatabaseError as problem:
        yield failure(
            "database", f"It does not answer: {str(problem).strip()}. Mend: check DATABASE_URL and the server."
        )
        return
    if version < 15 or encoding != "UTF8":
        yield failure("database", f"PostgreSQL {version} with {encoding}: 15 or newer with UTF8 is needed.")
    else:
        yield ok("database", f"PostgreSQL {version}")
    missing = health.missing_migrations()
    if missing:
        yield failure("migrations", f"{len(missing)} have not been applied. Mend: python manage.py migrate")
    else:
        yield ok("migrations", "all applied")


def roles() -> Iterator[Finding]:
    """The second wall: the application may not change the trail, the tables or its own rights."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        name, mighty = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        owned = cursor.fetchone()[0]
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE')",
            [sorted(append_only_tables())],
        )
        open_tables = [row[0] for row in cursor.fetchall()]
    if mighty:
        yield failure(
            "roles", f"The application connects as {name}, which may do anything. Mend: see docs/operations.md."
        )
    elif owned:
        yield failure(
            "roles", f"The application connects as {name}, which owns the tables. Mend: set OWNER_DATABASE_URL."
        )
    elif open_tables:
        yield failure("roles", f"{name} may change {open_tables[0]}. Mend: python manage.py migrate")
    else:
        yield ok("roles", f"{name} owns nothing and cannot change the trail")


def redis() -> Iterator[Finding]:
    try:
        client = cache._cache.get_client(None, write=True)
        client.ping()
    except health.REDIS_AWAY as problem:
        yield failure("redis", f"It does not answer: {problem}. Pages work, figures lag. Mend: check REDIS_URL.")
        return
    try:
        policy = client.config_get("maxmemory-policy").get("maxmemory-policy")
        kept = client.config_get("appendonly").get("appendonly")
    except ResponseError:
        yield ok("redis", "answers; its settings may not be read")
        return
    if policy != "noeviction":
        yield failure("redis", f"maxmemory-policy is {policy}: it may throw jobs away. Mend: set noeviction.")
    elif kept != "yes":
        yield warning("redis", "appendonly is off: a restart forgets queued jobs (the sweep redoes them).")
    else:
        yield ok("redis", "noeviction, appendonly")


def jobs() -> Iterator[Finding]:
    try:
        answers = app.control.ping(timeout=1.5)
    except (KombuError, *health.REDIS_AWAY) as problem:
        yield failure("worker", f"The queue cannot be asked: {problem}. Mend: see redis.")
        return
    if answers:
        yield ok("worker", f"{len(answers)} answering")
    else:
        yield failure("worker", "No worker answers: figures and reports wait. Mend: start it (`make run`, or compose).")
    last = cache.get("alive:beat")
    silence = None if last is None else time.time() - last
    if silence is None or silence > health.BEAT_SILENCE_ALLOWED:
        since = "has not been seen" if silence is None else f"has been silent for {silence:.0f} s"
        yield failure("beat", f"Beat {since}: lost messages are not made up for. Mend: start it, once.")
    else:
        yield ok("beat", f"seen {silence:.0f} s ago")


def figures() -> Iterator[Finding]:
    state = health.examine()["figures"]
    if state["ok"]:
        yield ok("figures", "up to date")
    else:
        age = state.get("oldest_seconds")
        yield failure("figures", f"The oldest change not counted is {age} s old. Mend: python manage.py roll_up")


def calendar() -> Iterator[Finding]:
    """The State Council publishes a year's holidays in the November before it."""
    known, year = workdays.current(), today().year
    if not known.is_published(year):
        yield failure(
            "calendar", f"The holidays of {year} are missing: deadlines are wrong. Mend: enter them (节假日)."
        )
    elif not known.is_published(year + 1):
        say = warning if today().month >= 11 else ok
        yield say("calendar", f"{year} is complete; {year + 1} is to be entered once published.")
    else:
        yield ok("calendar", f"{year} and {year + 1} are complete")


def disk() -> Iterator[Finding]:
    room = shutil.disk_usage(settings.DATA_DIR if settings.DATA_DIR.exists() else settings.BASE_DIR)
    free = room.free / 1e9
    if free < 1:
        yield failure("disk", f"{free:.1f} GB free for {settings.DATA_DIR}. Mend: make room now.")
    elif room.free / room.total < 0.1:
        yield warning("disk", f"{free:.0f} GB free for {settings.DATA_DIR}, less than a tenth.")
    else:
        yield ok("disk", f"{free:.0f} GB free")


def secrets() -> Iterator[Finding]:
    """What is kept encrypted: read by a key of this installation, best by the present one."""
    lost, former, count = [], 0, 0
    for model, name, pk, token in sealed.stored():
        count += 1
        if isinstance(sealed.unseal(token), sealed.Unreadable):
            lost.append(f"{model._meta.label} {pk} {name}")
        elif not sealed.is_present(token):
            former += 1
    if lost:
        names = ", ".join(lost[:5]) + (" ..." if len(lost) > 5 else "")
        yield failure(
            "secrets", f"{len(lost)} of {count} cannot be read: {names}. Mend: put the former SECRET_KEY into "
            "SECRET_KEY_FALLBACKS, or type them in again.",
        )  # fmt: skip
    elif former:
        yield warning("secrets", f"{former} of {count} are under a former SECRET_KEY. Mend: manage.py reseal")
    else:
        yield ok("secrets", f"{count} kept encrypted, all under the present key")


def switches() -> Iterator[Finding]:
    if settings.DEBUG:
        yield failure("DEBUG", "It is on: errors show their insides to everybody. Mend: DEBUG=false.")
    else:
        yield ok("DEBUG", "off")
    demo_people = get_user_model().objects.filter(is_demo=True).count()
    if settings.DEMO and settings.HTTPS:
        yield failure("DEMO", "It is on in what looks like production. Mend: DEMO=false.")
    elif settings.DEMO:
        yield warning("DEMO", "On: invented records, and accounts with one password. Never with real data.")
    elif demo_people:
        yield failure("DEMO", f"It is off, but {demo_people} demonstration accounts exist. Mend: use a fresh database.")
    else:
        yield ok("DEMO", "off")


CHECKS: list[Callable[[], Iterator[Finding]]] = [
    python, packages, database, roles, redis, jobs, figures, calendar, disk, secrets, switches,
]  # fmt: skip
