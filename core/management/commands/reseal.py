"""`manage.py reseal`: what is kept encrypted, written anew under the present SECRET_KEY."""

import sys

from django.core.management.base import BaseCommand

from core import sealed


class Command(BaseCommand):
    help = "Encrypts anew under SECRET_KEY what is kept encrypted; afterwards SECRET_KEY_FALLBACKS may be emptied."

    def handle(self, *args, **options):
        count, lost = sealed.reseal()
        self.stdout.write(f"{count} values are under the present key.")
        for name in lost:
            self.stdout.write(f"cannot be read: {name}")
        if lost:
            sys.exit(1)
