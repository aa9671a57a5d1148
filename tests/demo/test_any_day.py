"""The demonstration never ages: whatever the day on which it is loaded, everything is there."""

import datetime as dt

import pytest
import time_machine

from core import clock
from demo.yunling import Yunling
from problems.enums import State
from tests.demo import test_yunling as whole
from tests.demo.conftest import loaded

# The first day of a year and quarter, which is a holiday; the end of a month in a year without a published calendar.
DAYS = ["2027-01-01", "2028-02-29"]


@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS)
def test_loaded_on(day):
    moment = clock.at_local(dt.date.fromisoformat(day), 7, 30)
    with time_machine.travel(moment, tick=False), loaded("yunling"):
        whole.test_size()
        whole.test_every_light_today()
        whole.test_open_decisions_of_each_light_and_a_meeting_soon()
        whole.test_accounts_find_work()
        whole.test_ratings_and_unrated_closings()
        whole.test_twenty_four_months_and_many_different_matters()
        whole.test_a_committee_misses_the_quarterly_rule_now_and_another_did_last_quarter()
        whole.test_spans_have_no_gaps()
        whole.test_nothing_happened_in_the_future()
        whole.test_figures_are_those_of_a_straight_count()


@pytest.mark.django_db
def test_on_a_sunday_after_midnight_both_units_have_entries_to_sign():
    """Built, not written: an entry that chance kept from being assigned in time is told once more."""
    with time_machine.travel(clock.at_local(dt.date(2026, 11, 29), 0, 17), tick=False):
        county = Yunling("")
        county.build()
        units = county.teams["农业产业帮办团"], county.place.department(county.county, "agriculture")
        waiting = [one.problem for one in county.ledger.histories if one.problem.state == State.ASSIGNED]
        for unit, column in zip(units, ("lead_team", "lead_department"), strict=True):
            assert sum(getattr(problem, column) == unit for problem in waiting) >= 2
