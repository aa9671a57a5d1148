"""What a copy of the database must not tell is encrypted under keys that follow from SECRET_KEY, old ones included."""

import importlib

import pytest
from django.core.management import call_command
from django.db import connection

from core import backup, clock, doctor
from notices import deliveries
from notices.models import Channel, Delivery

pytestmark = pytest.mark.django_db
ADDRESS, SECRET = "https://robot.example.org/send?key=ROBOT-KEY-1", "SEC-signing-1"


def made(world, **values):
    return Channel.objects.create(
        region=world.own.region, robot="dingtalk", kinds=["slip"], made_at=clock.now(),
        **{"name": "督办工作群", "url": ADDRESS, "secret": SECRET, **values},
    )  # fmt: skip


def kept(pk) -> tuple[str, str]:
    """The columns as they stand in the table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT url, secret FROM notices_channel WHERE id = %s", [pk])
        return cursor.fetchone()


def finding():
    return next(one for one in doctor.secrets())


def test_the_table_holds_tokens_and_the_model_reads_them(world):
    channel = made(world)
    first = kept(channel.pk)
    assert all(text.startswith("gAAAA") and "ROBOT" not in text and "SEC" not in text for text in first)
    read = Channel.objects.get(pk=channel.pk)
    assert (read.url, read.secret) == (ADDRESS, SECRET)
    read.save()
    assert kept(channel.pk) != first, "each time a new token"
    assert kept(made(world, name="没有加签", secret="").pk)[1] == "", "nothing stays nothing"
    assert finding().level is doctor.Level.OK


def test_a_new_key_reads_by_the_former_one_until_everything_is_written_anew(world, settings, capsys):
    channel, old = made(world), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key of the installation", [old]
    assert Channel.objects.get(pk=channel.pk).url == ADDRESS
    assert finding().level is doctor.Level.WARNING and "reseal" in finding().sentence
    call_command("reseal")
    assert "2 values are under the present key" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    assert Channel.objects.get(pk=channel.pk).secret == SECRET
    assert finding().level is doctor.Level.OK


def test_a_lost_key_is_named_breaks_no_page_and_loses_nothing(world, settings, client_of, capsys):
    settings.WEBHOOK_HOSTS = ["robot.example.org"]
    channel, old, tokens = made(world), settings.SECRET_KEY, None
    tokens = kept(channel.pk)
    settings.SECRET_KEY = "somebody has lost the former key"
    found = finding()
    assert found.level is doctor.Level.FAILURE and f"notices.Channel {channel.pk} url" in found.sentence
    with pytest.raises(SystemExit):
        call_command("reseal")
    assert f"cannot be read: notices.Channel {channel.pk} secret" in capsys.readouterr().out
    officer, page = client_of("county_officer"), f"/inbox/channels/{channel.pk}/"
    assert "须重新填写" in officer.get("/inbox/channels/").content.decode()
    assert "读不出来" in officer.get(page).content.decode()
    Delivery.objects.create(
        channel=channel, code="test", key="t", is_test=True, made_at=clock.now(), next_at=clock.now()
    )
    assert deliveries.send(Delivery.objects.get().pk, clock.now()) == "failed"
    assert "读不出来" in Delivery.objects.get().answer
    row = Channel.objects.get(pk=channel.pk)
    row.name = "改个名字"
    row.save()
    assert kept(channel.pk) == tokens, "what cannot be read is written back as it was"
    form = {"name": "改个名字", "robot": "dingtalk", "kinds": ["slip"], "is_active": "on", "version": row.version}
    assert officer.post(f"{page}edit/", form).status_code != 302, "the address has to be typed again"
    assert officer.post(f"{page}edit/", form | {"url": ADDRESS, "secret": "SEC-2"}).status_code == 302
    mended = Channel.objects.get(pk=channel.pk)
    assert (mended.url, mended.secret, mended.is_unreadable) == (ADDRESS, "SEC-2", False)
    settings.SECRET_KEY = old
    assert Channel.objects.get(pk=channel.pk).is_unreadable


def test_the_migration_seals_what_stood_open_once(world):
    channel = made(world)
    migration = importlib.import_module("notices.migrations.0004_seal_channel_secrets")
    editor = type("Editor", (), {"connection": connection})
    migration.unseal_all(None, editor)
    assert kept(channel.pk) == (ADDRESS, SECRET)
    migration.seal_all(None, editor)
    sealed_once = kept(channel.pk)
    assert Channel.objects.get(pk=channel.pk).url == ADDRESS
    migration.seal_all(None, editor)
    assert kept(channel.pk) == sealed_once


def test_typed_secrets_do_not_wait_in_the_session(rf):
    from core import held

    request = rf.post("/", {"url": ADDRESS, "secret": SECRET, "name": "督办工作群"})
    assert held.typed(request) == {"name": ["督办工作群"]} and held.sendable(request) is None


@pytest.mark.django_db(transaction=True)
def test_a_backup_tells_nothing_and_a_restore_with_the_key_reads_everything(world, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    channel, file = made(world), tmp_path / "one.tar"
    backup.make(file)
    dump = tmp_path / "plain.sql"
    backup._run("pg_dump", "--table=notices_channel", "--data-only", f"--file={dump}")
    assert "督办工作群" in dump.read_text() and "ROBOT-KEY" not in dump.read_text()
    Channel.objects.all().delete()
    call_command("restore", str(file), force=True)
    assert Channel.objects.get(pk=channel.pk).url == ADDRESS
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another installation"
    assert finding().level is doctor.Level.FAILURE
    settings.SECRET_KEY_FALLBACKS = [old]
    assert Channel.objects.get(pk=channel.pk).secret == SECRET
