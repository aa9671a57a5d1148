"""What must be so on every day: the radar and the gaps of the registers say the same of a day."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse

from core import clock
from core.actor import SYSTEM
from core.clock import at_local
from enterprises import gaps, lifecycle
from enterprises.models import Enterprise, HonourKind, Posting, PostingKind
from mechanisms import check, words
from mechanisms.drain import drain
from mechanisms.models import Mechanism, Obligation, Vacancy
from tests import factories as make
from tests.mechanisms.rules import made, standing

pytestmark = pytest.mark.django_db
YEAR = dt.date(2026, 1, 1)
STRONG = {"actor": "organisation", "actor_filters": {"honoured": ["strong_organisation"]}}
SMALL = {"actor": "enterprise", "actor_filters": {"above_scale": True, "has_organisation": False}}
TOWNS = {"actor": "region", "actor_filters": {"level": ["township"]}, "act": "enterprises.region_posting"}


def post(code, person, **where):
    kind = PostingKind.objects.get(code=code)
    return lifecycle.save_posting(Posting(), {"kind": kind, "person": person, "started_on": YEAR, **where}, by=SYSTEM)


def radar(mechanism) -> dict:
    """{actor: (how many it has, whether that is in order)} as the radar has it."""
    drain()
    rows = Obligation.objects.filter(mechanism=mechanism)
    return {row.actor_id: (row.count, row.complied_on is not None) for row in rows}


def plainly(rows) -> dict:
    return {row.actor.pk: (row.have, not row.missing and not row.over) for row in rows}


def test_the_radar_says_of_today_what_the_gaps_say(world):
    """Towns, their villages, a list, firms with and without an instructor, organisations that help others."""
    own, day = world.own, clock.today()
    for firm in own.enterprises:
        lifecycle.refresh_coverage(firm)
    Enterprise.objects.filter(pk__in=[one.pk for one in own.enterprises]).update(is_above_scale=True)
    villages = [make.RegionFactory(parent=own.towns[0], level="village", name=f"村{n}") for n in range(2)]
    rule = make.StaffingRuleFactory(region=own.region, scope="listed", level="",
                                    posting_kind=PostingKind.objects.get(code="village-officer"))  # fmt: skip
    rule.places.set(villages)
    post("town-manager", "钱经理", region=own.towns[0])
    post("specialist", "吴专员", region=villages[0])
    officer = post("village-officer", "孙村官", region=villages[1])
    post("instructor", "周指导", enterprise=own.enterprises[1])
    helpers = [own.organisation, make.PartyOrganisationFactory(region=own.region)]
    for one, number in zip(helpers, (5, 7), strict=True):
        make.HonourFactory(organisation=one, kind=HonourKind.objects.get(code="strong-county"))
        for _n in range(number):
            make.PairingFactory(helper_organisation=one, region=own.region)

    def of(counts_as):
        return {"act_filters": {"counts_as": [counts_as]}}

    listed = {"actor": "region", "actor_filters": {"listed": [str(rule.pk)]}, "act": "enterprises.region_posting"}
    instructors = {**SMALL, "act": "enterprises.posting", **of("instructor")}
    band = {**STRONG, "act": "enterprises.pairing", "minimum": 4, "maximum": 6, "target": 5, **of("strong_weak")}
    cases = [
        (standing(own.region, "V-1", **TOWNS, **of("town_manager")), gaps.every_town_has_a_manager),
        (
            standing(own.region, "V-2", **TOWNS, **of("specialist")),
            lambda region, on: gaps.regions_of_level(region, on, "township", counts_as="specialist"),
        ),
        (
            standing(own.region, "V-3", **listed, **of("village_officer")),
            lambda region, on: gaps.listed_regions([one.pk for one in villages], on, counts_as="village_officer"),
        ),
        (standing(own.region, "V-4", **instructors), gaps.every_uncovered_firm_has_an_instructor),
        (standing(own.region, "V-5", **band), gaps.helpers),
    ]
    for mechanism, function in cases:
        assert radar(mechanism) == plainly(function(own.region, day)), mechanism.code
    seen = [sorted(radar(mechanism).values()) for mechanism, _function in cases]
    assert seen == [
        [(0, False), (1, True)],
        [(0, False), (0, False)],
        [(0, False), (1, True)],
        [(0, False), (1, True)],
        [(5, True), (7, False)],
    ]
    assert words.sentence(cases[4][0].versions.get()).endswith("任何时候为 4 至 6 对，以 5 对左右为宜。")
    lifecycle.end_posting(officer, on=day, reason="调离", by=SYSTEM)
    make.PairingFactory(helper_organisation=helpers[0], region=own.region, ended_on=day)
    rule.places.remove(villages[0])
    for mechanism, function in (cases[2], cases[4]):
        rows = function(own.region, day)
        rows = [row for row in rows if row.actor != villages[0]]
        assert radar(mechanism) == plainly(rows), mechanism.code
    assert Vacancy.objects.get(version__mechanism=cases[2][0], until_on=None).from_on == day
    assert check.compare()[1] == []


def test_a_county_lists_a_vacancy_as_a_mechanism_without_code(world, client_of):
    """From the page of vacancies to the form, filled in; changed target and band; kept."""
    kind = PostingKind.objects.get(code="town-manager")
    make.StaffingRuleFactory(region=world.own.region, posting_kind=kind, name="一镇一经理")
    client = client_of("county_officer")
    page = client.get(reverse("enterprises:gap_list")).content.decode()
    start = page.index(reverse("mechanisms:create") + "?")
    address = page[start : page.index('"', start)].replace("&amp;", "&")
    form = client.get(address).context["form"]
    assert form.initial["actor-level"] == ["township"] and form["act-kind"].value() == ["town-manager"]
    data = {
        "region": world.own.region.pk, "code": "ZC-01", "name": "一镇一经理", "actor": "region", "minimum": 1,
        "actor-level": ["township"], "act": "enterprises.region_posting", "act-kind": ["town-manager"],
        "cadence": "standing", "starts_on": clock.today().isoformat(), "reminds": "officer", "maximum": 3,
    }  # fmt: skip
    wrong = client.post(address, {**data, "target": 4})
    assert "以多少为宜应在下限和上限之间" in wrong.content.decode()
    assert client.post(address, {**data, "target": 2, "confirmed": "1"}).status_code == 302
    version = Mechanism.objects.get(code="ZC-01").versions.get()
    assert (version.minimum, version.target, version.maximum) == (1, 2, 3)
    drain()
    vacant = client.get(reverse("mechanisms:gaps") + "?kind=vacant").content.decode()
    assert world.own.towns[0].name in vacant and world.own.towns[1].name in vacant


def picture(row, moment, **values) -> None:
    """What the trail would have kept of the row, had it been so at that moment."""
    table = f"{row._meta.db_table}event"
    names = [one.column for one in row._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
        kept = {name for (name,) in cursor.fetchall()}
        names = [name for name in names if name in kept]
        shown = ", ".join("%s" if name in values else name for name in names)
        cursor.execute(
            f"INSERT INTO {table} (pgh_created_at, pgh_label, pgh_obj_id, {', '.join(names)}) "
            f"SELECT %s, 'update', id, {shown} FROM {row._meta.db_table} WHERE id = %s",
            [moment, *[values[name] for name in names if name in values], row.pk],
        )


def test_a_past_period_is_judged_by_what_the_firm_was_then(world, at):
    """Above scale until the tenth of May: asked for in the first quarter, not in the second, nor now."""
    at(at_local(dt.date(2026, 7, 3)))
    grown, shrunk, same = world.own.enterprises
    picture(shrunk, at_local(dt.date(2026, 1, 5)), is_above_scale=True, scale="large")
    picture(shrunk, at_local(dt.date(2026, 5, 10)), is_above_scale=False, scale="micro")
    picture(grown, at_local(dt.date(2026, 1, 5)), is_above_scale=False, scale="small")
    picture(grown, at_local(dt.date(2026, 6, 30), 23, 59), is_above_scale=True, scale="small")
    Enterprise.objects.filter(pk=grown.pk).update(is_above_scale=True)
    asked = {"actor": "enterprise", "act": "enterprises.employee_count", "act_filters": {}, "starts_on": YEAR}
    rule = made(world.own.region, actor_filters={"above_scale": True}, **asked)
    large = made(world.own.region, "T-M03", actor_filters={"scale": ["large"]}, **asked)
    drain()

    def whom(mechanism):
        return {(row.actor_id, row.first_on.month) for row in Obligation.objects.filter(mechanism=mechanism)}

    assert whom(rule) == {(shrunk.pk, 1), (grown.pk, 4), (grown.pk, 7)}
    assert whom(large) == {(shrunk.pk, 1)}
    assert same.pk not in {pk for pk, _month in whom(rule)}
    assert check.compare()[1] == []
