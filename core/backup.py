"""One file that holds the whole installation: the database, the uploaded files, and a list to check both by.

The file is a tar: `manifest.json` (version, time, migrations, rows of every table, checksum of every part),
`database.dump` (PostgreSQL's custom format) and `media/...`. Dump and row counts come from one snapshot, so they
agree although people go on working.
"""

import contextlib
import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connections
from psycopg2 import sql

from config.local.layout import client_program
from core.health import known_migrations
from core.owner import connect_as_owner, grant_rights, owner_settings

FORMAT = 1
MANIFEST, DUMP, MEDIA = "manifest.json", "database.dump", "media"
BLOCK = 1024 * 1024


class BackupError(Exception):
    """Why a backup cannot be made or put back, as a sentence."""


def make(target: Path) -> dict:
    """Write the backup to `target` (complete or not at all) and return its manifest.

    Raises BackupError when the file exists already, its folder does not, or the database cannot be read.
    """
    if target.exists():
        raise BackupError(f"{target} exists already; name a new file.")
    if not target.parent.is_dir():
        raise BackupError(f"The folder {target.parent} does not exist.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as scratch:
        dump = Path(scratch) / DUMP
        with _snapshot() as (cursor, snapshot):
            _run(
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                f"--file={dump}",
            )
            manifest = {
                "format": FORMAT,
                "version": settings.VERSION,
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "migrations": _migrations(cursor),
                "rows": _row_counts(cursor),
            }
        files = {DUMP: dump} | _media_files()
        manifest["files"] = {name: _describe(path) for name, path in files.items()}
        draft = Path(scratch) / "backup.tar"
        _pack(draft, manifest, files)
        draft.replace(target)
    return manifest


def put_back(source: Path, *, force: bool = False) -> dict:
    """Replace the database and the files by those of a backup, and return its manifest.

    Everything is checked before anything is changed. Raises BackupError when the file is damaged, comes from a newer
    version, or (without `force`) when the present database holds people.
    """
    manifest = _read_manifest(source)
    _check_fits(manifest)
    if not force and not database_is_empty():
        raise BackupError(
            "The database is not empty. Stop the product, and repeat with --force to replace what it holds."
        )
    connections.close_all()
    with tempfile.TemporaryDirectory(dir=_scratch_root(), prefix="restore-") as scratch:
        folder = Path(scratch)
        _unpack(source, manifest, folder)
        _empty_database()
        _restore_dump(folder / DUMP)
        _compare_rows(manifest)
        _replace_media(folder / MEDIA)
    call_command("migrate", verbosity=0)
    grant_rights()
    with contextlib.suppress(Exception):  # Redis may be away; what it holds is a copy.
        cache.clear()
    call_command("recount", verbosity=0)
    return manifest


def database_is_empty() -> bool:
    """Nobody and no region in it: fresh, migrated or not."""
    try:
        region = apps.get_model("alliances", "Region")
        return not get_user_model().objects.exists() and not region.objects.exists()
    except DatabaseError:
        return True  # not migrated


# --- making ---


@contextlib.contextmanager
def _snapshot():
    """A read-only transaction whose view of the data pg_dump shares."""
    with contextlib.closing(connect_as_owner()) as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor, cursor.fetchone()[0]
        cursor.execute("COMMIT")


def _row_counts(cursor) -> dict[str, int]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    counts = {}
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        counts[name] = cursor.fetchone()[0]
    return counts


def _migrations(cursor) -> list[list[str]]:
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
    return [list(row) for row in cursor.fetchall()]


def _media_files() -> dict[str, Path]:
    root = Path(settings.MEDIA_ROOT)
    return {f"{MEDIA}/{path.relative_to(root)}": path for path in sorted(root.rglob("*")) if path.is_file()}


def _describe(path: Path) -> dict:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _pack(target: Path, manifest: dict, files: dict[str, Path]) -> None:
    listing = target.with_name(MANIFEST)
    listing.write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
        with tarfile.open(fileobj=output, mode="w") as archive:
            for name, path in {MANIFEST: listing, **files}.items():
                archive.add(path, arcname=name, recursive=False)
        output.flush()
        os.fsync(output.fileno())


# --- putting back ---


def _read_manifest(source: Path) -> dict:
    try:
        with tarfile.open(source) as archive:
            first = archive.next()
            if first is None or first.name != MANIFEST:
                raise BackupError(f"{source} is not a backup of this product.")
            manifest = json.load(archive.extractfile(first))
    except FileNotFoundError:
        raise BackupError(f"{source} does not exist.") from None
    except (tarfile.TarError, ValueError, OSError) as problem:
        raise BackupError(f"{source} is not a backup, or is damaged: {problem}") from None
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{source} has format {manifest.get('format')}; this version reads {FORMAT}.")
    return manifest


def _check_fits(manifest: dict) -> None:
    ours = {app for app, _ in known_migrations()}
    unknown = [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known_migrations()]
    unknown = [each for each in unknown if each.partition(".")[0] in ours]
    if unknown:
        raise BackupError(
            f"The backup comes from a newer version ({manifest['version']}; unknown migration {unknown[0]}): "
            "update the product first."
        )


def _scratch_root() -> Path:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    return settings.DATA_DIR


def _unpack(source: Path, manifest: dict, folder: Path) -> None:
    """Unpack what the manifest lists, checking each checksum; names that lead elsewhere are refused by `filter`."""
    seen = set()
    try:
        with tarfile.open(source) as archive:
            for member in archive:
                if member.name == MANIFEST:
                    continue
                if member.name not in manifest["files"] or not member.isfile():
                    raise BackupError(f"The backup holds {member.name!r}, which its list does not name.")
                archive.extract(member, folder, filter="data")
                if _describe(folder / member.name) != manifest["files"][member.name]:
                    raise BackupError(f"The backup is damaged: {member.name} does not fit its checksum.")
                seen.add(member.name)
    except (tarfile.TarError, EOFError) as problem:
        raise BackupError(f"The backup is damaged: {problem}") from None
    missing = set(manifest["files"]) - seen
    if missing:
        raise BackupError(f"The backup is damaged: {min(missing)} is missing.")


def _empty_database() -> None:
    with contextlib.closing(connect_as_owner()) as connection, connection.cursor() as cursor:
        try:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        except psycopg2.Error as problem:
            raise BackupError(f"The database cannot be emptied: stop web, worker and beat first. ({problem})") from None


def _restore_dump(dump: Path) -> None:
    """One transaction: the whole dump or nothing of it. The schema itself has just been made."""
    listing = dump.with_name("listing")
    entries = _run("pg_restore", "--list", str(dump), connect=False).splitlines()
    listing.write_text("\n".join(each for each in entries if " SCHEMA - public " not in each), encoding="utf-8")
    arguments = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", f"--use-list={listing}"]
    _run("pg_restore", *arguments, f"--dbname={owner_settings()['NAME']}", str(dump))


def _compare_rows(manifest: dict) -> None:
    with contextlib.closing(connect_as_owner()) as connection, connection.cursor() as cursor:
        found = _row_counts(cursor)
    for name, count in manifest["rows"].items():
        if found.get(name) != count:
            raise BackupError(f"After restoring, {name} holds {found.get(name)} rows instead of {count}.")


def _replace_media(restored: Path) -> None:
    root = Path(settings.MEDIA_ROOT)
    root.parent.mkdir(parents=True, exist_ok=True)
    if root.exists():
        root.rename(root.with_name(f"{root.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"))
    if restored.is_dir():
        os.rename(restored, root)


def _run(program: str, *arguments: str, connect: bool = True) -> str:
    """One of PostgreSQL's programs, connected as the owner; the password does not show in the process list."""
    entry = owner_settings()
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    if connect:
        environment |= {
            "PGHOST": entry["HOST"],
            "PGPORT": entry["PORT"] or "5432",
            "PGUSER": entry["USER"],
            "PGPASSWORD": entry["PASSWORD"],
            "PGDATABASE": entry["NAME"],
            "PGSSLMODE": entry["OPTIONS"].get("sslmode", "prefer"),
        }
    command = [client_program(program), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")
    return done.stdout
