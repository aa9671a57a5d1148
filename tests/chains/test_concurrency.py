"""Two people edit one chain, segment, link, committee or seat at once, on two real connections."""

import pytest
from django.test import Client
from django.urls import reverse

from chains import lifecycle
from tests.cast import build_world
from tests.race import edit_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_second_is_told_and_nothing_is_lost():
    world = build_world()
    own, client = world.own, Client()
    client.force_login(world.people["county_officer"], backend="accounts.backends.AccountBackend")
    cases = (
        ("chain", own.chains[0], lifecycle.save_chain, "description"),
        ("segment", own.segment, lifecycle.save_segment, "name"),
        ("link", own.link, lifecycle.save_link, "name"),
        ("committee", own.committees[0], lifecycle.save_committee, "name"),
        ("seat", own.seats[2], lifecycle.save_seat, "post_title"),
    )
    for name, record, save, field in cases:
        edit_at_once(
            client, reverse(f"chains:{name}_edit", args=[record.pk]), record, save, field, "乙写的", "甲写的",
            by=world.actor("county_officer"),
        )  # fmt: skip
