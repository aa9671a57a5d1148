import time

from django.core.management.base import BaseCommand, CommandError

from mechanisms import check
from mechanisms.drain import Busy, rebuild


class Command(BaseCommand):
    help = "Judge all mechanisms anew from the rows; with --check only compare and report differences."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="compare, change nothing; exit 1 on a difference")
        parser.add_argument("--limit", type=int, default=50, help="differences to print")

    def handle(self, *args, **options):
        started = time.monotonic()
        if not options["check"]:
            try:
                written = rebuild()
            except Busy:
                raise CommandError("Another judging is still running; try again later.") from None
            self.stdout.write(f"Judged anew in {time.monotonic() - started:.1f} s: {written} rows written.")
            return
        looked_at, differences = check.compare()
        for line in differences[: options["limit"]]:
            self.stdout.write(line)
        self.stdout.write(
            f"{looked_at} rows compared in {time.monotonic() - started:.1f} s: {len(differences)} differences."
        )
        if differences:
            raise SystemExit(1)
