"""`manage.py stop`: ends a `run` of this data folder, and the servers it may have left behind."""

from django.conf import settings
from django.core.management.base import BaseCommand

from config.local.processes import end, read_mark
from config.local.services import LocalServices
from config.local.supervisor import end_leftovers


class Command(BaseCommand):
    help = "Ends what `run` has started from this data folder."
    requires_system_checks = ()

    def handle(self, *args, **options):
        services = LocalServices.configured()
        run = services.layout.run
        supervisor = read_mark(run / "supervisor.pid")
        if supervisor:
            end([supervisor], grace=40)
        left = end_leftovers(run / "children")
        if services.servers and run.is_dir():
            services.stop()
        text = "Stopped." if supervisor or left else "Nothing was running."
        self.stdout.write(f"{text} ({settings.DATA_DIR})")
