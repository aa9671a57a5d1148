"""The figures of the registers equal a plain recount, whatever happened; ratios and vacancies name who is missing."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alliances.figure_scopes import scope_of
from core import clock
from core.actor import SYSTEM
from core.periods import Month, Period
from core.transitions import Refused
from enterprises import gaps, lifecycle
from enterprises.models import (
    Enterprise,
    MassOrganisation,
    Pairing,
    PairingKind,
    PartyOrganisation,
    Posting,
    PostingKind,
    StaffingRule,
)
from indicators import check, figures, scopes
from indicators.drain import drain
from tests import factories as make

pytestmark = pytest.mark.django_db
START = dt.date(2025, 1, 10)
MONTHS = [Month.of(dt.date(2025, number, 1)) for number in (1, 3, 6, 12)]
PEOPLE = [("周指导", "组织部"), ("周指导", "总工会"), ("吴专员", "组织部")]
KINDS = ["instructor", "union-instructor", "client-manager", "adviser"]

days = st.integers(0, 330).map(lambda n: START + dt.timedelta(days=n))
spans = st.tuples(days, st.none() | st.integers(1, 200))
histories = st.lists(
    st.tuples(
        st.sampled_from(["post", "bank", "union"]), st.integers(0, 2), st.integers(0, 2), st.integers(0, 3), spans
    ),
    min_size=1,
    max_size=9,
)


def _write(world, history):
    """The history through the lifecycle; a step that is refused (twice the same) did not happen."""
    for firm in world.own.enterprises:
        lifecycle.refresh_coverage(firm)  # the cast's organisation was not made by the lifecycle
    for number, (what, firm, who, kind, (start, length)) in enumerate(history):
        firm = world.own.enterprises[firm]
        end = start + dt.timedelta(days=length) if length else None
        if what == "post":
            person, employer = PEOPLE[who]
            data = {"kind": PostingKind.objects.get(code=KINDS[kind]), "enterprise": firm, "person": person,
                    "employer": employer, "started_on": start, "ended_on": end}  # fmt: skip
            _try(lambda data=data: lifecycle.save_posting(Posting(), data, by=SYSTEM))
        elif what == "bank":
            data = {"kind": PairingKind.objects.get(code="finance"), "helper_name": f"银行{who}",
                    "helped_enterprise": firm, "started_on": start, "ended_on": end}  # fmt: skip
            _try(lambda data=data: lifecycle.save_pairing(Pairing(), data, by=SYSTEM))
        else:
            data = {"enterprise": firm, "kind": "union", "name": f"工会{number}", "founded_on": start,
                    "dissolved_on": end}  # fmt: skip
            _try(lambda data=data: lifecycle.save_mass_organisation(MassOrganisation(), data, by=SYSTEM))


def _try(act):
    try:
        with transaction.atomic():
            act()
    except (Refused, IntegrityError):
        pass


def _inside(start, end, day):
    return start <= day and (end is None or end > day)


def _plain(firms, day):
    """What the figures must say on that day, counted from the rows by hand."""
    posted = [p for p in Posting.objects.filter(enterprise__in=firms) if _inside(p.started_on, p.ended_on, day)]
    worked = {p.enterprise_id for p in posted if p.kind.code in ("instructor", "union-instructor")}
    worked |= {m.enterprise_id for m in MassOrganisation.objects.all() if _inside(m.founded_on, m.dissolved_on, day)}
    worked |= {o.enterprise_id for o in PartyOrganisation.objects.all() if _inside(o.founded_on, o.dissolved_on, day)}
    banks = [p for p in Pairing.objects.all() if _inside(p.started_on, p.ended_on, day)]
    return {
        "officers": len({(p.person, p.employer) for p in posted}),
        "instructors": len({(p.person, p.employer) for p in posted if p.kind.code == "instructor"}),
        "work_covered_enterprises": len(worked & {one.pk for one in firms}),
        "finance_pairs": len({p.helped_enterprise_id for p in banks if p.helped_enterprise in firms}),
        "pairings": len([p for p in banks if p.helped_enterprise in firms]),
    }


# A failing history is short already; looking for a shorter one would take minutes.
@settings(
    max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(history=histories)
def test_figures_equal_a_plain_recount(world, history):
    with transaction.atomic():
        _write(world, history)
        drain()
        region, committee = scope_of(world.own.region), world.own.committees[0]
        for month in MONTHS:
            period = Period(month, month)
            wanted = _plain(world.own.enterprises, month.last_day)
            came = figures.read(list(wanted), region, period)
            assert {code: came[code].value for code in wanted} == wanted, month
            wanted = _plain(world.own.enterprises[:2], month.last_day)
            came = figures.read(list(wanted), scopes.committee_scope(committee.pk, ""), period)
            assert {code: came[code].value for code in wanted} == wanted, month
        transaction.set_rollback(True)


def test_the_check_finds_no_difference_after_moves(world):
    _write(world, [("post", 1, 0, 0, (START, 90)), ("post", 2, 0, 1, (START, None)), ("bank", 1, 1, 0, (START, None))])
    lifecycle.change_region(world.own.enterprises[1], world.own.towns[0], by=SYSTEM)
    lifecycle.save_enterprise(world.own.enterprises[2], {"left_on": dt.date(2025, 8, 1)}, by=SYSTEM)
    drain()
    assert check.compare().differences == []


def _by_name(rows):
    return {row.actor.name: (row.have, row.need, row.missing) for row in rows}


def test_vacancies_by_rule(world):
    own, day = world.own, clock.today()
    firm = own.enterprises[1]
    lifecycle.refresh_coverage(own.enterprises[0])
    Enterprise.objects.filter(pk__in=[one.pk for one in own.enterprises]).update(is_above_scale=True)
    manager = {"kind": PostingKind.objects.get(code="town-manager"), "region": own.towns[0], "person": "钱经理"}
    lifecycle.save_posting(Posting(), {**manager, "started_on": START}, by=SYSTEM)
    towns = gaps.every_town_has_a_manager(own.region, day)
    assert _by_name(towns) == {own.towns[0].name: (1, 1, 0), own.towns[1].name: (0, 1, 1)}
    assert all(row.have == 0 for row in gaps.every_town_has_a_manager(own.region, START - dt.timedelta(days=1)))
    uncovered = gaps.every_uncovered_firm_has_an_instructor(own.region, day)
    assert {row.actor for row in uncovered} == set(own.enterprises[1:])  # the first has a branch
    rule = lifecycle.save_staffing(
        StaffingRule(),
        {"region": own.region, "name": "指导员全覆盖", "scope": "uncovered", "started_on": START,
         "posting_kind": PostingKind.objects.get(code="instructor")},
        by=world.actor("county_officer"),
    )  # fmt: skip
    make.PostingFactory(enterprise=firm)
    assert {row.actor: row.missing for row in gaps.staffing(rule, own.region, day)} == {firm: 0, own.enterprises[2]: 1}
    assert gaps.staffing(rule, own.towns[1], day)[0].actor == firm
    village = make.RegionFactory(parent=own.towns[0], level="village", name="中心村")
    assert _by_name(gaps.listed_regions([village.pk], day, counts_as="village_officer")) == {"中心村": (0, 1, 1)}


def test_a_strong_organisation_helps_about_five(world):
    own, day = world.own, clock.today()
    strong, other = own.organisation, make.PartyOrganisationFactory(region=own.region)
    make.HonourFactory(organisation=strong)
    make.HonourFactory(organisation=other, awarded_on=dt.date(2024, 1, 1), ends_on=dt.date(2025, 1, 1),
                       valid_until=dt.date(2024, 12, 31))  # fmt: skip
    for _number in range(5):
        make.PairingFactory(helper_organisation=strong, region=own.region)
    rows = gaps.helpers(own.region, day)
    assert [(row.actor, row.have, row.missing, row.over) for row in rows] == [(strong, 5, 0, 0)]
    assert gaps.helpers(own.region, day, low=6, high=8)[0].missing == 1
    assert gaps.helpers(own.region, day, low=1, high=3)[0].over == 2
