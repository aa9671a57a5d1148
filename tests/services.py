"""The servers that the tests run on: real ones, in a temporary folder, never those of `./var`.

One PostgreSQL cluster per checkout is shared by all test runs of this machine that happen at once; the last one to
end stops it. A template database is migrated once for each state of the migrations; every test process works on a
copy of its own, as the web role. Redis is one per run, with two database numbers per process.

`TEST_FRESH=1` (what `make test` sets) makes the cluster anew and removes it at the end.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from psycopg2 import sql

from config.local import addresses
from config.local.keys import make_data_dir
from config.local.layout import Layout
from config.local.postgres import Postgres
from config.local.processes import file_lock
from config.local.services import LocalServices

PROJECT = addresses.PROJECT
HOME, SESSION, TEMPLATE, BROKEN = (
    "CHAIN_TEST_HOME",
    "CHAIN_TEST_SESSION",
    "CHAIN_TEST_TEMPLATE",
    "CHAIN_TEST_BROKEN",
)
TEMPLATES_KEPT = 4
OURS = (
    "DATABASE_URL",
    "OWNER_DATABASE_URL",
    "REDIS_URL",
    "DATA_DIR",
    "DJANGO_SETTINGS_MODULE",
)
_open = contextlib.ExitStack()


def begin() -> None:
    """Point this process's environment at its test database and Redis; called by `tests.settings`.

    The first process of a run chooses the folders; its children (xdist's workers, commands, browsers' servers)
    inherit them. Nothing is started here.
    """
    if SESSION not in os.environ:
        home = _choose_home()
        os.environ[HOME] = str(home)
        os.environ[SESSION] = str(home / "sessions" / str(os.getpid()))
    os.environ["DATA_DIR"] = os.environ[SESSION]
    layout = Layout(Path(os.environ[HOME]))
    os.environ["DATABASE_URL"] = addresses.local_database_url(layout, addresses.WEB, database_name())
    os.environ["OWNER_DATABASE_URL"] = addresses.local_database_url(layout, addresses.OWNER, database_name())
    number = 2 * int("".join(filter(str.isdigit, worker())) or 0)
    os.environ["REDIS_URL"] = addresses.local_redis_url(Layout(Path(os.environ[SESSION])), number)


def clean_environment(**extra: str) -> dict:
    """The environment of a person who runs the product beside the tests: none of the test servers' addresses."""
    hidden = {*OURS, HOME, SESSION, TEMPLATE, BROKEN, "PYTEST_XDIST_WORKER"}
    return {key: value for key, value in os.environ.items() if key not in hidden} | extra


def worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def database_name() -> str:
    return f"test_{Path(os.environ[SESSION]).name}_{worker()}"


def cluster() -> Postgres:
    return Postgres(Layout(Path(os.environ[HOME])), durable=False)


def start() -> None:
    """Start the servers and have the template ready; once per run, in its first process."""
    try:
        _start(Path(os.environ[HOME]), Path(os.environ[SESSION]))
    except BaseException:
        finish()
        raise


def _start(home: Path, session: Path) -> None:
    for folder in (home, home / "sessions", session):
        make_data_dir(folder)
    if os.environ.get("TEST_FRESH"):
        _open.callback(shutil.rmtree, home, ignore_errors=True)
        _open.callback(Layout(home).remove_outside)
    _open.enter_context(LocalServices(home, redis=False, durable=False).lease())
    _open.callback(shutil.rmtree, session, ignore_errors=True)
    _open.callback(Layout(session).remove_outside)
    _open.enter_context(LocalServices(session, postgres=False, durable=False).lease())
    with file_lock(home / "run" / "template.lock", wait=600):
        _sweep(home)
        os.environ[TEMPLATE] = _ensure_template()
    _open.callback(_drop_databases, Path(session).name)


def finish() -> None:
    _open.close()


