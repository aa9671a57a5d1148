"""The daily mail, through a real mail server: once a day, at the opening, never empty, never twice."""

import datetime as dt
import email
import email.policy

import pytest

from core.clock import at_local
from core.doctor import Level
from notices import digests, doctor
from notices.hours import Hours
from notices.models import Digest, Notice, Preference
from tests.notices.test_pages import assigned
from tests.problems.steps import MONDAY, day

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + dt.timedelta(days=1)


@pytest.fixture
def unread(world, at, told):
    """On Monday at ten the team got an entry; only the member has an address."""
    world.people["team_member"].email = "tang@county.example"
    world.people["team_member"].save()
    at(day(0, 10))
    assigned(world)
    told()


def run_at(at, day, hour, minute=0):
    at(at_local(day, hour, minute))
    return digests.run()


def parsed(mail):
    found = email.message_from_bytes(mail["raw"], policy=email.policy.default)
    return found, {part.get_content_type(): part.get_content() for part in found.walk() if not part.is_multipart()}


def test_once_at_the_opening_of_the_next_working_day(unread, post_office, at, settings):
    settings.SITE_URL = "https://alliance.example.org"
    assert run_at(at, MONDAY, 11) == 0, "what came after the opening waits for the next one"
    assert run_at(at, TUESDAY, 8, 29) == 0 and Digest.objects.count() == 0
    assert run_at(at, TUESDAY, 8, 30) == 1
    found, parts = parsed(post_office.mails[0])
    assert post_office.mails[0]["to"] == ["tang@county.example"]
    assert found["Subject"].strip() == "产业链党建联盟工作台：1 条未读消息"
    for text in (parts["text/plain"], parts["text/html"]):
        assert "交办给云岭县营商帮办团" in text and "因为您是云岭县营商帮办团成员" in text
        assert f"https://alliance.example.org/problems/{Notice.objects.first().problem_id}/" in text
    row = Digest.objects.get()
    assert (row.state, row.attempts, row.count) == ("sent", 1, 1) and row.sent_at
    for hour in (9, 12, 17):
        assert run_at(at, TUESDAY, hour) == 0
    assert run_at(at, TUESDAY + dt.timedelta(days=1), 9) == 0, "it stays unread, and was told"
    assert len(post_office.mails) == 1


def test_never_empty_and_not_on_a_day_off(unread, post_office, at, world):
    friday = MONDAY + dt.timedelta(days=4)
    Notice.objects.update(created_at=at_local(friday, 16))
    for off in (1, 2):
        assert run_at(at, friday + dt.timedelta(days=off), 10) == 0
    Notice.objects.update(is_read=True, read_at=at_local(friday, 17))
    assert run_at(at, friday + dt.timedelta(days=3), 9) == 0
    assert not Digest.objects.exists() and post_office.mails == []


def test_read_between_writing_and_sending_sends_nothing(unread, post_office, at):
    at(at_local(TUESDAY, 9))
    hours = Hours(at_local(TUESDAY, 9))
    row = digests.prepare(Notice.objects.filter(code="assign").first().user, hours)
    Notice.objects.update(is_read=True, read_at=at_local(TUESDAY, 9))
    assert digests.send(row.pk, hours) == 0 and post_office.mails == []


def test_a_server_that_refuses_for_now_is_asked_again(unread, post_office, at):
    post_office.script = [451, 250]
    run_at(at, TUESDAY, 9)
    row = Digest.objects.get()
    assert (row.state, row.attempts) == ("queued", 1) and "451" in row.error
    assert run_at(at, TUESDAY, 9, 4) == 0
    assert run_at(at, TUESDAY, 9, 6) == 1
    row.refresh_from_db()
    assert (row.state, len(post_office.mails)) == ("sent", 1)


def test_a_wrong_address_is_not_tried_again_that_day(unread, post_office, at):
    post_office.script = [550]
    run_at(at, TUESDAY, 9)
    assert run_at(at, TUESDAY, 12) == 0
    assert Digest.objects.get().state == "failed"
    assert Notice.objects.filter(digest=None, code="assign").exists(), "free for the next day's mail"


def test_a_server_that_is_away(unread, at, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    run_at(at, TUESDAY, 9)
    assert Digest.objects.get().state == "queued"


def test_a_worker_that_died_in_the_attempt_never_sends_twice(unread, post_office, at):
    hours = Hours(at_local(TUESDAY, 9))
    row = digests.prepare(Notice.objects.filter(code="assign").first().user, hours)
    digests._take(row.pk, hours)
    for hour in (10, 15):
        assert run_at(at, TUESDAY, hour) == 0
    row.refresh_from_db()
    assert (row.state, post_office.mails) == ("unsure", [])
    assert run_at(at, TUESDAY + dt.timedelta(days=1), 9) == 1, "what it told of is in the next day's mail"


def test_it_speaks_the_persons_language_and_leaves_out_what_was_switched_off(unread, post_office, at, world):
    user = world.people["team_member"]
    Preference.objects.create(user=user, language="en")
    run_at(at, TUESDAY, 9)
    found, parts = parsed(post_office.mails[0])
    assert "unread" in found["Subject"] and "because you are" in parts["text/plain"].lower()
    Notice.objects.update(digest=None)
    Preference.objects.update(not_by_mail=["assigned"])
    assert run_at(at, TUESDAY + dt.timedelta(days=1), 9) == 0
    Preference.objects.update(not_by_mail=[], digest=False)
    assert run_at(at, TUESDAY + dt.timedelta(days=1), 10) == 0


def test_off_unless_a_server_is_named(unread, at, settings):
    assert settings.EMAIL_HOST == ""
    assert run_at(at, TUESDAY, 9) == 0 and not Digest.objects.exists()
    assert "off" in next(doctor.mail()).sentence
    settings.EMAIL_HOST = "mail.county.example"
    assert next(doctor.mail()).level == Level.WARNING, "no address for links"
