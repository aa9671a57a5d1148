"""The trail is the auditor's alone: search, pages, export; the database keeps it as it is."""

import datetime as dt
import io

import openpyxl
import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from audit import sentences
from audit.models import Event
from audit.trail import changes, record
from core.actor import Actor
from core.clock import today


@pytest.fixture
def events(world):
    officer = world.actor("county_officer")
    record(officer, "post.given", world.people["leader"], role_name="领导", place="云岭县", started_on=today())
    record(officer, "meeting.cancelled", world.own.committees[0], reason="=1+1 时间冲突")
    record(officer, "unheard.of", None, a=1)


def test_events_read_as_sentences(world, events, client_of):
    page = client_of("auditor").get("/audit/").content.decode()
    assert f"授予岗位：领导（云岭县），自 {today().isoformat()} 起" in page
    assert "取消会议：=1+1 时间冲突" in page and "unheard.of" in page
    assert "林知远" in page and "高远山" in page


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("q=高远山", "授予岗位", "取消会议"),
        ("verb=meeting.cancelled", "取消会议", "授予岗位"),
        ("object_type=accounts.user", "授予岗位", "取消会议"),
    ],
)
def test_the_trail_is_searched(world, events, client_of, query, shown, hidden):
    page = client_of("auditor").get(f"/audit/?{query}", headers={"hx-request": "true"}).content.decode()
    assert shown in page and hidden not in page


def test_days_are_local_and_include_the_last(world, events, client_of):
    client = client_of("auditor")
    day = today().isoformat()
    assert "取消会议" in client.get(f"/audit/?start={day}&end={day}").content.decode()
    later = (today() + dt.timedelta(days=1)).isoformat()
    assert "没有符合条件的记录" in client.get(f"/audit/?start={later}").content.decode()


def test_pages_follow_each_other_without_gap_or_repetition(world, client_of):
    officer = world.actor("county_officer")
    Event.objects.bulk_create(
        Event(actor_name=officer.name, verb="numbered", object_name=f"第{number:03d}号") for number in range(120)
    )
    client, address, seen = client_of("auditor"), "/audit/?verb=&q=第", []
    while address:
        page = client.get(address).context["page"]
        seen += [event.object_name for event in page.rows]
        address = f"/audit/{page.next_url}" if page.next_url else ""
    assert seen == [f"第{number:03d}号" for number in range(119, -1, -1)]
    last = client.get(f"/audit/{client.get('/audit/?q=第').context['page'].next_url}").context["page"]
    first = client.get(f"/audit/{last.previous_url}").context["page"]
    assert [event.object_name for event in first.rows] == seen[:50]


@pytest.mark.parametrize(
    "bad",
    ["start=soon", "end=9999-99-99", "after=forged", "before=x:y", "q=%E5%85%B3'%3B--", "verb=x", "q=" + "长" * 300],
)
def test_bad_addresses_are_not_server_errors(world, events, client_of, bad):
    client = client_of("auditor")
    assert client.get(f"/audit/?{bad}").status_code == 200
    assert client.get(f"/audit/export/?{bad}").status_code == 200


def test_the_export_holds_the_filtered_rows_as_text(world, events, client_of):
    answer = client_of("auditor").get("/audit/export/?verb=meeting.cancelled")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any("取消会议：=1+1 时间冲突" in row for row in cells) and not any("post.given" in row for row in cells)


def test_nobody_else_reads_the_trail(world, events, client_of):
    for person in world.people:
        if person != "auditor":
            answer = client_of(person).get("/audit/")
            assert answer.status_code == 403 and "只有审计员" in answer.content.decode()
            assert client_of(person).get("/audit/export/").status_code == 403


def test_changes_tell_what_differs_only():
    assert changes({"a": 1, "b": 2}, {"a": 1, "b": 3}) == {"b": [2, 3]}


def test_sentences_survive_missing_and_odd_data(db):
    sentences.add({"test.odd": _("{a}，{b}，{c}")})
    event = record(Actor(user_id=None), "test.odd", None, a={"id": 1, "name": "甲"}, c=[1, None, "x"])
    assert sentences.sentence(event) == "甲，—，1、—、x"


def test_values_of_enumerations_are_told_as_their_labels_in_both_languages(db):
    event = record(Actor(user_id=None), "problem.rate", None, rating="basically")
    assert sentences.sentence(event) == "企业评价：基本满意"
    event_of_outcome = record(Actor(user_id=None), "problem.resolve", None, outcome="waiting", days=3)
    assert "waiting" not in sentences.sentence(event_of_outcome)
    with translation.override("en"):
        assert "basically" not in sentences.sentence(event) and "基本" not in sentences.sentence(event)


def test_every_sentence_tells_the_enumerations_that_it_names(db):
    """A placeholder whose value is a code of the ledger is told in words, whichever verb names it."""
    for verb, template in sentences.verbs().items():
        for name, code in {"rating": "basically", "outcome": "waiting", "urgency": "urgent"}.items():
            if verb.startswith("problem.") and f"{{{name}}}" in template:
                event = record(Actor(user_id=None), verb, None, **{name: code})
                assert code not in sentences.sentence(event), verb


def test_pages_cost_the_same_whatever_is_on_them(world, events, client_of):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of("auditor")
    costs = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as found:
            client.get("/audit/")
        costs.append(len(found))
        Event.objects.bulk_create(Event(verb="numbered") for _number in range(40))
    assert costs[0] == costs[1] <= 6
