"""`doctor` names what is wrong and how to mend it."""

import pytest
from celery import Celery
from django.core.cache import cache
from django.core.management import call_command
from redis import Redis
from redis.exceptions import NoPermissionError

from core import doctor
from core.doctor import Level
from core.owner import as_owner

pytestmark = pytest.mark.django_db


def findings() -> dict[str, doctor.Finding]:
    return {each.subject: each for each in doctor.examine()}


def test_what_is_right_is_said_to_be_right():
    found = findings()
    for subject in ("python", "packages", "database", "migrations", "roles", "figures", "DEBUG"):
        assert found[subject].level is Level.OK, found[subject]
    assert found["redis"].level is Level.WARNING  # the tests' Redis keeps nothing
    assert found["DEMO"].level is Level.WARNING


def test_missing_worker_and_beat_are_failures(capsys):
    cache.clear()
    with pytest.raises(SystemExit) as end:
        call_command("doctor")
    assert end.value.code == 1
    text = capsys.readouterr().out
    assert "No worker answers" in text, text
    assert "Beat has not been seen" in text
    assert "2 to mend." in text


def test_demo_accounts_where_there_is_no_demo(settings, django_user_model):
    settings.DEMO = False
    django_user_model.objects.create_user("county_officer.yunling", password="x", is_demo=True)
    assert findings()["DEMO"].level is Level.FAILURE


def test_demo_in_production(settings):
    settings.HTTPS = True
    assert findings()["DEMO"].level is Level.FAILURE


@pytest.mark.django_db(transaction=True)
def test_one_role_for_everything():
    with as_owner():
        found = findings()["roles"]
    assert found.level is Level.FAILURE
    assert "OWNER_DATABASE_URL" in found.sentence


def test_a_check_that_breaks_does_not_hide_the_others(monkeypatch):
    def broken():
        raise RuntimeError("boom")
        yield

    monkeypatch.setattr(doctor, "CHECKS", [broken, doctor.python])
    found = findings()
    assert found["broken"].level is Level.FAILURE
    assert found["python"].level is Level.OK


def test_redis_away_is_two_findings_and_no_traceback(settings, monkeypatch):
    """Both clients for real: the cache's and the queue's."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere.sock"}}
    with Celery("away", broker="redis+socket:///nowhere.sock", set_as_current=False) as away:
        away.conf.broker_connection_retry = False
        monkeypatch.setattr(doctor, "app", away)
        found = findings()
    assert found["redis"].level is Level.FAILURE and "figures lag" in found["redis"].sentence
    assert found["worker"].level is Level.FAILURE and "cannot be asked" in found["worker"].sentence
    assert "failed:" not in found["worker"].sentence


def test_settings_of_redis_that_may_not_be_read(monkeypatch):
    def denied(self, *args):
        raise NoPermissionError("this user has no permissions")

    monkeypatch.setattr(Redis, "config_get", denied)
    assert findings()["redis"] == doctor.ok("redis", "answers; its settings may not be read")
