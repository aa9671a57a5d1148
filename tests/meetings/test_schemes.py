"""Six ready-made ways of working: every mechanism is accounted for, every rule is kept by the radar and judged."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from core.transitions import Refused
from mechanisms.models import Mechanism, Obligation
from meetings.models import ActivityKind, MeetingKind
from meetings.schemes import catalogue, loading
from problems.models import Category

TESTS = Path(settings.BASE_DIR) / "tests"
NUMBERS = {"pingliang": 34, "longjiang": 21, "nanqiao": 36, "renshou": 21, "zitong": 17, "hefei": 9}


def test_every_mechanism_says_what_carries_it_and_its_test_exists():
    assert {one.code: len(one.entries) for one in catalogue.schemes()} == NUMBERS
    for scheme in catalogue.schemes():
        for entry in scheme.entries:
            assert entry.carrier in catalogue.CARRIERS and entry.title, entry
            if entry.test:
                name, _colons, test = entry.test.partition("::")
                text = (TESTS / f"{name}.py").read_text(encoding="utf-8")
                assert re.search(rf"^def {test or 'test_'}", text, re.M), entry


@pytest.mark.django_db
def test_the_page_of_documentation_is_as_the_schemes_say():
    call_command("mechanisms_doc", "--check")


@pytest.mark.django_db
@pytest.mark.parametrize("code", catalogue.codes())
def test_every_rule_of_a_scheme_is_kept_and_judged(world, code):
    from mechanisms.drain import drain

    scheme = catalogue.get(code)
    loading.take(scheme, world.own.region, by=world.actor("county_officer"))
    while drain():
        pass
    kept = Mechanism.objects.filter(region=world.own.region)
    assert [one.code for one in kept.order_by("order")] == [number for number, _rule in scheme.rules]
    for rule in kept:
        version = rule.versions.get()
        assert version.name and version.basis == scheme.name
    if scheme.rules:
        assert Obligation.objects.filter(version__mechanism__in=kept).exists()


@pytest.mark.django_db
def test_a_scheme_loads_once_and_is_the_countys_own(world, client_of):
    officer, region, scheme = world.actor("county_officer"), world.own.region, catalogue.get("nanqiao")
    with pytest.raises(Refused):
        loading.take(scheme, region, by=world.actor("chain_secretary"))
    with pytest.raises(Refused):
        loading.take(scheme, region, by=world.actor("stranger_officer"))
    client = client_of("county_officer")
    page = client.get("/meetings/schemes/nanqiao/").content.decode()
    assert "红色议事会" in page and "NQ-M32" in page
    assert client.post("/meetings/schemes/nanqiao/", {"region": region.pk}).status_code == 302
    assert client.post("/meetings/schemes/nanqiao/", {"region": world.other.region.pk}).status_code == 200
    assert not Mechanism.objects.filter(region=world.other.region).exists()
    council = MeetingKind.objects.get(region=region, code="red_council")
    assert (council.counts_as, council.quorum) == ("committee", "half")
    council.name = "本县叫法"
    council.save()
    before = [MeetingKind.objects.count(), ActivityKind.objects.count(), Mechanism.objects.count()]
    again = loading.take(scheme, region, by=officer)
    assert again.total == 0
    assert before == [MeetingKind.objects.count(), ActivityKind.objects.count(), Mechanism.objects.count()]
    council.refresh_from_db()
    assert council.name == "本县叫法"
    loading.take(catalogue.get("pingliang"), region, by=officer)
    assert Category.objects.filter(region=region, name="联动难", parent__code="other").exists()
