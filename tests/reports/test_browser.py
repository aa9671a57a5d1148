"""In a real browser: the card of a report in preparation asks again, rests while nobody looks, and goes on."""

import re

import pytest

from core.periods import Month
from indicators import scopes
from reports import lifecycle, tasks
from tests.cast import build_world
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
LOST = re.compile(r"htmx:(afterRequest|sendError)|ERR_FAILED.*/progress/")
HIDE = """hidden => { Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
                      document.dispatchEvent(new Event("visibilitychange")); }"""


def test_the_progress_card_asks_rests_and_goes_on(open_page, transactional_db, monkeypatch):
    monkeypatch.setattr(tasks, "wake", lambda report_id: None)
    world = build_world()
    report, _new = lifecycle.request_report(
        scopes.parse("region:990100"), Month(2026, 10), by=world.actor("county_officer")
    )
    page, asked = open_page(), []
    page.on("request", lambda request: asked.append(1) if "/progress/" in request.url else None)
    page.goto(f"/sign-in/?next={report.get_absolute_url()}")
    page.fill("#id_username", "county_officer.yunling")
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector(".job progress")
    for _twice in range(2):  # an answer brings the next question with it
        with page.expect_response("**/progress/"):
            pass
    page.evaluate(HIDE, True)
    page.wait_for_selector(".job[data-waiting]", state="attached", timeout=15_000)
    count = len(asked)
    page.wait_for_timeout(6_000)
    assert len(asked) == count
    with page.expect_response("**/progress/"):
        page.evaluate(HIDE, False)
    page.route("**/progress/", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        pass
    page.unroute("**/progress/")
    with page.expect_response("**/progress/"):
        pass
    # The lost answer was wanted; anything else that the page complained about fails the test.
    open_page.faults[:] = [fault for fault in open_page.faults if not LOST.search(fault)]
