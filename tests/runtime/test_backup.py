"""A backup is only worth what its restore gives back."""

import io
import json
import tarfile
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from core import backup
from core.owner import append_only_tables
from tests.runtime.test_roles import one

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    file = tmp_path / "media" / "2026" / "证明.txt"
    file.parent.mkdir(parents=True)
    file.write_text("附件")
    return file


def people() -> list[str]:
    return list(User.objects.order_by("username").values_list("username", flat=True))


def repack(source: Path, target: Path, change) -> Path:
    """The same backup with `change(name, content)` applied to every part (None leaves it out)."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            content = change(member.name, old.extractfile(member).read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


def test_round_trip(media, tmp_path):
    User.objects.create_user("before", password="x")
    file = tmp_path / "one.tar"
    call_command("backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    User.objects.create_user("after", password="x")
    Session.objects.create(session_key="after", expire_date=timezone.now())
    media.write_text("changed")

    call_command("restore", str(file), force=True)

    assert people() == ["before"]
    assert not Session.objects.exists()
    assert media.read_text() == "附件"
    # The next row gets a number, triggers are there, and the trail is closed again.
    User.objects.create_user("next", password="x")
    for table in append_only_tables():
        assert one("SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE')", table) == (False,)
        assert one("SELECT has_table_privilege(%s, 'INSERT')", table) == (True,)
    assert one("SELECT count(*) > 0 FROM pg_trigger WHERE NOT tgisinternal") == (True,)


def test_full_database_is_not_replaced_unasked(media, tmp_path):
    User.objects.create_user("somebody", password="x")
    backup.make(tmp_path / "one.tar")
    with pytest.raises(CommandError, match=r"not empty.*--force"):
        call_command("restore", str(tmp_path / "one.tar"))
    assert people() == ["somebody"]


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "there.tar").write_text("precious")
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(tmp_path / "there.tar"))
    with pytest.raises(CommandError, match="does not exist"):
        call_command("backup", str(tmp_path / "no-folder" / "one.tar"))
    assert (tmp_path / "there.tar").read_text() == "precious"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda name, content: content[:-1] + b"!" if name == backup.DUMP else content, "checksum"),
        (lambda name, content: None if name == backup.DUMP else content, "missing"),
        (lambda name, content: None if name == backup.MANIFEST else content, "not a backup"),
        (lambda name, content: content.replace(b'"format": 1', b'"format": 9'), "format 9"),
    ],
)
def test_damaged_backup_changes_nothing(media, tmp_path, change, sentence):
    User.objects.create_user("somebody", password="x")
    backup.make(tmp_path / "good.tar")
    bad = repack(tmp_path / "good.tar", tmp_path / "bad.tar", change)
    with pytest.raises(backup.BackupError, match=sentence):
        backup.put_back(bad, force=True)
    assert people() == ["somebody"]


def test_backup_of_a_newer_version_is_refused(media, tmp_path):
    backup.make(tmp_path / "one.tar")

    def newer(name, content):
        if name != backup.MANIFEST:
            return content
        manifest = json.loads(content)
        manifest["migrations"].append(["core", "9999_from_the_future"])
        return json.dumps(manifest).encode()

    with pytest.raises(backup.BackupError, match=r"newer version .*core\.9999_from_the_future"):
        backup.put_back(repack(tmp_path / "one.tar", tmp_path / "new.tar", newer), force=True)


def test_something_else_is_not_a_backup(tmp_path):
    (tmp_path / "letter.tar").write_text("Dear Sir")
    for name, sentence in (("letter.tar", "not a backup"), ("nothing.tar", "does not exist")):
        with pytest.raises(backup.BackupError, match=sentence):
            backup.put_back(tmp_path / name, force=True)
