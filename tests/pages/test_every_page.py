"""Every page of the product in Chromium: no fault of accessibility, no sideways scrolling, nothing in the console."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.pages import walk

pytestmark = [pytest.mark.django_db(transaction=True)]

# The county officer may open nearly everything: in parts, so that several processes share it.
PARTS = 3
TURNS = [
    *(("county_officer", part, PARTS) for part in range(PARTS)),
    *((person, 0, 1) for person in (*walk.DAILY, "auditor", "system_admin")),
]


@pytest.mark.parametrize(("person", "part", "parts"), TURNS, ids=[f"{who}-{part}" for who, part, _ in TURNS])
def test_every_page_is_accessible_and_fits_its_screen(world, open_page, person, part, parts):
    entries = walk.build(world)
    page, axe = open_page(reduced_motion="reduce"), Axe()
    walk.sign_in(page, person)
    pages = walk.pages_of(person, world, entries)[part::parts]
    assert pages
    wrong = [line for name, path in pages for line in walk.look(page, axe, name, path)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_before_signing_in(world, server, open_page, theme):
    page, axe = open_page(reduced_motion="reduce"), Axe()
    page.context.add_cookies([{"name": "theme", "value": theme, "url": server.url}])
    wrong = walk.look(page, axe, "sign-in", "/sign-in/")
    assert not wrong, "\n".join(wrong)
    assert page.goto("/there-is-no-such-page/").status == 404
    assert walk.violations(page, axe, theme) == []
