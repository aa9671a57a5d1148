"""Random lives of entries: whatever people do in whatever order, spans, legs and dates stay consistent."""

import datetime as dt
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from audit.models import Event
from core import clock, editions
from core.actor import SYSTEM
from core.transitions import Refused
from enterprises.lifecycle import change_region
from problems import lights
from problems.actions import ACTIONS
from problems.enums import CLOCK_STATES, HANDLED_STATES, Outcome, Rating
from problems.lifecycle import TABLE, following, refusal_for
from problems.models import Problem
from tests.cast import build_world
from tests.problems.steps import day, raised

OUTCOMES = st.sampled_from(["solved", "partly", "waiting"])
BACK = st.integers(0, 30).map(lambda days: dt.timedelta(days=days))

# Undoing and root matters: tests/problems/test_stateful_model.py.
FORWARD = ["accept", "assign", "sign", "resolve", "rate", "close", "resume", "resubmit", "restore", "reopen"]
BETWEEN = [
    "transfer", "object_to", "rule_on_objection", "suspend", "ask_suspension", "ask_extension", "decide_extension",
    "set_waiting_date", "report_as_cohandler", "return_for_completion", "escalate", "add_helpers",
]  # fmt: skip
ASIDE = ["edit", "move", "correct_dates", "add_note", "withdraw", "decline"]


class Undo(Exception):
    """Ends a life: everything it wrote is rolled back."""


