"""The clock of the product under the tests' hand, and what everybody found in the inbox."""

import pytest

from core import clock
from notices import drain as marks
from notices.models import Notice


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
