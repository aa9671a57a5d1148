from django.core.management.base import BaseCommand, CommandError

from indicators.drain import Busy, drain


class Command(BaseCommand):
    help = "Count everything that is marked as changed, without Celery. Safe to run at any time, also from cron."

    def add_arguments(self, parser):
        parser.add_argument("--patience", type=float, default=60, help="seconds to wait for another roll-up")

    def handle(self, *args, **options):
        try:
            total = 0
            while done := drain(patience=options["patience"]):
                total += done
        except Busy:
            raise CommandError("Another roll-up is still running; nothing is lost, try again later.") from None
        self.stdout.write(f"{total} markers counted.")
