"""A register that goes out, comes in through the wizard and goes out again is what it was."""

import io

import pytest
from django.http import QueryDict

from alliances.models import Department
from alliances.registers import DEPARTMENTS
from core.listings import Asking
from exchange import lifecycle
from exchange.enums import ImportState, Outcome
from exchange.exports import files
from exchange.imports import declarations, working

pytestmark = pytest.mark.django_db
# What a spreadsheet would run, drop or turn into a number or a day.
ODD = ("=1+1局", "'撇号局", "@SUM(A1)局", "+86局", "-1局", "1.0", "00123", "1e5", "2026-03-05", '=HYPERLINK("x")局')


def rows(actor):
    return list(DEPARTMENTS.listing(Asking(actor, QueryDict(""))).read())


def taken_in(actor, content, kind):
    one = lifecycle.upload(declarations.find("departments"), io.BytesIO(content), f"责任单位.{kind}", by=actor)
    lifecycle.check(one, one.mapping, by=actor)
    working.work(one.pk)
    one.refresh_from_db()
    wrong = list(one.rows.filter(outcome=Outcome.WRONG).values_list("cells", "errors"))
    assert not wrong, wrong
    lifecycle.run(one, good_only=False, by=actor)
    working.work(one.pk)
    one.refresh_from_db()
    return one


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_out_in_and_out_again(world, settings, tmp_path, kind):
    settings.MEDIA_ROOT, actor, region = tmp_path, world.actor("county_officer"), world.own.region
    for number, name in enumerate(ODD):
        phone, short = ("00930-1234567", "+86-930", "")[number % 3], ("", "=局", "简")[number % 3]
        Department.objects.create(
            region=region, name=name, short_name=short, contact_phone=phone, contact_name="+甲", is_active=number > 4
        )  # fmt: skip
    before = [row for row in rows(actor) if row[0] in ODD]
    assert len(before) == len(ODD)
    target = io.BytesIO()
    listing = DEPARTMENTS.listing(Asking(actor, QueryDict("")))
    listing.rows = listing.rows.filter(name__in=ODD)
    files.write(target, listing, actor, kind)
    Department.objects.filter(name__in=ODD).delete()
    one = taken_in(actor, target.getvalue(), kind)
    assert one.state == ImportState.DONE, (one.error, list(one.rows.values_list("cells", "errors")))
    assert [row for row in rows(actor) if row[0] in ODD] == before
    again = lifecycle.upload(declarations.find("departments"), io.BytesIO(target.getvalue()), f"a.{kind}", by=actor)
    lifecycle.check(again, again.mapping, by=actor)
    working.work(again.pk)
    assert set(again.rows.values_list("outcome", flat=True)) == {Outcome.SAME}, "the same file twice changes nothing"
