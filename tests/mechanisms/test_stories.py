"""What becomes of duties as days go by: reminders, edges of periods, actors that come and go, changes of rules."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core import cycles
from core.clock import at_local
from core.cycles import Cycle
from core.transitions import Conflict, Refused
from mechanisms import check, lifecycle, reading, words
from mechanisms.drain import drain, rebuild
from mechanisms.enums import Verdict
from mechanisms.models import Mark, MechanismVersion, Obligation, Told, Vacancy
from meetings.models import Meeting
from notices import duties
from notices.models import Notice
from tests import factories as make
from tests.mechanisms.rules import QUARTERLY, made, standing

pytestmark = pytest.mark.django_db
APRIL, JUNE = dt.date(2026, 4, 1), dt.date(2026, 6, 30)
DAY = dt.timedelta(days=1)


def verdicts(mechanism, today, first=None):
    """{committee: word} of the period that runs, or of the one that begins on `first`."""
    rows = Obligation.objects.filter(mechanism=mechanism).select_related("version")
    rows = rows.filter(first_on=first) if first else rows.current(today)
    return {row.actor_id: reading.judge(row, row.version, today) for row in rows}


@pytest.mark.parametrize(("quarter", "days"), [(1, range(60, 72)), (3, range(92)), (4, range(60, 72))])
def test_a_committee_without_a_meeting_by_day_70_gets_one_reminder_once(world, at, quarter, days):
    """Day by day at nine: one notice by the seventieth day, none before the warning, none after."""
    first = dt.date(2026, 3 * quarter - 2, 1)
    idle, busy = world.own.committees
    made(world.own.region, starts_on=first)
    make.MeetingFactory(committee=busy, held_on=first)
    told = []
    for number in days:
        at(at_local(first + number * DAY, 9))
        told += [number + 1] * duties.tell()
    assert len(told) == 1 and 64 <= told[0] <= 70, told
    assert duties.tell() == 0, "the same day again"
    notice = Notice.objects.get()
    assert notice.user == world.people["chain_secretary"] and notice.duty.actor_id == idle.pk
    assert f"committee={idle.pk}" in notice.address


def test_the_reminder_waits_for_office_hours_names_what_is_planned_and_is_not_repeated(world, at, client_of):
    mechanism = made(world.own.region, starts_on=APRIL)
    committee = world.own.committees[0]
    plan = make.MeetingFactory(committee=committee, held_on=JUNE - 3 * DAY, state="draft")
    at(at_local(dt.date(2026, 6, 8), 7))
    assert duties.tell() == 0, "before the office opens"
    at(at_local(dt.date(2026, 6, 8), 9))
    assert duties.tell() == 2, "the other committee has no secretary: the officer hears of it"
    own = Notice.objects.get(user=world.people["chain_secretary"])
    assert own.code == "duty_planned" and own.data["planned_on"] == plan.held_on.isoformat()
    assert Notice.objects.get(user=world.people["county_officer"]).code == "duty"
    client = client_of("chain_secretary")
    page = client.get("/inbox/").content.decode()
    assert "常态一季一议" in page and "2026年第2季度还没有落实，最后一天是 2026-06-30；已计划 2026-06-27" in page
    assert f"committee={committee.pk}" in client.post(f"/inbox/{own.pk}/open/")["Location"]
    Meeting.objects.filter(pk=plan.pk).update(state="held", held_on=dt.date(2026, 6, 9))
    drain()
    assert verdicts(mechanism, dt.date(2026, 6, 8))[committee.pk] == Verdict.COMING, "of tomorrow: not yet"
    at(at_local(dt.date(2026, 6, 9), 18))
    drain()
    assert verdicts(mechanism, dt.date(2026, 6, 9))[committee.pk] == Verdict.COMPLIED
    Meeting.objects.filter(pk=plan.pk).update(state="cancelled")
    at(at_local(dt.date(2026, 6, 23), 10))
    assert duties.tell() == 0 and Told.objects.count() == 2, "a duty undone is not told of again"
    assert verdicts(mechanism, dt.date(2026, 6, 23))[committee.pk] == Verdict.COMING


def test_a_period_ends_at_midnight_in_shanghai(world, at):
    mechanism = made(world.own.region, starts_on=APRIL)
    on_time, late = world.own.committees
    for committee, moment in ((on_time, at_local(JUNE, 23, 59)), (late, at_local(JUNE + DAY, 0, 1))):
        make.MeetingFactory(committee=committee, starts_at=moment, held_on=moment.astimezone().astimezone(
            at_local(JUNE).tzinfo).date())  # fmt: skip
    at(at_local(JUNE, 23, 59))
    drain()
    assert verdicts(mechanism, JUNE) == {on_time.pk: Verdict.COMPLIED, late.pk: Verdict.COMING}
    stored = Obligation.objects.get(actor_id=late.pk, first_on=APRIL)
    assert reading.judge(stored, stored.version, JUNE + DAY) == Verdict.LATE, "right before any task has run"
    at(at_local(JUNE + DAY, 0, 2))
    drain()
    stored.refresh_from_db()
    assert stored.missed_on == stored.judged_on == JUNE
    assert verdicts(mechanism, JUNE + DAY)[late.pk] == Verdict.COMPLIED, "the meeting after midnight is the next one's"
    assert check.compare()[1] == []


def test_who_comes_or_goes_within_a_period_is_judged_for_half_of_it_or_more(world, at):
    """April to June has 91 days: 46 are half or more."""
    at(at_local(JUNE + DAY))
    region, cases = world.own.region, {}
    for founded, dissolved, judged in [
        (JUNE - 45 * DAY, None, True), (JUNE - 44 * DAY, None, False), (APRIL - DAY, JUNE, False),
        (APRIL - DAY, JUNE + DAY, True), (APRIL, JUNE - 50 * DAY, False),
    ]:  # fmt: skip
        chain = make.ChainFactory(region=region)
        one = make.CommitteeFactory(chain=chain, founded_on=founded, dissolved_on=dissolved)
        cases[one.pk] = judged
    mechanism = made(region, starts_on=APRIL)
    drain()
    rows = Obligation.objects.filter(mechanism=mechanism, first_on=APRIL, actor_id__in=cases)
    assert {row.actor_id: row.is_judged for row in rows} == cases


def test_a_change_of_the_rule_leaves_ended_periods_as_they_were(world, at):
    officer = world.actor("county_officer")
    at(at_local(dt.date(2026, 7, 3)))
    mechanism = made(world.own.region, starts_on=APRIL)
    drain()
    before = list(Obligation.objects.filter(first_on=APRIL).order_by("pk").values())
    old = lifecycle.latest(mechanism)
    values = {**QUARTERLY, "cadence": "month", "starts_on": dt.date(2026, 8, 1), "warn_days": 7}
    with pytest.raises(ValidationError) as wrong:
        lifecycle.change(mechanism, values, by=officer, seen=old.pk)
    assert "还没有结束" in str(wrong.value), "a quarter is not cut in two"
    with pytest.raises(ValidationError):
        lifecycle.change(mechanism, {**values, "starts_on": dt.date(2026, 7, 1)}, by=officer, seen=old.pk)
    new = lifecycle.change(mechanism, {**values, "starts_on": dt.date(2026, 10, 1)}, by=officer, seen=old.pk)
    with pytest.raises(Conflict):
        lifecycle.change(mechanism, values, by=officer, seen=old.pk)
    with pytest.raises(Refused):
        lifecycle.change(mechanism, values, by=world.actor("chain_secretary"), seen=new.pk)
    at(at_local(dt.date(2026, 11, 2)))
    drain()
    assert list(Obligation.objects.filter(first_on=APRIL).order_by("pk").values()) == before
    firsts = {row.first_on.month: row.version_id for row in Obligation.objects.filter(mechanism=mechanism)}
    assert firsts == {4: old.pk, 7: old.pk, 10: new.pk, 11: new.pk}
    assert rebuild() == 0 and check.compare()[1] == []
    with pytest.raises(IntegrityError), transaction.atomic():
        MechanismVersion.objects.filter(pk=new.pk).update(starts_on=dt.date(2026, 10, 2))


def test_a_region_below_switches_a_mechanism_off_for_itself(world, at):
    at(at_local(dt.date(2026, 7, 3)))
    mechanism = made(world.city, starts_on=APRIL)
    drain()
    officer = world.actor("county_officer")
    with pytest.raises(Refused):
        lifecycle.switch_off(mechanism, world.other.region, from_on=dt.date(2026, 7, 3), reason="试点", by=officer)
    with pytest.raises(ValidationError):
        lifecycle.switch_off(mechanism, world.own.region, from_on=dt.date(2026, 6, 3), reason="试点", by=officer)
    off = lifecycle.switch_off(mechanism, world.own.region, from_on=dt.date(2026, 7, 3), reason="试点", by=officer)
    drain()
    today = dt.date(2026, 7, 3)
    others = {one.pk for one in world.other.committees}
    assert set(verdicts(mechanism, today)) == others
    assert set(verdicts(mechanism, today, APRIL)) == others | {one.pk for one in world.own.committees}
    lifecycle.switch_on(off, by=officer)
    drain()
    assert len(verdicts(mechanism, today)) == 4 and check.compare()[1] == []


def test_a_seat_that_stands_empty_says_since_when(world, at):
    at(at_local(JUNE))
    mechanism = standing(world.own.region)
    held, empty = world.own.committees
    drain()
    assert verdicts(mechanism, JUNE) == {held.pk: Verdict.COMPLIED, empty.pk: Verdict.VACANT}
    seat = held.seats.get(kind="secretary")
    seat.ended_on = JUNE - 10 * DAY
    seat.save()
    drain()
    duty = reading.dress(Obligation.objects.filter(actor_id=held.pk).select_related("version"), JUNE)[0]
    assert duty.finding == "自 2026-06-20 起空缺"
    make.SeatFactory(committee=held, kind="secretary", started_on=JUNE - 2 * DAY)
    drain()
    gap = Vacancy.objects.get(actor_id=held.pk)
    assert (gap.from_on, gap.until_on) == (JUNE - 10 * DAY, JUNE - 2 * DAY)
    at(at_local(JUNE + 40 * DAY))
    drain()
    assert check.compare()[1] == []


def test_coverage_is_of_those_who_are_there(world, at):
    """Every organisation of the county's committees reports its members in the half-year: nine of ten are asked for."""
    at(at_local(JUNE))
    committee, others = world.own.committees[0], []
    for _number in range(9):
        others.append(make.PartyOrganisationFactory(region=world.own.region, committee=committee))
    mechanism = made(
        world.own.region, act="enterprises.member_count", act_filters={}, cadence="half", minimum=0, percent=90,
        reaches="organisation", reaches_filters={"kind": ["branch"]},
    )  # fmt: skip
    from enterprises.models import MemberCount

    for number, one in enumerate(others):
        MemberCount.objects.create(organisation=one, region=one.region, committee=committee, members=5,
                                   from_on=APRIL + number * DAY)  # fmt: skip
    drain()
    duty = Obligation.objects.get(mechanism=mechanism, actor_id=committee.pk)
    assert (duty.wanted, duty.reached, duty.complied_on) == (9, 9, APRIL + 8 * DAY)
    for _number in range(4):
        make.PartyOrganisationFactory(region=world.own.region, committee=committee)
    drain()
    duty.refresh_from_db()
    assert (duty.wanted, duty.reached, duty.complied_on) == (13, 9, None) and check.compare()[1] == []


