"""Versions of the rules: written for days to come only, previewed, and then exactly what the preview said."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from audit.models import Event
from core import clock
from core.clock import at_local
from core.transitions import Conflict, Refused
from problems import lifecycle, rules
from problems.enums import Light, Reach
from problems.lifecycle import limits, rule_changes, rule_preview, rulebooks
from problems.models import CallBack, Problem, Rulebook, StepLimit
from problems.rules import Rung
from tests import factories as make
from tests.problems.rulebooks import draft, made, past_book
from tests.problems.steps import MONDAY, day, in_state, raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(monkeypatch):
    """Wednesday 4 March 2026, the day on which the cast's entries are assigned; `today.set` moves it on."""

    class Today:
        def set(self, day, hour=11):
            monkeypatch.setattr(clock, "now", lambda: at_local(day, hour))

    found = Today()
    found.set(dt.date(2026, 3, 4))
    return found


# --- writing ------------------------------------------------------------------------------------------------------
def test_the_past_is_never_rewritten(world, today):
    with pytest.raises(ValidationError) as caught:
        made(world, valid_from=dt.date(2026, 3, 3))
    assert "valid_from" in caught.value.error_dict
    book = made(world, valid_from=dt.date(2026, 3, 4), ordinary_days=9)
    with pytest.raises(Refused) as begun:
        rulebooks.withdraw(book, by=world.actor("county_officer"))
    assert begun.value.refusal.code == "begun"


def test_a_slip_of_the_pen_is_corrected_on_the_same_day(world, today):
    """One working day instead of eleven, for open entries too: what was not missed in between comes right again."""
    officer, team = world.actor("county_officer"), world.actor("team_member")
    plain, missed = in_state(world, "assigned"), in_state(world, "in_progress")
    by_hand = lifecycle.assign(
        in_state(world, "accepted"), by=officer, team=world.own.team, due_on=dt.date(2026, 3, 18)
    )
    today.set(dt.date(2026, 3, 10))
    Problem.objects.filter(pk=missed.pk).update(due_on=dt.date(2026, 3, 6), yellow_on=dt.date(2026, 3, 4))
    missed.assignments.filter(is_lead=True).update(due_on=dt.date(2026, 3, 6))
    wrong = made(world, reach=Reach.OPEN, ordinary_days=1)
    rulebooks.work_off()
    assert Problem.objects.get(pk=plain.pk).due_on == dt.date(2026, 3, 11), "not before the next working day"
    with pytest.raises(ValidationError) as half:
        made(world, ordinary_days=11)
    assert "reach" in half.value.error_dict, "the entries that followed the wrong version have to follow this one"

    right = made(world, reach=Reach.OPEN, ordinary_days=11)
    assert (wrong.revision, right.revision) == (1, 2) and Rulebook.objects.filter(region=world.own.region).count() == 2
    assert rules.rulebook_for(world.own.region, clock.today()) == right
    assert [e.verb for e in Event.objects.of(wrong).order_by("id")] == ["rulebook.made", "rulebook.corrected"]
    seen = rule_preview.preview(Rulebook.objects.get(pk=right.pk), clock.today(), wrong)
    assert {row.problem.pk: row.new for row in seen.rows} == {plain.pk: dt.date(2026, 3, 19)}
    rulebooks.work_off()
    assert Problem.objects.get(pk=plain.pk).due_on == dt.date(2026, 3, 19)
    assert Problem.objects.get(pk=by_hand.pk).due_on == dt.date(2026, 3, 18)
    assert Problem.objects.get(pk=missed.pk).due_on == dt.date(2026, 3, 6), "what was missed stays missed"
    assert lifecycle.refusal_for("add_note", Problem.objects.get(pk=missed.pk), team) is None


def test_a_correction_takes_over_from_a_recalculation_half_done(world, today, monkeypatch):
    first, second = (in_state(world, "assigned") for _number in range(2))
    wrong = made(world, reach=Reach.OPEN, ordinary_days=20)
    monkeypatch.setattr(rulebooks, "BATCH", 1)
    assert rulebooks._batch(wrong.pk) == 1
    right = made(world, reach=Reach.OPEN, ordinary_days=12)
    seen = rule_preview.preview(Rulebook.objects.get(pk=right.pk), clock.today(), wrong)
    assert {row.problem.pk: row.new for row in seen.rows} == dict.fromkeys((first.pk, second.pk), dt.date(2026, 3, 20))
    assert rulebooks.work_off() == 2
    wrong.refresh_from_db()
    assert wrong.finished_at and wrong.checked == 1, "the version replaced went no further"
    assert {Problem.objects.get(pk=p.pk).due_on for p in (first, second)} == {dt.date(2026, 3, 20)}


