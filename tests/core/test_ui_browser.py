"""The frame and its components in Chromium, under the product's content policy, without a server behind them.

Pages are rendered here and handed to the browser with the static files from their folders: what is tested is the
stylesheet, the scripts and the markup, at the sizes and in the themes that people use.
"""

import mimetypes
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from core import context, dated
from core.actor import Actor, Duty, Role
from tests.browser import EXPECTED, WATCH
from tests.core.test_ui_components import FilterForm, SampleForm

SIZES = {"wide": (1440, 900), "tablet": (820, 1180), "phone": (390, 844)}
PERSON = Actor(7, "林知远", (Duty(role=Role.COUNTY_OFFICER, title="组织部", place="云岭县"),))
POLICY = "; ".join(
    f"{name} {' '.join(values)}" for name, values in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
)
HEAD = (
    '{% extends "base.html" %}{% load i18n ui %}'
    '{% block stylesheets %}{% include "components/chart_styles.html" %}{% endblock %}'
    '{% block libraries %}{% include "components/chart_libraries.html" %}{% endblock %}'
    "{% block title %}样页{% endblock %}{% block heading %}样页{% endblock %}"
)
BOARD = (
    HEAD
    + """{% block content %}
<section class="kpis" aria-label="指标">{% for card in cards %}{% kpi card %}{% endfor %}</section>
<div class="grid2">{% chart_card chart %}
{% card "经过" %}{% include "components/timeline.html" %}{% endcard %}</div>
{% include "components/filter_bar.html" with form=filter_form %}
<div id="results" class="gcard"><div class="tw"><table class="tbl"><caption class="visually-hidden">台账</caption>
<thead><tr>{% th "灯号" %}{% th "编号" sort="no" %}{% th "事项" %}{% th "状态" %}{% th "剩余" %}</tr></thead>
<tbody>{% for light in lights %}<tr class="go"><td class="c-l">{% lamp light %}</td><td class="c-n no">WT-2026-0187</td>
<td class="c-t"><a class="t" href="/x/">园区二期供电线路迁改受阻，需要协调</a></td>
<td data-label="状态">{% state_badge "办理中" "in_progress" %} {% progress 35 %}</td>
<td class="c-d">{% days_left 3 %}</td></tr>{% endfor %}</tbody></table></div>{% pager page %}</div>
{% endblock %}"""
)
FORM = (
    HEAD
    + '{% block content %}{% include "components/form.html" with draft_key="sample" cancel_url="/x/" %}{% endblock %}'
)
CHART = {
    "id": "c-1",
    "title": "问题",
    "unit": "件",
    "finding": "二月最多",
    "figure": {
        "data": [
            {"type": "bar", "x": ["1月", "2月"], "y": [1, 2], "marker": {"color": "@bar"}, "customdata": ["/a/", "/b/"]}
        ],
        "layout": {},
    },
    "table": {"columns": ["月份", "件数"], "rows": [["1月", {"text": 1, "href": "/a/"}], ["2月", 2]]},
}
CARDS = [
    {
        "label": "按时办结率",
        "value": "83.1",
        "unit": "%",
        "icon": "clock",
        "series": [1, 2, 3],
        "href": "/r/",
        "stale": stale,
    }
    for stale in (False, True)
]
CONTEXT = {
    "cards": CARDS,
    "chart": CHART,
    "events": [{"title": "签收", "who": "甲"}],
    "filter_form": FilterForm({"state": "open"}),
    "lights": ["red", "yellow", "green", "grey"],
    "page": {"total": 40, "first": 1, "last": 20, "next_url": "?after=3"},
}


def render(source: str, theme: str, **context) -> str:
    request = RequestFactory().get("/?state=open")
    request.actor, request.htmx = PERSON, HtmxDetails(request)
    request.COOKIES["theme"] = theme
    return engines["django"].from_string(source).render(context, request)


@pytest.fixture(autouse=True)
def _no_lateness(monkeypatch):
    """These pages have no database behind them: nobody is asked whether figures lag or what is said of a day."""
    monkeypatch.setattr(context, "figures_may_lag", None)
    monkeypatch.setattr(context, "bell_of", None)
    monkeypatch.setattr(dated, "readers", [])


