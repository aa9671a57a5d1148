"""`manage.py doctor`: what is wrong with this installation, and how to mend it."""

import sys

from django.core.management.base import BaseCommand

from core.doctor import Level, examine


class Command(BaseCommand):
    help = "Checks the installation and says what is wrong; exit code 1 when something is."
    requires_system_checks = ()

    def handle(self, *args, **options):
        failures = 0
        for finding in examine():
            failures += finding.level is Level.FAILURE
            self.stdout.write(f"{finding.level:<8} {finding.subject:<11} {finding.sentence}")
        self.stdout.write("All is well." if not failures else f"{failures} to mend.")
        if failures:
            sys.exit(1)
