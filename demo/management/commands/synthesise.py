"""`manage.py synthesise --problems N --counties N --seed S`: bulk data for measuring, never for a real county."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import owner
from demo import synthesis
from demo.loading import Stopwatch


class Command(BaseCommand):
    help = "Fill the database with synthetic problems for measuring (runs as the owner of the tables)."

    def add_arguments(self, parser):
        parser.add_argument("--problems", type=int, default=100_000)
        parser.add_argument("--counties", type=int, default=10)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--force", action="store_true", help="also into a database with records of a real place")

    def handle(self, *args, **options):
        if options["problems"] < 1 or not 1 <= options["counties"] <= 1000:
            raise CommandError("At least one problem, and 1 to 1000 counties.")
        watch = Stopwatch()

        def say(line: str) -> None:
            self.stdout.write(f"{watch:>7} s  {line}")

        with owner.as_owner():
            if not options["force"] and (not settings.DEMO or synthesis.holds_real_records()):
                raise CommandError(
                    "This database holds records that are neither synthetic nor a demonstration's (or DEMO is off)."
                    " Synthetic data would mix with them for good; give --force if that is what you want."
                )
            synthesis.Synthesis(options["problems"], options["counties"], options["seed"], say).run()
        say("done")
