"""In a real browser: the session ends in the middle of typing, with and without scripts; axe on these pages."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.cast import build_world
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return build_world()


def sign_in(page, person):
    page.fill("#id_username", f"{person}.yunling")
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def end_session(page):
    kept = [cookie for cookie in page.context.cookies() if cookie["name"] != "session"]
    page.context.clear_cookies()
    page.context.add_cookies(kept)


@pytest.mark.parametrize("scripts", [True, False])
def test_text_typed_when_the_session_ended_comes_back(cast, open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto("/meetings/new/")
    sign_in(page, "chain_secretary")
    page.fill("[name=title]", "会话中断的会议")
    page.click("#rows-decisions button")
    page.wait_for_selector("[name=decisions-1-text]")
    page.fill("[name=decisions-1-text]", "两周内落实饲草")
    end_session(page)
    page.click("button[value=draft]")
    page.wait_for_selector("#id_username")
    assert "已保留" in page.inner_text("main")
    sign_in(page, "chain_secretary")
    assert page.input_value("[name=title]") == "会话中断的会议"
    assert page.input_value("[name=decisions-1-text]") == "两周内落实饲草"
    assert "已经恢复" in page.inner_text("main")


def test_a_row_asked_for_after_the_session_ended_leads_to_the_whole_sign_in_page(cast, page):
    page.goto("/meetings/new/")
    sign_in(page, "chain_secretary")
    page.fill("[name=title]", "会话中断的会议")
    end_session(page)
    page.click("#rows-guests button")
    page.wait_for_selector("#id_username")
    assert page.locator("main").count() == 1
    sign_in(page, "chain_secretary")
    assert page.input_value("[name=title]") == "会话中断的会议"


@pytest.mark.parametrize("way", ["继续提交", "回到表单核对"])
def test_a_form_of_an_old_tab_is_kept_after_signing_in_in_another(cast, page, way):
    page.goto("/meetings/new/")
    sign_in(page, "chain_secretary")
    page.fill("[name=title]", "旧标签页的会议")
    other = page.context.new_page()
    end_session(other)
    other.goto("/sign-in/")
    sign_in(other, "chain_secretary")
    page.click("button[value=draft]")
    page.wait_for_selector("[data-error-page]")
    assert "没有丢失" in page.inner_text("main")
    assert not [
        each["id"] for each in Axe().run(page).response["violations"] if each["impact"] in ("serious", "critical")
    ]
    page.click(f"text={way}")
    page.wait_for_selector("h1:not(:has-text('已过期'))")
    if way == "回到表单核对":
        assert page.input_value("[name=title]") == "旧标签页的会议"
    else:
        assert "旧标签页的会议" in page.content()


@pytest.mark.parametrize(
    ("person", "addresses"),
    [
        ("chain_secretary", ["/meetings/", "/meetings/new/", "/meetings/decisions/", "/password/"]),
        ("system_admin", ["/users/", "/users/new/", "/problems/"]),
        ("auditor", ["/audit/"]),
    ],
)
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_have_no_serious_fault_for_assistive_technology(cast, open_page, person, addresses, width):
    page, found = open_page(viewport={"width": width, "height": 900}), []
    page.goto("/sign-in/")
    for address in ["", *addresses]:
        if address:
            page.goto(address)
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found.append((address, violation["id"], violation["nodes"][0]["html"][:120]))
        if not address:
            sign_in(page, person)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} scrolls sideways"
    assert not found
