"""On a phone of 390 pixels: the card is made, scanned and rated; the second use is refused. Also without scripts."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from problems.models import Problem, Rulebook
from tests.pages import walk
from tests.problems.steps import in_state
from tests.problems.test_call_backs import requested, resolved_now

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}
SHOTS = os.environ.get("VOICE_SHOTS", "")


def fine(page, axe, name, theme="light") -> None:
    """No fault of accessibility, nothing beside the screen, nothing cut off."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    wrong = walk.violations(page, axe, theme) + page.evaluate(walk.OVERFLOW) + page.evaluate(walk.HIDDEN_LABELS)
    assert not wrong, (name, wrong)


@pytest.fixture
def axe():
    return Axe()


def card(world, open_page, axe, problem) -> tuple[str, str]:
    """(address, short code) from the card that the chain secretary makes on the entry's page."""
    desk = open_page()
    walk.sign_in(desk, "chain_secretary")
    desk.goto(problem.get_absolute_url())
    desk.click("#voice >> text=生成链接")
    desk.click("main button[type=submit]")
    address, code = desk.input_value("#voice-address"), desk.inner_text(".voice-code")
    drawn = desk.evaluate("document.querySelector('.voice-card img').naturalWidth")
    assert drawn > 100
    fine(desk, axe, "card")
    desk.set_viewport_size(PHONE)
    fine(desk, axe, "card-phone")
    return address, code


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_scan_rate_and_be_refused_the_second_time(world, open_page, axe, scripts):
    problem = in_state(world, "resolved", contact_phone="0900-000123")
    address, code = card(world, open_page, axe, problem)
    phone = open_page(viewport=PHONE, java_script_enabled=scripts, is_mobile=True, has_touch=True)
    phone.goto(address)
    assert phone.url.endswith(f"/v/{problem.pk}/") and "请您评价" in phone.inner_text("main")
    check = fine if scripts else lambda *_more: None
    check(phone, axe, "entry")
    phone.click("text=满意 >> nth=0")
    assert phone.is_checked("input[value=satisfied]")
    check(phone, axe, "rate")
    phone.fill("textarea", "很快就解决了")
    phone.click("main button[type=submit]")
    phone.wait_for_url(f"**/v/{problem.pk}/")
    assert "您的评价已经记下" in phone.inner_text("main")
    check(phone, axe, "rated")
    problem.refresh_from_db()
    assert (problem.rating, problem.rated_by, problem.rating_text) == ("satisfied", "link", "很快就解决了")
    # Once more, on the way back and from another phone.
    assert phone.goto(f"/v/{problem.pk}/rate/").status == 409
    assert "每个链接只能评价一次" in phone.inner_text("main")
    check(phone, axe, "refused")
    other = open_page(viewport=PHONE, java_script_enabled=scripts)
    other.goto("/v/")
    check(other, axe, "code")
    other.fill("input[name=code]", code.lower())
    other.click("main button[type=submit]")
    other.wait_for_url(f"**/v/{problem.pk}/")
    assert not other.query_selector(".voice-rate")
    assert Problem.objects.get(pk=problem.pk).rating == "satisfied"


def test_fact_call_and_english(world, open_page, axe):
    problem = in_state(world, "in_progress")
    address, _code = card(world, open_page, axe, problem)
    phone = open_page(viewport=PHONE, is_mobile=True, has_touch=True)
    phone.goto(address)
    phone.click("text=补充情况")
    phone.fill("textarea", "另有两车待运")
    fine(phone, axe, "fact")
    phone.click("main button[type=submit]")
    phone.wait_for_url(f"**/v/{problem.pk}/")
    assert "另有两车待运" in phone.inner_text("main")
    phone.click("text=要求回电")
    phone.click("main button[type=submit]")
    assert "此项必填" in phone.inner_text("main"), "no number on record"
    fine(phone, axe, "call-error")
    phone.fill("input[name=phone]", "0900-000123")
    phone.click("main button[type=submit]")
    phone.wait_for_url(f"**/v/{problem.pk}/")
    assert problem.call_backs.get().phone == "0900-000123"
    phone.click("text=English")
    phone.wait_for_selector("html[lang=en]")
    assert "Anything else?" in phone.inner_text("main")
    fine(phone, axe, "english")
    assert phone.goto(address[:-4] + "AAA/").status == 403
    fine(phone, axe, "unknown")


def test_a_call_is_made(world, open_page, axe):
    Rulebook.objects.update(call_back_share=100)
    problem = resolved_now(world)
    requested(world, in_state(world, "in_progress", title="另一件"))
    page = open_page()
    walk.sign_in(page, "chain_secretary")
    page.goto("/problems/calls/")
    fine(page, axe, "calls")
    page.set_viewport_size(PHONE)
    fine(page, axe, "calls-phone")
    page.click(f"text={problem.title}")
    fine(page, axe, "call-form-phone")
    page.check("input[name=reached][value=yes]")
    page.check("input[name=solved][value=no]")
    page.fill("textarea[name=text]", "车一辆也没来")
    page.click(".form-bar button[type=submit]")
    page.wait_for_url("**/problems/calls/")
    problem.refresh_from_db()
    assert (problem.state, problem.rated_by) == ("in_progress", "call_back")
    page.goto("/problems/calls/?state=not_solved")
    assert "企业说未解决" in page.inner_text("main")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(problem.get_absolute_url())
    fine(page, axe, "entry-desk")
