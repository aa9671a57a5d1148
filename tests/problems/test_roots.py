"""One matter of many alike (一件事 -> 一类事): joining, the roll-up, and what the root's result does to each."""

import pytest
from django.core.exceptions import ValidationError

from core.actor import SYSTEM
from core.transitions import Refused
from problems import lifecycle
from problems.models import Problem
from tests import factories as make
from tests.problems.steps import day, in_state, raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(world):
    """A root in hand, with children at four points of their lives."""
    root = in_state(world, "in_progress", title="园区用电增容")
    found = {"root": root}
    for name, state in (
        ("raised", "submitted"),
        ("held", "in_progress"),
        ("rated", "resolved"),
        ("answered", "resolved"),
    ):
        child = in_state(world, state, title=f"用电增容（{name}）")
        found[name] = lifecycle.join_root(child, by=world.actor("chain_secretary"), root=root, at=day(6))
    found["rated"] = lifecycle.rate(found["rated"], by=world.actor("branch_secretary"), rating="satisfied", at=day(7))
    return found


def finished(world, root):
    done = lifecycle.resolve(root, by=world.actor("team_member"), outcome="solved", text="专线已建成", at=day(8))
    return lifecycle.rate(done, by=world.actor("branch_secretary"), rating="satisfied", at=day(8))


def test_one_level_one_county_no_cycle(world):
    secretary = world.actor("chain_secretary")
    root, child, third = raised(world), raised(world, title="二"), raised(world, title="三")
    lifecycle.join_root(child, by=secretary, root=root)
    for entry, target in ((third, child), (root, child), (root, third), (child, child)):
        with pytest.raises(ValidationError):
            lifecycle.join_root(entry.pk, by=secretary, root=target)
    far = make.EnterpriseFactory(region=world.other.towns[0])
    stranger = lifecycle.raise_problem(by=SYSTEM, enterprise=far, category=world.category, title="外县", text="情况")
    with pytest.raises(ValidationError) as caught:
        lifecycle.join_root(stranger, by=SYSTEM, root=root)
    assert "同一县" in str(caught.value)
    with pytest.raises(ValidationError):
        lifecycle.merge_into(root.pk, by=secretary, target=third)
    left = lifecycle.join_root(child.pk, by=secretary, root=None)
    assert left.root is None and not root.parts.exists()


def test_closing_the_root_closes_the_confirmed_and_asks_for_each_other(world, family):
    secretary = world.actor("chain_secretary")
    root = finished(world, family["root"])
    closed = lifecycle.close(root, by=secretary, at=day(9))
    states = {name: Problem.objects.get(pk=one.pk).state for name, one in family.items()}
    assert states == {
        "root": "closed", "raised": "submitted", "held": "in_progress", "rated": "closed", "answered": "resolved"
    }  # fmt: skip
    assert Problem.objects.get(pk=family["rated"].pk).closing_number
    assert lifecycle.refusal_for("settle_by_root", Problem.objects.get(pk=family["held"].pk), secretary) is None
    with pytest.raises(Refused) as caught:
        lifecycle.undo(closed, by=secretary)
    assert caught.value.refusal.code == "undo_spread"


def test_the_question_is_answered_with_one_click(world, family, client_of):
    finished(world, family["root"])
    client, held = client_of("branch_secretary"), family["held"]
    html = client.get(held.get_absolute_url()).content.decode()
    assert "所属一类事已有结果" in html and "专线已建成" in html
    client.post(f"{held.get_absolute_url()}do/settle_by_root/", {"version": held.version})
    held.refresh_from_db()
    assert (held.state, held.outcome, held.resolution) == ("resolved", "solved", "专线已建成")
    assert not held.rating and all(leg.ended_at for leg in held.assignments.all())


def test_what_was_never_assigned_counts_as_handled_by_the_roots_lead(world, family):
    finished(world, family["root"])
    settled = lifecycle.settle_by_root(family["raised"].pk, by=world.actor("chain_secretary"), at=day(10))
    assert settled.lead == world.own.team and settled.handling_days == 0
    assert settled.accepted_on == settled.assigned_on == settled.resolved_on
    again = lifecycle.rate(
        settled, by=world.actor("branch_secretary"), rating="not_satisfied", text="没通电", at=day(11)
    )
    assert again.state == "in_progress" and again.due_on


def test_saying_no_goes_on_alone_and_is_not_asked_again(world, family):
    root = finished(world, family["root"])
    branch = world.actor("branch_secretary")
    alone = lifecycle.not_by_root(family["held"].pk, by=branch, reason="我厂不在专线上")
    assert alone.state == "in_progress" and alone.root == root
    assert lifecycle.refusal_for("settle_by_root", alone, branch).code == "no_question"
    with pytest.raises(Refused):
        lifecycle.not_by_root(family["raised"].pk, by=world.actor("team_member"), reason="不归我")


def test_the_page_of_the_root_shows_how_far_they_are(world, family, client_of):
    root = finished(world, family["root"])
    lifecycle.close(root, by=world.actor("chain_secretary"), at=day(9))
    html = client_of("county_officer").get(root.get_absolute_url()).content.decode()
    assert "4 件中已销号 1 件" in html and "等待确认是否随之解决" in html
    assert html.count("用电增容（") >= 4