def test_a_version_of_a_day_to_come_can_be_taken_back(world, today):
    book = made(world, valid_from=dt.date(2026, 4, 1), ordinary_days=9)
    assert rules.rulebook_for(world.own.region, dt.date(2026, 3, 31)).region is None
    assert rules.rulebook_for(world.own.towns[0], dt.date(2026, 4, 1)) == book
    rulebooks.withdraw(book, by=world.actor("county_officer"))
    assert rules.rulebook_for(world.own.region, dt.date(2026, 4, 1)).region is None
    assert list(Event.objects.filter(verb__startswith="rulebook.").order_by("id").values_list("verb", flat=True)) == [
        "rulebook.made",
        "rulebook.withdrawn",
    ]


@pytest.mark.parametrize("person", ["leader", "chain_secretary", "branch_secretary", "stranger_officer"])
def test_only_the_region_s_officer_writes(world, today, person):
    for region in (world.own.region, world.own.towns[0]):
        with pytest.raises(Refused):
            made(world, region, by=person)
    assert not Rulebook.objects.exclude(region=None).exists()


def test_not_above_the_own_region_and_not_the_common_rules(world, today):
    with pytest.raises(Refused):
        made(world, world.city)
    assert rulebooks.may_write(None, world.actor("county_officer")).code == "common"
    assert made(world, world.own.towns[0]).region == world.own.towns[0]


def test_two_officers_at_once_are_told(world, today):
    officer = world.actor("county_officer")
    first = rulebooks.make(draft(world.own.region, dt.date(2026, 4, 1)), by=officer, newest=-1)
    with pytest.raises(Conflict):
        rulebooks.make(draft(world.own.region, dt.date(2026, 5, 1)), by=officer, newest=-1)
    rulebooks.make(draft(world.own.region, dt.date(2026, 5, 1)), by=officer, newest=first.pk)


def test_the_same_limit_or_rung_twice_is_refused(world, today):
    for parts in (
        {"limits": [("sign", None, "", 2), ("sign", None, "", 3)]},
        {"ladder": [Rung("overdue", 1, "remind"), Rung("overdue", 1, "remind")]},
    ):
        with pytest.raises(ValidationError):
            made(world, **parts)
    assert not Rulebook.objects.exclude(region=None).exists()


# --- preview and effect -------------------------------------------------------------------------------------------
def _pictures():
    return {p.pk: (p.due_on, p.yellow_on, p.version) for p in Problem.objects.all()}


def test_only_new_entries_by_default(world, today):
    problem = in_state(world, "assigned")
    book = made(world, ordinary_days=12)
    assert rulebooks.work_off() == 0 and book.reach == Reach.NEW
    assert Problem.objects.get(pk=problem.pk).due_on == dt.date(2026, 3, 13)
    again = lifecycle.assign(in_state(world, "accepted"), by=world.actor("county_officer"), team=world.own.team)
    assert again.due_on == dt.date(2026, 3, 20)


def test_the_preview_is_what_then_happens(world, today):
    officer, team = world.actor("county_officer"), world.actor("team_member")
    today.set(dt.date(2026, 3, 6))
    plain, signed, suspended = (in_state(world, state) for state in ("assigned", "in_progress", "suspended"))
    by_hand = lifecycle.assign(
        in_state(world, "accepted"), by=officer, team=world.own.team, due_on=dt.date(2026, 3, 18)
    )
    long = in_state(world, "in_progress")
    long = lifecycle.ask_extension(long, by=team, new_due_on=dt.date(2026, 3, 27), reason="等检测")
    long = lifecycle.decide_extension(long, by=officer, granted=True)
    missed = in_state(world, "in_progress")
    today.set(dt.date(2026, 3, 10))
    due_today = {p: Problem.objects.get(pk=p.pk).due_on for p in (plain, signed, suspended, by_hand, long)}
    Problem.objects.filter(pk=missed.pk).update(due_on=dt.date(2026, 3, 6), yellow_on=dt.date(2026, 3, 4))
    missed.assignments.filter(is_lead=True).update(due_on=dt.date(2026, 3, 6))

    wanted = draft(world.own.region, ordinary_days=12, yellow_days=5, cohandler_days=6)
    before = rules.rulebook_for(world.own.region, clock.today())
    seen = rule_preview.preview(wanted.book(), wanted.valid_from, before)
    assert (seen.looked_at, seen.missed, seen.kept) == (6, 1, 2)
    said = {row.problem.pk: (row.new, row.light_after) for row in seen.rows}
    assert said[plain.pk][0] == said[signed.pk][0] == dt.date(2026, 3, 20)
    assert missed.pk not in said and suspended.pk in said
    version = {p.pk: p.version for p in Problem.objects.all()}

    rulebooks.make(wanted, by=officer, reach=Reach.OPEN)
    assert rulebooks.work_off() > 0
    for problem in Problem.objects.all():
        light = rule_changes._light(problem, clock.today())
        if problem.pk in said:
            assert (problem.due_on, light) == said[problem.pk]
            event = Event.objects.of(problem).filter(verb="problem.rules_changed").get()
            assert problem.version == version[problem.pk] + 1 and event.data["version"] == problem.version
    for kept in (by_hand, long):
        assert Problem.objects.get(pk=kept.pk).due_on == due_today[kept]
    missed.refresh_from_db()
    assert missed.due_on == dt.date(2026, 3, 6) and rule_changes._light(missed, clock.today()) == Light.RED
    helper = Problem.objects.get(pk=plain.pk).assignments.get(is_lead=False)
    assert helper.due_on == dt.date(2026, 3, 9), "the helper's own deadline was missed the day before"
    now = _pictures()
    assert rulebooks.work_off() == 0 and _pictures() == now, "a second run changes nothing"


