"""The clock of the product under the tests' hand."""

import pytest

from core import clock


@pytest.fixture
def at(monkeypatch):
    """A function that sets the clock of the product."""

    def set_clock(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_clock
