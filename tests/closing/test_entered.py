"""Figures that are entered: once by their owner with a source, corrected by versions, never overwritten."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from closing import entered, lifecycle, places
from closing.models import EnteredFigure, EnteredKind
from core.periods import Month, Period
from core.transitions import Refused
from indicators.drain import drain

pytestmark = pytest.mark.django_db
MARCH = Period.month(2026, 3)


@pytest.fixture(autouse=True)
def in_april(time_machine):
    time_machine.move_to("2026-04-10 10:00:00+08:00")


@pytest.fixture
def county(world):
    return places.Place(world.own.region)


@pytest.fixture
def committee(world):
    return places.Place(world.own.region, world.own.committees[0])


def kind(code="gdp_growth"):
    return EnteredKind.objects.get(code=code)


def enter(world, place, value, person="county_officer", code="gdp_growth", period=MARCH, **more):
    values = {"unit": kind(code).unit, "source": "县统计局月报", "as_of": period.end, **more}
    return entered.enter(place, by=world.actor(person), kind=kind(code), period=period, value=Decimal(value), **values)


def refusal(world, place, *args, **more):
    with pytest.raises((ValidationError, Refused)) as found, transaction.atomic():
        enter(world, place, *args, **more)
    return found.value.refusal.code if isinstance(found.value, Refused) else set(found.value.message_dict)


def test_the_owner_enters_once_and_corrects_by_a_version_with_a_reason(world, county, committee):
    for person in ("chain_secretary", "leader", "branch_secretary", "stranger_officer"):
        assert refusal(world, county, "8", person=person) == "not_yours"
    assert refusal(world, committee, "8", person="stranger_secretary") == "not_yours"
    assert refusal(world, county, "8.25") == {"value"}, "one decimal"
    assert refusal(world, county, "8", unit="亿元") == {"unit"}
    assert refusal(world, county, "-1", code="gdp") == {"value"}
    assert refusal(world, county, "8", source=" ") == {"source"}
    assert refusal(world, county, "8", as_of=dt.date(2026, 4, 11)) == {"as_of"}
    assert refusal(world, county, "8", as_of=dt.date(2026, 2, 1)) == {"as_of"}
    EnteredKind.objects.create(region=world.other.region, name="外县指标", code="x", unit="%", definition="外县口径")
    assert refusal(world, county, "8", code="x") == {"kind"}

    first = enter(world, county, "8.2")
    enter(world, county, "123400", code="gdp", unit="万元")
    assert entered.standing(county, kind("gdp"), MARCH).value == Decimal("12.34"), "万元 converted exactly to 亿元"
    assert refusal(world, county, "8.4") == "exists"
    assert refusal(world, county, "8.4", seen=1) == {"reason"}
    assert refusal(world, county, "8.2", seen=1, reason="复核") == {"value"}, "nothing has changed"
    second = enter(world, county, "8.4", seen=1, reason="统计局修订")
    assert refusal(world, county, "8.5", seen=1, reason="再修订") == "conflict"
    assert entered.standing(county, kind(), MARCH) == second and second.version == 2
    first.refresh_from_db()
    assert first.value == Decimal("8.2"), "the first stays"
    with pytest.raises(IntegrityError), transaction.atomic():
        EnteredFigure.objects.filter(pk=first.pk).update(value=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        first.delete()

    mine = enter(world, committee, "1.25", person="chain_secretary", code="output_value")
    seen = EnteredFigure.objects.visible_to
    assert list(seen(world.actor("chain_secretary"))) == [mine]
    assert not seen(world.actor("stranger_officer")).exists() and not seen(world.actor("team_member")).exists()


def test_a_rate_moves_in_percentage_points(world, county):
    enter(world, county, "7.6", period=Period.month(2025, 3))
    enter(world, county, "8.9", period=Period.month(2026, 2))
    enter(world, county, "8.2")
    enter(world, county, "12.5", code="gdp")
    told = {one.row.kind.code: one for one in entered.of_place(county, Month(2026, 4))}
    assert told["gdp_growth"].changes == ("较上年同期上升0.6百分点", "较上期下降0.7百分点")
    assert (told["gdp_growth"].row.text, told["gdp"].row.text) == ("8.2%", "12.50亿元")
    assert told["gdp"].changes == ()
    assert [one.row.value for one in entered.of_place(county, Month(2026, 2))] == [Decimal("8.9")]
    assert entered.of_place(county, Month(2024, 1)) == []


def test_what_is_entered_for_a_closed_month_is_a_correction(world, county, committee, client_of):
    enter(world, committee, "1.1", code="output_value", person="chain_secretary")
    while drain():
        pass
    officer, month = world.actor("county_officer"), Month(2026, 3)
    lifecycle.submit(committee, month, by=officer)
    lifecycle.approve(committee, month, by=officer)
    lifecycle.lock(committee, month, by=officer, reason="已核对")
    late = enter(world, committee, "1.3", code="output_value", seen=1, reason="企业补报")
    assert late.after_lock and not enter(world, county, "8.2").after_lock, "the county's month is open"
    [(version, before)] = entered.corrections(committee, month)
    assert (version, before.value) == (late, Decimal("1.1"))
    page = client_of("county_officer").get(f"/closing/committee/{committee.pk}/2026-03/").content.decode()
    assert "企业补报" in page and "1.10亿元" in page and "1.30亿元" in page


def test_pages_from_entering_to_the_cockpit_and_the_dictionary(world, county, client_of):
    client = client_of("county_officer")
    empty = client.get("/closing/entered/").content.decode()
    assert "这个单位还没有填报数" in empty and "/closing/entered/new/?scope=region:990100" in empty
    data = {
        "scope": "region:990100", "kind": kind().pk, "first": "2026-01", "last": "2026-03", "value": "8.2", "unit": "%",
        "as_of": "2026-03-31", "source": "县统计局月报",
    }  # fmt: skip
    bad = client.post("/closing/entered/new/", {**data, "last": "2025-12", "value": "x"})
    assert bad.status_code == 200 and set(bad.context["form"].errors) == {"last", "value"}
    assert "县统计局月报" in bad.content.decode(), "nothing is lost"
    assert client.post("/closing/entered/new/", {**data, "first": "abc"}).context["form"].errors["first"]
    assert client.post("/closing/entered/new/", data).url == "/closing/entered/?scope=region%3A990100"
    row = EnteredFigure.objects.get()
    correct = f"/closing/entered/{row.pk}/correct/"
    change = {
        "value": "8.4",
        "unit": "%",
        "as_of": "2026-04-02",
        "source": "县统计局月报",
        "reason": "修订",
        "seen": "1",
    }
    assert client.get(correct).status_code == 200
    assert client.post(correct, change).status_code == 302
    assert "其他人已更正" in client.post(correct, change).content.decode(), "the second is told"
    detail = client.get(f"/closing/entered/{row.pk}/").content.decode()
    assert "8.2%" in detail and "8.4%" in detail and "修订" in detail
    cockpit = client.get("/cockpit/", {"scope": "region:990100", "period": "2026-03"}).content.decode()
    shown = cockpit.split('id="entered"')[1].split("</section>")[0]
    assert "8.4%" in shown and "县统计局月报" in shown and "2026-04-02" in shown and "8.2%" not in shown
    dictionary = client.get("/figures/").content.decode()
    assert 'id="gdp_growth"' in dictionary and "填报" in dictionary
    assert client_of("leader").post("/closing/entered/new/", data).status_code == 403
    assert client_of("stranger_officer").get(f"/closing/entered/{row.pk}/").status_code == 404
    own = {
        "region": world.own.region.pk, "name": "本县指标", "unit": "亿元", "places": "2", "definition": "本县口径",
        "order": "0",
    }  # fmt: skip
    assert client.post("/closing/entered/kinds/new/", own).status_code == 302
    assert EnteredKind.objects.get(name="本县指标").region == world.own.region
