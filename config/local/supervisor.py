"""Web, worker and beat as children of one process: logged, restarted when they die, ended together."""

import contextlib
import logging
import logging.handlers
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from .processes import end, read_mark, write_mark

# Worth a line on the terminal; everything is in the log file.
# (gunicorn remarks on every HEAD request that Django answers with a body, which it then drops.)
NOTEWORTHY = re.compile(r"^(?!.*no-body response).*\b(WARNING|ERROR|CRITICAL|Traceback|Error:|Unrecoverable)")
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY_AFTER = 20.0
BESIDES_EVERY = 2.0
ASK_TWICE_AFTER, FORCE_AFTER = 6.0, 9.0
LOG_BYTES, LOG_FILES = 5_000_000, 5


@dataclass
class Child:
    """One program that shall always run."""

    name: str
    command: Sequence[str]
    environment: dict = field(default_factory=dict)
    process: subprocess.Popen | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0
    starts: int = 0

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Keeps children running until it is told to stop.

    Every child leads a session of its own: Ctrl-C reaches only this process, and all descendants of a child can be
    found by the session's number even when the child itself has been killed.
    """

    def __init__(self, children: list[Child], *, run: Path, log: Path, say: Callable[[str], None]):
        self.children = children
        self.marks = run / "children"
        self.log = log
        self.say = say
        self.stopping = threading.Event()

    def tend(self, *, only: Child | None = None) -> None:
        """Look after the children once: note the dead, start those that are due."""
        self.marks.mkdir(mode=0o700, parents=True, exist_ok=True)
        now = time.monotonic()
        for child in [only] if only else self.children:
            if child.is_alive():
                if now - child.started > STEADY_AFTER:
                    child.pause = FIRST_PAUSE
            elif child.process is not None:
                self._note_end(child, now)
            elif now >= child.due:
                self._start(child)

    def run(self, besides: Callable[[], None] = lambda: None) -> None:
        """Look after the children until told to stop; `besides` is done every few seconds."""
        due = 0.0
        while not self.stopping.wait(0.2):
            self.tend()
            if time.monotonic() >= due:
                besides()
                due = time.monotonic() + BESIDES_EVERY

    def stop(self) -> None:
        """Ask all to end at once; Celery is asked a second time to drop its tasks (they are redone); then force."""
        self.stopping.set()
        began = time.monotonic()
        asked_twice = False
        for child in self.children:
            _signal(child, signal.SIGTERM)
        while any(child.is_alive() for child in self.children):
            waited = time.monotonic() - began
            if waited > ASK_TWICE_AFTER and not asked_twice:
                asked_twice = True
                for child in self.children:
                    _signal(child, signal.SIGQUIT)
            if waited > FORCE_AFTER:
                break
            time.sleep(0.05)
        end_leftovers(self.marks, grace=0.0)
        for child in self.children:
            if child.process is not None:
                child.process.wait(timeout=5)

    def last_lines(self, child: Child, count: int = 15) -> str:
        with contextlib.suppress(OSError):
            text = (self.log / f"{child.name}.log").read_text(encoding="utf-8", errors="replace")
            return "\n".join(text.splitlines()[-count:])
        return ""

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.command,
            env=os.environ | child.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        child.started = time.monotonic()
        child.starts += 1
        with contextlib.suppress(psutil.NoSuchProcess):
            write_mark(self.marks / child.name, child.process.pid)
        threading.Thread(target=self._listen, args=(child, child.process), daemon=True).start()

    def _note_end(self, child: Child, now: float) -> None:
        end_session(self.marks / child.name)
        self.say(f"{child.name} ended ({_cause(child.process.returncode)}); starting it again in {child.pause:.0f} s")
        child.due = now + child.pause
        child.pause = min(child.pause * 2, LONGEST_PAUSE)
        child.process = None

    def _listen(self, child: Child, process: subprocess.Popen) -> None:
        handler = logging.handlers.RotatingFileHandler(
            self.log / f"{child.name}.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
        )
        with contextlib.closing(handler), process.stdout:
            for raw in process.stdout:
                line = raw.decode("utf-8", errors="replace").rstrip()
                handler.emit(logging.LogRecord(child.name, logging.INFO, "", 0, line, None, None))
                if NOTEWORTHY.search(line) and not self.stopping.is_set():
                    self.say(f"{child.name:<6} | {line[:200]}")


def end_leftovers(marks: Path, *, grace: float = 3.0) -> int:
    """End what a killed supervisor left behind; answers how many processes that were."""
    return sum(end_session(mark, grace=grace) for mark in sorted(marks.glob("*"))) if marks.is_dir() else 0


def end_session(mark: Path, *, grace: float = 3.0) -> int:
    """End every process of the session that the marked child led, and remove the mark."""
    family = session_of(mark)
    end(family, grace=grace)
    mark.unlink(missing_ok=True)
    return len(family)


def session_of(mark: Path) -> list[psutil.Process]:
    """The marked child and its descendants, also when the child itself is gone.

    The system does not give a number to a new process while a session still bears it, so a session with the marked
    number belongs to the marked child unless a live leader with another start time says otherwise.
    """
    try:
        number = int(mark.read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return []
    if psutil.pid_exists(number) and read_mark(mark) is None and not _is_zombie(number):
        return []
    family = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, ProcessLookupError, PermissionError):
            if os.getsid(process.pid) == number and process.status() != psutil.STATUS_ZOMBIE:
                family.append(process)
    return family


def _is_zombie(number: int) -> bool:
    try:
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _signal(child: Child, number: int) -> None:
    if child.is_alive():
        with contextlib.suppress(ProcessLookupError):
            child.process.send_signal(number)


def _cause(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
