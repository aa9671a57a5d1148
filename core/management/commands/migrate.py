"""`manage.py migrate`: as the owner of the tables, one at a time, and the web role's rights afterwards."""

from django.core.management.commands import migrate

from core.migrating import drawn_once
from core.owner import as_owner, grant_rights, migration_lock


class Command(migrate.Command):
    """Django's command on the owner's connection (`OWNER_DATABASE_URL`), under a database lock."""

    def handle(self, *args, **options):
        reading = options["check_unapplied"] or options["plan"]
        with migration_lock(), as_owner(), drawn_once():
            super().handle(*args, **options)
        if not reading:
            grant_rights()
