"""Both local servers together: whoever needs them takes a lease, and the last to leave stops them."""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from . import addresses
from .keys import make_data_dir
from .layout import Layout
from .postgres import Postgres
from .processes import file_lock
from .redis import Redis

LOCK_WAIT = 90.0


class LocalServices:
    """The servers of one data folder; `postgres` or `redis` may be switched off when a real one is configured."""

    def __init__(self, data_dir: Path, *, postgres: bool = True, redis: bool = True, durable: bool = True):
        self.layout = Layout(data_dir)
        self.postgres = Postgres(self.layout, durable=durable) if postgres else None
        self.redis = Redis(self.layout, durable=durable) if redis else None
        # The process of each server when it was last looked after.
        self._seen: dict[Postgres | Redis, psutil.Process | None] = {}

    @classmethod
    def configured(cls) -> "LocalServices":
        """Those that the environment leaves to us."""
        chosen = addresses.resolve()
        return cls(addresses.data_dir(), postgres=chosen.local_postgres, redis=chosen.local_redis)

    @property
    def servers(self) -> list[Postgres | Redis]:
        return [each for each in (self.postgres, self.redis) if each]

    @contextlib.contextmanager
    def lease(self, say: Callable[[str], None] | None = None) -> Iterator["LocalServices"]:
        """Have the servers running inside the block; several processes may hold leases at once.

        The lease is a shared file lock, so a killed holder gives it up too. Servers whose last holder was killed
        stay up, and the next holder finds and reuses them.
        """
        if not self.servers:
            yield self
            return
        with self._starting():
            self._start(say)
            holder = os.open(self._users, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(holder, fcntl.LOCK_SH)
        try:
            yield self
        finally:
            with self._starting():
                if _last_holder(holder):
                    self._stop()
                os.close(holder)

    def tend(self, say: Callable[[str], None]) -> None:
        """Start a server again that has ended. Call it while a lease is held."""
        for server in self.servers:
            if _lives(self._seen.get(server)):
                continue
            found = server.process()
            if not _lives(found):
                say(f"{type(server).__name__} ended; starting it again")
                with self._starting():
                    server.start()
                found = server.process()
            self._seen[server] = found

    def stop(self) -> None:
        """Stop the servers whoever uses them."""
        with self._starting():
            self._stop()

    @property
    def _users(self) -> Path:
        return self.layout.run / "services.users"

    def _starting(self):
        make_data_dir(self.layout.data_dir)
        busy = f"Another process has been starting or stopping the servers of {self.layout.data_dir} for too long."
        return file_lock(self.layout.run / "services.lock", wait=LOCK_WAIT, busy=busy)

    def _start(self, say: Callable[[str], None] | None) -> None:
        fresh = not self.layout.cluster.exists()
        self.layout.prepare()
        if say and fresh and self.layout.lives_outside:
            say(
                f"PostgreSQL may not run as root and its account cannot enter {self.layout.data_dir}: "
                f"its files are kept in {self.layout.base}."
            )
        for server in self.servers:
            server.start()

    def _stop(self) -> None:
        for server in reversed(self.servers):
            server.stop()


def _lives(process: psutil.Process | None) -> bool:
    try:
        return process is not None and process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _last_holder(holder: int) -> bool:
    """Whether nobody else holds the shared lock (turning ours into an exclusive one would fail)."""
    try:
        fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
