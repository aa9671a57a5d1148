import time

from django.core.management.base import BaseCommand, CommandError

from indicators import check
from indicators.drain import Busy
from indicators.recount import rebuild


class Command(BaseCommand):
    help = "Count all figures anew from the rows; with --check only compare them and report differences."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="compare, change nothing; exit 1 on a difference")
        parser.add_argument("--limit", type=int, default=50, help="differences to print")

    def handle(self, *args, **options):
        started = time.monotonic()
        if not options["check"]:
            try:
                differed = rebuild()
            except Busy:
                raise CommandError("A roll-up is still running; try again later.") from None
            self.stdout.write(
                f"All figures counted anew in {time.monotonic() - started:.1f} s; {differed} stored numbers differed."
            )
            return
        result = check.compare()
        for line in result.differences[: options["limit"]]:
            self.stdout.write(str(line))
        self.stdout.write(
            f"{result.cells} numbers of {result.indicators} indicators compared in "
            f"{time.monotonic() - started:.1f} s: {len(result.differences)} differences."
        )
        if result.differences:
            raise SystemExit(1)
