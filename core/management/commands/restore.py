"""`manage.py restore FILE`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core import backup


class Command(BaseCommand):
    help = "Puts a backup back into an empty installation; --force replaces what is there. Stop the product first."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace a database that is not empty")

    def handle(self, *args, file: Path, force: bool, **options):
        try:
            manifest = backup.put_back(file.resolve(), force=force)
        except backup.BackupError as problem:
            raise CommandError(str(problem)) from None
        rows, files = sum(manifest["rows"].values()), len(manifest["files"]) - 1
        self.stdout.write(f"Restored as of {manifest['made_at']}: {rows} rows, {files} files; figures counted anew.")
