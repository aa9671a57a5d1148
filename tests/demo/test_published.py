"""The figures rolled up from each system's records equal those published, one by one."""

import dataclasses
import datetime as dt
import io
import sys
from decimal import Decimal

import docx
import pytest

from accounts.actors import build_actor
from accounts.models import User
from alliances.models import Region
from chains.enums import SeatKind
from chains.models import Chain, Committee, Seat
from closing import entered, places
from core import clock, units
from core.actor import Role
from core.periods import Period
from demo import comparison, loading
from demo.published import SYSTEMS, published
from enterprises.lifecycle.coverage import refresh_coverage
from enterprises.lifecycle.officers import refresh_officers
from enterprises.lifecycle.paired import refresh_paired
from enterprises.models import CoverageSpell, Enterprise, OfficerSpell, PairedSpell, PartyOrganisation, Posting
from exchange import official
from exchange.structure import Figure
from indicators import check, declarations, figures, scopes
from mechanisms import check as radar
from mechanisms.models import Mechanism, MechanismVersion, Obligation
from meetings.models import ActivityKind
from meetings.schemes import catalogue
from problems.models import Problem
from reports import content
from tests.demo.published_keys import KEYS

ACCOUNTS = [Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY, Role.LEADER, Role.TEAM_MEMBER, Role.DEPARTMENT_OFFICER,
            Role.BRANCH_SECRETARY]  # fmt: skip


def region(name: str) -> Region:
    return Region.objects.get(code=loading.names()[name][0])


def within(model, name: str):
    return model.objects.filter(region__path__startswith=region(name).path)


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_published_key_is_compared_or_has_a_reason(name):
    page = published(name)
    compared, not_held = {one["key"] for one in page["compared"]}, page["not_held"]["keys"]
    assert compared | set(not_held) == set(KEYS[name])
    assert not compared & set(not_held)
    assert all(len(reason) > 20 for reason in not_held.values())


@pytest.mark.parametrize("name", SYSTEMS)
def test_published_figures(systems, name, capsys):
    """Prints what was compared and what is not held yet, with the reasons."""
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(comparison.lines(name)) + "\n")
    assert not [str(one) for one in comparison.Comparer(name).all() if not one.fits]


# Rules that each unit keeps: no figure of the county, so no sentence of its report.
LONG_FIRST = sorted((one for one in units.ALL if one), key=len, reverse=True)
OF_EACH_UNIT = {"meetings_per_chain_min", "demo_projects_per_year"}


def test_the_monthly_report_prints_what_was_published(systems):
    """Pingliang's report for August 2022, read back from its Word file: every figure, to the digit, with its unit."""
    page, scope = published("pingliang"), scopes.parse("region:620800")
    officer = build_actor(User.objects.get(username="county_officer.pingliang"), clock.today())
    document = content.build(scope, Period.month(2022, 8), officer, today=dt.date(2022, 8, 31))
    word = docx.Document(io.BytesIO(official.render(document)))
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    said = {}
    for block in document.blocks:
        for number, part in enumerate(getattr(block, "parts", ())):
            if isinstance(part, Figure):
                before, unit = block.parts[number - 1][-4:], block.parts[number + 1]
                unit = next(one for one in LONG_FIRST if unit.replace("个工作日", "工作日").startswith(one))
                assert f"{before}{part.text}" in text, part
                own = declarations.get(part.code).unit
                said.setdefault(part.code, []).append(units.convert(Decimal(part.text), units.get(unit), own))
    for one in page["compared"]:
        if one["key"] in OF_EACH_UNIT:
            continue
        value = Decimal(str(one.get("records", one["value"])))
        if "where" in one:
            assert broken_down(one, scope, officer) in text, one["key"]
        elif "entered" in one:
            kind = entered.kind_named(places.of_scope(scope), one["entered"])
            assert f"2022年上半年{kind.name}{value:.{one['places']}f}%" in text, one["key"]
        else:
            assert value in said[one["indicator"]], (one["key"], said.get(one["indicator"]))
    assert len(said) > 40


