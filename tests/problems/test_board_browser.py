"""The board in a browser: by keyboard, by dragging, on a phone; picking rows; nothing happens without a form."""

import pytest

from problems.models import Problem
from tests.pages.walk import sign_in
from tests.problems.steps import in_state, raised

pytestmark = [pytest.mark.django_db(transaction=True)]


def card(page, problem):
    return page.locator(f'[data-card="/problems/{problem.pk}/moves/"]')


def test_cards_by_keyboard_by_dragging_and_on_a_phone(world, open_page):
    first, second = raised(world, title="先提的事"), raised(world, title="后提的事")
    accepted = in_state(world, "accepted", title="待交办的事")
    page = open_page(reduced_motion="reduce")
    sign_in(page, "county_officer")
    page.goto("/problems/board/")
    focused = "document.activeElement.textContent.trim()"
    card(page, first).locator(".b-t").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == second.title
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == accepted.title
    assert page.locator("#board-said").text_content() == "待交办，第 1 张，共 1 张：待交办的事"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # opens the menu of steps, fetched now
    card(page, accepted).locator(".b-list a", has_text="交办").first.wait_for()
    card(page, accepted).drag_to(page.locator('.bcol[data-state="assigned"]'))
    page.wait_for_url(f"**/problems/{accepted.pk}/do/assign/")
    assert Problem.objects.get(pk=accepted.pk).state == "accepted"
    page.goto("/problems/board/")
    card(page, first).drag_to(page.locator('.bcol[data-state="closed"]'))
    page.wait_for_url("**/moves/?to=closed")
    assert "没有一步可以到“已销号”" in page.locator("main").inner_text()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/problems/board/")
    assert not card(page, first).is_visible()
    page.locator(".board-tabs a", has_text="待受理").click()
    card(page, first).wait_for(state="visible")
    assert not card(page, accepted).is_visible()


def test_rows_are_picked_and_a_step_taken_on_them(world, open_page):
    entries = [in_state(world, "in_progress", title=f"办理{number}") for number in range(3)]
    page = open_page(reduced_motion="reduce")
    sign_in(page, "county_officer")
    page.goto("/problems/")
    page.check("[data-bulk-page]")
    assert page.locator("[data-bulk-n]").text_content() == "已选 3 件"
    page.uncheck(f'input[name=row][value="{entries[0].pk}"]')
    page.locator("button[name=step][value=urge]").click()
    page.wait_for_url("**/problems/bulk/*/")
    page.fill("textarea[name=text]", "请抓紧")
    page.locator("form.confirm button[type=submit]").click()
    page.get_by_text("完成 2 件，不能办理 0 件").wait_for()
    assert page.locator(".job").count() == 1
