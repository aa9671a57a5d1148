"""Two people change or merge one enterprise at once, on two real connections."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from audit.records import version
from core.transitions import Conflict, Refused
from enterprises import lifecycle
from enterprises.models import ChainMembership, Enterprise
from tests import factories as make
from tests.alliances.pages import form_data
from tests.cast import build_world
from tests.race import edit_at_once, overlapping

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.date(2025, 9, 1)


def signed_in(world):
    client = Client()
    client.force_login(world.people["county_officer"], backend="accounts.backends.AccountBackend")
    return client


def test_the_second_is_told_and_nothing_is_lost():
    world = build_world()
    own, officer = world.own, world.actor("county_officer")
    client, early, late = signed_in(world), dt.date(2024, 5, 1), dt.date(2024, 6, 1)
    cases = (
        ("enterprise", own.enterprises[0], lifecycle.save_enterprise, "address", "乙路二号", "甲路一号"),
        ("organisation", own.organisation, lifecycle.save_organisation, "secretary_name", "乙书记", "甲书记"),
    )
    for name, record, save, field, ours, theirs in cases:
        url = reverse(f"enterprises:{name}_edit", args=[record.pk])
        edit_at_once(client, url, record, save, field, ours, theirs, by=officer)
    place = own.memberships[0]
    url = reverse("enterprises:membership_edit", args=[place.pk])
    data = form_data(client.get(url), joined_on=late.isoformat())
    _saved, page = overlapping(
        lambda: lifecycle.save_membership(ChainMembership.objects.get(pk=place.pk), {"joined_on": early}, by=officer),
        lambda: client.post(url, data),
    )
    text = page.content.decode()
    assert page.status_code == 200 and officer.name in text and early.isoformat() in text and late.isoformat() in text
    assert ChainMembership.objects.get(pk=place.pk).joined_on == early
    assert client.post(url, form_data(page)).status_code == 302
    assert ChainMembership.objects.get(pk=place.pk).joined_on == late


def confirmed(client, url, into):
    """What the page that asks to confirm a merger would post."""
    page = client.post(url, {"into": into.pk, "on": DAY.isoformat()})
    hidden = {name: page.context[name] for name in ("seen", "into_seen")}
    assert all(hidden.values())
    return {"into": into.pk, "on": DAY.isoformat(), "confirm": "1", **hidden}


def test_two_merge_one_duplicate_into_two_others():
    world = build_world()
    officer, client = world.actor("county_officer"), signed_in(world)
    duplicate, one, other = world.own.enterprises
    problem = make.ProblemFactory(enterprise=duplicate)
    url = reverse("enterprises:enterprise_merge", args=[duplicate.pk])
    data = confirmed(client, url, other)
    first, page = overlapping(
        lambda: lifecycle.merge(duplicate, one, by=officer, on=DAY), lambda: client.post(url, data)
    )
    assert not isinstance(first, Exception), first
    text = page.content.decode()
    assert page.status_code == 200, "merged twice"
    assert officer.name in text and "并入其他企业" in text and one.short_name in text
    duplicate.refresh_from_db()
    problem.refresh_from_db()
    assert duplicate.merged_into_id == problem.enterprise_id == one.pk
    assert other.merged_from.count() == 0


def test_what_somebody_just_changed_is_seen_before_a_merger():
    world = build_world()
    officer, client = world.actor("county_officer"), signed_in(world)
    duplicate, target = world.own.enterprises[0], world.own.enterprises[2]
    url = reverse("enterprises:enterprise_merge", args=[duplicate.pk])
    data = confirmed(client, url, target)
    saved, page = overlapping(
        lambda: lifecycle.save_enterprise(
            Enterprise.objects.get(pk=target.pk), {"contact_phone": "0933-1234567"}, by=officer
        ),
        lambda: client.post(url, data),
    )
    assert not isinstance(saved, Exception), saved
    text = page.content.decode()
    assert page.status_code == 200 and officer.name in text and "0933-1234567" in text
    assert Enterprise.objects.get(pk=duplicate.pk).merged_into_id is None
    assert client.post(url, confirmed(client, url, target)).status_code == 302
    target.refresh_from_db()
    assert target.contact_phone == "0933-1234567"


def test_two_merge_each_into_the_other_and_a_late_edit_of_the_merged_one():
    world = build_world()
    officer = world.actor("county_officer")
    one, other = world.own.enterprises[0], world.own.enterprises[2]
    results = overlapping(
        lambda: lifecycle.merge(one, other, by=officer, on=DAY),
        lambda: lifecycle.merge(other, one, by=officer, on=DAY),
    )
    assert results[0] == other and isinstance(results[1], Refused) and results[1].refusal.code == "merged"
    third = world.own.enterprises[1]
    seen = version(third)
    results = overlapping(
        lambda: lifecycle.merge(third, other, by=officer, on=DAY),
        lambda: lifecycle.save_enterprise(third, {"address": "新路"}, by=officer, seen=seen),
    )
    assert results[0] == other and isinstance(results[1], Conflict)
    third.refresh_from_db()
    assert (third.address, third.merged_into_id) == ("", other.pk)
