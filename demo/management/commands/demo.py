"""`manage.py demo [NAME ...]`: load demonstration regions. Loading twice changes nothing."""

from django.core.management.base import BaseCommand, CommandError

from demo import accounts, loading

TOLD = {
    "enterprises.Enterprise": "enterprises",
    "enterprises.PartyOrganisation": "Party organisations",
    "problems.Problem": "problems",
    "meetings.Meeting": "meetings",
}


class Command(BaseCommand):
    help = "Load demonstration regions (all of them by default); loading twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", metavar="NAME", help="which demonstrations; see --list")
        parser.add_argument("--list", action="store_true", help="name the demonstrations there are")
        parser.add_argument("--accounts", action="store_true", help="print the accounts and their password")

    def handle(self, *args, **options):
        known = loading.names()
        if options["list"]:
            for name, (_code, about, _builder) in known.items():
                self.stdout.write(f"{name:12} {about}")
            return
        if options["accounts"]:
            self._print_accounts()
            return
        wanted = options["names"] or list(known)
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise CommandError(f"There is no demonstration {', '.join(unknown)}; there are: {', '.join(known)}.")
        for name in wanted:
            self._load(name)
        if accounts.refresh_passwords():
            self.stdout.write("The demonstration accounts have the new password.")

    def _load(self, name: str) -> None:
        watch = loading.Stopwatch()
        try:
            counts = loading.load(name)
        except loading.NotAllowed as error:
            raise CommandError(str(error)) from error
        if counts is None:
            self.stdout.write(f"{name}: there already, nothing changed.")
            return
        told = ", ".join(f"{counts[label]} {word}" for label, word in TOLD.items())
        self.stdout.write(f"{name}: {told}; {sum(counts.values())} rows in {watch} s")
        if self._verbose:
            for label, number in counts.items():
                self.stdout.write(f"  {label:36} {number}")

    def execute(self, *args, **options):
        self._verbose = options.get("verbosity", 1) > 1
        return super().execute(*args, **options)

    def _print_accounts(self) -> None:
        for username, role, place in accounts.list_accounts():
            self.stdout.write(f"{username:32} {role}　{place}")
        self.stdout.write(f"password: {accounts.password()}")
