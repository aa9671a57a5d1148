"""The wall on a screen of 1920 by 1080: it draws, goes round, and lives through a cut of the network."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import expect

from core.clock import now
from indicators.drain import drain
from tests.dashboards.test_wall import hung
from tests.pages import walk
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("WALL_SHOTS", "")


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Another test's wall may have had a county of the same number."""
    cache.clear()


def test_the_wall_goes_on_without_the_network_and_says_how_old_its_figures_are(world, open_page):
    in_state(world, "in_progress")
    drain()
    address, key = hung(world, label="三楼大厅", seconds=600)
    page = open_page(viewport={"width": 1920, "height": 1080})
    page.clock.install()
    outside = []
    page.on("request", lambda request: outside.append(request.url))
    page.goto(address)
    page.wait_for_selector("#wall-trend .main-svg")
    raised = page.locator("#wall-flow li >> nth=0").locator("b")
    assert raised.inner_text() == "1" and "云岭县" in page.inner_text("#wall-name")
    assert "数据截至" in page.inner_text("#wall-age") and "未更新" not in page.inner_text("#wall-age")
    assert walk.violations(page, Axe(), "light") + page.evaluate(walk.OVERFLOW) == []
    assert all(url.startswith(page.url.split("/wall/")[0]) for url in outside if not url.startswith(("data:", "blob:")))
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / "wall-test.png"))

    page.context.set_offline(True)
    page.clock.run_for("07:00")
    assert "已 7 分钟未更新" in page.inner_text("#wall-age") and "网络不通" in page.inner_text("#wall-age")
    assert raised.inner_text() == "1"
    page.keyboard.press("ArrowRight")
    assert world.own.chains[0].name == page.inner_text("#wall-name")

    in_state(world, "in_progress")
    drain()
    page.context.set_offline(False)
    page.clock.run_for("00:31")
    expect(raised).to_have_text("2")
    assert "未更新" not in page.inner_text("#wall-age") and "网络不通" not in page.inner_text("#wall-age")
    assert world.own.chains[0].name == page.inner_text("#wall-name")

    key.revoked_at = now()
    key.save()
    page.clock.run_for("00:31")
    page.wait_for_selector("text=大屏打不开")
    open_page.faults[:] = [fault for fault in open_page.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
