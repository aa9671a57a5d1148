"""The banner and `/readyz` say when figures are behind, and only then."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from core import context, health
from indicators import lateness
from indicators.drain import MARKER, drain
from tests.factories import ProblemFactory

pytestmark = pytest.mark.django_db


def backdate(seconds):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {MARKER} SET at = %s", [timezone.now() - dt.timedelta(seconds=seconds)])
        return cursor.rowcount


def test_nothing_waiting():
    drain()
    assert lateness.oldest_marker() is None
    assert not lateness.figures_may_lag()


def test_a_change_just_made_is_not_late():
    drain()
    ProblemFactory()
    assert 0 <= lateness.oldest_marker() < 15
    assert not lateness.figures_may_lag()


def test_a_change_that_waits_is_told():
    drain()
    ProblemFactory()
    assert backdate(90) > 0
    assert 90 <= lateness.oldest_marker() < 120
    assert lateness.figures_may_lag()
    assert Client().get("/readyz").json()["checks"]["figures"]["ok"] is False


def test_both_are_registered():
    assert context.figures_may_lag is lateness.figures_may_lag
    assert health._oldest_marker is lateness.oldest_marker