def clone() -> None:
    """Give this process its own copy of the template."""
    if os.environ.get(BROKEN):
        raise RuntimeError(os.environ[BROKEN])
    with (
        contextlib.closing(cluster().connect()) as connection,
        connection.cursor() as cursor,
    ):
        _drop(cursor, database_name())
        cluster().create_database(cursor, database_name(), os.environ[TEMPLATE])


def drop() -> None:
    with (
        contextlib.closing(cluster().connect()) as connection,
        connection.cursor() as cursor,
    ):
        _drop(cursor, database_name())


def _choose_home() -> Path:
    temporary = Path(tempfile.gettempdir()).resolve()
    if os.environ.get("TEST_FRESH"):
        fresh = Path(tempfile.mkdtemp(prefix="chain-tests-", dir=temporary)).resolve()
        fresh.chmod(0o711)
        return fresh
    mark = hashlib.sha256(os.fsencode(PROJECT)).hexdigest()[:10]
    return temporary / f"chain-tests-{os.geteuid()}-{mark}"


def _digest() -> str:
    """A name for the state of everything that decides what the template holds."""
    total = hashlib.sha256()
    files = {
        *PROJECT.glob("*/migrations/**/*"),
        *PROJECT.glob("*/data/**/*"),
        *PROJECT.glob("*/indicators.py"),
        *PROJECT.glob("*/indicators/*.py"),
        *PROJECT.glob("indicators/**/*.py"),
        PROJECT / "requirements.txt",
        PROJECT / "core" / "owner.py",
        PROJECT / "config" / "local" / "postgres.py",
    }
    for path in sorted(files):
        if path.is_file() and path.suffix != ".pyc":
            total.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    settings = (PROJECT / "config" / "settings.py").read_text(encoding="utf-8")
    for name in ("INSTALLED_APPS", "APPEND_ONLY_TABLES"):
        total.update(settings.partition(f"{name} =")[2].partition("]")[0].encode())
    return total.hexdigest()[:16]


def _ensure_template() -> str:
    name = f"template_{_digest()}"
    with (
        contextlib.closing(cluster().connect()) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            return name
        draft = f"draft_{name}"
        _drop(cursor, draft)
        cluster().create_database(cursor, draft)
        problem = _migrate(draft)
        if problem:
            os.environ[BROKEN] = f"The test database cannot be migrated:\n{problem}"
            _drop(cursor, draft)
            return name
        cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))
        cursor.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(str(time.time())))
        )
    return name


def _migrate(database: str) -> str:
    """Run `migrate` in a process of its own; answers what went wrong, or nothing."""
    layout = Layout(Path(os.environ[HOME]))
    environment = os.environ | {
        "DATABASE_URL": addresses.local_database_url(layout, addresses.WEB, database),
        "OWNER_DATABASE_URL": addresses.local_database_url(layout, addresses.OWNER, database),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [
        sys.executable,
        str(PROJECT / "manage.py"),
        "migrate",
        "--skip-checks",
        "--verbosity",
        "0",
    ]
    done = subprocess.run(
        command,
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else (done.stdout + done.stderr)[-4000:]


def _sweep(home: Path) -> None:
    """Remove what killed runs left, and templates that newer ones have replaced."""
    for folder in (home / "sessions").iterdir():
        if folder.name.isdigit() and not psutil.pid_exists(int(folder.name)):
            LocalServices(folder, postgres=False, durable=False).stop()
            _drop_databases(folder.name)
            Layout(folder).remove_outside()
            shutil.rmtree(folder, ignore_errors=True)
    with (
        contextlib.closing(cluster().connect()) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%%'"
            " ORDER BY coalesce(shobj_description(oid, 'pg_database')::numeric, 0) DESC OFFSET %s",
            [TEMPLATES_KEPT],
        )
        for (name,) in cursor.fetchall():
            _drop(cursor, name)


def _drop_databases(session: str) -> None:
    with (
        contextlib.closing(cluster().connect()) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)",
            [f"test_{session}_"],
        )
        for (name,) in cursor.fetchall():
            _drop(cursor, name)


def _drop(cursor, name: str) -> None:
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
