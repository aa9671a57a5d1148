"""Who is told what, along the way of an entry; never who did it, never twice, never what is history."""

import datetime as dt

import pytest

from audit.models import Event
from core.clock import at_local
from notices import drain as marks
from notices import words
from notices.models import Notice, Pending
from notices.telling import RULES
from problems import lifecycle
from problems.lifecycle.table import TABLE
from problems.supervision import instructions, slips
from tests import factories as make
from tests.problems.steps import MONDAY, day, in_state, raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(world, at):
    """`step(days, name, person, **fields)`: one transition on the only entry, that many days after the Monday."""
    kept = {}

    def act(offset, name, person, hour=10, **fields):
        at(day(offset, hour))
        if name == "raise":
            kept["problem"] = lifecycle.raise_problem(
                by=world.actor(person), enterprise=world.own.enterprises[0], category=world.category,
                title="冷链运输车辆不足", text="旺季冷藏车紧缺。",
            )  # fmt: skip
        else:
            kept["problem"] = getattr(lifecycle, name)(kept["problem"], by=world.actor(person), **fields)
        return kept["problem"]

    return act


def test_the_main_line_tells_who_can_act_next(world, step, told):
    team, helper = world.own.team, world.own.departments[0]
    step(0, "raise", "branch_secretary")
    assert told() == {"chain_secretary": ["raised"]}
    step(0, "return_for_completion", "chain_secretary", reason="请写明车型")
    assert told() == {"branch_secretary": ["return_for_completion"]}
    step(1, "resubmit", "branch_secretary", text="需要十辆冷藏车。")
    assert told() == {"chain_secretary": ["resubmit"]}
    step(1, "accept", "chain_secretary", hour=11)
    assert told() == {"county_officer": ["accept"]}
    step(1, "assign", "county_officer", hour=12, team=team, codepartments=[helper])
    assert told() == {"team_member": ["assign"], "department_officer": ["assign_help"]}
    step(1, "sign", "team_member", hour=13)
    assert told() == {}, "nobody has to act on a signature"
    step(1, "ask_extension", "team_member", hour=14, new_due_on=MONDAY + dt.timedelta(days=21), reason="车辆在途")
    assert told() == {"county_officer": ["ask_extension"]}
    step(2, "decide_extension", "county_officer", granted=True, answer="同意")
    assert told() == {"team_member": ["grant_extension"]}
    step(2, "report_as_cohandler", "department_officer", hour=11, text="已协调两辆")
    assert told() == {"team_member": ["report_as_cohandler"]}
    step(3, "urge", "branch_secretary")
    assert told() == {"team_member": ["urge"]}
    step(4, "resolve", "team_member", outcome="solved", text="已协调")
    assert told() == {"branch_secretary": ["resolve"]}
    step(4, "rate", "branch_secretary", hour=11, rating="not_satisfied", text="还差三辆")
    assert told() == {"team_member": ["rate_not_satisfied"]}
    step(7, "escalate", "county_officer", reason="久拖未决")
    assert told() == {"leader": ["escalate"], "team_member": ["escalate"]}
    step(8, "resolve", "team_member", outcome="solved", text="已全部到位")
    step(8, "rate", "branch_secretary", hour=11, rating="satisfied")
    assert told() == {"branch_secretary": ["resolve"]}
    step(9, "close", "chain_secretary")
    assert told() == {"branch_secretary": ["close"]}


def test_an_objection_asks_who_rules_and_answers_the_unit(world, step, told):
    step(0, "raise", "branch_secretary")
    step(0, "accept", "chain_secretary", hour=11)
    step(0, "assign", "county_officer", hour=12, team=world.own.team)
    told()
    step(0, "object_to", "team_member", hour=13, ground="不属本团职责")
    assert told() == {"county_officer": ["object_to"]}
    step(0, "rule_on_objection", "county_officer", hour=14, granted=True, ruling="成立")
    assert told() == {"team_member": ["grant_objection"]}, "the officer who ruled knows that it must be assigned"
    step(1, "assign", "county_officer", department=world.own.departments[1])
    assert told() == {}, "a department without an account"
    step(1, "transfer", "county_officer", hour=11, department=world.own.departments[0], reason="职责调整")
    assert told() == {"department_officer": ["transfer"]}


