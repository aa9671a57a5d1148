"""Steps on many entries: preview with the reasons, each entry by its own step, nothing twice, nothing overwritten."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from core.transitions import Refused
from problems import bulk, lifecycle, tasks
from problems.enums import BulkResult, BulkState
from problems.filters import ProblemFilter
from problems.models import BulkItem, BulkRun, Problem
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db


def prepared(world, step, ids=(), person="county_officer", **query):
    actor = world.actor(person)
    return bulk.prepare(step, ProblemFilter(query, actor), list(ids), by=actor)


def results(run) -> dict:
    return dict(run.items.values_list("problem_id", "result"))


@pytest.fixture
def accepted(world):
    return [in_state(world, "accepted", title=f"待交办{n}") for n in range(3)]


def test_the_preview_says_what_will_be_done_and_what_not_and_why(world, client_of, accepted):
    held = in_state(world, "in_progress")
    client = client_of("county_officer")
    ids = [one.pk for one in [*accepted, held]]
    answer = client.post(reverse("problems:bulk"), {"row": ids, "step": "assign", "filter": ""})
    run = BulkRun.objects.get()
    page = client.get(answer.url)
    assert page.context["numbers"].waiting == 3 and page.context["numbers"].refused == 1
    refusal = lifecycle.refusal_for("assign", held, world.actor("county_officer"))
    assert str(refusal.sentence) in page.content.decode()
    assert run.state == BulkState.DRAFT and set(Problem.objects.filter(pk__in=ids).values_list("version", flat=True))
    assert not Event.objects.filter(verb="problem.assign", object_id=accepted[0].pk).exists()


def test_confirming_takes_each_entry_through_its_own_step(world, client_of, accepted):
    client = client_of("county_officer")
    answer = client.post(reverse("problems:bulk"), {"all": "1", "step": "assign", "filter": "state=accepted"})
    assert 'method="post" action=""' in client.get(answer.url).content.decode()
    bad = client.post(answer.url, {"lead": ""})
    assert bad.status_code == 200 and bad.context["form"].errors and BulkRun.objects.get().state == BulkState.DRAFT
    assert client.post(answer.url, {"lead": f"team:{world.own.team.pk}", "instruction": "尽快"}).status_code == 302
    run = BulkRun.objects.get()
    assert run.state == BulkState.DONE and set(results(run).values()) == {"done"}
    for one in accepted:
        one.refresh_from_db()
        assert one.state == "assigned" and one.lead == world.own.team and one.due_on
        assert Event.objects.filter(verb="problem.assign", object_id=one.pk).count() == 1
    assert Event.objects.filter(verb="ledger.bulk", data__done=3).exists()
    client.post(answer.url, {"lead": f"team:{world.own.team.pk}"})  # sent twice
    assert Event.objects.filter(verb="problem.assign").count() == 3


def test_all_as_filtered_is_exactly_the_list(world, client_of, accepted):
    in_state(world, "submitted")
    client = client_of("county_officer")
    total = client.get("/problems/", {"state": "accepted"}).context["page"].total
    run = prepared(world, "assign", state="accepted")
    assert run.items.count() == total == 3


def test_an_entry_changed_since_the_preview_is_told_and_not_overwritten(world, accepted):
    run = prepared(world, "assign", [one.pk for one in accepted])
    officer = world.actor("county_officer")
    lifecycle.assign(accepted[1], by=officer, department=world.own.departments[0])
    bulk.begin(run, {"team": world.own.team, "department": None, "coteams": [], "codepartments": []}, by=officer)
    assert bulk.work(run.pk)
    assert results(run) == {accepted[0].pk: "done", accepted[1].pk: "conflict", accepted[2].pk: "done"}
    accepted[1].refresh_from_db()
    assert accepted[1].lead == world.own.departments[0]


@pytest.mark.parametrize("step", ["urge", "escalate"])
def test_pressing_many(world, step):
    entries = [in_state(world, "in_progress", title=f"办理{n}") for n in range(2)]
    closed = in_state(world, "closed")
    run = prepared(world, step, [*(one.pk for one in entries), closed.pk])
    data = {"text": "请尽快"} if step == "urge" else {"level": "county", "reason": "多次超期"}
    bulk.begin(run, data, by=world.actor("county_officer"))
    bulk.work(run.pk)
    assert results(run) == {entries[0].pk: "done", entries[1].pk: "done", closed.pk: "refused"}
    again = prepared(world, step, [one.pk for one in entries])
    if step == "urge":
        assert {one.note for one in again.items.all()} == {"您今天已经催办过，每个工作日最多催办一次。"}


def test_a_killed_worker_leaves_nothing_done_twice(world, accepted, monkeypatch):
    run = prepared(world, "assign", [one.pk for one in accepted])
    bulk.begin(run, {"team": world.own.team}, by=world.actor("county_officer"))
    real, calls = bulk._done, []

    def dies(run, item, by):
        calls.append(item.pk)
        if len(calls) == 2:
            real(run, item, by)
            raise KeyboardInterrupt  # after the step, before its note: both go
        return real(run, item, by)

    monkeypatch.setattr(bulk, "_done", dies)
    with pytest.raises(KeyboardInterrupt):
        bulk.work(run.pk)
    assert sorted(results(run).values()) == ["done", "waiting", "waiting"]
    assert Event.objects.filter(verb="problem.assign").count() == 1
    monkeypatch.setattr(bulk, "_done", real)
    assert tasks.work_bulk() == 1 and tasks.work_bulk() == 0
    assert set(results(run).values()) == {"done"} and Event.objects.filter(verb="problem.assign").count() == 3


def test_one_entrys_fault_does_not_hold_up_the_others(world, accepted, monkeypatch):
    run = prepared(world, "assign", [one.pk for one in accepted])
    bulk.begin(run, {"team": world.own.team}, by=world.actor("county_officer"))
    from problems.lifecycle import limits

    real = limits.follow

    def faulty(problem, *args, **options):
        if problem.pk == accepted[0].pk:
            raise RuntimeError("broken")
        return real(problem, *args, **options)

    monkeypatch.setattr(limits, "follow", faulty)
    assert bulk.work(run.pk)
    assert sorted(results(run).values()) == ["done", "done", "refused"]
    accepted[0].refresh_from_db()
    assert accepted[0].state == "accepted"


def test_rights_are_those_at_the_time_of_the_work(world, accepted):
    run = prepared(world, "assign", [one.pk for one in accepted])
    bulk.begin(run, {"team": world.own.team}, by=world.actor("county_officer"))
    world.people["county_officer"].posts.all().delete()
    bulk.work(run.pk)
    assert set(results(run).values()) == {"refused"} and Problem.objects.filter(state="accepted").count() == 3


def test_many_are_left_to_a_worker_with_progress(
    world, client_of, accepted, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(bulk, "DIRECT", 2)
    woken = []
    monkeypatch.setattr(tasks.work_bulk, "delay", lambda: woken.append(1))
    client = client_of("county_officer")
    address = client.post(reverse("problems:bulk"), {"all": "1", "step": "assign", "filter": "state=accepted"}).url
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"lead": f"team:{world.own.team.pk}"})
    run = BulkRun.objects.get()
    assert woken and run.state == BulkState.RUNNING
    progress = reverse("problems:bulk_progress", args=[run.pk])
    assert client.get(address).context["job"]["running"] and "HX-Refresh" not in client.get(progress).headers
    bulk.work(run.pk, most=1)
    assert client.get(progress).context["job"]["percent"] == 33
    tasks.work_bulk()
    assert client.get(progress).headers["HX-Refresh"] == "true"


def test_who_may_and_whose_it_is(world, client_of, accepted):
    for person in ("team_member", "department_officer", "branch_secretary"):
        answer = client_of(person).post(reverse("problems:bulk"), {"all": "1", "step": "urge", "filter": ""})
        assert answer.status_code == 403
    run = prepared(world, "urge")
    assert client_of("leader").get(reverse("problems:bulk_run", args=[run.pk])).status_code == 404
    with pytest.raises(Refused):
        prepared(world, "urge", [987654321])
    hidden = raised(world, by="stranger_officer", enterprise=world.other.enterprises[0])
    with pytest.raises(Refused):
        prepared(world, "urge", [hidden.pk])


def test_picked_rows_go_into_a_file(world, client_of, accepted):
    client = client_of("county_officer")
    data = {"row": [accepted[0].pk, accepted[2].pk], "step": "export", "filter": "state=accepted"}
    answer = client.post(reverse("problems:bulk"), data)
    assert answer.status_code == 200 and b"".join(answer)[:2] == b"PK"
    assert Event.objects.filter(verb="problem.exported", data__count=2).exists()


@pytest.mark.parametrize(
    "data", [{}, {"row": ["x", "-1", "9" * 30, "\x00"], "step": "urge"}, {"all": "1", "step": "explode"},
             {"row": ["1"], "step": "urge", "filter": "q=%00&x=" + "y" * 9000}],
    ids=["nothing", "no numbers", "no step", "long"],
)  # fmt: skip
def test_bad_input_leads_back(world, client_of, accepted, data):
    answer = client_of("county_officer").post(reverse("problems:bulk"), data)
    assert answer.status_code == 302 and answer.url.startswith("/problems/?") and not BulkRun.objects.exists()


def test_statements_of_the_preview_page_are_fixed(world, client_of, accepted):
    client = client_of("county_officer")

    def cost(ids):
        address = reverse("problems:bulk_run", args=[prepared(world, "assign", ids).pk])
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    few = cost([accepted[0].pk])
    assert cost([one.pk for one in accepted]) == few


def test_the_database_knows_no_entry_twice_in_a_run(world, accepted):
    run = prepared(world, "assign", [accepted[0].pk])
    with pytest.raises(Exception, match="bulkitem_once"):
        BulkItem.objects.create(run=run, problem=accepted[0], version=1, result=BulkResult.WAITING)
