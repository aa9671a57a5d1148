"""The radar's verdicts are those of a plain recount, whatever happened before."""

import datetime as dt
from collections import defaultdict

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chains.models import Committee
from core.actor import SYSTEM
from core.clock import at_local
from core.transitions import Refused
from mechanisms import check, lifecycle
from mechanisms.drain import drain
from mechanisms.models import Mark, Obligation
from meetings.models import Meeting
from tests import factories as make
from tests.mechanisms.rules import made, standing

pytestmark = pytest.mark.django_db
FIRST = dt.date(2026, 1, 1)
DAYS = st.integers(0, 420).map(lambda n: FIRST - dt.timedelta(days=30) + dt.timedelta(days=n))
CADENCES = st.sampled_from(["week", "ten_days", "month", "quarter", "half", "year"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("meet"), st.integers(0, 2), DAYS, st.sampled_from(["committee", "joint"])),
        st.tuples(st.just("move"), st.integers(0, 9), DAYS),
        st.tuples(st.just("empty"), st.integers(0, 9)),
        st.tuples(st.just("remove"), st.integers(0, 9)),
        st.tuples(st.just("found"), st.integers(0, 2), DAYS),
        st.tuples(st.just("dissolve"), st.integers(0, 2), DAYS),
        st.tuples(st.just("appoint"), st.integers(0, 2), DAYS, st.integers(1, 200)),
        st.tuples(st.just("off"), st.integers(0, 60)),
        st.tuples(st.just("tighten"), st.integers(1, 3)),
        st.tuples(st.just("wait"), st.integers(1, 80)),
        st.tuples(st.just("drain")),
    ),
    max_size=14,
)  # fmt: skip


class History:
    """A county with three committees, living through steps."""

    def __init__(self, clock, cadence, minimum, filed):
        self.clock, self.today = clock, dt.date(2026, 3, 20)
        self.clock(at_local(self.today))
        city = make.RegionFactory(level="city")
        self.county = make.RegionFactory(parent=city)
        self.committees = [make.CommitteeFactory(chain__region=self.county) for _n in range(3)]
        filters = {"kind": ["committee"]} | ({"minutes": True} if filed else {})
        first = dt.date(2025, 12, 29) if cadence == "week" else FIRST
        self.rule = made(city, cadence=cadence, minimum=minimum, act_filters=filters, starts_on=first)
        self.by_region = made(city, "T-M09", actor="region", actor_filters={"level": ["county"]}, cadence="month",
                              maximum=3)  # fmt: skip
        standing(city)
        self.meetings = []

    def step(self, name, *given):
        try:
            with transaction.atomic():
                getattr(self, f"_{name}")(*given)
        except (Refused, ValidationError):
            pass  # a step that the rules refuse changes nothing

    def _meet(self, number, day, kind):
        made_now = make.MeetingFactory(committee=self.committees[number], held_on=day, code=kind, minutes="纪要")
        self.meetings.append(made_now)

    def _one(self, number):
        return Meeting.objects.filter(pk=self.meetings[number % len(self.meetings)].pk) if self.meetings else None

    def _move(self, number, day):
        if self.meetings:
            self._one(number).update(held_on=day)

    def _empty(self, number):
        if self.meetings:
            self._one(number).update(minutes="")

    def _remove(self, number):
        if self.meetings:
            self._one(number).delete()

    def _found(self, number, day):
        Committee.objects.filter(pk=self.committees[number].pk).update(founded_on=day, dissolved_on=None)

    def _dissolve(self, number, day):
        row = Committee.objects.get(pk=self.committees[number].pk)
        row.dissolved_on = max(day, row.founded_on)
        row.save()

    def _appoint(self, number, day, length):
        if not self.committees[number].seats.filter(kind="secretary", ended_on=None).exists():
            make.SeatFactory(committee=self.committees[number], kind="secretary", started_on=day,
                             ended_on=day + dt.timedelta(days=length))  # fmt: skip

    def _off(self, days):
        day = self.today + dt.timedelta(days=days)
        lifecycle.switch_off(self.rule, self.county, from_on=day, reason="试点", by=SYSTEM)

    def _tighten(self, minimum):
        old = lifecycle.latest(self.rule)
        values = {name: getattr(old, name) for name in lifecycle.CONTENT}
        day = max(self.today, old.starts_on)
        values |= {"minimum": minimum, "starts_on": lifecycle.Cycle.of(old.cadence, day).after}
        lifecycle.change(self.rule, values, by=SYSTEM, seen=old.pk)

    def _wait(self, days):
        self.today += dt.timedelta(days=days)
        self.clock(at_local(self.today))

    def _drain(self):
        drain()


def plainly(history, version):
    """Every verdict of one version of the committees' rule, counted without any of the product's own words."""
    found = {}
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}
    day, periods = version.starts_on, defaultdict(list)
    while day <= history.today + dt.timedelta(days=400):
        name = (
            day.isocalendar()[:2] if version.cadence == "week"
            else (day.year, day.month, (day.day > 10) + (day.day > 20)) if version.cadence == "ten_days"
            else (day.year, (day.month - 1) // months[version.cadence])
        )  # fmt: skip
        periods[name].append(day)
        day += dt.timedelta(days=1)
    if periods:
        periods.popitem()  # the last one may be cut short
    off = version.mechanism.switched_off.first()
    for committee in Committee.objects.filter(pk__in=[one.pk for one in history.committees]):
        held = sorted(
            row.held_on for row in committee.meetings.all()
            if row.counts_as == "committee" and (row.minutes or not version.act_filters.get("minutes"))
        )  # fmt: skip
        for days in periods.values():
            out = (version.ends_on and days[-1] >= version.ends_on) or (off and off.from_on <= days[-1])
            stands = [one for one in days if committee.founded_on <= one < (committee.dissolved_on or dt.date.max)]
            if out or days[0] > history.today or not stands or committee.founded_on > history.today:
                continue
            inside = [one for one in held if days[0] <= one <= min(days[-1], history.today)]
            judged = min(days[-1], history.today) in stands and len(stands) * 2 >= len(days)
            met = inside[version.minimum - 1] if len(inside) >= version.minimum else None
            missed = days[-1] if judged and met is None and days[-1] < history.today else None
            found[committee.pk, days[0]] = (judged, len(inside), met, missed)
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(cadence=CADENCES, minimum=st.integers(1, 2), filed=st.booleans(), steps=STEPS, late=st.booleans())
def test_the_verdicts_equal_a_plain_recount_for_random_histories(db, cadence, minimum, filed, steps, late):
    patch = pytest.MonkeyPatch()
    with patch.context() as m, transaction.atomic():
        history = History(lambda moment: m.setattr("core.clock.now", lambda: moment), cadence, minimum, filed)
        if late:
            drain()
        for one in steps:
            history.step(*one)
        drain()
        for version in history.rule.versions.all():
            stored = {
                (row.actor_id, row.first_on): (row.is_judged, row.count, row.complied_on, row.missed_on)
                for row in version.obligations.all()
            }
            assert stored == plainly(history, version)
        looked_at, differences = check.compare()
        assert looked_at and not differences
        assert not Mark.objects.exists() and drain() == 0
        transaction.set_rollback(True)


def test_a_difference_is_found(world, at):
    at(at_local(dt.date(2026, 5, 20)))
    made(world.own.region)
    drain()
    Obligation.objects.filter(actor_id=world.own.committees[0].pk, first_on=FIRST).update(count=7)
    assert len(check.compare()[1]) == 1
