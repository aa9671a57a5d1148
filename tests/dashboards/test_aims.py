"""Targets on the cockpit and the committee's page: bullets of the engine's figures, and the way to set one."""

import re
from decimal import Decimal
from types import SimpleNamespace

import plotly.graph_objects as go
import pytest
from django.conf import settings

from closing import panels, places, targets
from dashboards import aims, charts, cockpit, picker
from indicators.drain import drain
from tests.dashboards.test_course import counted
from tests.problems.steps import raised

pytestmark = pytest.mark.django_db


def test_targets_stand_beside_their_figures_and_open_the_rows(
    world, client_of, time_machine, django_assert_max_num_queries
):
    time_machine.move_to("2026-04-10 10:00:00+08:00")
    committee, region = world.own.committees[0], world.own.region
    for _number in range(3):
        raised(world)
    drain()

    def chart(person="county_officer", **params):
        actor = world.actor(person)
        picked = picker.pick({"scope": f"committee:{committee.pk}", "period": "2026-03", **params}, actor)
        return next((c for c in cockpit.build(picked, actor)["charts"] if c["id"] == "chart-targets"), None)

    def aim(code, value, years=1, unit="个"):
        targets.set_target(
            places.Place(region, committee), by=world.actor("county_officer"), indicator=code, value=Decimal(value),
            unit=unit, first_year=2026, years=years, source="年度计划",
        )  # fmt: skip

    # None: an officer is led to the form, others are told who sets them; a chain has no targets at all.
    page = client_of("county_officer").get(f"/committees/{committee.pk}/").content.decode()
    assert chart()["action"]["url"] == f"/closing/targets/new/?scope=committee%3A{committee.pk}"
    assert f"/closing/targets/new/?scope=committee:{committee.pk}" in page
    assert chart("leader")["empty"] and "action" not in chart("leader")
    assert chart(scope=f"region:{region.code}", chain=str(world.own.chains[0].pk)) is None

    # One, with its own outlook, told up to today although March is shown; its bar opens the rows it counts.
    aim("problems_raised", 10)
    one = chart()
    reached, leads, wanted = one["figure"]["data"]
    assert (one["as_of"], list(reached["x"]), list(wanted["x"])) == ("2026-04-10", [30.0], [100])
    assert list(leads["x"]) == [109.5] and "目标10个，现值3个，未达到" in one["finding"]
    assert counted(reached["customdata"][0], world.actor("county_officer")) == 3
    assert reached["text"] == ["3个 未达到"], "colour never stands alone"

    # Several: each counted once in the sentence; a target of none and a figure of no cases are told in the table only.
    with django_assert_max_num_queries(200) as few:
        chart()
    for more in [("problems_open", 0), ("on_time_rate", 95, 1, "%"), ("problems_accepted", 50)]:
        aim(*more)
    with django_assert_max_num_queries(len(few)):
        many = chart()
    aim("problems_raised", 3, 3)
    many = chart()
    go.Figure(data=[{k: v for k, v in t.items() if k != "marker"} for t in many["figure"]["data"]])
    assert "共 5 项目标：已达到或未超出 1 项，按进度可以完成 1 项、不能完成 2 项" in many["finding"]
    assert "不作推算 1 项" in many["finding"]
    assert len(many["table"]["rows"]) == 5 and len(many["figure"]["data"][0]["x"]) == 3
    assert len(set(many["figure"]["data"][0]["y"])) == 3, "two targets of one figure have two bars"
    page = client_of("chain_secretary").get(f"/committees/{committee.pk}/").content.decode()
    assert "年度目标" in page and "不高于0个" in page
    for person in ("team_member", "stranger_officer"):
        asked = SimpleNamespace(actor=world.actor(person))
        assert panels.of_committee(asked, committee) is None, "the panel asks for itself, whatever page shows it"
    assert aims.finding([]) == ""


def _luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("tone", ["green", "yellow", "grey"])
def test_the_words_on_a_bar_stand_out_in_both_themes(tone):
    [bar, *_marks] = charts.bullets(["a"], [{"name": "a", "values": [9], "said": [""], "addresses": [""],
                                             "colours": [f"@{tone}"], "words": ["a"]}] * 3)["data"]  # fmt: skip
    name = bar["marker"]["color"][0].replace("@", "--gov-chart-")
    sheet = (settings.BASE_DIR / "static" / "app.css").read_text(encoding="utf-8")
    found, ink = re.findall(rf"{name}:(#[0-9a-f]{{6}});", sheet), _luminance(bar["insidetextfont"]["color"])
    assert len(found) == 2, "one for light, one for dark"
    assert all((_luminance(one) + 0.05) / (ink + 0.05) >= 6 for one in found), found
