"""Write docs/mechanisms.md anew from the schemes, or check that it is as they say."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from meetings.schemes.document import text


class Command(BaseCommand):
    help = "Write docs/mechanisms.md from the schemes; --check ends with 1 where it differs."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check, **options):
        path, wanted = Path(settings.BASE_DIR) / "docs" / "mechanisms.md", text()
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != wanted:
                raise CommandError("docs/mechanisms.md differs from the schemes: run manage.py mechanisms_doc")
            return
        path.write_text(wanted, encoding="utf-8")
        self.stdout.write(f"{path.name} written")
