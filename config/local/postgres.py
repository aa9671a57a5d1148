"""The local PostgreSQL: made, started, awaited, stopped."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import sql

from .addresses import ADMIN, DATABASE, OWNER, WEB, database_settings, local_database_url
from .errors import LocalServiceError
from .keys import kept_secret
from .layout import Layout
from .processes import end, working_in

START_WAIT = 60.0
STOP_WAIT = 30.0

SETTINGS = """\
# Written at each start; put changes of your own into postgresql.conf, below the line that includes this file.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = '{shared_buffers}'
work_mem = '16MB'
maintenance_work_mem = '128MB'
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = '1d'
log_rotation_size = 0
log_line_prefix = '%m [%p] %u '
log_min_duration_statement = '2s'
dynamic_shared_memory_type = '{shared_memory}'
{durability}
"""
# For throw-away clusters only: a power cut may lose them, nothing else changes.
CARELESS = "fsync = off\nfull_page_writes = off"


class Postgres:
    """One cluster of a data folder. `durable=False` is for tests."""

    def __init__(self, layout: Layout, *, durable: bool = True):
        self.layout = layout
        self.durable = durable
        self.cluster = layout.cluster

    # --- questions ---

    def process(self) -> psutil.Process | None:
        """The postmaster of this cluster if it lives.

        The number in `postmaster.pid` may belong to something else by now (a container that restarts hands out the
        same low numbers): it counts only if that process is a `postgres` working in this cluster.
        """
        number = self._noted_pid()
        return next((each for each in working_in(self.cluster, "postgres") if each.pid == number), None)

    def connect(self, database: str = "postgres", role: str = ADMIN, **options):
        """A plain autocommit connection; the caller closes it."""
        entry = database_settings(local_database_url(self.layout, role, database))
        connection = psycopg2.connect(
            host=entry["HOST"],
            user=entry["USER"],
            password=entry["PASSWORD"],
            dbname=entry["NAME"],
            connect_timeout=5,
            **options,
        )
        connection.autocommit = True
        return connection

    # --- start ---

    def start(self) -> bool:
        """Start unless it runs; answers whether this call started it. Call under the services' lock."""
        if self.process():
            self._await_ready(None)
            return False
        if not (self.cluster / "PG_VERSION").is_file():
            self._make_cluster()
        self._clear_remains()
        self._write_settings()
        log = self.layout.log / "postgres-start.log"
        with open(log, "wb") as output:
            child = subprocess.Popen(
                [self.layout.programs.postgres("postgres"), "-D", str(self.cluster)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=self._environment(),
                start_new_session=True,
                **self.layout.account.popen(),
            )
        self._await_ready(child)
        child.returncode = 0  # It outlives this process; nobody waits for it.
        self._ensure_roles()
        return True

    def _make_cluster(self) -> None:
        """Build the cluster beside its place and move it in when complete, so a killed first start leaves no half."""
        draft = self.cluster.with_name("postgres.new")
        for old in (draft, self.cluster):
            shutil.rmtree(old, ignore_errors=True)
        account = self.layout.account
        account.private_folder(draft)
        password_file = self.layout.sockets / ".admin"
        with open(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(kept_secret(self.layout.data_dir, f"{ADMIN}_password"))
        if account.switch:
            os.chown(password_file, account.uid, account.gid)
        try:
            self._run_initdb(draft, password_file)
        finally:
            password_file.unlink()
        with open(draft / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write("\ninclude_if_exists = 'chain.conf'\n")
        draft.rename(self.cluster)

    def _run_initdb(self, folder: Path, password_file: Path) -> None:
        command = [
            self.layout.programs.postgres("initdb"),
            f"--pgdata={folder}",
            f"--username={ADMIN}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
        ]
        if not self.durable:
            command.append("--no-sync")
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=self._environment(),
            **self.layout.account.popen(),
        )
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            raise LocalServiceError(f"PostgreSQL could not make its data folder {folder}: {done.stderr.strip()}")

    def _environment(self) -> dict:
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def _write_settings(self) -> None:
        path = self.cluster / "chain.conf"
        path.write_text(
            SETTINGS.format(
                sockets=str(self.layout.sockets).replace("'", "''"),
                shared_buffers="256MB" if self.durable else "128MB",
                shared_memory="posix" if _shared_memory_is_roomy() else "sysv",
                durability="" if self.durable else CARELESS,
            ),
            encoding="utf-8",
        )
        if self.layout.account.switch:
            os.chown(path, self.layout.account.uid, self.layout.account.gid)

    def _clear_remains(self) -> None:
        """After a kill: end backends that outlived their postmaster, and remove lock files that name nobody."""
        orphans = working_in(self.cluster, "postgres")
        if orphans:
            end(orphans, grace=3.0)
        for path in (
            self.cluster / "postmaster.pid",
            self.layout.sockets / ".s.PGSQL.5432.lock",
            self.layout.sockets / ".s.PGSQL.5432",
        ):
            path.unlink(missing_ok=True)

    def _await_ready(self, child: subprocess.Popen | None) -> None:
        deadline = time.monotonic() + START_WAIT
        while True:
            try:
                self.connect().close()
                return
            except psycopg2.OperationalError as problem:
                if child is not None and child.poll() is not None:
                    raise LocalServiceError(f"PostgreSQL did not start: {self._last_words()}") from problem
                if "password authentication failed" in str(problem):
                    raise LocalServiceError(
                        f"The passwords in {self.layout.data_dir / 'secrets'} do not fit the database in "
                        f"{self.cluster}: put back the folder they came with."
                    ) from problem
                if time.monotonic() > deadline:
                    raise LocalServiceError(f"PostgreSQL does not answer: {self._last_words()}") from problem
            time.sleep(0.05)

    def _last_words(self) -> str:
        texts = []
        for path in (self.layout.log / "postgres-start.log", *sorted(self.cluster.glob("log/*.log"))):
            with contextlib.suppress(OSError):
                texts += path.read_text(encoding="utf-8", errors="replace").splitlines()[-3:]
        return " / ".join(texts) or f"see {self.layout.log}"

    def _ensure_roles(self) -> None:
        """The two roles and the database; repeated at each start, so a changed password file takes effect."""
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            for role, rights in ((OWNER, "CREATEDB"), (WEB, "NOCREATEDB")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                cursor.execute(
                    sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {} PASSWORD {}").format(
                        sql.SQL(verb),
                        sql.Identifier(role),
                        sql.SQL(rights),
                        sql.Literal(kept_secret(self.layout.data_dir, f"{role}_password")),
                    )
                )
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                self.create_database(cursor, DATABASE)

    def create_database(self, cursor, name: str, template: str = "template0") -> None:
        """A database of the owner role in which the web role may work on whatever the owner creates."""
        cursor.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
            )
        )
        if template != "template0":
            return
        with contextlib.closing(self.connect(name)) as connection, connection.cursor() as inside:
            inside.execute(DEFAULT_PRIVILEGES)

    # --- stop ---

    def stop(self) -> None:
        """Disconnect everybody and shut down cleanly; force it only if that takes too long."""
        process = self.process()
        if process is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGINT)
            _, alive = psutil.wait_procs([process], timeout=STOP_WAIT)
            if alive:
                process.send_signal(signal.SIGQUIT)
                psutil.wait_procs([process], timeout=5)

    def _noted_pid(self) -> int | None:
        try:
            return int((self.cluster / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None


DEFAULT_PRIVILEGES = f"""
ALTER SCHEMA public OWNER TO {OWNER};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {WEB};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {WEB};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {WEB};
"""


def _shared_memory_is_roomy() -> bool:
    """Containers often have 64 MB there, too little for a parallel query."""
    try:
        room = os.statvfs("/dev/shm")
    except OSError:
        return False
    return room.f_frsize * room.f_blocks >= 256 * 1024 * 1024
