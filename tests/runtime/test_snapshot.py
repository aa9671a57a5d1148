"""A copied cast leaves the same rows as one that is built, and does not stand in the way of later ones."""

from collections import Counter

import pytest
from django.db import connection

from alliances.models import Region
from tests import database, snapshot
from tests import factories as make
from tests.cast import build_world

# What a mark names; how often it is named is the statement's affair.
MARKED = {
    "indicators_marker": "source, region_id, committee_id, month",
    "mechanisms_mark": "subject, code, actor_kind, actor_id, day",
}


def counted() -> Counter:
    with connection.cursor() as cursor:
        found = Counter()
        for name in database.with_rows(cursor):
            wanted = f"DISTINCT ({MARKED[name]})" if name in MARKED else "*"
            cursor.execute(f'SELECT count({wanted}) FROM "{name}"')
            found[name] = cursor.fetchone()[0]
        return found


@pytest.mark.django_db(transaction=True)
def test_history_and_marks_come_by_themselves(monkeypatch):
    monkeypatch.setattr(snapshot, "_kept", {})
    empty = counted()
    built = snapshot.of(build_world, "here")
    after_building = counted()
    database.restore()
    assert counted() == empty
    copied = snapshot.of(build_world, "here")
    assert counted() == after_building
    assert {name for name in after_building if name.endswith("event")}, "history is among them"
    assert copied.people["leader"].pk == built.people["leader"].pk
    copied.people["leader"].refresh_from_db()
    assert copied.own.committees[0].chain == copied.own.chains[0]
    highest = Region.objects.order_by("-pk").first().pk
    assert make.RegionFactory(name="后来县").pk > highest, "new rows take keys above"