class Life(RuleBasedStateMachine):
    """One entry of the cast's county. Time only goes forward, by days and hours."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.world = build_world()
        self.now = day(0)
        self.problem = raised(self.world, at=self.now)
        self.firsts = {}

    def teardown(self):
        self.atomic.__exit__(Undo, Undo(), None)

    @rule(days=st.integers(0, 12), hours=st.integers(1, 20))
    def time_passes(self, days, hours):
        self.now += dt.timedelta(days=days, hours=hours)

    @rule(data=st.data())
    def the_work_goes_on(self, data):
        self.act(FORWARD, data)

    @rule(data=st.data())
    def the_work_goes_on_again(self, data):
        """Twice the weight: a life that never gets to a unit proves little."""
        self.act(FORWARD, data)

    @rule(data=st.data())
    def something_comes_between(self, data):
        self.act(BETWEEN, data)

    @rule(data=st.data())
    def something_is_added_or_ended(self, data):
        self.act(ASIDE, data)

    def act(self, names, data):
        """One of these that the table allows now, with fields that may or may not be taken."""
        today, problem = clock.local_date(self.now), Problem.objects.get(pk=self.problem.pk)
        open_now = [n for n in names if refusal_for(ACTIONS[n].guard, problem, SYSTEM, today) is None]
        if not open_now:
            return
        name = data.draw(st.sampled_from(open_now))
        try:
            with transaction.atomic():
                self.problem = ACTIONS[name].run(
                    self.problem, by=SYSTEM, at=self.now, **self.fields_of(name, today, data)
                )
        except (Refused, ValidationError):
            return

    @precondition(lambda self: self.problem.enterprise.region_id == self.world.own.towns[0].pk)
    @rule()
    def the_enterprise_moves(self):
        change_region(self.problem.enterprise, self.world.own.towns[1], by=SYSTEM)
        self.problem = Problem.objects.get(pk=self.problem.pk)

    @rule(offset=st.integers(0, 20), kind=st.sampled_from(["local_off", "makeup", None]))
    def the_calendar_changes(self, offset, kind):
        editions.set_day(
            clock.local_date(self.now) + dt.timedelta(days=offset), kind, by=SYSTEM, reason="演练", at=self.now
        )
        self.problem = Problem.objects.get(pk=self.problem.pk)

    def fields_of(self, name, today, data):
        own, later = self.world.own, today + dt.timedelta(days=data.draw(st.integers(1, 40)))
        leads = [{"team": own.team}, {"department": own.departments[0]}, {"department": own.departments[1]}]
        given = {
            "accept": {}, "sign": {}, "submit": {}, "resubmit": {}, "resume": {}, "close": {},
            "assign": {**data.draw(st.sampled_from(leads)), "codepartments": own.departments[1:]},
            "transfer": {**data.draw(st.sampled_from(leads)), "reason": "职责不符"},
            "object_to": {"ground": "不属本单位职责"},
            "rule_on_objection": {"granted": data.draw(st.booleans()), "ruling": "已核"},
            "ask_extension": {"new_due_on": later, "reason": "材料未齐"},
            "decide_extension": {"granted": data.draw(st.booleans()), "answer": "已核"},
            "suspend": {"reason": "等待批复"}, "ask_suspension": {"reason": "等待批复"},
            "resolve": {"outcome": data.draw(OUTCOMES), "text": "已办", "next_on": later},
            "set_waiting_date": {"next_on": later},
            "rate": {"rating": data.draw(st.sampled_from(Rating.values)), "text": "意见"},
            "add_helpers": {"codepartments": own.departments},
            "add_note": {"text": "进展"}, "instruct": {"text": "抓紧"}, "report_as_cohandler": {"text": "意见"},
            "edit": {"title": "改过的事项"}, "move": {"chain": data.draw(st.sampled_from(own.chains))},
            "correct_dates": {"submitted_on": today - data.draw(BACK), "reason": "补录"},
        }  # fmt: skip
        return given.get(name, {"reason": "理由"})

    @invariant()
    def spans_cover_the_life_without_gap_or_overlap(self):
        spans = list(self.problem.spans.order_by("id"))
        assert spans[0].started_on == self.problem.submitted_on
        for before, after in pairwise(spans):
            assert before.ended_at == after.started_at and before.ended_on == after.started_on
        last = spans[-1]
        assert last.ended_at is None and last.state == self.problem.state
        for span in spans:
            places = (span.region_id, span.chain_id, span.committee_id, span.enterprise_id)
            p = self.problem
            assert places == (p.region_id, p.chain_id, p.committee_id, p.enterprise_id)

    @invariant()
    def the_open_span_has_the_deadline_and_holder_of_the_entry(self):
        problem, span = self.problem, self.problem.spans.get(ended_at=None)
        if problem.state in CLOCK_STATES:
            assert span.due_on == problem.due_on and span.red_from > problem.due_on
        else:
            assert (span.due_on, span.red_from, span.yellow_from) == (None, None, None)
        if problem.state in HANDLED_STATES:
            assert (span.team_id, span.department_id) == (problem.lead_team_id, problem.lead_department_id)

    @invariant()
    def lights_of_spans_are_the_lights_of_days(self):
        """The days of light on the spans say the same as the entry's light, today and on every day of the open span."""
        problem, span = self.problem, self.problem.spans.get(ended_at=None)
        if problem.state not in CLOCK_STATES:
            return
        for offset in (0, 1, 5, 20, 60):
            on = span.started_on + dt.timedelta(days=offset)
            light = lights.light(problem, on)
            red = span.red_from <= on
            yellow = not red and span.yellow_from <= on < span.yellow_until
            assert light == ("red" if red else "yellow" if yellow else "green")

    @invariant()
    def legs_add_up_to_the_time_held(self):
        """Lead legs follow one another; together they held it exactly as long as the clock ran or stood."""
        legs = list(self.problem.assignments.filter(is_lead=True).order_by("id"))
        for before, after in pairwise(legs):
            assert before.ended_at is not None and before.ended_at <= after.assigned_at
        held = sum(((leg.ended_at or self.now) - leg.assigned_at for leg in legs), dt.timedelta())
        spans = self.problem.spans.filter(state__in=["assigned", "in_progress", "suspended", "returned"])
        inside = [
            span for span in spans
            if any(leg.assigned_at <= span.started_at < (leg.ended_at or self.now + dt.timedelta(1)) for leg in legs)
        ]  # fmt: skip
        assert held == sum(((span.ended_at or self.now) - span.started_at for span in inside), dt.timedelta())
        active = [leg for leg in legs if leg.ended_at is None]
        returned = self.problem.state == "returned" and bool(active)
        assert bool(active) == (self.problem.state in ("assigned", "in_progress", "suspended") or returned)
        if active and self.problem.state in CLOCK_STATES:
            assert active[0].due_on == self.problem.due_on

    @invariant()
    def firsts_stay_firsts(self):
        """Acceptance, assignment, resolution, confirmation and closing keep their first day, whatever comes after."""
        for name in ("accepted_on", "assigned_on", "resolved_on", "confirmed_on", "rated_on", "closed_on"):
            now = getattr(self.problem, name)
            first = self.firsts.setdefault(name, now) or now
            self.firsts[name] = first
            assert now == first

    @invariant()
    def outcomes_and_versions_agree(self):
        problem = self.problem
        versions = [event.data["version"] for event in Event.objects.of(problem)]
        assert versions == list(range(1, problem.version + 1))
        assert bool(problem.outcome) == (problem.state in ("resolved", "closed", "declined", "withdrawn"))
        assert (problem.ended_on is not None) == (problem.state in ("closed", "declined", "withdrawn"))
        assert problem.state != "closed" or problem.outcome != Outcome.WAITING
        assert problem.handling_days is None or problem.handling_days >= 0


@pytest.mark.django_db
def test_lives_of_entries():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=5,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )


@pytest.mark.django_db
def test_following_twice_changes_nothing(world):
    problem = raised(world)
    assert following.follow_enterprise(problem.enterprise, by=SYSTEM) == 0
    assert set(TABLE) and Problem.objects.get().version == 1
