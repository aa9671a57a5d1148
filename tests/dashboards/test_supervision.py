"""The supervision list: a tab's number, its figure and its entries are the same, now and on any day that is past."""

import re

import pytest

from core.periods import Period
from dashboards import picker, supervision
from indicators import figures
from indicators.drain import drain
from problems import lifecycle
from tests.problems.steps import day, in_state, raised

pytestmark = pytest.mark.django_db
MARCH = "2026-03"


@pytest.fixture
def entries(world, time_machine):
    """Entries that look otherwise at the end of March than in May."""
    time_machine.move_to("2026-05-06 10:00:00+08:00")
    made = {
        "late": in_state(world, "in_progress", title="三月末仍在办、四月办结"),
        "unsigned": in_state(world, "assigned", title="一直没有签收"),
        "paused": in_state(world, "suspended", title="三月末挂起、四月恢复"),
        "fresh": _assigned_late(world),
        "waiting": in_state(world, "submitted", title="还没有受理"),
    }
    member = world.actor("team_member")
    lifecycle.resolve(made["late"], by=member, outcome="solved", text="已解决", at=day(44))
    lifecycle.resume(made["paused"], by=world.actor("county_officer"), note="批复已到", at=day(44))
    drain()
    return made


def _assigned_late(world):
    """An entry assigned on the last day but one of March."""
    problem = raised(world, title="三月末刚交办", at=day(28, 8))
    problem = lifecycle.accept(problem, by=world.actor("chain_secretary"), at=day(28))
    return lifecycle.assign(problem, by=world.actor("county_officer"), team=world.own.team, at=day(28, 10))


def _built(world, period: str, light: str = "") -> tuple:
    actor = world.actor("county_officer")
    picked = picker.pick({"scope": f"region:{world.own.region.code}", "period": period}, actor)
    now = figures.read(list(supervision.LIGHTS.values()), picked.scope, picked.period)
    return supervision.build(picked, actor, now, light), now


@pytest.mark.parametrize("period", [MARCH, "2026-04", "2026-05", "2026-Q1", "2026"])
def test_the_number_on_each_tab_is_its_figure_and_the_number_of_its_entries(world, entries, period):
    for light, code in supervision.LIGHTS.items():
        shown, now = _built(world, period, light)
        number = next(tab["number"] for tab in shown["tabs"] if tab["light"] == light)
        assert number == now[code].value == len(shown["rows"]) == shown["total"]
        assert {row["light"] for row in shown["rows"]} <= {light}
    everything, now = _built(world, period)
    assert everything["total"] == len(everything["rows"]) == sum(figure.value for figure in now.values())


def test_a_past_period_shows_the_entries_as_they_stood_on_its_last_day(world, entries):
    shown, _now = _built(world, MARCH)
    assert shown["day"] == Period.parse(MARCH).end
    stood = {row["problem"].pk: (row["state"], str(row["light"])) for row in shown["rows"]}
    assert stood[entries["late"].pk] == ("in_progress", "red")
    assert stood[entries["unsigned"].pk] == ("assigned", "red")
    assert stood[entries["paused"].pk] == ("suspended", "grey")
    assert stood[entries["fresh"].pk][0] == "assigned"
    assert entries["waiting"].pk not in stood
    late = next(row for row in shown["rows"] if row["problem"].pk == entries["late"].pk)
    assert late["days_left"] < 0 and late["unit"] == world.own.team


def test_the_present_period_shows_the_entries_as_they_are(world, entries):
    shown, _now = _built(world, "2026-05")
    assert shown["day"] is None
    stood = {row["problem"].pk: row["state"] for row in shown["rows"]}
    assert entries["late"].pk not in stood
    assert stood[entries["paused"].pk] == "in_progress"


def test_the_page_says_the_day_and_lists_what_the_chosen_tab_counts(client_of, world, entries):
    query = {"scope": f"region:{world.own.region.code}", "period": MARCH, "light": "red"}
    page = client_of("county_officer").get("/cockpit/", query).content.decode()
    section = page[page.index('id="supervision"') :].split("</section>")[0]
    assert "截至 2026-03-31" in section and "当时状态" in section
    number = int(re.search(r'aria-current="true">红灯 (\d+)<', section)[1])
    assert section.count('<tr class="go">') == number == 2
    assert "三月末仍在办、四月办结" in section and "三月末挂起" not in section


def test_a_light_that_does_not_exist_is_no_light(client_of, world, entries):
    answer = client_of("county_officer").get("/cockpit/", {"light": "<b>mauve"})
    assert answer.status_code == 200 and "<b>mauve" not in answer.content.decode()


def test_a_committees_list_is_that_of_its_secretary(client_of, world, entries):
    page = client_of("chain_secretary").get("/cockpit/", {"period": MARCH}).content.decode()
    assert "三月末仍在办、四月办结" in page
