"""The demonstration never ages: whatever the day on which it is loaded, everything is there."""

import datetime as dt

import pytest
import time_machine

from core import clock
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
