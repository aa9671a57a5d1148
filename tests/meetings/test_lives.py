"""Random lives of one committee's meetings: every open decision and everything postponed is on one coming agenda, once,
until it ends. A plain book kept beside the product says what should be where."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.clock import now, today
from meetings import lifecycle
from meetings.lifecycle.agenda import top_up
from meetings.models import Decision, Matter, Meeting
from tests import factories as make
from tests.meetings.test_machine import meet

HOUR = dt.timedelta(hours=1)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["call", "call", "hold", "hold", "leave", "matter", "finish", "withdraw", "cancel"]),
        st.integers(0, 7),
        st.lists(st.sampled_from(["decision", "noted", "postponed"]), min_size=12, max_size=12),
    ),
    min_size=2,
    max_size=8,
)
# Each life begins with a meeting that puts off, decides and notes, so that there is something to come back.
BEGUN = [
    ("matter", 0, []), ("call", 0, []), ("hold", 0, ["postponed", "decision"] * 6), ("call", 1, []),
    ("hold", 0, ["postponed", "noted", "decision"] * 4), ("matter", 0, []), ("call", 3, []),
]  # fmt: skip


class Book:
    """What a careful secretary would have written down, by title."""

    def __init__(self, world):
        self.world, self.actor = world, world.actor("chain_secretary")
        self.committee = world.own.committees[0]
        self.decisions: set[str] = set()
        self.waiting: set[str] = set()
        self.left_out: dict[int, set[str]] = {}
        self.number = 0

    def coming(self):
        return list(Meeting.objects.filter(state="draft").order_by("starts_at", "pk"))

    def name(self, kind):
        self.number += 1
        return f"{kind}{self.number}"

    def do(self, step, pick, ends):
        meetings = self.coming()
        first = meetings[0] if meetings else None
        if step == "call":
            title = self.name("议题")
            self.left_out[meet(self.world, days=1 + pick, agenda=[{"title": title}]).pk] = set()
        elif step == "matter":
            title = self.name("事项")
            lifecycle.put_matter(self.committee, by=self.actor, title=title)
            self.waiting.add(title)
        elif step == "finish" and self.decisions:
            title = sorted(self.decisions)[pick % len(self.decisions)]
            lifecycle.finish_decision(
                Decision.objects.get(text=title), by=self.actor, done_on=today(), done_text="已落实"
            )
            self.decisions.discard(title)
        elif step == "withdraw":
            rows = [row for row in Matter.objects.order_by("pk") if lifecycle.may_withdraw(row, self.actor) is None]
            if rows:
                row = rows[pick % len(rows)]
                lifecycle.withdraw_matter(row, by=self.actor, reason="不再需要")
                self.waiting.discard(row.title)
        elif first is not None and step in ("hold", "leave", "cancel"):
            getattr(self, f"_{step}")(first, pick, ends)

    def _leave(self, meeting, pick, ends):
        items = list(meeting.agenda.all())
        if items:
            item = items[pick % len(items)]
            if item.key:
                self.left_out[meeting.pk].add(item.title)
            lifecycle.leave_out(item, by=self.actor)

    def _cancel(self, meeting, pick, ends):
        lifecycle.cancel(meeting, by=self.actor, reason="改期")

    def _hold(self, meeting, pick, ends):
        self.number += 1
        make.AttendanceFactory(meeting=meeting)
        past = now() - (500 - self.number) * HOUR
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=past, held_on=past.date())
        meeting.refresh_from_db()
        made = []
        for item, end in zip(meeting.agenda.all(), ends * 9, strict=False):
            lifecycle.settle_item(item, by=self.actor, end=end, note="")
            if item.title not in self.decisions:
                self.waiting.discard(item.title)
                if end == "postponed":
                    self.waiting.add(item.title)
            if end == "decision":
                title = self.name("决定")
                make.DecisionFactory(meeting=meeting, item=item, text=title, state="draft", due_on=today() + 90 * HOUR)
                made.append(title)
        lifecycle.hold(meeting, by=self.actor)
        self.decisions |= set(made)

    def check(self):
        """After beat has passed by: a second round finds nothing to do."""
        top_up(self.committee)
        assert top_up(self.committee) == 0
        on = {}
        for meeting in self.coming():
            for item in meeting.agenda.all():
                on.setdefault(item.title, []).append(meeting.pk)
        for title in self.decisions | self.waiting:
            free = [meeting.pk for meeting in self.coming() if title not in self.left_out[meeting.pk]]
            assert on.get(title, []) == free[:1], (title, on, self.left_out)
        assert not [
            title for title in on if title[:2] in ("决定", "事项") and title not in self.decisions | self.waiting
        ]


@pytest.mark.django_db
def test_what_is_open_or_put_off_is_on_the_next_agenda_once_until_it_ends(world):
    # Without shrinking: a life is short, and each costs the database a second.
    @settings(
        max_examples=4, deadline=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )  # fmt: skip
    @given(STEPS)
    def live(steps):
        with transaction.atomic():
            book = Book(world)
            for step in [*BEGUN, *steps]:
                book.do(*step)
                book.check()
            transaction.set_rollback(True)

    live()
