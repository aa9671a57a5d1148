"""A draft goes with the person: typed on one device, taken up on another after the first was signed out."""

import time

import pytest
from playwright.sync_api import expect

from accounts.models import TypedDraft
from tests.cast import build_world
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(page) -> None:
    page.goto("/sign-in/")
    page.fill("#id_username", "branch_secretary.yunling")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def test_a_draft_is_taken_up_on_another_device_and_goes_when_sent(transactional_db, open_page):
    world = build_world()
    desk, phone = open_page(), open_page(viewport={"width": 390, "height": 844})
    sign_in(desk)
    desk.goto("/problems/new/")
    desk.click("[name=title]")
    desk.keyboard.type("冷链运输车辆不足")
    expect(desk.locator("[data-draft-note]")).to_have_text("草稿已保存")
    assert TypedDraft.objects.get().user_id == world.people["branch_secretary"].pk
    desk.context.clear_cookies()

    sign_in(phone)
    phone.goto("/problems/new/")
    phone.click(".draft-offer .btn-primary")
    assert phone.input_value("[name=title]") == "冷链运输车辆不足"
    phone.fill("[name=text]", "旺季冷藏车紧缺。")
    phone.select_option("[name=category]", value=str(world.category.pk), force=True)
    phone.click("form[data-draft] button.btn-primary[type=submit]")
    expect(phone.locator(".note-success")).to_be_visible()
    wait_until(lambda: not TypedDraft.objects.exists())


def wait_until(holds, seconds=10) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "the draft is still on the server"
        time.sleep(0.1)