def test_one_to_two_a_year_is_too_much_at_three(world, at):
    at(at_local(JUNE))
    mechanism = made(world.own.region, cadence="year", maximum=2)
    committee = world.own.committees[0]
    for number in range(3):
        make.MeetingFactory(committee=committee, held_on=APRIL + number * DAY)
    drain()
    assert verdicts(mechanism, JUNE)[committee.pk] == Verdict.OVER
    assert words.sentence(lifecycle.latest(mechanism)).startswith(
        "各产业链党委每年召开会议（会议类别为党委会） 1 至 2 次。"
    )


def test_marks_name_what_changed_and_nothing_else(world, at):
    at(at_local(JUNE))
    made(world.own.region, starts_on=APRIL)
    drain()
    meeting = make.MeetingFactory(committee=world.own.committees[0], held_on=APRIL)
    seen = {(m.subject, m.code, m.actor_kind, m.actor_id, m.day) for m in Mark.objects.filter(actor_kind="committee")}
    assert seen == {("act", "meetings.meeting", "committee", meeting.committee_id, APRIL)}
    drain()
    Meeting.objects.filter(pk=meeting.pk).update(place="议事厅")
    assert not Mark.objects.exists(), "what the radar does not read marks nothing"
    Meeting.objects.filter(pk=meeting.pk).update(held_on=APRIL + DAY)
    assert {mark.day for mark in Mark.objects.filter(actor_kind="committee")} == {APRIL, APRIL + DAY}
    with transaction.atomic():
        meeting.delete()
        transaction.set_rollback(True)


def test_weeks_and_ten_days():
    assert Cycle.of(cycles.WEEK, dt.date(2027, 1, 2)) == Cycle(dt.date(2026, 12, 28), dt.date(2027, 1, 3), "week")
    assert Cycle.of(cycles.WEEK, dt.date(2027, 1, 2)).name == "2026年第53周"
    found = cycles.between("ten_days", dt.date(2028, 2, 1), dt.date(2028, 2, 29))
    parts = [(one.first.day, one.last.day) for one in found]
    assert parts == [(1, 10), (11, 20), (21, 29)]
    assert Cycle.of("ten_days", dt.date(2026, 11, 30)).name == "2026年11月下旬"
    for kind in cycles.KINDS:
        day = dt.date(2025, 12, 29)
        for one in cycles.between(kind, day, dt.date(2027, 1, 10)):
            assert one.next().previous() == one and one.next().first == one.after and one.first <= one.last
