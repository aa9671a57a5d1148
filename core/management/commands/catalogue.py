"""Bring the English catalogue up to date with the sentences of the project, and compile it."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.catalogue import messages

HEADER = {
    "Project-Id-Version": "chain-alliance",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


class Command(BaseCommand):
    help = "Adds new sentences to locale/en, drops those no longer used, compiles the catalogue."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--missing", action="store_true", help="print the sentences that have no English yet")

    def handle(self, *args, missing=False, **options):
        try:
            import polib
        except ImportError as error:
            raise CommandError("polib is missing: install requirements-dev.txt.") from error
        path = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        old = polib.pofile(str(path)) if path.exists() else polib.POFile()
        known = {(entry.msgctxt or "", entry.msgid): entry for entry in old}
        new = polib.POFile(wrapwidth=0)
        new.metadata = HEADER
        for key, message in sorted(messages(settings.BASE_DIR).items(), key=lambda pair: pair[0]):
            entry = polib.POEntry(
                msgid=message.text,
                msgctxt=message.context or None,
                comment="",
                occurrences=[(p, "") for p in sorted(message.places)],
            )
            before = known.get(key)
            if message.plural:
                entry.msgid_plural = message.plural
                entry.msgstr_plural = before.msgstr_plural if before and before.msgstr_plural else {0: "", 1: ""}
            elif before:
                entry.msgstr = before.msgstr
            new.append(entry)
        new.save(str(path))
        new.save_as_mofile(str(path.with_suffix(".mo")))
        empty = [entry for entry in new if not entry.translated()]
        self.stdout.write(f"{len(new)} sentences, {len(empty)} without English.")
        if missing:
            for entry in empty:
                self.stdout.write(entry.msgid)