def _running() -> dict:
    rows = StepLimit.objects.filter(met_on=None, dropped_on=None)
    return {row.pk: (row.step, row.due_on, row.near_on, row.paused_on) for row in rows}


def test_the_preview_lists_every_limit_that_moves_and_no_other(world, today):
    """To accept, assign, sign, reply first, rule, help, rate, look again, call; standing and missed ones, too."""
    officer, team = world.actor("county_officer"), world.actor("team_member")
    for state in ("submitted", "accepted", "assigned", "in_progress", "suspended", "resolved", "returned"):
        in_state(world, state)
    objected = lifecycle.object_to(in_state(world, "assigned"), by=team, ground="不属本单位", at=day(2, 15))
    waiting = in_state(world, "in_progress")
    lifecycle.resolve(
        waiting, by=team, outcome="waiting", text="等待省里政策", next_on=dt.date(2026, 3, 20), at=day(3, 16)
    )
    called = in_state(world, "in_progress")
    CallBack.objects.create(
        problem=called,
        region=called.region,
        kind="requested",
        asked_at=day(3),
        asked_on=day(3).date(),
        due_on=dt.date(2026, 3, 9),
    )
    limits.rebuild(called)
    today.set(dt.date(2026, 3, 6))
    raised(world, at=day(4, 8))
    lifecycle.accept(raised(world, at=day(4, 8)), by=world.actor("chain_secretary"), at=day(4, 8))
    fresh = lifecycle.accept(raised(world, at=day(4, 8)), by=world.actor("chain_secretary"), at=day(4, 8))
    fresh = lifecycle.assign(fresh, by=officer, team=world.own.team, at=day(4, 9))
    lifecycle.object_to(fresh, by=team, ground="不属本单位", at=day(4, 10))
    missed = StepLimit.objects.get(problem=objected, step="sign")
    values = dict.fromkeys(("accept_days", "assign_days", "sign_days", "ruling_days", "yellow_days"), 4)
    wanted = draft(
        world.own.region, **values, first_reply_days=6, ordinary_days=12, cohandler_days=6, rating_days=10,
        waiting_days=60, call_back_days=9, limits=[("sign", world.category.pk, "", 5)],
    )  # fmt: skip
    before = _running()
    seen = rule_preview.preview(wanted.book(), clock.today(), rules.rulebook_for(world.own.region, clock.today()))
    assert _running() == before, "a preview writes nothing"
    said = {row.limit.pk: row.new for step in seen.steps.values() for row in step.moved}
    moved = {step for step, one in seen.steps.items() if one.moved}
    assert moved >= {"accept", "assign", "first_reply", "rule", "cohandle", "rate", "resolve"}
    assert all(one.who for step in seen.steps.values() for one in step.moved)
    assert not seen.steps["wait"].moved and seen.steps["wait"].running and seen.steps["wait"].agreed
    rulebooks.make(wanted, by=officer, reach=Reach.OPEN)
    rulebooks.work_off()
    after = _running()
    assert after.keys() == before.keys()
    assert {key: row[1] for key, row in after.items()} == {key: said.get(key, row[1]) for key, row in before.items()}
    assert after[missed.pk][1] == missed.due_on, "a signature that was missed stays missed"
    for step, one in seen.steps.items():
        assert one.running == sum(row[0] == step for row in after.values()), step
    assert Event.objects.filter(verb="problem.rules_changed").count() >= len({row[0] for row in after.values()})


def test_the_span_shows_the_new_light(world, today):
    problem = in_state(world, "assigned")
    made(world, reach=Reach.OPEN, ordinary_days=12)
    rulebooks.work_off()
    span = problem.spans.get(ended_at=None)
    assert (span.due_on, span.red_from) == (dt.date(2026, 3, 20), dt.date(2026, 3, 21))
    limit = problem.limits.get(step="resolve", met_on=None, dropped_on=None)
    assert limit.due_on == dt.date(2026, 3, 20)


