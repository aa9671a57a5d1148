"""Once a quarter every committee meets: which have, which have not yet, and the links that open them."""

import datetime as dt
import re
from html import unescape

import pytest
from django.urls import reverse

from indicators.drain import drain
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_committees_that_have_not_met_are_counted_and_opened(world, client_of, time_machine):
    time_machine.move_to("2026-05-06 10:00:00+08:00")
    own = world.own
    met = own.committees[0]
    others = [one for one in own.committees if one != met and one.region_id == met.region_id]
    assert others
    make.MeetingFactory(committee=met, held_on=dt.date(2026, 4, 20))
    make.MeetingFactory(committee=others[0], held_on=dt.date(2026, 3, 20))
    while drain():
        pass
    client, address = client_of("county_officer"), reverse("dashboards:committees_not_met")
    page = client.get(reverse("dashboards:cockpit"), {"scope": f"region:{own.region.code}", "period": "2026-05"})
    links = re.findall(rf'<a href="({address}[^"]*)">(\d+)</a>', unescape(page.content.decode()))
    assert sum(int(number) for _href, number in links) == len(others)
    for href, number in links:
        assert client.get(href).context["total"] == int(number)
    whole = client.get(f"{address}?scope=region:{own.region.code}&period=2026-Q2")
    text = whole.content.decode()
    assert whole.context["total"] == len(others) and others[0].name in text and met.name not in text


def test_an_enterprise_has_no_committees_to_ask_for(world, client_of):
    firm = world.own.enterprises[0]
    client, scope = client_of("county_officer"), f"enterprise:{firm.pk}"
    assert client.get(reverse("dashboards:committees_not_met"), {"scope": scope}).status_code == 404
    page = client.get(reverse("dashboards:cockpit"), {"scope": scope}).content.decode()
    assert reverse("dashboards:committees_not_met") not in page
