"""Chains, their parts, committees and seats."""

import datetime as dt

import pytest

from chains import lifecycle
from chains.models import Committee, Link, Seat, Segment
from core.actor import SYSTEM
from core.transitions import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


def refusal_of(function, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        function(*args, **kwargs)
    return refused.value.refusal.code


def test_only_empty_parts_are_deleted(world):
    officer, own = world.actor("county_officer"), world.own
    assert refusal_of(lifecycle.delete_part, own.segment, by=officer) == "not_empty"
    assert refusal_of(lifecycle.delete_part, own.link, by=officer) == "not_empty"
    empty = make.LinkFactory(segment=own.segment)
    assert refusal_of(lifecycle.delete_part, empty, by=world.actor("chain_secretary")) == "not_officer"
    lifecycle.delete_part(empty, by=officer)
    assert not Link.objects.filter(pk=empty.pk).exists()


def test_a_link_stays_in_its_chain(world):
    elsewhere = make.SegmentFactory(chain=world.own.chains[1])
    officer = world.actor("county_officer")
    assert refusal_of(lifecycle.save_link, world.own.link, {"segment": elsewhere}, by=officer) == "other_chain"
    made = lifecycle.save_segment(
        Segment(chain=world.own.chains[1]), {"name": "加工", "position": "midstream"}, by=officer
    )
    assert made.pk


def test_a_single_seat_has_one_holder_at_a_time(world):
    officer, committee = world.actor("county_officer"), world.own.committees[0]
    data = {"kind": "secretary", "person": "新书记", "started_on": dt.date(2025, 1, 1)}
    assert refusal_of(lifecycle.add_seat, committee, data, by=officer) == "seat_taken"
    old = committee.seats.get(kind="secretary")
    lifecycle.end_seat(old, on=dt.date(2025, 1, 1), by=officer)
    assert lifecycle.add_seat(committee, data, by=officer).pk
    assert refusal_of(lifecycle.add_seat, committee, data, by=officer) == "twice"
    assert refusal_of(lifecycle.add_seat, committee, data, by=world.actor("chain_secretary")) == "not_officer"


def test_a_dissolved_committee_ends_its_seats_and_frees_its_enterprises(world):
    committee = world.own.committees[0]
    lifecycle.save_committee(committee, {"dissolved_on": dt.date(2025, 5, 1)}, by=SYSTEM)
    assert not Seat.objects.filter(committee=committee, ended_on=None).exists()
    assert not committee.memberships.filter(left_on=None).exists()
    again = Committee(founded_on=dt.date(2025, 5, 1))
    data = {"chain": committee.chain, "region": committee.region, "name": "新党委"}
    made = lifecycle.save_committee(again, data, by=world.actor("county_officer"))
    assert made.memberships.filter(left_on=None).count() == 2
