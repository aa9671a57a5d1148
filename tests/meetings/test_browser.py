"""A meeting logged on a phone over a bad line: neither lost nor doubled."""

import pytest
from playwright.sync_api import expect

from meetings.models import Meeting
from tests.accounts.test_drafts_browser import wait_until
from tests.cast import build_world
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
SAVE = "button[name=then][value=draft]"


def test_with_the_line_cut_a_meeting_is_sent_later_and_once(transactional_db, open_page):
    build_world()
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto("/sign-in/")
    page.fill("#id_username", "chain_secretary.yunling")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)

    # Cut before it was sent: kept, and sent by itself when the line is back.
    page.goto("/meetings/new/")
    page.fill("[name=title]", "断网时登记的会议")
    page.context.set_offline(True)
    page.click(SAVE)
    expect(page.locator(".resend-note")).to_contain_text("网络中断")
    assert not Meeting.objects.exists()
    page.context.set_offline(False)
    page.wait_for_url(lambda url: url.rstrip("/").rpartition("/")[2].isdigit())
    expect(page.locator(".note-success")).to_be_visible()
    assert Meeting.objects.get().title == "断网时登记的会议"

    # Cut after the server had it: sent again, and the page of the one meeting opens.
    page.goto("/meetings/new/")
    page.fill("[name=title]", "答复丢失的会议")
    cut = []

    def lose_the_answer(route):
        if route.request.method == "POST" and not cut:
            cut.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/meetings/new/", lose_the_answer)
    page.click(SAVE)
    page.wait_for_url(lambda url: url.rstrip("/").rpartition("/")[2].isdigit())
    expect(page.locator(".note-success", has_text="没有重复登记")).to_be_visible()
    assert cut == [200] and Meeting.objects.filter(title="答复丢失的会议").count() == 1

    # Closed while the answer was lost: the draft keeps its key, so that sending it again opens that meeting too.
    page.goto("/meetings/new/")
    cut.clear()
    page.fill("[name=title]", "关掉页面的会议")
    page.click(SAVE)
    expect(page.locator(".resend-note")).to_be_visible()
    wait_until(lambda: Meeting.objects.filter(title="关掉页面的会议").exists())
    page.goto("/meetings/new/")
    page.click(".draft-offer .btn-primary")
    assert page.input_value("[name=title]") == "关掉页面的会议"
    page.click(SAVE)
    page.wait_for_url(lambda url: url.rstrip("/").rpartition("/")[2].isdigit())
    assert Meeting.objects.filter(title="关掉页面的会议").count() == 1
    open_page.faults[:] = [fault for fault in open_page.faults if "net::ERR_" not in fault]
