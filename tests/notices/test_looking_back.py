"""Inboxes of a place that was loaded in one go."""

import datetime as dt

import pytest

from core import clock
from core.actor import SYSTEM
from notices import looking_back
from notices.models import Notice, Pending
from problems import lifecycle
from tests.problems.steps import raised

pytestmark = pytest.mark.django_db


def test_the_last_days_as_people_would_have_found_them(world):
    now = clock.now()
    old, fresh = (raised(world, at=now - dt.timedelta(days=days), title=f"{days}天前") for days in (5, 1))
    raised(world, at=now - dt.timedelta(days=30), title="很久以前")
    for problem in (old, fresh):
        lifecycle.accept(problem, by=SYSTEM, at=now - dt.timedelta(hours=20 if problem is fresh else 110))
    Pending.objects.all().delete()
    assert looking_back.tell(world.own.region, now) == 4 == looking_back.tell(world.own.region, now)
    found = {(one.problem_id, one.code): one for one in Notice.objects.all()}
    assert not found[fresh.pk, "raised"].is_read and found[old.pk, "raised"].is_read
    assert found[fresh.pk, "raised"].created_at == now - dt.timedelta(days=1)
    assert looking_back.tell(world.other.region, now) == 0
