"""The whole product as `manage.py run` starts it, in a temporary folder with the fictional county, and people in it."""

import contextlib
import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

import psutil

from bench.ledgers import PROJECT
from config.local.layout import Layout
from config.local.processes import read_mark, with_children
from config.local.redis import Redis

PASSWORD = "measured-here-1"
START_WAIT = 600.0


class Product:
    """Web, worker, beat, PostgreSQL and Redis of one folder. Ended and removed when the block ends."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="chain-running-"))
        # The servers run as another account where this is root: it has to pass.
        self.folder.chmod(0o711)
        with contextlib.closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        hidden = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL")
        self.environment = {key: value for key, value in os.environ.items() if key not in hidden} | {
            "DATA_DIR": str(self.folder), "PORT": str(self.port), "DEMO": "true", "DEMO_PASSWORD": PASSWORD,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip
        self.redis = Redis(Layout(self.folder))

    def __enter__(self):
        self.output = (self.folder / "output.log").open("wb")
        self.child = subprocess.Popen(
            [sys.executable, "manage.py", "run"], cwd=PROJECT, env=self.environment,
            stdout=self.output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        until = time.monotonic() + START_WAIT
        while "Stop: Ctrl-C" not in (self.folder / "output.log").read_text(encoding="utf-8", errors="replace"):
            if self.child.poll() is not None or time.monotonic() > until:
                said = (self.folder / "output.log").read_text(encoding="utf-8", errors="replace")[-2000:]
                self.__exit__()
                raise SystemExit(said)
            time.sleep(0.2)
        return self

    def __exit__(self, *_error):
        self.child.send_signal(signal.SIGINT)
        self.child.wait(timeout=60)
        self.output.close()
        Layout(self.folder).remove_outside()
        subprocess.run(["rm", "-rf", str(self.folder)], check=False)

    def worker(self) -> psutil.Process | None:
        """The Celery worker, or None while it is being started again."""
        return read_mark(self.folder / "run" / "children" / "worker")

    def worker_children(self) -> list[psutil.Process]:
        """The processes in which its tasks run."""
        found = self.worker()
        return [one for one in with_children(found) if one != found] if found else []

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=PROJECT, env=self.environment, check=False, capture_output=True, text=True)

    def writer(self, number: int, seconds: float, pause: float) -> subprocess.Popen:
        """A process that does people's work for so long (`bench.writing`)."""
        code = f"from bench.writing import work; work({number}, {seconds}, {pause})"
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
        return subprocess.Popen(command, cwd=PROJECT, env=self.environment, stdout=subprocess.PIPE, text=True)


class Visitor:
    """Somebody signed in over HTTP."""

    def __init__(self, product: Product, name: str):
        self.base = f"http://127.0.0.1:{product.port}"
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/sign-in/"))[1]
        fields = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token}
        self._open("/sign-in/", urllib.parse.urlencode(fields).encode())

    def get(self, address: str) -> str:
        return self._open(address)

    def post(self, address: str, data: dict) -> dict:
        """Send JSON as a script would; the answer."""
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        headers = {"Content-Type": "application/json", "X-CSRFToken": token}
        return json.loads(self._open(address, json.dumps(data).encode(), headers))

    def _open(self, address: str, data: bytes | None = None, headers: dict | None = None) -> str:
        request = urllib.request.Request(self.base + address, data, headers or {})
        with self.opener.open(request, timeout=30) as answer:
            return answer.read().decode()
