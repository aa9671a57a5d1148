"""Two people edit one record of the organisation at once, on two real connections.

Seen to fail: with `select_for_update` taken out of `audit.records.lock`, and with its comparison of versions taken out.
"""

import pytest
from django.test import Client
from django.urls import reverse

from alliances import lifecycle
from tests.cast import build_world
from tests.race import edit_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_second_is_told_and_nothing_is_lost():
    world = build_world()
    client = Client()
    client.force_login(world.people["county_officer"], backend="accounts.backends.AccountBackend")
    cases = (
        ("region", world.own.towns[0], lifecycle.save_region, "name"),
        ("department", world.own.departments[0], lifecycle.save_department, "short_name"),
        ("alliance", world.own.chains[0].alliance, lifecycle.save_alliance, "articles"),
        ("team", world.own.team, lifecycle.save_team, "duties"),
    )
    for name, record, save, field in cases:
        edit_at_once(
            client, reverse(f"alliances:{name}_edit", args=[record.pk]), record, save, field, "乙写的", "甲写的",
            by=world.actor("county_officer"),
        )  # fmt: skip