def broken_down(one, scope, actor):
    """A published part of a figure as the report says it: its kind or source by name, with number and unit."""
    if one["indicator"] == "agreements_amount":
        return f"、{one['value']}{one['unit']}"
    ((column, _code),) = one["where"].items()
    rows = figures.rows(one["indicator"], scope, Period.parse("2022-01..2022-08"), actor).filter(**one["where"])
    name = rows.order_by().values_list(column.replace("__code", "__name"), flat=True).first()
    return f"{name}{one['value']}{declarations.get(one['indicator']).unit.code}"


def test_a_wrong_figure_would_be_seen(systems):
    """The comparison itself: one more or one less than printed is not the same, and a bound is a bound."""
    comparer = comparison.Comparer("longjiang")
    chains = next(one for one in comparer.page["compared"] if one["key"] == "key_chains")
    for value, sign, fits in [(17, "eq", True), (16, "eq", False), (17, "ge", True), (17, "gt", False),
                              (16, "gt", True), (18, "lt", True), (17, "lt", False)]:  # fmt: skip
        assert comparer.one(chains | {"value": value, "comparison": sign}).fits is fits
    about = chains | {"value": 20, "comparison": "about"}
    assert comparer.one(about | {"within": [16, 24]}).fits
    assert not comparer.one(about | {"within": [18, 22]}).fits
    assert dataclasses.astuple(comparer.one(chains))[:3] == ("key_chains", "key_chains", "=")


def test_figures_are_those_of_a_straight_count(systems):
    assert not check.compare().differences


def test_the_radar_says_what_a_count_by_hand_says(systems):
    looked_at, differences = radar.compare()
    assert looked_at > 6000
    assert differences == []


def test_loading_again_changes_nothing(systems):
    before = [Region.objects.count(), Enterprise.objects.count(), Problem.objects.count(), User.objects.count()]
    assert set(loading.load_all(list(SYSTEMS)).values()) == {None}
    after = [Region.objects.count(), Enterprise.objects.count(), Problem.objects.count(), User.objects.count()]
    assert after == before


def test_each_place_has_its_accounts_and_shares_no_code(systems):
    for name in SYSTEMS:
        users = User.objects.filter(username__in=[f"{role}.{name}" for role in ACCOUNTS])
        assert users.count() == len(ACCOUNTS), name
        assert all(user.is_demo and user.posts.count() == 1 for user in users)
    codes = list(Enterprise.objects.values_list("credit_code", flat=True))
    assert len(codes) == len(set(codes))
    assert {code[2:8] for code in codes} == {"990100"}


def test_the_city_adds_up_from_counties_and_chains(systems):
    period = Period.parse("2022-01..2022-08")

    def raised(scope):
        return figures.read(["problems_raised"], scopes.parse(scope), period)["problems_raised"].value

    whole = raised("region:620800")
    counties = Region.objects.filter(parent=region("pingliang")).values_list("code", flat=True)
    assert len(counties) == 7
    assert sum(raised(f"region:{code}") for code in counties) == whole
    chains = within(Chain, "pingliang").values_list("pk", flat=True)
    assert sum(raised(f"chain:{pk}") for pk in chains) == whole


def test_shapes_of_the_schemes(systems):
    """1+17+N in Longjiang; the chain's chief as first secretary in Nanqiao; the zone's own segments in Hefei."""
    top = within(Committee, "longjiang").get(kind="industry")
    joint = within(Committee, "longjiang").filter(kind="chain")
    assert {one.parent_id for one in joint} == {top.pk}
    leaders = set(Seat.objects.filter(committee__in=joint, kind=SeatKind.SECRETARY).values_list("person", flat=True))
    assert len(leaders) == 17
    assert leaders <= set(top.seats.filter(kind=SeatKind.MEMBER).values_list("person", flat=True))
    for committee in within(Committee, "nanqiao"):
        held = {
            kind: committee.seats.get(kind=kind).person for kind in (SeatKind.CHAIN_CHIEF, SeatKind.FIRST_SECRETARY)
        }
        assert len(set(held.values())) == 1
    above = within(Enterprise, "nanqiao").filter(is_above_scale=True)
    assert above.count() > 10
    assert not above.filter(coverage_spells=None).exists()
    outside = within(PartyOrganisation, "renshou").filter(region__level="station")
    assert all(one.region.parent == region("renshou") for one in outside)
    segments = within(Chain, "hefei").get().segments
    assert [segments.filter(position=one).count() for one in ("upstream", "midstream", "downstream")] == [1, 3, 5]


