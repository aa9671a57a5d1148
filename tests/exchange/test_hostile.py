"""Hostile files through every door: refused, or read safely, with a clear sentence; web and worker live on."""

import re
import resource

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exchange.enums import ImportState
from exchange.imports import working
from exchange.models import Import
from tests.exchange import hostile
from tests.ledgers import makers as ledgers

pytestmark = pytest.mark.django_db
# More than this never stays in hand because of a file, in MiB.
MOST_MEMORY = 400


def errors_of(response) -> str:
    """The sentences that the page shows beside the file."""
    form = response.context["form"]
    return " ".join(str(sentence) for found in form.errors.values() for sentence in found)


def is_sentence(text) -> bool:
    return bool(re.search(r"[一-鿿]{4,}.*。", text)) and "Traceback" not in text and "root:" not in text


def test_hostile_files_through_every_door(world, client_of, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client, admin = client_of("county_officer"), client_of("system_admin")
    ledger = ledgers.ledger(world.own.region)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told, files = {}, hostile.files()
    assert len(files) >= 40
    for name, (content, file_name) in files.items():
        answer = client.post(reverse("exchange:create"), {"register": "enterprises", "file": _file(content, file_name)})
        told[name] = _wizard(client, answer, name)
        for person, path in ((client, reverse("ledgers:entry_import", args=[ledger.pk])), (admin, "/calendar/import/")):
            answer = person.post(path, {"file": _file(content, file_name)})
            assert answer.status_code in (200, 302), (name, path)
            text = errors_of(answer) if answer.status_code == 200 and "form" in answer.context else ""
            assert not text or is_sentence(text), (name, path, text)
    assert "refused" in told.values() and "read" in told.values()
    for bad in ("a bomb", "a bomb that lies", "laughs", "macro", "an attribute without end", "csv with NUL"):
        assert told[bad] == "refused", bad
    for safe in ("one cell at the far corner", "a size that lies", "texts like formulas", "merged over and over"):
        assert told[safe] == "read", safe
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < MOST_MEMORY, f"{grown:.0f} MiB"
    assert client.get(reverse("exchange:list")).status_code == 200
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and tmp_path / "imports" not in path.parents]


def _file(content, name):
    return SimpleUploadedFile(name, content)


def _wizard(client, answer, name):
    """`refused` at the door or by the worker, or `read`; always with a page that says so."""
    if answer.status_code == 200:
        assert is_sentence(errors_of(answer)), (name, errors_of(answer))
        return "refused"
    one = Import.objects.order_by("-pk").first()
    chosen = {f"column_{place}": field for place, field in one.mapping.items()}
    client.post(reverse("exchange:check", args=[one.pk]), chosen)
    working.work(one.pk)
    one.refresh_from_db()
    assert client.get(one.get_absolute_url()).status_code == 200
    if one.state == ImportState.FAILED:
        assert is_sentence(one.error), (name, one.error)
        return "refused"
    assert one.state in (ImportState.CHECKED, ImportState.UPLOADED), (name, one.state, one.error)
    return "read"