def test_a_shorter_limit_never_makes_anything_late_at_once(world, today):
    problem = in_state(world, "in_progress")
    today.set(dt.date(2026, 3, 12))
    made(world, reach=Reach.OPEN, ordinary_days=2)
    rulebooks.work_off()
    assert Problem.objects.get(pk=problem.pk).due_on == dt.date(2026, 3, 13)


def test_a_version_of_a_day_to_come_recalculates_on_its_day(world, today):
    problem = in_state(world, "assigned")
    book = made(world, valid_from=dt.date(2026, 3, 6), reach=Reach.OPEN, ordinary_days=12)
    assert rulebooks.work_off() == 0
    assert Problem.objects.get(pk=problem.pk).due_on == dt.date(2026, 3, 13)
    today.set(dt.date(2026, 3, 6), 0)
    assert rulebooks.work_off() == 1
    book.refresh_from_db()
    assert Problem.objects.get(pk=problem.pk).due_on == dt.date(2026, 3, 20)
    assert book.finished_at and (book.checked, book.moved) == (1, 1)


def test_recalculation_goes_on_where_it_was_killed(world, today, monkeypatch):
    problems = [in_state(world, "assigned") for _number in range(3)]
    book = made(world, reach=Reach.OPEN, ordinary_days=12)
    monkeypatch.setattr(rulebooks, "BATCH", 1)
    assert rulebooks._batch(book.pk) == 1
    book.refresh_from_db()
    assert (book.checked, book.to_check, book.finished_at) == (1, 3, None)
    whole, deaths = rule_changes.many.write, [KeyboardInterrupt]

    def dies(found):
        whole(found)
        if deaths:
            raise deaths.pop()

    monkeypatch.setattr(rule_changes.many, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        rulebooks.work_off()
    book.refresh_from_db()
    assert (book.checked, book.moved) == (1, 1), "the batch that was cut is undone whole"
    assert rulebooks.work_off() == 2
    assert {Problem.objects.get(pk=p.pk).due_on for p in problems} == {dt.date(2026, 3, 20)}
    assert Event.objects.filter(verb="problem.rules_changed").count() == 3


def test_a_nearer_rulebook_and_another_county_are_left_alone(world, today):
    near = in_state(world, "assigned")
    past_book(near.region, dt.date(2025, 1, 1))
    wanted = draft(world.own.region, ordinary_days=12)
    assert rule_preview.preview(wanted.book(), clock.today(), Rulebook()).looked_at == 0
    made(world, reach=Reach.OPEN, ordinary_days=12)
    assert rulebooks.work_off() == 0
    assert Problem.objects.get(pk=near.pk).due_on == dt.date(2026, 3, 13)


def test_two_versions_one_after_the_other(world, today):
    """A deadline that a recalculation gave is one that rules gave: the next version moves it again."""
    problem = in_state(world, "assigned")
    made(world, reach=Reach.OPEN, ordinary_days=12)
    rulebooks.work_off()
    today.set(dt.date(2026, 3, 5))
    made(world, valid_from=dt.date(2026, 3, 5), reach=Reach.OPEN, ordinary_days=10)
    rulebooks.work_off()
    assert Problem.objects.get(pk=problem.pk).due_on == dt.date(2026, 3, 18)


@pytest.mark.parametrize("number", [1, 6])
def test_a_preview_costs_the_same_for_many_entries(world, today, number, django_assert_max_num_queries):
    deep = make.CategoryFactory(name="深", parent=make.CategoryFactory(name="中", parent=world.category))
    for _entry in range(number):
        in_state(world, "assigned", category=deep)
    wanted = draft(world.own.region, ordinary_days=12, limits=[("resolve", world.category.pk, "", 14)])
    before = rules.rulebook_for(world.own.region, clock.today())
    with django_assert_max_num_queries(16):
        seen = rule_preview.preview(wanted.book(), clock.today(), before)
    assert {row.new for row in seen.rows} == {dt.date(2026, 3, 24)} and len(seen.rows) == number


def test_the_preview_counts_what_the_ladder_would_reach(world, today):
    late = in_state(world, "in_progress")
    today.set(dt.date(2026, 3, 18))
    wanted = draft(world.own.region, ladder=[Rung("overdue", 2, "escalate"), Rung("bounced", 1, "remind")])
    before = rules.rulebook_for(world.own.region, MONDAY)
    rungs = rule_preview.preview(wanted.book(), clock.today(), before).rungs
    assert {(one.rung.trigger, one.reached) for one in rungs if one.is_new} == {("overdue", 1), ("bounced", 0)}
    assert sum(not one.is_new for one in rungs) == 5 and late.pk
