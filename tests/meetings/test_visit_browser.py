"""A visit logged on a phone with what the enterprise said: few fields, under a minute."""

import pytest
from playwright.sync_api import expect

from meetings.models import Activity
from tests.cast import build_world
from tests.problems.test_browser import KEY, THOUGHT, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_visit_with_a_problem_takes_four_fields_and_less_than_a_minute(transactional_db, open_page):
    cast = build_world()
    firm = cast.own.enterprises[0]
    page = open_page(viewport={"width": 390, "height": 844})
    sign_in(page, "chain_secretary")
    page.goto("/meetings/activities/new/")
    touched, seconds = [], 0.0

    def fill(name, text):
        """A field typed into: a thought, and two keys for each character of pinyin."""
        nonlocal seconds
        page.fill(f"[name={name}]", text)
        touched.append(name)
        seconds += THOUGHT + 2 * len(text) * KEY

    def choose(name, text):
        """A choice: a thought, a tap, the typing, a tap."""
        nonlocal seconds
        box = page.locator(f"select[name={name}] + .ts-wrapper")
        box.locator(".ts-control").click()
        box.locator("input").first.press_sequentially(text)
        box.locator(".ts-dropdown .option").first.click()
        touched.append(name)
        seconds += THOUGHT + (2 + 2 * len(text)) * KEY

    choose("enterprises", firm.name[3:5])
    fill("text", "订单稳定，饲草偏紧。")
    fill("collected-0-title", "冬季饲草不足")
    choose("collected-0-category", str(cast.category.name)[:2])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "nothing hangs over the edge"
    page.click("button[value=done]")
    seconds += THOUGHT + KEY
    page.wait_for_url(lambda url: url.rstrip("/").rpartition("/")[2].isdigit())
    expect(page.locator("h1")).to_contain_text(str(firm))
    visit = Activity.objects.get()
    assert (visit.state, visit.reached.get().enterprise) == ("done", firm)
    assert visit.collected.get().problem.title == "冬季饲草不足"
    assert len(touched) <= 5 and seconds < 60, (touched, seconds)
