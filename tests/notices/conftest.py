"""The clock of the product under the tests' hand, and what everybody found in the inbox."""

import pytest

from core import clock
from notices import drain as marks
from notices.enums import Kind
from notices.models import Channel, Notice
from tests.notices import servers


@pytest.fixture
def at(monkeypatch):
    """A function that sets the clock of the product."""

    def set_clock(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_clock


@pytest.fixture
def told(world):
    """Works off the marks and answers {person: [code]} of what is new since it was last asked."""
    seen = [0]
    names = {user.pk: name for name, user in world.people.items()}

    def look():
        marks.drain()
        found = {}
        for notice in Notice.objects.filter(pk__gt=seen[0]).order_by("pk"):
            seen[0] = notice.pk
            found.setdefault(names.get(notice.user_id, notice.user_id), []).append(notice.code)
        return found

    return look


@pytest.fixture
def robot(settings):
    """A chat robot that is allowed, at `robot.url`."""
    with servers.running(servers.Robot()) as server:
        settings.WEBHOOK_HOSTS = [server.host]
        yield server


@pytest.fixture
def channel(world, robot):
    """The county's channel to the robot: everything that people are told."""
    return Channel.objects.create(
        region=world.own.region, name="督办工作群", robot="wecom", url=f"{robot.url}/send?key=SECRET-KEY",
        kinds=list(Kind.values), made_at=clock.now(),
    )  # fmt: skip


@pytest.fixture
def post_office(settings):
    """A mail server that the installation is set to."""
    with servers.running(servers.MailServer()) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_TIMEOUT = 3
        yield server