def test_each_place_keeps_its_own_way_of_working(systems):
    """Every rule of the scheme stands on the radar from the first day published on, and is judged from the records."""
    begins = {"longjiang": "2022-01-01", "nanqiao": "2023-01-01", "renshou": "2019-01-01", "zitong": "2022-01-01"}
    for name in SYSTEMS:
        scheme, rules = catalogue.get(name), within(Mechanism, name)
        assert sorted(rules.values_list("code", flat=True)) == sorted(code for code, _rule in scheme.rules), name
        kinds = set(within(ActivityKind, name).values_list("code", flat=True))
        assert {kind["code"] for kind in scheme.activity_kinds} <= kinds, name
        if name in begins:
            versions = MechanismVersion.objects.filter(mechanism__in=rules)
            assert {one.isoformat() for one in versions.values_list("starts_on", flat=True)} == {begins[name]}
    kept = {"PL-M02", "PL-M06", "PL-M10", "PL-M21", "PL-M27", "LJ-M02", "LJ-M03", "LJ-M11", "NQ-M02", "NQ-M05",
            "NQ-M08", "NQ-M15", "NQ-M33", "NQ-M34", "RS-M04", "RS-M04d", "RS-M05", "ZT-M01", "ZT-M02"}  # fmt: skip
    duties = Obligation.objects.filter(mechanism__code__in=kept)
    assert set(duties.values_list("mechanism__code", flat=True)) == kept
    assert not duties.filter(complied_on=None).exists(), "what was published was kept"
    assert Obligation.objects.filter(mechanism__code="LJ-M19", missed_on__isnull=False).exists()
    period, scope = Period.parse("2022-01..2022-08"), scopes.parse("region:620800")
    read = figures.read(["mechanisms_due", "mechanisms_complied", "mechanisms_missed"], scope, period)
    rows = within(Obligation, "pingliang").filter(judged_on__lte="2022-08-31")
    assert read["mechanisms_due"].value == rows.count() > 1000
    assert read["mechanisms_complied"].value == rows.filter(complied_on__isnull=False).count() > 0
    assert read["mechanisms_missed"].value == rows.filter(missed_on__isnull=False).count() > 0


def test_stretches_are_what_the_lifecycle_derives(systems):
    """People and parties counted once, and the two coverages: what was written in bulk stays when derived anew."""
    firms = within(Enterprise, "nanqiao")
    postings = within(Posting, "nanqiao") | within(Posting, "longjiang")
    branches = within(PartyOrganisation, "nanqiao")

    def rows():
        spells = OfficerSpell.objects.filter(posting__in=postings).values_list("posting", "counts_as", "from_on")
        paired = PairedSpell.objects.filter(enterprise__in=firms).values_list("enterprise", "side", "from_on")
        covered = CoverageSpell.objects.filter(enterprise__in=firms).values_list("enterprise", "coverage", "from_on")
        return [sorted(one) for one in (spells, paired, covered)]

    before = rows()
    assert all(before)
    refresh_officers(postings.values_list("person_key", flat=True))
    for branch in branches:
        refresh_paired(branch.enterprise or branch)
    for firm in firms:
        refresh_coverage(firm)
    assert rows() == before
    assert set(firms.filter(coverage_spells__coverage="work")) == set(firms)
