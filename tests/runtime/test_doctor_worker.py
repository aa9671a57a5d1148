"""`doctor` finds a worker that is really there; apart from the tests that there is none, in whatever order they run."""

import pytest

from core import doctor, health
from core.doctor import Level

pytestmark = pytest.mark.django_db


def test_real_worker_is_found(celery_worker_process):
    health.beat_heart("beat")
    found = {each.subject: each for each in doctor.examine()}
    assert found["worker"].level is Level.OK
    assert found["beat"].level is Level.OK
