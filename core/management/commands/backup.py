"""`manage.py backup FILE`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core import backup


class Command(BaseCommand):
    help = "Writes the database and the uploaded files into one file, while people go on working."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a new file, such as backup-2026-07-01.tar")

    def handle(self, *args, file: Path, **options):
        try:
            manifest = backup.make(file.resolve())
        except backup.BackupError as problem:
            raise CommandError(str(problem)) from None
        rows, files = sum(manifest["rows"].values()), len(manifest["files"]) - 1
        self.stdout.write(f"{file}: {rows} rows, {files} files, {file.stat().st_size / 1e6:.1f} MB.")
