"""The whole lifecycle against a plain model: random lives of several entries, every step done or refused by both.

Each step goes through the product's functions into the database; what the model refuses must be refused, what it does
must be done, and every column that the model knows must be equal. At the end of a life the spans are whole and the
figures of the funnel, read from the engine after its roll-up, are the model's.

`LIFECYCLE_RUNS` says how many lives (the suite: 8; `make lives` runs 500), each of 50 steps; they are split over
four tests, so that they share the cores.
"""

import datetime as dt
import itertools
import os

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from audit.models import Event
from core import clock
from core.actor import SYSTEM
from core.models import CalendarDay, DayKind
from core.periods import Period
from core.transitions import Refused
from indicators import figures, recount, scopes
from indicators.drain import drain
from problems import lifecycle
from problems.models import Assignment, Extension, Objection, Problem, StateSpan
from tests.cast import build_world
from tests.problems.model import ANSWERED, CONTENT, OPEN, Days, Model
from tests.problems.steps import MONDAY

RUNS, STEPS, PARTS = int(os.environ.get("LIFECYCLE_RUNS", "8")), 50, 4
LIVES = -(-RUNS // PARTS)
COLUMNS = [
    "state", "outcome", "urgency", "submitted_on", "accepted_on", "assigned_on", "decided_on", "first_reply_on",
    "resolved_on", "rated_on", "confirmed_on", "closed_on", "last_closed_on", "ended_on", "since_on", "due_on",
    "next_on", "pause_asked_on", "rating", "on_time", "handling_days", "bounces", "reopened_times", "escalated_to",
    "escalated_on", "version",
]  # fmt: skip
ALONG = ["accept", "assign", "sign", "resolve", "rate", "close"]
NAMES = [
    *ALONG, "return_for_completion", "resubmit", "decline", "merge_into", "join_root", "settle_by_root", "not_by_root",
    "withdraw", "restore", "note_decided", "add_helpers", "object_to", "rule_on_objection", "transfer", "add_note",
    "report_as_cohandler", "ask_suspension", "suspend", "resume", "ask_extension", "decide_extension", "escalate",
    "urge", "set_waiting_date", "reopen", "undo",
]  # fmt: skip
UNITS = ("team", "first", "second")
OUTCOMES = ("solved", "partly", "explained", "waiting")
RATINGS = ("satisfied", "basically", "not_satisfied")
# Indicator: which entries of the model it counts.
FUNNEL = {
    "problems_raised": lambda e: True,
    "problems_accepted": lambda e: e.accepted_on,
    "problems_assigned": lambda e: e.assigned_on,
    "problems_decided": lambda e: e.decided_on,
    "problems_resolved": lambda e: e.resolved_on and e.outcome in ANSWERED,
    "problems_solved": lambda e: e.resolved_on and e.outcome == "solved",
    "problems_resolved_on_time": lambda e: e.resolved_on and e.outcome in ANSWERED and e.on_time,
    "problems_waiting": lambda e: e.resolved_on and e.outcome == "waiting",
    "problems_confirmed": lambda e: e.confirmed_on and e.rating in CONTENT,
    "problems_closed": lambda e: e.state == "closed",
    "problems_declined": lambda e: e.outcome == "declined",
    "problems_withdrawn": lambda e: e.outcome == "withdrawn",
    "problems_merged": lambda e: e.outcome == "merged",
    "problems_reopened": lambda e: e.reopened_times,
    "problems_escalated": lambda e: e.escalated_to,
    "problems_open": lambda e: e.state in OPEN,
}
TALLY: dict = {}


class Lives(RuleBasedStateMachine):
    """Three entries of one county and its calendar. Each life is a savepoint over the same world."""

    world = days = None

    @initialize()
    def begin(self):
        self.save = transaction.atomic()
        self.save.__enter__()
        self.model, self.seconds = Model(self.days, MONDAY), itertools.count()
        self.keys, self.touched = [], set()
        self.tried = 0
        for _number in range(3):
            self.raise_another()

    def raise_another(self):
        own, number = self.world.own, len(self.keys)
        made = lifecycle.raise_problem(
            by=SYSTEM, enterprise=own.enterprises[number % 2], category=self.world.category, title=f"事项{number}",
            text="情况", at=self.now(),
        )  # fmt: skip
        self.keys.append(made.pk)
        self.model.raise_entry()
        self.touched.add(number)

    def now(self):
        return clock.at_local(self.model.day, 9) + dt.timedelta(seconds=next(self.seconds))

    def teardown(self):
        try:
            if hasattr(self, "keys"):
                self.whole()
                self.funnel()
                TALLY["lives"] += self.tried >= STEPS
        finally:
            transaction.set_rollback(True)
            self.save.__exit__(None, None, None)

    @rule(
        days=st.integers(0, 3), which=st.integers(0, 2), name=st.sampled_from(NAMES), pick=st.integers(0, 99),
        a=st.integers(0, 40), b=st.integers(0, 7), yes=st.booleans(),
    )  # fmt: skip
    def somebody_does_something(self, days, which, name, pick, a, b, yes):
        """One time in four anything at all, else something that the model allows, half of that along the main line."""
        self.model.day += dt.timedelta(days=days + 4 * (pick == 99))
        if pick % 4:
            turn = pick // 4 % len(NAMES)
            names = (ALONG if pick % 2 else []) + NAMES[turn:] + NAMES[:turn]
            allowed = (one for one in names if self.model.may(which, one, self.arguments(one, a, b, yes)))
            name = next(allowed, name)
        self.act(which, name, a, b, yes)

    def act(self, which, name, a, b, yes):
        """The same step in the model and in the product: both do it, or both refuse."""
        arguments = self.arguments(name, a, b, yes)
        before = [entry.version for entry in self.model.entries]
        may = self.model.take(which, name, arguments)
        try:
            with transaction.atomic():
                getattr(lifecycle, name)(self.keys[which], by=SYSTEM, at=self.now(), **self.told(name, arguments))
            done, why = True, ""
        except (Refused, ValidationError) as no:
            done, why = False, str(no)
        assert done == may, (name, arguments, "done" if done else f"refused: {why}", self.model.entries[which])
        self.tried += 1
        TALLY["tried"] += 1
        TALLY["done"] += done
        if done:
            TALLY["names"].add(name)
            TALLY["states"].add(self.model.entries[which].state)
            self.touched |= {n for n, entry in enumerate(self.model.entries) if entry.version != before[n]}

    def arguments(self, name, a, b, yes) -> dict:
        day, unit = self.model.day, UNITS[a % 3]
        helpers = [one for n, one in enumerate(UNITS) if b >> n & 1]
        ahead = day + dt.timedelta(days=a + 1)
        return {
            "assign": {"unit": unit, "helpers": helpers, "urgency": ("ordinary", "urgent", "complex")[b % 3]},
            "transfer": {"unit": unit}, "add_helpers": {"helpers": helpers},
            "merge_into": {"target": a % 3}, "join_root": {"root": a % 3 if b else None},
            "object_to": {"ground": "职责不符"}, "rule_on_objection": {"granted": yes},
            "decide_extension": {"granted": yes}, "ask_extension": {"new_due_on": ahead},
            "suspend": {"next_on": ahead}, "set_waiting_date": {"next_on": ahead},
            "escalate": {"level": ("county", "city", None)[b % 3]},
            "resolve": {"outcome": OUTCOMES[b % 4], "next_on": ahead if yes else None},
            "rate": {"rating": RATINGS[b % 3]}, "add_note": {"text": "进展"}, "report_as_cohandler": {"text": "意见"},
            **{name: {"reason": "理由"} for name in (
                "return_for_completion", "decline", "withdraw", "restore", "not_by_root", "ask_suspension", "reopen",
            )},
        }.get(name, {})  # fmt: skip

    def told(self, name, arguments) -> dict:
        """The arguments as the product takes them."""
        own, more = self.world.own, dict(arguments)
        units = {"team": own.team, "first": own.departments[0], "second": own.departments[1]}
        if "unit" in more:
            unit = more.pop("unit")
            more["team" if unit == "team" else "department"] = units[unit]
        if "helpers" in more:
            helpers = more.pop("helpers")
            more["coteams"] = [units[one] for one in helpers if one == "team"]
            more["codepartments"] = [units[one] for one in helpers if one != "team"]
        for key in ("target", "root"):
            if more.get(key) is not None:
                more[key] = self.keys[more[key]]
        extra = {
            "rule_on_objection": {"ruling": "已核"}, "decide_extension": {"answer": "已核"},
            "transfer": {"reason": "改派"},
            "ask_extension": {"reason": "材料未齐"}, "suspend": {"reason": "等待批复"}, "resolve": {"text": "已办"},
            "escalate": {"reason": "需统筹"}, "rate": {"text": "意见"}, "note_decided": {"on": self.model.day},
        }  # fmt: skip
        return {**more, **extra.get(name, {})}

    @invariant()
    def the_database_is_the_model(self):
        """Every entry that a step touched, with its legs and requests, in one look."""
        if not getattr(self, "touched", None):
            return
        keys = {self.keys[n]: n for n in self.touched}
        rows = Problem.objects.filter(pk__in=keys).defer("tokens", "text", "resolution")
        legs, asked = self.legs_of(keys), self.asked_of(keys)
        for row in rows:
            entry = self.model.entries[keys[row.pk]]
            found = {name: getattr(row, name) for name in COLUMNS}
            assert found == {name: getattr(entry, name) for name in COLUMNS}
            own = self.world.own
            lead = {None: "", own.departments[0].pk: "first", own.departments[1].pk: "second"}[row.lead_department_id]
            assert ("team" if row.lead_team_id else lead) == entry.lead
            places = [None if n is None else self.keys[n] for n in (entry.merged_into, entry.root)]
            assert [row.merged_into_id, row.root_id] == places
            assert legs.get(row.pk, []) == [
                (leg.unit, leg.lead, leg.start, leg.due, leg.signed, leg.end) for leg in entry.legs
            ]
            assert asked.get(row.pk, []) == [one.state for one in (*entry.objections, *entry.extensions)]
        self.touched.clear()

    def legs_of(self, keys):
        found: dict = {}
        names = {self.world.own.departments[0].pk: "first", self.world.own.departments[1].pk: "second"}
        for leg in Assignment.objects.filter(problem__in=keys).order_by("id"):
            unit = "team" if leg.team_id else names[leg.department_id]
            start = clock.local_date(leg.assigned_at)
            row = (unit, leg.is_lead, start, leg.due_on, leg.signed_at is not None, leg.end_kind)
            found.setdefault(leg.problem_id, []).append(row)
        return found

    def asked_of(self, keys):
        found: dict = {}
        for model in (Objection, Extension):
            for pk, state in model.objects.filter(problem__in=keys).order_by("id").values_list("problem_id", "state"):
                found.setdefault(pk, []).append(state)
        return found

    def whole(self):
        """Spans cover each life without gap or overlap and say what the entry says; versions follow one another."""
        for key, entry in zip(self.keys, self.model.entries, strict=True):
            spans = list(StateSpan.objects.filter(problem=key).order_by("id"))
            for before, after in itertools.pairwise(spans):
                assert (before.ended_at, before.ended_on) == (after.started_at, after.started_on)
            last = spans[-1]
            assert last.ended_at is None and last.state == entry.state
            running = entry.state in ("assigned", "in_progress")
            assert last.due_on == (entry.due_on if running else None)
            days = [(span.state, span.started_on, span.ended_on) for span in spans]
            told = [tuple(span[:3]) for span in entry.spans]
            assert [one for n, one in enumerate(days) if not n or one[0] != days[n - 1][0]][-1][0] == told[-1][0]
            events = Event.objects.filter(object_type="problems.problem", object_id=key).exclude(
                verb__in=["problem.received_merge", "problem.lost_merge"]
            )
            versions = sorted(event.data["version"] for event in events if "version" in event.data)
            assert versions == list(range(1, entry.version + 1))

    def funnel(self):
        while drain():
            pass
        place = scopes.parse(f"region:{self.world.own.region.code}")
        found = figures.read(list(FUNNEL), place, Period.parse("2026"), today=dt.date(2026, 12, 31))
        told = {code: sum(bool(counts(entry)) for entry in self.model.entries) for code, counts in FUNNEL.items()}
        assert {code: int(found[code].value or 0) for code in FUNNEL} == told


def calendar() -> Days:
    rows = list(CalendarDay.objects.values_list("day", "kind"))
    return Days(
        {day for day, kind in rows if kind != DayKind.MAKEUP}, {day for day, kind in rows if kind == DayKind.MAKEUP}
    )


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_lives_of_entries_are_those_of_the_model(part):
    """More lives than asked for: Hypothesis ends some early, and the first is the shortest. Only whole ones count."""
    Lives.world, Lives.days = build_world(), calendar()
    recount.rebuild()
    TALLY.update(lives=0, tried=0, done=0, states=set(), names=set())
    run_state_machine_as_test(
        seed(20260302 + part)(Lives),
        settings=settings(
            max_examples=LIVES * 4 // 3 + 2, stateful_step_count=STEPS + 1, deadline=None, database=None,
            print_blob=True, suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        ),
    )  # fmt: skip
    print("{lives} whole lives, {tried} steps, {done} of them done".format(**TALLY), len(TALLY["names"]), "kinds")
    assert TALLY["lives"] >= LIVES
    assert TALLY["done"] > TALLY["tried"] / 2
