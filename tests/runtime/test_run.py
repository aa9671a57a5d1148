"""`manage.py run` as a person starts it: a process of its own, in a data folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing

import psutil
import pytest

from config.local.processes import read_mark, working_in
from config.local.services import LocalServices
from config.local.supervisor import session_of
from tests import services as test_services


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Run:
    """One `manage.py run`."""

    def __init__(self, data_dir, **environment):
        self.data_dir, self.port = data_dir, environment.pop("PORT", None) or free_port()
        self.log = data_dir / "run-output.log"
        self.environment = test_services.clean_environment(
            DATA_DIR=str(data_dir), PORT=str(self.port), DEMO="false", **environment
        )

    def start(self, *, wait=90.0) -> float:
        """Start and wait for the banner; answers the seconds that took."""
        began = time.monotonic()
        with open(self.log, "wb") as output:
            command = [sys.executable, "manage.py", "run"]
            self.child = subprocess.Popen(
                command, cwd=test_services.PROJECT, env=self.environment, stdout=output, stderr=output
            )
        while "Stop: Ctrl-C" not in self.text():
            assert self.child.poll() is None, self.text()
            assert time.monotonic() - began < wait, self.text()
            time.sleep(0.1)
        return time.monotonic() - began

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def own_text(self) -> str:
        """What the command says itself, without the lines of its children: they may tell at length of a lost server."""
        return "\n".join(line for line in self.text().splitlines() if " | " not in line)

    def get(self, path: str) -> tuple[int, dict]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, json.load(answer)

    def process(self, name: str) -> psutil.Process | None:
        return read_mark(self.data_dir / "run" / "children" / name)

    def family(self) -> list[psutil.Process]:
        """Everything that belongs to this run, servers included."""
        services = LocalServices(self.data_dir)
        found = [each for mark in (self.data_dir / "run" / "children").glob("*") for each in session_of(mark)]
        found += working_in(services.layout.cluster, "postgres")
        return found + working_in(services.layout.redis_folder, "redis-server")

    def end(self, number=signal.SIGTERM) -> float:
        began = time.monotonic()
        self.child.send_signal(number)
        self.child.wait(timeout=90)
        return time.monotonic() - began


@pytest.fixture
def run(data_dir):
    started = Run(data_dir)
    yield started
    child = getattr(started, "child", None)
    if child and child.poll() is None:
        started.end()


def patience(seconds: float) -> float:
    """The limit on a quiet machine, stretched by what else is running and by how slow the machine is just now."""
    began = time.perf_counter()
    sum(number % 7 for number in range(2_000_000))
    pace = (time.perf_counter() - began) / 0.15
    return seconds * max(1.0, pace, os.getloadavg()[0] / os.cpu_count())


def until(question, wait=30.0):
    deadline = time.monotonic() + wait
    while not question():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def ready(run) -> bool:
    try:
        status, answer = run.get("/readyz")
    except OSError:
        return False
    return status == 200 and answer["status"] == "ready"


def manage(run, *arguments) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=test_services.PROJECT, env=run.environment, capture_output=True, text=True)


def refused(run) -> str:
    done = manage(run, "run")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def test_from_nothing_to_ready_and_clean_away(run):
    run.start()
    assert run.get("/healthz") == (200, {"status": "alive"})
    until(lambda: ready(run))
    # A second one on the same folder is told so.
    assert "running already" in refused(run)
    # Killed children come back.
    for name in ("worker", "web", "beat"):
        old = run.process(name)
        old.kill()
        until(lambda name=name, old=old: run.process(name) not in (None, old))
    assert "worker ended (killed by SIGKILL); starting it again" in run.text()
    # Killed servers too.
    local = LocalServices(run.data_dir)
    for server in (local.redis, local.postgres):
        old = server.process()
        old.kill()
        until(lambda server=server, old=old: server.process() not in (None, old))
    assert "Redis ended; starting it again" in run.text()
    until(lambda: ready(run))
    # Ctrl-C ends everything, quickly.
    family = run.family()
    assert len(family) > 8
    assert run.end(signal.SIGINT) < patience(12)
    assert run.child.returncode == 0, run.text()
    assert "Traceback" not in run.own_text()
    _, alive = psutil.wait_procs(family, timeout=3)
    assert alive == []
    # The second start is quick and keeps the data.
    assert run.start() < patience(10)
    until(lambda: ready(run))
    # A killed supervisor is no riddle for the next one, though its children hold the port.
    left = run.family()
    run.child.kill()
    run.child.wait()
    assert all(process.is_running() for process in left)
    assert run.start() < patience(15)
    assert run.get("/healthz")[0] == 200
    until(lambda: ready(run))
    # `make stop` from another terminal. No server was lost this time, so nobody has a reason to complain.
    family = run.family()
    assert manage(run, "stop").stdout.startswith("Stopped.")
    run.child.wait(timeout=15)
    assert "Traceback" not in run.text()
    assert psutil.wait_procs(family, timeout=3)[1] == []


def test_taken_port_is_one_sentence(run):
    with closing(socket.create_server(("127.0.0.1", run.port))):
        sentence = refused(run)
    assert sentence == (
        f"CommandError: Port {run.port} is taken by another program; choose another: PORT=8001 make run"
    )
    assert not (run.data_dir / "postgres").exists(), "servers were started for nothing"


@pytest.mark.parametrize("port", ["zero", "0", "70000", "-1"])
def test_senseless_port(data_dir, port):
    run = Run(data_dir)
    run.environment["PORT"] = port
    assert refused(run) == f"CommandError: PORT must be a number from 1 to 65535, not '{port}'."
