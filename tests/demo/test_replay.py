"""A sample of the demonstration's problems, told again through the real lifecycle at the same moments.

What the generator wrote and what the ledger would have written must be the same: columns, spans, legs, requests,
events. This is what lets the demonstration be loaded in bulk.
"""

import random

import pytest
import time_machine
from django.db import connection

from accounts.models import User
from audit.models import Event
from core import clock
from demo import loading, yunling
from demo.accounts import password_hash
from problems import lifecycle
from problems.models import Problem

COLUMNS = [
    field.attname
    for field in Problem._meta.concrete_fields
    if field.attname not in ("id", "number", "closing_number", "tokens", "text", "merged_into_id", "top_category")
]
# What a replayed entry cannot share with the original: keys, and what was written on its account.
SPAN = ["state", "team_id", "department_id", "enterprise_id", "region_id", "chain_id", "committee_id", "started_at",
        "started_on", "ended_at", "ended_on", "due_on", "yellow_from", "yellow_until", "red_from"]  # fmt: skip
LEG = ["team_id", "department_id", "is_lead", "assigned_by_id", "assigned_at", "due_on", "instruction", "signed_at",
       "signed_by_id", "handler_id", "reported_at", "report_text", "ended_at", "end_kind"]  # fmt: skip
OBJECTION = ["ground", "raised_by_id", "raised_at", "state", "ruling", "ruled_by_id", "ruled_at"]
EXTENSION = ["asked_by_id", "asked_at", "old_due_on", "new_due_on", "reason", "state", "answer", "decided_by_id",
             "decided_at"]  # fmt: skip
LIMIT = ["step", "enterprise_id", "region_id", "chain_id", "committee_id", "started_on", "days", "due_on", "near_on",
         "paused_on", "met_on", "dropped_on", "assignment__team_id", "assignment__department_id"]  # fmt: skip
RENAMED = {
    "grant_objection": "rule_on_objection", "refuse_objection": "rule_on_objection",
    "grant_extension": "decide_extension", "refuse_extension": "decide_extension", "rate_not_satisfied": "rate",
}  # fmt: skip


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The county is loaded; the histories that it was loaded from are kept in memory."""
    from tests.demo.conftest import loaded

    kept = {}

    class Kept(yunling.Yunling):
        def build(self):
            kept["county"] = self
            return super().build()

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(yunling, "Yunling", Kept)
        with loaded("yunling"):
            yield kept["county"].ledger.histories
    assert loading.names()["yunling"][2] is yunling.Yunling
    assert password_hash


def sample(histories):
    """Of every kind of step at least a few entries, and some by chance."""
    whole = [h for h in histories if h.problem.submitted_at and not any(s.name == "merge_into" for s in h.happenings)]
    chosen, seen = [], {}
    for history in whole:
        names = {step.name for step in history.happenings}
        if any(seen.get(name, 0) < 2 for name in names):
            chosen.append(history)
            for name in names:
                seen[name] = seen.get(name, 0) + 1
    chosen += random.Random(5).sample(whole, 25)
    return {history.problem.pk: history for history in chosen}.values(), set(seen)


def replay(history):
    """The same steps by the same people at the same moments; answers the entry."""
    original, problem = history.problem, None
    for step in history.happenings:
        if step.name == "received_merge":
            continue
        with time_machine.travel(step.at, tick=False):
            if step.name == "raise_problem":
                problem = lifecycle.raise_problem(
                    by=step.by, enterprise=original.enterprise, category=original.category, title=original.title,
                    text=original.text, source=original.source, urgency=original.urgency, chain=original.chain,
                    contact_name=original.contact_name, contact_phone=original.contact_phone,
                )  # fmt: skip
            else:
                act = getattr(lifecycle, RENAMED.get(step.name, step.name))
                problem = act(problem, by=step.by, version=problem.version, **step.arguments)
    return problem


def rows(queryset, columns):
    return [dict(zip(columns, row, strict=True)) for row in queryset.order_by("pk").values_list(*columns)]


def events(pk):
    """Verb, who and data of the entry's events in the order of time, without what names the entry itself."""
    found = Event.objects.filter(object_type="problems.problem", object_id=pk).exclude(verb="problem.received_merge")
    told = []
    for event in found.order_by("at", "id"):
        data = {key: value for key, value in event.data.items() if key != "closing_number"}
        told.append((event.verb, event.actor_id, event.actor_name, event.actor_title, event.at, data))
    return told


def test_lifecycle_would_have_written_the_same(told):
    chosen, steps = sample(told)
    assert len(chosen) >= 40
    assert {"resolve", "rate", "close", "reopen", "suspend", "resume", "transfer", "grant_objection", "withdraw",
            "rate_not_satisfied", "set_waiting_date", "note_decided", "grant_extension",
            "decline"} <= steps  # fmt: skip
    for history in chosen:
        original = Problem.objects.get(pk=history.problem.pk)
        again = Problem.objects.get(pk=replay(history).pk)
        name = f"{original.number}: {[step.name for step in history.happenings]}"
        assert {c: getattr(again, c) for c in COLUMNS} == {c: getattr(original, c) for c in COLUMNS}, name
        assert again.top_category == original.top_category
        assert bool(again.closing_number) == bool(original.closing_number)
        assert again.number.rsplit("-", 1)[0] == original.number.rsplit("-", 1)[0]
        assert rows(again.spans, SPAN) == rows(original.spans, SPAN), name
        assert rows(again.assignments, LEG) == rows(original.assignments, LEG), name
        # A call may be drawn when a result is entered; the demonstration draws none.
        assert rows(again.limits.exclude(step="call_back"), LIMIT) == rows(original.limits, LIMIT), name
        assert rows(again.objections, OBJECTION) == rows(original.objections, OBJECTION), name
        assert rows(again.extensions, EXTENSION) == rows(original.extensions, EXTENSION), name
        assert events(again.pk) == events(original.pk), name


def test_the_next_number_follows_the_last(told):
    history = next(h for h in told if h.problem.submitted_at)
    year = clock.today().year
    numbers = Problem.objects.filter(number__startswith=f"WT-990100-{year}-").values_list("number", flat=True)
    highest = max(int(number.rsplit("-", 1)[1]) for number in numbers)
    officer = User.objects.get(username="county_officer.yunling")
    from accounts.actors import build_actor

    problem = lifecycle.raise_problem(
        by=build_actor(officer, clock.today()), enterprise=history.problem.enterprise,
        category=history.problem.category, title="再提一件", text="说明",
    )  # fmt: skip
    assert int(problem.number.rsplit("-", 1)[1]) > highest
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT number) FROM problems_problem WHERE number IS NOT NULL")
        count, different = cursor.fetchone()
    assert count == different
