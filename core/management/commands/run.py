"""`manage.py run`: from nothing to a working product on this machine, until Ctrl-C."""

import contextlib
import json
import os
import signal
import socket
import sys
import time
import urllib.request
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from config.local.errors import LocalServiceError
from config.local.processes import file_lock, write_mark
from config.local.services import LocalServices
from config.local.supervisor import Child, Supervisor, end_leftovers
from core.static_files import collect_if_changed

DEMOS = ("yunling", "pingliang")
READY_WAIT = 60.0


class Command(BaseCommand):
    help = "Starts PostgreSQL, Redis, web, worker and beat on this machine, and keeps them running."
    requires_system_checks = ()

    def handle(self, *args, **options):
        """Everything stops again when this ends, whatever ends it."""
        host, port = os.environ.get("HOST") or "127.0.0.1", chosen_port()
        # SIGINT too: a shell that starts something in the background has it ignored, and Python keeps it so.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        services = LocalServices.configured()
        run = services.layout.run
        try:
            with contextlib.ExitStack() as stack:
                stack.enter_context(the_only_one(settings.DATA_DIR, run))
                end_leftovers(run / "children")
                require_free_port(host, port)
                self.say("Starting PostgreSQL and Redis ..." if services.servers else "Using the configured servers.")
                stack.enter_context(services.lease(self.say))
                self.prepare()
                self.serve(host, port, services)
        except LocalServiceError as problem:
            raise CommandError(str(problem)) from problem
        except KeyboardInterrupt:
            self.say("Stopped.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def prepare(self) -> None:
        """Bring database and static files up to date, and load the demonstration into an empty database."""
        call_command("migrate", verbosity=0, skip_checks=True)
        collect_if_changed(self.say)
        if settings.DEMO:
            self.load_demos()
        connections.close_all()

    def load_demos(self) -> None:
        unfinished = settings.DATA_DIR / "run" / "demo-unfinished"
        if apps.get_model("alliances", "Region").objects.exists() and not unfinished.exists():
            demo_accounts().refresh_passwords()
            return
        unfinished.touch()
        began = time.monotonic()
        self.say("Loading the demonstration (once) ...")
        call_command("demo", *DEMOS)
        unfinished.unlink()
        self.say(f"Loaded in {time.monotonic() - began:.0f} s.")

    def serve(self, host: str, port: int, services: LocalServices) -> None:
        layout = services.layout
        layout.log.mkdir(mode=0o700, parents=True, exist_ok=True)
        supervisor = Supervisor(children(host, port), run=layout.run, log=layout.log, say=self.say)
        try:
            self.await_ready(supervisor, host, port)
            supervisor.tend()
            self.say(banner(port, layout.log))
            supervisor.run(lambda: self.tend(services))
        finally:
            supervisor.stop()

    def tend(self, services: LocalServices) -> None:
        """Keep the local servers up; what fails is said and tried again."""
        try:
            services.tend(self.say)
        except LocalServiceError as problem:
            self.say(str(problem))

    def await_ready(self, supervisor: Supervisor, host: str, port: int) -> None:
        """Start the web server before the others, so that a page shows soon, and wait for its first answer.

        Raises CommandError with the log's last lines when it cannot start.
        """
        deadline = time.monotonic() + READY_WAIT
        web = supervisor.children[0]
        while not answers(host, port):
            supervisor.tend(only=web)
            if web.starts > 2 or time.monotonic() > deadline:
                raise CommandError(f"The web server does not start:\n{supervisor.last_lines(web)}")
            time.sleep(0.1)


def chosen_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def require_free_port(host: str, port: int) -> None:
    """Raises CommandError with one sentence when something else listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CommandError(f"Port {port} may be used by root only; choose another: PORT=8001 make run") from None
        except OSError as problem:
            other = 8001 if port != 8001 else 8002
            reason = "is taken by another program" if problem.errno == 98 else f"cannot be used ({problem.strerror})"
            raise CommandError(f"Port {port} {reason}; choose another: PORT={other} make run") from None


@contextlib.contextmanager
def the_only_one(data_dir: Path, run: Path):
    """Hold the data folder for this supervisor; a killed one gives it up by itself."""
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    busy = f"It is running already from {data_dir}; `make stop` ends it."
    with file_lock(run / "supervisor.lock", wait=0.5, busy=busy):
        mark = run / "supervisor.pid"
        write_mark(mark)
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)


def children(host: str, port: int) -> list[Child]:
    """Web first: `await_ready` looks at it."""
    python = sys.executable
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [python, "-m", "gunicorn", "config.wsgi:application", f"--bind={address}", "--worker-class=gthread"]
    web += ["--workers=2", "--threads=4", "--timeout=60", "--graceful-timeout=5", "--access-logfile=-"]
    web += ["--preload", "--no-control-socket"]
    celery = [python, "-m", "celery", "-A", "config.celery"]
    worker = [*celery, "worker", "--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
    beat = [*celery, "beat", f"--schedule={settings.CELERY_BEAT_SCHEDULE_FILENAME}", "--pidfile=", "--loglevel=INFO"]
    os.chdir(settings.BASE_DIR)
    common = {"PYTHONUNBUFFERED": "1", "C_FORCE_ROOT": "1"}
    return [
        Child("web", web, {**common, "APPLICATION_NAME": "chain-web"}),
        Child("worker", worker, {**common, "APPLICATION_NAME": "chain-worker"}),
        Child("beat", beat, {**common, "APPLICATION_NAME": "chain-beat"}),
    ]


def answers(host: str, port: int) -> bool:
    """Whether our own server answers (and not, say, another program that took the port in between)."""
    place = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    try:
        with urllib.request.urlopen(f"http://{place}:{port}/healthz", timeout=2) as answer:
            return answer.status == 200 and json.load(answer).get("status") == "alive"
    except (OSError, ValueError):
        return False


def demo_accounts():
    """The demo app's list, by name: core comes before demo in the order of the apps."""
    return import_module("demo.accounts")


def banner(port: int, log: Path) -> str:
    lines = ["", f"  Chain Alliance (产业链党建联盟工作台)   http://localhost:{port}/", ""]
    if settings.DEMO:
        accounts = demo_accounts()
        lines += [f"  {name:<32} {role} · {place}" for name, role, place in accounts.list_accounts()]
        lines += ["", f"  Password of all demo accounts: {accounts.password()}"]
        connections.close_all()
    return "\n".join([*lines, f"  Logs: {log}    Stop: Ctrl-C", ""])


def _interrupt(number, frame):
    raise KeyboardInterrupt
