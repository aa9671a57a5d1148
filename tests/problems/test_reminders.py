"""The ladder over weeks of a moved clock: each threshold exactly once, in office hours, nothing lost."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from core import clock, editions, workdays
from core.actor import SYSTEM
from core.clock import SHANGHAI, at_local
from problems import lifecycle
from problems.models import LadderRung, Problem, Reminder, Rulebook, Slip
from problems.supervision import fired, ladder
from tests.problems.steps import MONDAY, day, in_state, raised

pytestmark = pytest.mark.django_db

# Ten days before the October holiday of 2026, which begins on Thursday 1 October.
SEPTEMBER = dt.date(2026, 9, 21)


@pytest.fixture
def at(monkeypatch):
    """A function that sets the clock of the product."""

    def set_clock(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_clock


@pytest.fixture
def messages(django_capture_on_commit_callbacks):
    """Runs the ladder and answers the reminders that were told."""

    def run():
        told = []

        def hear(sender, reminder_id, **_):
            told.append(Reminder.objects.get(pk=reminder_id))

        fired.connect(hear)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                ladder.run()
        finally:
            fired.disconnect(hear)
        return told

    return run


def hours(first: dt.date, days: int, *, step: int = 1):
    for offset in range(days):
        for hour in range(0, 24, step):
            yield at_local(first + dt.timedelta(days=offset), hour, 40)


def put_rungs(*rungs):
    book = Rulebook.objects.get(region=None)
    book.ladder.all().delete()
    LadderRung.objects.bulk_create(LadderRung(rulebook=book, trigger=t, threshold=n, act=a) for t, n, a in rungs)


SHIPPED = {
    ("near", 2, "remind"), ("overdue", 1, "reminder_slip"), ("overdue", 3, "supervision_slip"),
    ("overdue", 5, "escalate"), ("bounced", 2, "escalate"),
}  # fmt: skip


def test_the_shipped_ladder(world):
    assert set(LadderRung.objects.values_list("trigger", "threshold", "act")) == SHIPPED


def test_sixty_days(world, at, messages):
    """Two entries, one handed on to a second unit, through sixty days with the October holiday inside; every hour the
    ladder runs, but for one whole working day on which the worker was down."""
    down = dt.date(2026, 9, 29)
    first = raised(world, at=at_local(SEPTEMBER))
    second = raised(world, at=at_local(SEPTEMBER), title="用电增容")
    officer, told, when = world.actor("county_officer"), [], Counter()
    for moment in hours(SEPTEMBER, 60):
        at(moment)
        local = moment.astimezone(SHANGHAI)
        if (local.date(), local.hour) == (SEPTEMBER + dt.timedelta(days=1), 9):
            for one in (first, second):
                lifecycle.accept(one, by=world.actor("chain_secretary"))
                lifecycle.assign(one, by=officer, team=world.own.team, codepartments=[world.own.departments[0]])
        if (local.date(), local.hour) == (dt.date(2026, 10, 14), 9):
            lifecycle.transfer(second, by=officer, department=world.own.departments[1], reason="职责调整")
        if local.date() == down:
            continue
        heard = messages()
        told += heard
        for _one in heard:
            when[local.date(), local.hour] += 1
    calendar = workdays.current()
    rows = list(Reminder.objects.select_related("limit", "slip"))
    keys = Counter((row.limit_id, row.trigger, row.threshold, row.act) for row in rows)
    assert set(keys.values()) == {1}, "each threshold once for each limit"
    for row in rows:
        fired_at = row.fired_at.astimezone(SHANGHAI)
        assert calendar.is_workday(fired_at.date()) and 8.5 <= fired_at.hour + fired_at.minute / 60 < 17.5, row
        left = calendar.remaining(row.limit.due_on, fired_at.date())
        assert left <= row.threshold if row.trigger == "near" else -left >= row.threshold
    # Nothing lost: every limit that ran late enough has every rung that is meant for its step.
    for limit in {row.limit for row in rows}:
        end = limit.met_on or limit.dropped_on or dt.date(2026, 11, 19)
        late = calendar.between(limit.due_on, end) if end > limit.due_on else 0
        mine = {(row.trigger, row.threshold, row.act) for row in rows if row.limit_id == limit.pk}
        for trigger, threshold, act in SHIPPED - {("bounced", 2, "escalate")}:
            if trigger == "overdue" and late > threshold and limit.step in ladder.STEPS[act]:
                assert (trigger, threshold, act) in mine, (limit, trigger, threshold)
    # The second unit's limits fired for themselves.
    resolve = [row for row in rows if row.limit.step == "resolve" and row.problem_id == second.pk]
    assert len({row.limit.assignment_id for row in resolve}) == 2
    # What was due on the day the worker was down came on the next morning.
    assert any(row.fired_at.astimezone(SHANGHAI).date() == dt.date(2026, 9, 30) for row in rows)
    assert not any(row.fired_at.astimezone(SHANGHAI).date() == down for row in rows)
    assert len(told) == len({one.pk for one in told}) and len(told) <= len(rows)
    # Slips: numbered one after the other, without a gap, by kind.
    for kind, word in (("reminder", "提醒"), ("supervision", "督办")):
        numbers = list(Slip.objects.filter(kind=kind).order_by("id").values_list("number", flat=True))
        assert numbers == [f"云岭县{word}〔2026〕{n}号" for n in range(1, len(numbers) + 1)] and numbers
    assert Problem.objects.get(pk=first.pk).is_escalated


def test_holidays_never_make_it_escalate_earlier(world, at, messages):
    """Due on 30 September: on 8 October one working day has passed, on 14 October five, of thirteen calendar days."""
    problem = raised(world, at=at_local(dt.date(2026, 9, 20)))
    lifecycle.accept(problem, by=SYSTEM, at=at_local(dt.date(2026, 9, 20), 10))
    problem = lifecycle.assign(
        problem, by=SYSTEM, team=world.own.team, due_on=dt.date(2026, 9, 30), at=at_local(dt.date(2026, 9, 20), 11)
    )
    rose = {}
    for moment in hours(dt.date(2026, 9, 30), 16, step=3):
        at(moment)
        messages()
        for row in Reminder.objects.filter(limit__step="resolve", trigger="overdue"):
            rose.setdefault(row.threshold, row.fired_at.astimezone(SHANGHAI).date())
    # 10 October is a make-up Saturday: the third working day after the holiday.
    assert rose == {1: dt.date(2026, 10, 8), 3: dt.date(2026, 10, 10), 5: dt.date(2026, 10, 13)}
    problem.refresh_from_db()
    assert (problem.is_escalated, problem.escalated_to, problem.escalated_on) == (True, "county", dt.date(2026, 10, 13))


def test_nothing_outside_office_hours(world, at, messages):
    in_state(world, "submitted")
    late = MONDAY + dt.timedelta(days=4)
    for moment in (
        at_local(late, 8, 29), at_local(late, 17, 30), at_local(late, 3), at_local(late + dt.timedelta(days=1), 10),
        at_local(dt.date(2026, 10, 5), 10),
    ):  # fmt: skip
        at(moment)
        assert messages() == []
    at(at_local(late, 8, 30))
    assert len(messages()) == 1


def test_a_return_re_arms_the_reminders(world, at, messages):
    problem = raised(world, at=day(0))
    at(day(2, 10))
    assert [one.act for one in messages()] == ["reminder_slip"]
    at(day(2, 11))
    lifecycle.return_for_completion(problem, by=world.actor("chain_secretary"), reason="要素不全")
    at(day(9, 11))
    assert messages() == [], "the enterprise has it"
    lifecycle.resubmit(problem, by=world.actor("branch_secretary"), text="补充了用车时间")
    at(day(11, 10))
    assert [one.act for one in messages()] == ["reminder_slip"]
    assert Slip.objects.filter(problem=problem).count() == 2


def test_changing_a_rule_leaves_no_old_alarm(world, at, messages):
    in_state(world, "assigned")
    at(day(7, 10))
    put_rungs(("overdue", 4, "remind"))
    assert messages() == [], "the rungs of before are forgotten, though their thresholds were reached"
    at(day(9, 10))
    assert {one.threshold for one in messages()} == {4}
    put_rungs()
    at(day(30, 10))
    assert messages() == []


def test_a_changed_calendar_leaves_no_old_alarm(world, at, messages):
    """The day of the deadline becomes a holiday: what was due then is not late on the next day."""
    raised(world, at=day(0))
    put_rungs(("overdue", 1, "remind"))
    at(day(1, 10))
    editions.change({MONDAY + dt.timedelta(days=1): "local_off"}, by=SYSTEM, reason="本地放假")
    at(day(2, 10))
    assert messages() == []
    at(day(3, 10))
    assert len(messages()) == 1


def test_a_pause_fires_nothing(world, at, messages):
    problem = in_state(world, "in_progress")
    lifecycle.suspend(problem, by=world.actor("county_officer"), reason="等待批复", at=day(4))
    at(day(60, 10))
    assert messages() == []


def test_several_missed_at_once_are_recorded_and_told_once(world, at, messages):
    problem = in_state(world, "assigned")
    Rulebook.objects.filter(region=None).update(supervision_answer_days=4)
    at(day(30, 10))
    told = messages()
    resolve = Reminder.objects.filter(problem=problem, limit__step="resolve")
    assert {(row.trigger, row.threshold, row.act) for row in resolve} == SHIPPED - {("bounced", 2, "escalate")}
    assert [one.act for one in told if one.limit.step == "resolve"] == ["escalate"]
    slips = Slip.objects.filter(problem=problem, assignment__is_lead=True, reminder__limit__step="resolve")
    assert [slip.kind for slip in slips] == ["supervision"], "one paper, the stronger"
    assert workdays.current().between(slips[0].issued_on, slips[0].answer_due_on) == 4, "as the rulebook has it"
    at(day(31, 10))
    assert messages() == []


def test_bounced_and_not_satisfied_rise_once(world, at, messages):
    put_rungs(("bounced", 1, "supervision_slip"), ("not_satisfied", 1, "escalate"))
    officer = world.actor("county_officer")
    problem = in_state(world, "assigned")
    problem = lifecycle.transfer(problem, by=officer, department=world.own.departments[1], reason="职责", at=day(4))
    at(day(4, 10))
    told = messages()
    assert [(one.trigger, one.act) for one in told] == [("bounced", "supervision_slip")]
    assert Slip.objects.get().department == world.own.departments[1]
    problem = lifecycle.transfer(problem, by=officer, team=world.own.team, reason="职责", at=day(4, 11))
    at(day(4, 12))
    assert messages() == [], "once in the life of the entry"
    problem = lifecycle.sign(problem, by=world.actor("team_member"), at=day(4, 13))
    problem = lifecycle.resolve(problem, by=world.actor("team_member"), outcome="solved", text="已办", at=day(4, 14))
    lifecycle.rate(problem, by=world.actor("branch_secretary"), rating="not_satisfied", text="没有", at=day(4, 15))
    at(day(4, 16))
    assert [(one.trigger, one.act) for one in messages()] == [("not_satisfied", "escalate")]
    assert Problem.objects.get(pk=problem.pk).is_escalated


def test_a_long_wait_is_told(world, at, messages):
    put_rungs(("waited", 10, "remind"))
    problem = in_state(world, "in_progress")
    lifecycle.resolve(
        problem, by=world.actor("team_member"), outcome="waiting", text="等细则",
        next_on=MONDAY + dt.timedelta(days=40), at=day(4),
    )  # fmt: skip
    at(day(17, 10))
    assert messages() == []
    at(day(18, 10))
    assert [one.trigger for one in messages()] == ["waited"]
    at(day(21, 10))
    assert messages() == []


def test_each_county_by_its_own_rules_and_hours(world, at, messages):
    own = Rulebook.objects.create(region=world.own.region, valid_from=dt.date(2026, 1, 1), opens_at=dt.time(14))
    LadderRung.objects.create(rulebook=own, trigger="overdue", threshold=1, act="remind")
    raised(world, at=day(0))
    strange = lifecycle.raise_problem(
        by=SYSTEM,
        enterprise=world.other.enterprises[0],
        category=world.category,
        title="外县",
        text="外县的事",
        at=day(0),
    )
    at(day(2, 10))
    assert [(one.problem_id, one.act) for one in messages()] == [(strange.pk, "reminder_slip")]
    at(day(2, 14))
    assert [one.act for one in messages()] == ["remind"]


def test_slips_only_for_those_who_owe_a_step(world, at, messages):
    """Nobody sends the enterprise a slip because it has not rated, and an entry rises by its deadline alone."""
    in_state(world, "resolved")
    at(day(42, 10))
    messages()
    assert not Slip.objects.filter(reminder__limit__step="rate").exists()
    assert set(Reminder.objects.filter(limit__step="rate").values_list("act", flat=True)) == {"remind"}
    assert not Problem.objects.filter(is_escalated=True).exists()


def test_the_number_of_statements_does_not_grow(world, at):
    for _n in range(3):
        raised(world, at=day(0))
    at(day(0, 12))
    with CaptureQueriesContext(connection) as few:
        ladder.due(clock.now())
    for _n in range(20):
        raised(world, at=day(0))
    with CaptureQueriesContext(connection) as many:
        ladder.due(clock.now())
    assert len(few) == len(many) <= 6


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_fire_once(world, at):
    for number in range(6):
        raised(world, at=day(0), title=f"事项{number}")
    moment = day(2, 10)
    counts, gate = [], threading.Barrier(2)

    def work():
        try:
            gate.wait()
            counts.append(ladder.run(moment))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == Reminder.objects.count() == 6 * 2
    assert Slip.objects.count() == 6
