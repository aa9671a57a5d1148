"""Chromium for the tests, watched: a broken content policy, a script error or a failed load fails the test."""

import os
import re
import shutil

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# An answer that says no (a form with mistakes, a sign-in that failed, out of scope) is not a fault of the page.
EXPECTED = re.compile(r"the server responded with a status of 4\d\d")
WATCH = """
document.addEventListener("securitypolicyviolation", event =>
    window.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


def chromium_path() -> str:
    """The browser's program; fails (never skips) with what to install."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found:
        pytest.fail(
            "The browser tests need Chromium: apt-get install chromium fonts-noto-cjk",
            pytrace=False,
        )
    return found


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser, server, transactional_db):
    """A function that opens one more person's browser; the faults of all of them are checked at the end."""
    faults, contexts = [], []

    def opened(**options):
        settings = {
            "viewport": {"width": 1440, "height": 900},
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
        }
        context = browser.new_context(base_url=server.url, accept_downloads=True, **(settings | options))
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.expose_binding("reportViolation", lambda _, text: faults.append(f"content policy: {text}"))
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("console", lambda message: _note(faults, message))
        return page

    opened.faults = faults
    yield opened
    for context in contexts:
        context.close()
    if faults:
        pytest.fail("The pages reported:\n" + "\n".join(faults), pytrace=False)


@pytest.fixture
def page(open_page):
    return open_page()


def _note(faults, message) -> None:
    if message.type == "error" and not EXPECTED.search(message.text):
        faults.append(f"console: {message.text} ({message.location.get('url', '')})")
