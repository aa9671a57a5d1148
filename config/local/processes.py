"""Knowing one's own processes again: by number and start time, never by name alone."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from .errors import LocalServiceError


@contextlib.contextmanager
def file_lock(path: Path, *, wait: float = 60.0, busy: str = "") -> Iterator[None]:
    """Hold an exclusive lock on `path`; it ends with the process, however that ends.

    Raises LocalServiceError when another process keeps it longer than `wait` seconds.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "a+", encoding="ascii") as file:
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    text = busy or f"Another process has been holding {path} for {wait:.0f} seconds; end it first."
                    raise LocalServiceError(text) from None
                time.sleep(0.05)
        yield


def write_mark(path: Path, pid: int | None = None) -> None:
    """Note a process (default: this one) as `number start-time`, so that a reused number is not taken for it."""
    process = psutil.Process(pid or os.getpid())
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(f"{process.pid} {process.create_time():.2f}\n", encoding="ascii")
    draft.replace(path)


def read_mark(path: Path) -> psutil.Process | None:
    """The noted process if it still lives and is the same one."""
    try:
        number, _, started = path.read_text(encoding="ascii").strip().partition(" ")
        process = psutil.Process(int(number))
        same = abs(process.create_time() - float(started)) < 1.0
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None


def end(processes: list[psutil.Process], *, grace: float = 5.0) -> None:
    """Ask each to end, wait `grace` seconds, then force those that did not."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(processes, timeout=grace)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=5)


def with_children(process: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return []


def working_in(folder: Path, name: str) -> list[psutil.Process]:
    """Processes called `name` whose working folder is `folder` (a PostgreSQL server works in its cluster)."""
    found = []
    for process in psutil.process_iter(["name"]):
        if process.info["name"] != name:
            continue
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
            if Path(process.cwd()) == folder:
                found.append(process)
    return found