@pytest.fixture
def show(browser):
    """A function that opens a rendered page; script errors and policy violations fail the test at its end."""
    faults, contexts = [], []

    def shown(source=BOARD, theme="light", size="wide", **context):
        width, height = SIZES[size]
        opened = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        contexts.append(opened)
        opened.expose_binding("reportViolation", lambda _, text: faults.append(f"content policy: {text}"))
        opened.add_init_script(WATCH)
        page = opened.new_page()
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on(
            "console",
            lambda message: (
                faults.append(message.text) if message.type == "error" and not EXPECTED.search(message.text) else None
            ),
        )
        html = render(source, theme, **(CONTEXT | context))
        page.route("**/*", lambda route: _answer(route, html))
        page.goto("http://desk.test/")
        return page

    yield shown
    for opened in contexts:
        opened.close()
    assert not faults, "\n".join(faults)


def _answer(route, html: str) -> None:
    path = route.request.url.removeprefix("http://desk.test").partition("?")[0]
    if path == reverse("core:dated"):  # asked beside every date
        route.fulfill(body="", headers={"Content-Type": "text/html"})
        return
    if not path.startswith(settings.STATIC_URL):
        route.fulfill(body=html, headers={"Content-Type": "text/html", "Content-Security-Policy": POLICY})
        return
    found = finders.find(path.removeprefix(settings.STATIC_URL))
    if not found:
        route.fulfill(status=500, body="")
        return
    route.fulfill(body=Path(found).read_bytes(), content_type=mimetypes.guess_type(found)[0] or "font/woff2")


def serious(page) -> list:
    results = Axe().run(page).response["violations"]
    return [
        (found["id"], [node["html"][:120] for node in found["nodes"][:3]])
        for found in results
        if found["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(
    ("size", "theme"), [("wide", "light"), ("wide", "dark"), ("phone", "light"), ("phone", "dark"), ("tablet", "light")]
)
@pytest.mark.parametrize("source", [BOARD, FORM], ids=["board", "form"])
def test_no_serious_accessibility_fault_and_nothing_overflows(show, source, theme, size):
    page = show(source, theme, size, form=SampleForm({"title": "", "on": "2026-03-05"}))
    page.wait_for_timeout(200)
    for details in page.locator("details.chart-data summary").all():
        details.click()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert serious(page) == []


def bar_colour(page) -> str:
    return page.evaluate("document.querySelector('#c-1 .bars path').style.fill")


def test_the_theme_switches_without_a_reload_and_charts_follow(show):
    page = show()
    page.wait_for_selector("#c-1 .bars path")
    light = bar_colour(page)
    page.click("form[data-theme-switch] button")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    assert "theme=dark" in page.evaluate("document.cookie")
    page.wait_for_function("before => document.querySelector('#c-1 .bars path').style.fill !== before", arg=light)


def test_a_bar_opens_its_rows_and_no_button_sends_data_away(show):
    page = show()
    bar = page.wait_for_selector("#c-1 .bars path")
    assert page.locator(".modebar-btn").count() == 0
    box = bar.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(200)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/a/")


def test_the_phone_reaches_the_whole_menu(show):
    page = show(size="phone")
    page.click(".bottomnav a:last-child")
    page.wait_for_selector("#menu.show")
    assert page.locator("#menu nav a").first.is_visible()
    page.keyboard.press("Escape")
    page.wait_for_selector("#menu", state="hidden")


def test_a_draft_survives_a_reload_and_goes_on_cancel(show):
    page = show(FORM, form=SampleForm())
    page.fill("#id_title", "线路")
    page.click(".ts-control")
    page.keyboard.type("乙")
    page.keyboard.press("Enter")
    page.wait_for_function("() => (localStorage.getItem('draft:7:sample') || '').includes('\"2\"')")
    page.reload()
    page.click(".draft-offer .btn-primary")
    assert page.input_value("#id_title") == "线路" and page.locator("#id_unit").input_value() == "2"
    page.click("[data-draft-discard]")
    assert page.evaluate("localStorage.length") == 0


def test_enter_while_composing_does_not_send_the_form(show):
    page = show(FORM, form=SampleForm())
    kept = page.evaluate(
        """() => document.querySelector("#id_title").dispatchEvent(
            new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    assert kept is False
