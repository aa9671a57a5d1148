"""Postings, pairings, facilities and honours: who may, what follows, what is refused."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from alliances.models import Region
from audit.models import Event
from core.actor import SYSTEM
from core.transitions import Refused
from enterprises import lifecycle
from enterprises.models import (
    Facility,
    FacilityKind,
    Honour,
    HonourKind,
    MassOrganisation,
    OfficerSpell,
    PairedSpell,
    Pairing,
    PairingKind,
    Posting,
    PostingKind,
)
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 3, 1)
LATER = dt.date(2025, 9, 1)


def refusal_of(function, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        function(*args, **kwargs)
    return refused.value.refusal.code


def kind(model, code):
    return model.objects.get(code=code)


def instructor(enterprise, person="周指导", *, by=SYSTEM, **values):
    data = {"kind": kind(PostingKind, "instructor"), "enterprise": enterprise, "person": person, "started_on": DAY}
    return lifecycle.save_posting(Posting(), {**data, **values}, by=by)


def manager(town, person="钱经理", **values):
    data = {"kind": kind(PostingKind, "town-manager"), "region": town, "person": person, "started_on": DAY}
    return lifecycle.save_posting(Posting(), {**data, **values}, by=SYSTEM)


def spells(enterprise, coverage):
    rows = enterprise.coverage_spells.filter(membership=None, coverage=coverage).order_by("from_on")
    return list(rows.values_list("from_on", "until_on"))


def test_an_instructor_is_party_work_where_there_is_no_organisation(world):
    firm = world.own.enterprises[1]
    assert spells(firm, "work") == []
    posting = instructor(firm, by=world.actor("chain_secretary"))
    assert (posting.region, posting.chain, posting.committee) == (
        firm.region,
        world.own.chains[0],
        world.own.committees[0],
    )
    union = {"enterprise": firm, "kind": "union", "name": "工会", "founded_on": LATER}
    lifecycle.save_mass_organisation(MassOrganisation(), union, by=SYSTEM)
    lifecycle.end_posting(posting, on=dt.date(2025, 6, 1), reason="期满", by=SYSTEM)
    assert spells(firm, "work") == [(DAY, dt.date(2025, 6, 1)), (LATER, None)]
    assert spells(firm, "organisation") == []
    assert firm.coverage_spells.filter(coverage="work", committee=world.own.committees[0]).count() == 2
    assert Event.objects.filter(verb="posting.ended", object_id=posting.pk).exists()


def test_succession_ends_one_and_begins_the_next_on_the_same_day(world):
    town = world.own.towns[0]
    first = manager(town, "钱经理", employer="农商行")
    assert refusal_of(manager, town, "孙经理") == "taken"
    second = lifecycle.replace_posting(first, on=LATER, person="孙经理", employer="农商行", reason="轮岗", by=SYSTEM)
    first.refresh_from_db()
    assert (first.ended_on, first.end_reason, second.started_on, second.region) == (LATER, "轮岗", LATER, town)
    assert refusal_of(lifecycle.replace_posting, first, on=LATER, person="李经理", by=SYSTEM) == "ended"
    assert refusal_of(lifecycle.end_posting, second, on=DAY, by=SYSTEM) == "dates"


def test_a_kind_says_what_it_is_posted_to(world):
    town, firm = world.own.towns[0], world.own.enterprises[1]
    assert refusal_of(manager, world.own.region) == "level"
    assert refusal_of(manager, town, enterprise=firm) == "place"
    foreign = make.PostingKindFactory(region=world.other.region)
    assert refusal_of(instructor, firm, kind=foreign) == "kind"
    idle = make.PostingKindFactory(region=world.own.region, is_active=False)
    assert refusal_of(instructor, firm, kind=idle) == "kind"
    instructor(firm)
    assert refusal_of(instructor, firm) == "twice"
    lifecycle.save_enterprise(firm, {"left_on": LATER}, by=SYSTEM)
    assert refusal_of(instructor, firm, "吴指导") == "owner_gone"
    gone = Posting.objects.get(enterprise=firm)
    assert (gone.ended_on, gone.end_reason) == (LATER, "企业退出")


def test_a_person_at_several_places_counts_once(world):
    firms = world.own.enterprises
    one = instructor(firms[0], employer="组织部")
    two = instructor(firms[1], employer="组织部", started_on=dt.date(2025, 5, 1))
    instructor(firms[1], employer="总工会")  # another person of the same name
    rows = OfficerSpell.objects.filter(chainwise=False, counts_as="")
    assert rows.count() == 2
    lifecycle.end_posting(one, on=LATER, by=SYSTEM)
    mine = rows.filter(posting__in=[one, two]).order_by("from_on").values_list("posting", "from_on", "until_on")
    assert list(mine) == [(one.pk, DAY, LATER), (two.pk, LATER, None)]


def test_copies_follow_the_enterprise(world):
    firm, town = world.own.enterprises[1], world.own.towns[0]
    posting = instructor(firm)
    bank = {"kind": kind(PairingKind, "finance"), "helper_name": "农商行", "helped_enterprise": firm, "started_on": DAY}
    pairing = lifecycle.save_pairing(Pairing(), bank, by=SYSTEM)
    lifecycle.change_region(firm, town, by=SYSTEM)
    lifecycle.join_chain(firm, world.own.chains[1], by=SYSTEM, on=DAY, is_primary=True)
    for row in (posting, pairing, posting.spells.get(chainwise=True, counts_as=""), PairedSpell.objects.get()):
        row.refresh_from_db()
        assert (row.region, row.chain, row.committee) == (town, world.own.chains[1], world.own.committees[1]), row
    lifecycle.merge(firm, world.own.enterprises[0], by=SYSTEM, on=LATER)
    posting.refresh_from_db()
    assert posting.enterprise == world.own.enterprises[0] and posting.committee == world.own.committees[0]
    assert PairedSpell.objects.get().enterprise == world.own.enterprises[0]


def test_pairings_of_all_sorts(world):
    own, officer = world.own, world.actor("county_officer")
    weak = make.PartyOrganisationFactory(region=own.towns[1])
    data = {"kind": kind(PairingKind, "strong-weak"), "helper_organisation": own.organisation, "started_on": DAY}
    pairing = lifecycle.save_pairing(Pairing(), {**data, "helped_organisation": weak}, by=officer)
    assert (pairing.region, str(pairing)) == (own.towns[1], f"{own.organisation} → {weak}")
    helper = PairedSpell.objects.get(side="helper")
    assert helper.enterprise == own.enterprises[0]  # the organisation counts with its enterprise
    lifecycle.end_pairing(pairing, on=LATER, by=officer)
    assert PairedSpell.objects.get(side="helper").until_on == LATER
    for wrong, code in (
        ({"helped_organisation": world.other.organisation}, "unseen"),
        ({"helped_organisation": weak, "households": 2, "members": 1}, "households"),
    ):
        assert refusal_of(lifecycle.save_pairing, Pairing(), {**data, **wrong}, by=officer) == code
    homes = {**data, "kind": kind(PairingKind, "households"), "members": 3, "households": 6}
    assert lifecycle.save_pairing(Pairing(), homes, by=officer).region == own.towns[0]
    nobody = {"kind": data["kind"], "helper_name": "甲", "helped_name": "乙", "started_on": DAY}
    assert refusal_of(lifecycle.save_pairing, Pairing(), nobody, by=officer) == "no_end"


def test_facilities_and_honours_begin_and_end(world):
    own = world.own
    data = {"kind": kind(FacilityKind, "station"), "name": "驻外站", "region": own.region, "opened_on": DAY}
    facility = lifecycle.save_facility(Facility(), {**data, "chain": own.chains[0]}, by=SYSTEM)
    assert facility.committee == own.committees[0]
    lifecycle.close_facility(facility, on=LATER, by=SYSTEM)
    assert refusal_of(lifecycle.close_facility, facility, on=LATER, by=SYSTEM) == "ended"
    strong = {"kind": kind(HonourKind, "strong-city"), "year": 2025, "awarded_on": DAY, "valid_until": LATER}
    assert (
        refusal_of(lifecycle.save_honour, Honour(), {**strong, "enterprise": own.enterprises[0]}, by=SYSTEM) == "holder"
    )
    honour = lifecycle.save_honour(Honour(), {**strong, "organisation": own.organisation}, by=SYSTEM)
    assert honour.ends_on == dt.date(2025, 9, 2)
    lifecycle.revoke_honour(honour, on=dt.date(2025, 5, 1), by=SYSTEM)
    honour.refresh_from_db()
    assert honour.ends_on == dt.date(2025, 5, 1)
    person = {
        **strong,
        "kind": kind(HonourKind, "post-model"),
        "person": "郑标兵",
        "unit": "某厂",
        "region": own.region,
    }
    assert str(lifecycle.save_honour(Honour(), person, by=SYSTEM)) == "郑标兵（某厂） · 岗位标兵（市级）"


@pytest.mark.parametrize(
    "person", ["leader", "team_member", "department_officer", "branch_secretary", "stranger_officer"]
)
def test_others_keep_nothing(world, person):
    firm = world.own.enterprises[0]
    posting = instructor(firm)
    by = world.actor(person)
    assert refusal_of(instructor, firm, "吴指导", by=by) == "not_keeper"
    assert refusal_of(lifecycle.end_posting, posting, on=LATER, by=by) == "not_keeper"
    seen = Posting.objects.visible_to(by).exists()
    assert seen == (person in ("leader", "branch_secretary"))


def test_a_secretary_keeps_the_own_committee_only(world):
    secretary = world.actor("chain_secretary")
    assert refusal_of(instructor, world.own.enterprises[2], by=secretary) == "not_keeper"
    assert (
        refusal_of(
            lifecycle.save_facility,
            Facility(),
            {"kind": kind(FacilityKind, "station"), "name": "站", "region": world.own.region, "opened_on": DAY},
            by=secretary,
        )
        == "not_keeper"
    )


def test_a_kind_in_use_is_disabled_not_changed(world):
    officer, region = world.actor("county_officer"), world.own.region
    data = {"region": region, "name": "产业顾问", "counts_as": "specialist", "posted_to": "enterprise"}
    own = lifecycle.save_kind(PostingKind(), data, by=officer)
    lifecycle.save_kind(own, {"counts_as": "adviser"}, by=officer)
    own.refresh_from_db()
    instructor(world.own.enterprises[0], kind=own, by=officer)
    assert refusal_of(lifecycle.save_kind, own, {"counts_as": "specialist"}, by=officer) == "in_use"
    own = lifecycle.save_kind(own, {"is_active": False}, by=officer)
    assert refusal_of(instructor, world.own.enterprises[1], kind=own) == "kind"
    common = kind(PostingKind, "instructor")
    assert refusal_of(lifecycle.save_kind, common, {"name": "指导"}, by=officer) == "common"
    assert (
        refusal_of(lifecycle.save_kind, PostingKind(), {**data, "name": "乙"}, by=world.actor("leader"))
        == "not_officer"
    )
    assert not PostingKind.objects.visible_to(world.actor("stranger_officer")).filter(pk=own.pk).exists()


def test_the_table_refuses_what_the_lifecycle_refuses(world):
    firm, town = world.own.enterprises[0], world.own.towns[0]
    manager(town)
    wrong = [
        lambda: make.PostingFactory(enterprise=firm, posted_to="region"),
        lambda: make.PostingFactory(enterprise=firm, started_on=LATER, ended_on=DAY),
        lambda: make.PostingFactory(of_town=True, region=Region.objects.get(pk=town.pk), person="另一人"),
        lambda: make.PairingFactory(helped_name="第三方"),
        lambda: make.PairingFactory(
            helper_organisation=world.own.organisation, helped_organisation=world.own.organisation
        ),
        lambda: make.FacilityFactory(region=town, enterprise=firm, organisation=world.own.organisation),
        lambda: make.HonourFactory(person="某人"),
        lambda: make.StaffingRuleFactory(level=""),
    ]
    for number, act in enumerate(wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
            pytest.fail(f"taken: {number}")
