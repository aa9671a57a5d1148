"""The local Redis: started, awaited, stopped."""

import contextlib
import os
import subprocess
import time

import psutil
from redis import Redis as Client
from redis.exceptions import BusyLoadingError, RedisError

from .addresses import client_url, local_redis_url
from .errors import LocalServiceError
from .layout import Layout
from .processes import working_in

START_WAIT = 30.0
STOP_WAIT = 10.0

SETTINGS = """\
# Written at each start.
port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{folder}"
daemonize no
databases 64
maxmemory-policy noeviction
save ""
appendonly {keep}
appendfsync everysec
logfile "redis.log"
"""


class Redis:
    """One server of a data folder. Its socket lies in a folder of one account, so it needs no password."""

    def __init__(self, layout: Layout, *, durable: bool = True):
        self.layout = layout
        self.durable = durable

    def process(self) -> psutil.Process | None:
        return next(iter(working_in(self.layout.redis_folder, "redis-server")), None)

    def client(self, number: int = 0) -> Client:
        url = client_url(local_redis_url(self.layout, number))
        return Client.from_url(url, socket_timeout=2, socket_connect_timeout=2)

    def start(self) -> bool:
        """Start unless it runs; answers whether this call started it. Call under the services' lock."""
        if self.process():
            self._await_ready(None)
            return False
        self._trim_log()
        settings = self.layout.redis_folder / "redis.conf"
        settings.write_text(
            SETTINGS.format(
                socket=self.layout.redis_socket,
                folder=self.layout.redis_folder,
                keep="yes" if self.durable else "no",
            ),
            encoding="utf-8",
        )
        if self.layout.account.switch:
            os.chown(settings, self.layout.account.uid, self.layout.account.gid)
        with open(self.layout.log / "redis-start.log", "wb") as output:
            child = subprocess.Popen(
                [str(self.layout.programs.redis_server), str(settings)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"},
                start_new_session=True,
                **self.layout.account.popen(),
            )
        self._await_ready(child)
        child.returncode = 0  # It outlives this process; nobody waits for it.
        return True

    def stop(self) -> None:
        process = self.process()
        if process is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
            _, alive = psutil.wait_procs([process], timeout=STOP_WAIT)
            for each in alive:
                each.kill()
            psutil.wait_procs(alive, timeout=5)
        self.layout.redis_socket.unlink(missing_ok=True)

    def _await_ready(self, child: subprocess.Popen | None) -> None:
        deadline = time.monotonic() + START_WAIT
        with contextlib.closing(self.client()) as client:
            while True:
                try:
                    client.ping()
                    return
                except (RedisError, BusyLoadingError) as problem:
                    dead = child is not None and child.poll() is not None
                    if dead or time.monotonic() > deadline:
                        raise LocalServiceError(f"Redis did not start: {self._last_words()}") from problem
                time.sleep(0.02)

    def _last_words(self) -> str:
        texts = []
        for path in (self.layout.log / "redis-start.log", self.layout.redis_folder / "redis.log"):
            with contextlib.suppress(OSError):
                texts += path.read_text(encoding="utf-8", errors="replace").splitlines()[-3:]
        return " / ".join(texts) or f"see {self.layout.redis_folder}"

    def _trim_log(self) -> None:
        log = self.layout.redis_folder / "redis.log"
        with contextlib.suppress(FileNotFoundError):
            if log.stat().st_size > 5_000_000:
                log.replace(log.with_name("redis.log.1"))
