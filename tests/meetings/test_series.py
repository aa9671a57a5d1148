"""Meetings that recur: their days as a pure function, and drafts that come once however often they are asked for."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from core import workdays
from core.clock import today
from meetings import lifecycle, recurrence, tasks
from meetings.models import Meeting, MeetingSeries
from tests import factories as make

DAY = dt.timedelta(days=1)
CALENDAR = workdays.build(
    [(dt.date(2026, 10, day), "holiday") for day in range(1, 8)] + [(dt.date(2026, 10, 10), "makeup")]
)


def rule(period, workday, **changes):
    given = {"starts_on": dt.date(2026, 1, 1), "ends_on": None, "committee": SimpleNamespace(dissolved_on=None)}
    return SimpleNamespace(period=period, workday=workday, **given | changes)


def days(series, first, last):
    return [(span.key, date) for span, date in recurrence.dates(series, CALENDAR, first, last)]


def test_days_by_hand():
    autumn = dt.date(2026, 9, 1), dt.date(2026, 12, 31)
    assert days(rule("quarter", 1), *autumn) == [("2026-Q4", dt.date(2026, 10, 8))]
    assert days(rule("month", -1), *autumn)[:2] == [
        ("2026-09", dt.date(2026, 9, 30)),
        ("2026-10", dt.date(2026, 10, 30)),
    ]
    assert days(rule("half", 2), dt.date(2026, 1, 1), dt.date(2026, 12, 31))[1] == ("2026-H2", dt.date(2026, 7, 2))
    # A week with two working days has no fifth: its last one. Saturday the 10th is worked.
    week = days(rule("week", 5), dt.date(2026, 9, 28), dt.date(2026, 10, 11))
    assert week == [("2026-W40", dt.date(2026, 9, 30)), ("2026-W41", dt.date(2026, 10, 10))]
    ended = rule(
        "month", 1, ends_on=dt.date(2026, 10, 31), committee=SimpleNamespace(dissolved_on=dt.date(2026, 10, 8))
    )
    assert days(ended, *autumn) == [("2026-09", dt.date(2026, 9, 1)), ("2026-10", dt.date(2026, 10, 8))]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["week", "month", "quarter", "half", "year"]),
    st.integers(-130, 130).filter(bool),
    st.dates(dt.date(2025, 12, 1), dt.date(2027, 2, 1)),
    st.integers(0, 400),
)
def test_every_day_equals_a_plain_count(period, workday, first, length):
    """Against a list of all days: each period's working days written out and picked from."""
    last = first + length * DAY
    found = {}
    for offset in range(-400, length + 400):
        day = first + offset * DAY
        span = recurrence.span_of(period, day)
        assert span.first <= day <= span.last
        if CALENDAR.is_workday(day):
            found.setdefault(span.key, []).append(day)
    expected = []
    for key, listed in found.items():
        place = min(workday - 1, len(listed) - 1) if workday > 0 else max(len(listed) + workday, 0)
        if first <= listed[place] <= last:
            expected.append((key, listed[place]))
    assert days(rule(period, workday, starts_on=first), first, last) == expected


@pytest.fixture
def series(world):
    committee = world.own.committees[0]
    return MeetingSeries.objects.create(
        committee=committee, region=committee.region, kind=make.meeting_kind(), title="党委例会", period="month",
        workday=1, starts_time=dt.time(9, 30), place="县政府三楼", days_ahead=40, starts_on=today(),
    )  # fmt: skip


@pytest.mark.django_db
def test_drafts_come_once_and_whoever_dies_leaves_none_half_made(series, monkeypatch):
    made = []
    real = lifecycle.series.save_meeting

    def dies(*arguments, **values):
        made.append(real(*arguments, **values))
        raise RuntimeError("killed")

    monkeypatch.setattr(lifecycle.series, "save_meeting", dies)
    with pytest.raises(RuntimeError):
        tasks.make_series_drafts()
    assert made and not Meeting.objects.exists()
    monkeypatch.undo()
    count = tasks.make_series_drafts()
    assert count >= 1 and tasks.make_series_drafts() == 0
    meeting = Meeting.objects.order_by("held_on").first()
    month = f"{meeting.held_on.year}年{meeting.held_on.month}月"
    assert (meeting.title, meeting.state, meeting.place) == (f"党委例会（{month}）", "draft", "县政府三楼")
    assert today() <= meeting.held_on <= today() + 40 * DAY
    # Called off is called off: it is not made again.
    Meeting.objects.update(state="cancelled")
    assert tasks.make_series_drafts() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        make.MeetingFactory(committee=series.committee, series=series, series_period=meeting.series_period)


@pytest.mark.django_db
def test_a_keeper_sets_a_series_up_and_the_committee_shows_it(world, client_of):
    client = client_of("chain_secretary")
    data = {
        "committee": world.own.committees[0].pk, "kind": make.meeting_kind().pk, "title": "党委例会",
        "period": "quarter", "workday": "-2", "starts_time": "09:30", "days_ahead": "14",
        "starts_on": today().isoformat(),
    }  # fmt: skip
    page = client.post("/meetings/series/new/", data | {"workday": "0"}).content.decode()
    assert "不能是 0" in page
    foreign = client.post("/meetings/series/new/", data | {"committee": world.own.committees[1].pk})
    assert foreign.status_code == 200
    address = client.post("/meetings/series/new/", data)["Location"]
    series = MeetingSeries.objects.get()
    page = client.get(address).content.decode()
    first = next(recurrence.dates(series, workdays.current(series.region.path), today(), today() + 400 * DAY))[1]
    assert "倒数第 2 个工作日" in page and first.isoformat() in page
    assert f"下次 {first.isoformat()}" in client.get(f"/committees/{series.committee_id}/").content.decode()
    seen = client.get(f"{address}edit/").content.decode()
    stamp = seen.split('name="version" value="')[1].split('"')[0]
    client.post(f"{address}edit/", data | {"ends_on": today().isoformat(), "version": stamp})
    series.refresh_from_db()
    assert series.ends_on == today()
