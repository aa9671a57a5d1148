"""`manage.py demo [NAME ...]`: load demonstration regions. Loading twice changes nothing."""

from django.core.management.base import BaseCommand, CommandError

from alliances.models import Region
from demo import accounts, comparison, loading
from demo.published import SYSTEMS

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
        parser.add_argument(
            "--compare", action="store_true", help="compare those loaded with what was published, figure by figure"
        )
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
        if options["compare"]:
            self._compare(wanted)
            return
        self._load(wanted)
        if accounts.refresh_passwords():
            self.stdout.write("The demonstration accounts have the new password.")

    def _load(self, names: list[str]) -> None:
        watch = loading.Stopwatch()
        try:
            found = loading.load_all(names)
        except loading.NotAllowed as error:
            raise CommandError(str(error)) from error
        for name, counts in found.items():
            if counts is None:
                self.stdout.write(f"{name}: there already, nothing changed.")
                continue
            told = ", ".join(f"{counts.get(label, 0)} {word}" for label, word in TOLD.items())
            self.stdout.write(f"{name}: {told}; {sum(counts.values())} rows")
            if self._verbose:
                for label, number in counts.items():
                    self.stdout.write(f"  {label:36} {number}")
        if any(counts is not None for counts in found.values()):
            self.stdout.write(f"Loaded in {watch} s.")

    def _compare(self, names: list[str]) -> None:
        """Print each system's table; a difference is an error."""
        there = set(Region.objects.filter(code__isnull=False).values_list("code", flat=True))
        known = loading.names()
        different = False
        for name in [one for one in names if one in SYSTEMS]:
            if known[name][0] not in there:
                self.stdout.write(f"{name}: not loaded.")
                continue
            different |= not all(one.fits for one in comparison.Comparer(name).all())
            for line in comparison.lines(name):
                self.stdout.write(line)
        if different:
            raise CommandError("There are differences.")

    def execute(self, *args, **options):
        self._verbose = options.get("verbosity", 1) > 1
        return super().execute(*args, **options)

    def _print_accounts(self) -> None:
        for username, role, place in accounts.list_accounts():
            self.stdout.write(f"{username:32} {role}　{place}")
        self.stdout.write(f"password: {accounts.password()}")