def test_instructions_and_slips_reach_the_unit_and_come_back(world, step, told, at):
    step(0, "raise", "branch_secretary")
    step(0, "accept", "chain_secretary", hour=11)
    problem = step(0, "assign", "county_officer", hour=12, team=world.own.team)
    told()
    problem = step(1, "instruct", "leader", text="请抓紧。", report_by_on=MONDAY + dt.timedelta(days=5))
    assert told() == {"team_member": ["instruct"], "chain_secretary": ["instruct"]}
    instructions.report(problem.instructions.get(), by=world.actor("team_member"), text="已落实")
    assert told() == {"leader": ["instruction_reported"]}
    leg = problem.assignments.get(is_lead=True)
    slip = slips.issue(
        problem, by=world.actor("county_officer"), kind="supervision", text="请说明", leg=leg,
        answer_due_on=MONDAY + dt.timedelta(days=4),
    )  # fmt: skip
    assert told() == {"team_member": ["slip_issued"]}
    assert slip.number in words.sentence("slip_issued", Notice.objects.latest("pk").data)
    slips.answer(slip, by=world.actor("team_member"), text="说明如下")
    assert told() == {"county_officer": ["slip_answered"]}


def test_an_undone_step_is_taken_back_in_the_inbox(world, step, told):
    step(0, "raise", "branch_secretary")
    step(0, "accept", "chain_secretary", hour=11)
    told()
    step(0, "undo", "chain_secretary", hour=11)
    assert told() == {"county_officer": ["undo"]}
    assert words.sentence("undo", Notice.objects.latest("pk").data) == "刚才的一步（受理）已被撤销，不再有效"


def test_a_step_undone_before_anybody_was_told_is_told_to_nobody(world, step, told):
    step(0, "raise", "branch_secretary")
    told()
    step(0, "accept", "chain_secretary", hour=11)
    step(0, "undo", "chain_secretary", hour=11)
    assert told() == {}


def test_reasons_are_in_words_and_name_the_unit(world, step, told):
    step(0, "raise", "branch_secretary")
    step(0, "accept", "chain_secretary", hour=11)
    step(0, "assign", "county_officer", hour=12, team=world.own.team, codepartments=[world.own.departments[0]])
    told()
    reasons = {notice.user.username.partition(".")[0]: words.why(notice) for notice in Notice.objects.all()}
    assert reasons == {
        "chain_secretary": "因为您管理云岭县肉牛产业链党委的台账",
        "county_officer": "因为您是云岭县的组织部工作人员",
        "team_member": "因为您是云岭县营商帮办团成员",
        "department_officer": "因为您是云岭县农业局的承办人",
    }


def test_a_task_run_again_writes_nothing_twice(world, step, told):
    step(0, "raise", "branch_secretary")
    told()
    event = Event.objects.get(verb="problem.raised")
    Pending.objects.create(source="event", source_id=event.pk)
    marks.drain()
    assert Notice.objects.count() == 1 and not Pending.objects.exists()


def test_history_entered_afterwards_tells_nobody(world, told):
    raised(world, at=at_local(dt.date(2024, 3, 4)))
    assert told() == {}
    assert not Pending.objects.exists()


def test_bulk_data_makes_no_marks(world):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.bulk', 'on', true)")
        in_state(world, "assigned")
        cursor.execute("SELECT set_config('app.bulk', '', true)")
    assert not Pending.objects.exists()


def test_one_broken_record_holds_up_nobody(world, step, told, monkeypatch):
    step(0, "raise", "branch_secretary")
    told()
    bad = Event.objects.get(verb="problem.raised")
    Pending.objects.create(source="event", source_id=bad.pk)
    step(0, "accept", "chain_secretary", hour=11)
    from notices import telling

    whole = telling.of_event

    def breaks(event):
        if event.pk == bad.pk:
            raise RuntimeError("broken")
        return whole(event)

    monkeypatch.setattr(telling, "of_event", breaks)
    assert told() == {"county_officer": ["accept"]}
    left = Pending.objects.get()
    assert (left.source_id, left.attempts) == (bad.pk, marks.MOST_ATTEMPTS), "left alone, and doctor names it"


def test_people_who_left_or_were_disabled_are_not_told(world, step, told):
    user = world.people["team_member"]
    user.is_active = False
    user.save()
    late = make.UserFactory(name="离任者")
    make.PostFactory(user=late, role="team_member", team=world.own.team, ended_on=dt.date(2025, 1, 1))
    step(0, "raise", "branch_secretary")
    step(0, "accept", "chain_secretary", hour=11)
    told()
    step(0, "assign", "county_officer", hour=12, team=world.own.team)
    assert told() == {}


def test_the_officer_of_the_county_not_of_the_city(world, step, told):
    city = make.UserFactory(name="市级干部")
    make.PostFactory(user=city, role="county_officer", region=world.city)
    step(0, "raise", "branch_secretary")
    told()
    step(0, "accept", "chain_secretary", hour=11)
    assert told() == {"county_officer": ["accept"]}


def test_every_rule_has_a_sentence_and_names_a_step():
    extra = {"raised", "slip_issued", "slip_answered", "instruction_reported", "ask_call"}
    assert set(RULES) <= set(TABLE) | extra
    codes = set(RULES) - {"add_helpers"}
    assert codes <= set(words.SENTENCES)
