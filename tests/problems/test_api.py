"""The ledger's API: the same rules as the pages, answered in JSON."""

import pytest
from django.urls import reverse

from problems.models import Problem
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db


def step(client, problem, name, **body):
    return client.post(reverse("api-problem-step", args=[problem.pk, name]), body, content_type="application/json")


def test_raise_accept_and_read(world, client_of):
    body = {"title": "缺车", "text": "旺季缺车", "category": world.category.pk, "source": "call", "urgency": "urgent"}
    answer = client_of("branch_secretary").post(reverse("api-problems"), body, content_type="application/json")
    assert answer.status_code == 201
    made = answer.json()
    assert (made["state"], made["version"], made["enterprise"]["id"]) == ("submitted", 1, world.own.enterprises[0].pk)
    problem = Problem.objects.get()
    done = step(client_of("chain_secretary"), problem, "accept", version=1)
    assert done.status_code == 200 and done.json()["state"] == "accepted"
    read = client_of("leader").get(reverse("api-problem", args=[problem.pk]))
    assert read.json()["version"] == 2 and read.json()["text"] == "旺季缺车"


def test_refusals_speak(world, client_of):
    problem = raised(world)
    refused = step(client_of("branch_secretary"), problem, "accept", version=1)
    assert refused.status_code == 403 and refused.json()["code"] == "role" and refused.json()["who_can"]
    assert step(client_of("stranger_officer"), problem, "accept", version=1).status_code == 404
    wrong = step(client_of("chain_secretary"), problem, "decline", version=1)
    assert wrong.status_code == 400 and "reason" in wrong.json()
    unversioned = step(client_of("chain_secretary"), problem, "accept")
    assert unversioned.status_code == 400 and "version" in unversioned.json()
    assert step(client_of("chain_secretary"), problem, "no_such", version=1).status_code == 404


def test_the_second_is_told_what_changed(world, client_of):
    problem = raised(world)
    step(client_of("chain_secretary"), problem, "accept", version=1)
    late = step(client_of("county_officer"), problem, "decline", version=1, reason="重复")
    assert late.status_code == 409 and late.json()["version"] == 2
    assert [change["sentence"] for change in late.json()["changes"]] == ["受理"]


def test_the_list_is_the_filtered_ledger(world, client_of):
    in_state(world, "in_progress")
    raised(world)
    client = client_of("county_officer")
    assert len(client.get(reverse("api-problems")).json()["results"]) == 2
    found = client.get(reverse("api-problems"), {"state": "in_progress"}).json()["results"]
    assert [row["state"] for row in found] == ["in_progress"] and found[0]["light"] == "red"
    assert client.get(reverse("api-problems"), {"state": "x"}).status_code == 400
    assert client_of("stranger_officer").get(reverse("api-problems")).json()["results"] == []


def test_a_stranger_is_told_to_sign_in(client, world):
    assert client.get(reverse("api-problems")).status_code in (401, 403)
