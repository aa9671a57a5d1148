"""The pages of the ledger: who sees what, what a click does, what a person is told."""

import pytest
from django.urls import reverse

from problems.actions import ACTIONS
from problems.enums import State
from problems.models import Problem
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db
PEOPLE = ["county_officer", "leader", "chain_secretary", "team_member", "department_officer", "branch_secretary"]


def act_url(problem, name):
    return reverse("problems:act", args=[problem.pk, name])


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("state", [s for s in State.values if s != "draft"])
def test_the_entry_opens_in_every_state_for_everybody_who_sees_it(world, client_of, person, state):
    problem = in_state(world, state)
    visible = Problem.objects.visible_to(world.actor(person)).filter(pk=problem.pk).exists()
    answer = client_of(person).get(problem.get_absolute_url())
    assert answer.status_code == (200 if visible else 404)
    if visible:
        assert problem.title in answer.content.decode()


@pytest.mark.parametrize("person", PEOPLE)
def test_list_and_own_work_open(world, client_of, person):
    for state in ("submitted", "in_progress", "resolved"):
        in_state(world, state)
    client = client_of(person)
    assert client.get(reverse("problems:list")).status_code == 200
    assert client.get(reverse("problems:mine")).status_code == 200


@pytest.mark.parametrize("person", PEOPLE)
def test_only_those_who_raise_are_offered_to(world, client_of, person):
    may = person in ("county_officer", "chain_secretary", "branch_secretary")
    client, address = client_of(person), reverse("problems:create")
    for page in ("problems:list", "problems:mine"):
        assert (f'href="{address}"' in client.get(reverse(page)).content.decode()) == may
    answer = client.get(address)
    assert answer.status_code == (200 if may else 403)
    assert may or "提问题由企业党组织书记" in answer.content.decode()


@pytest.mark.parametrize("name", sorted(ACTIONS))
@pytest.mark.parametrize("state", ["submitted", "in_progress", "resolved", "closed"])
def test_every_step_has_a_page_that_opens_or_says_why_not(world, client_of, name, state):
    problem = in_state(world, state)
    answer = client_of("county_officer").get(act_url(problem, name))
    assert answer.status_code in (200, 403)
    if answer.status_code == 403:
        assert "alert-danger" in answer.content.decode()


def test_the_main_line_through_the_pages(world, client_of):
    own = world.own
    answer = client_of("branch_secretary").post(
        reverse("problems:create"),
        {
            "title": "冷链车辆不足",
            "text": "旺季缺车",
            "category": world.category.pk,
            "source": "online",
            "urgency": "ordinary",
        },
    )
    problem = Problem.objects.get()
    assert answer.status_code == 302 and answer["Location"] == problem.get_absolute_url()
    assert problem.enterprise == own.enterprises[0]
    steps = [
        ("chain_secretary", "accept", {}, "accepted"),
        (
            "county_officer",
            "assign",
            {"lead": f"team:{own.team.pk}", "helpers": [f"department:{own.departments[0].pk}"]},
            "assigned",
        ),
        ("team_member", "sign", {}, "in_progress"),
        ("department_officer", "report_as_cohandler", {"text": "可调两辆"}, "in_progress"),
        ("team_member", "resolve", {"outcome": "solved", "text": "已调车"}, "resolved"),
        ("branch_secretary", "rate", {"rating": "satisfied"}, "resolved"),
        ("chain_secretary", "close", {}, "closed"),
    ]
    for person, name, fields, state in steps:
        problem.refresh_from_db()
        answer = client_of(person).post(act_url(problem, name), {"version": problem.version, **fields})
        assert answer.status_code == 302, (name, answer.content.decode()[:5000])
        problem.refresh_from_db()
        assert problem.state == state


def test_the_second_of_two_is_told_and_keeps_the_text(world, client_of):
    problem = raised(world)
    client_of("chain_secretary").post(act_url(problem, "accept"), {"version": 1})
    answer = client_of("county_officer").post(
        act_url(problem, "return_for_completion"), {"version": 1, "reason": "请补充用车时间"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "请补充用车时间" in page and "牛立群" in page and 'name="version" value="2"' in page
    assert Problem.objects.get().state == "accepted"


def test_a_branch_secretary_cannot_raise_for_another_enterprise(world, client_of):
    client_of("branch_secretary").post(
        reverse("problems:create"),
        {"title": "x", "text": "y", "category": world.category.pk, "source": "online", "urgency": "ordinary",
         "enterprise": world.own.enterprises[1].pk},
    )  # fmt: skip
    assert Problem.objects.get().enterprise == world.own.enterprises[0]


def test_similar_entries_show_how_they_ended(world, client_of):
    in_state(world, "closed", title="冷链运输车辆不足")
    answer = client_of("chain_secretary").get(reverse("problems:similar"), {"title": "缺少冷链运输车辆"})
    page = answer.content.decode()
    assert "冷链运输车辆不足" in page and "全部解决" in page and "工作日" in page
