"""Real processes on the test database: a Celery worker, beat, and the web server."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from redis import Redis

from config.local.processes import end, with_children
from tests import services

WAIT = 60.0


class RunningProcess:
    """A child process with its log; `kill()` is a real SIGKILL of it and its children."""

    def __init__(self, name: str, command: list[str], **environment: str):
        self.name, self.command = name, command
        self.environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | environment
        self.log = Path(os.environ[services.SESSION]) / "log" / f"{name}-{services.worker()}.log"
        self.child: subprocess.Popen | None = None

    @property
    def pid(self) -> int:
        return self.child.pid

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.pid).children(recursive=True)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "wb") as output:
            self.child = subprocess.Popen(
                self.command,
                cwd=services.PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.await_ready()

    def await_ready(self) -> None:
        deadline = time.monotonic() + WAIT
        while not self.is_ready():
            if self.child.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"{self.name} did not become ready:\n{self.text()[-4000:]}")
            time.sleep(0.05)

    def is_ready(self) -> bool:
        raise NotImplementedError

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """SIGKILL, children too, as a power cut would."""
        for process in reversed(with_children(psutil.Process(self.pid))):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        self.child.wait(timeout=10)

    def restart(self) -> None:
        self.stop()
        self.start()

    def stop(self) -> None:
        if self.child is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                family = with_children(psutil.Process(self.child.pid))
                end(family[:1], grace=10)
                end(family[1:], grace=1)
            self.child.wait(timeout=10)


class Worker(RunningProcess):
    def __init__(self):
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config.celery",
            "worker",
            "--concurrency=2",
        ]
        command += ["--without-gossip", "--without-mingle", "--loglevel=INFO"]
        super().__init__("worker", command)

    def is_ready(self) -> bool:
        return " ready." in self.text()


class Beat(RunningProcess):
    def __init__(self):
        schedule = Path(tempfile.mkdtemp(prefix="beat-", dir=os.environ[services.SESSION])) / "schedule"
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config.celery",
            "beat",
            "--loglevel=INFO",
        ]
        super().__init__("beat", [*command, f"--schedule={schedule}"])

    def is_ready(self) -> bool:
        return "beat: Starting" in self.text()


class Server(RunningProcess):
    """gunicorn as `manage.py run` starts it, on a free port."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "config.wsgi:application",
            "--worker-class=gthread",
        ]
        command += [
            "--workers=1",
            "--threads=4",
            f"--bind=127.0.0.1:{self.port}",
            "--access-logfile=-",
        ]
        super().__init__("server", command, CONN_MAX_AGE="0")

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False


def _empty_redis() -> None:
    for url in (
        services.addresses.client_url(os.environ["REDIS_URL"]),
        settings.CACHES["default"]["LOCATION"],
    ):
        with contextlib.closing(Redis.from_url(url)) as client:
            client.flushdb()


@pytest.fixture(scope="module")
def celery_worker_process(django_db_setup):
    """A real worker with two pool processes on the test database; use it with `transactional_db`.

    It runs for all tests of a module; there is no beat unless `celery_beat_process` is asked for as well.
    """
    from indicators import wake

    _empty_redis()
    # An earlier test may have met a dead broker: then no message is sent for half a minute.
    wake.reset()
    process = Worker()
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def celery_beat_process(django_db_setup):
    process = Beat()
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def server(django_db_setup):
    """The real web server on the test database; `server.url` is its address. Use it with `transactional_db`."""
    process = Server()
    process.start()
    yield process
    process.stop()
