"""The frame of a page: menu by role, theme, language, and the answers that HTMX gets."""

import json
import re

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import resolve, reverse
from django_htmx.middleware import HtmxDetails

from core import context, navigation
from core.actor import NOBODY, Actor, Duty, Role
from core.htmx import HtmxResponseMiddleware
from core.language import ChosenLanguageMiddleware

EVERY_ROLE = [*sorted(Role.BUSINESS), Role.AUDITOR, Role.SYSTEM_ADMIN]


@pytest.fixture(autouse=True)
def nothing_is_asked_of_the_database(monkeypatch):
    """These tests use none: not for how far the figures are, not for what the bell tells."""
    monkeypatch.setattr(context, "figures_may_lag", None)
    monkeypatch.setattr(context, "bell_of", None)


def person(*roles: str) -> Actor:
    return Actor(7, "林知远", tuple(Duty(role=role, title="组织部", place="云岭县") for role in roles))


def request_of(actor=NOBODY, path="/", **headers):
    request = RequestFactory().get(path, headers=headers)
    request.actor = actor
    request.htmx = HtmxDetails(request)
    return request


def labels(actor) -> set[str]:
    return {str(item["label"]) for group in navigation.menu_for(actor, "") for item in group["entries"]}


def page(actor, **cookies) -> str:
    request = request_of(actor)
    request.COOKIES.update(cookies)
    return render_to_string("base.html", {}, request)


def test_every_entry_of_the_menu_has_an_address():
    for item in navigation.items():
        assert all(reverse(page.url_name) for page in item.pages)


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_every_role_finds_something_in_the_menu_and_in_the_bottom_bar(role):
    assert labels(person(role))
    assert 1 <= len(navigation.tabs_for(person(role), "")) <= 4


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_the_menu_stays_short_and_every_page_of_it_is_reached(role):
    groups = navigation.menu_for(person(role), "")
    assert max(len(group["entries"]) for group in groups) <= 8
    assert sum(len(group["entries"]) for group in groups) <= 18
    reached = {entry["url"] for group in groups for entry in group["entries"]}
    for entry in [entry for group in groups for entry in group["entries"]]:
        pages = navigation.pages_for(person(role), entry["names"][0])
        reached |= {tab["url"] for tab in pages["tabs"]} if pages else set()
    may = [page for group in navigation.MENU for item in group.items for page in item.open_to(person(role))]
    assert reached == {reverse(page.url_name) for page in may}


def test_the_pages_behind_an_entry_are_tabs_and_one_is_marked():
    pages = navigation.pages_for(person(Role.COUNTY_OFFICER), "meetings:decision_list")
    assert [str(tab["label"]) for tab in pages["tabs"] if tab["active"]] == ["议定事项"]
    assert navigation.pages_for(person(Role.COUNTY_OFFICER), "meetings:decision_detail") is None
    assert navigation.pages_for(person(Role.COUNTY_OFFICER), "problems:mine") is None
    seen = navigation.pages_for(person(Role.BRANCH_SECRETARY), "meetings:firm_list")["tabs"]
    assert [str(tab["label"]) for tab in seen] == ["活动与走访", "走访情况"]
    request = request_of(person(Role.COUNTY_OFFICER))
    request.resolver_match = resolve(reverse("meetings:decision_list"))
    html = render_to_string("base.html", {}, request)
    assert re.search(r'<nav class="tabs pages noprint".*<a href="/meetings/decisions/" aria-current="page">', html)


def test_who_may_see_one_page_of_an_entry_finds_it_under_its_own_name():
    assert {"节假日", "区域与单位", "用户与代理"} <= labels(person(Role.SYSTEM_ADMIN))
    assert "代理与交接" in labels(person(Role.COUNTY_OFFICER))


def test_lists_that_stay_empty_are_left_out():
    assert not {"会议", "产业链与党委", "企业与党组织", "派驻与配备"} & labels(person(Role.TEAM_MEMBER))
    assert "议定事项" in labels(person(Role.DEPARTMENT_OFFICER)), "decisions that name the department"
    assert {"企业与党组织", "派驻与配备"} <= labels(person(Role.BRANCH_SECRETARY))
    shown = [str(entry["short"]) for entry in navigation.tabs_for(person(Role.TEAM_MEMBER), "problems:list")]
    assert shown == ["待办", "收件箱", "问题台账", "督办与回访"]


def test_the_three_powers_see_different_menus():
    assert labels(person(Role.AUDITOR)) == {"审计记录"}
    assert "问题台账" not in labels(person(Role.SYSTEM_ADMIN)) and "用户与代理" in labels(person(Role.SYSTEM_ADMIN))
    assert not {"审计记录", "用户与代理"} & labels(person(Role.COUNTY_OFFICER))
    assert labels(NOBODY) == set()


def test_what_waits_is_counted_beside_its_entry(monkeypatch):
    monkeypatch.setitem(navigation._counters, "dashboards:cockpit", lambda actor: 6)
    html = page(person(Role.LEADER))
    assert "项待办" in html and html.count('class="n"') == 1


@pytest.mark.parametrize(
    ("here", "lit"),
    [
        ("problems:list", "问题台账"),
        ("problems:detail", "问题台账"),
        ("problems:mine", "我的待办"),
        ("problems:slip_detail", "督办与回访"),
        ("chains:committee_detail", "产业链与党委"),
        ("chains:chain_edit", "产业链与党委"),
        ("mechanisms:obligation", "规矩雷达"),
        ("enterprises:kind_list", "派驻与配备"),
        ("reports:detail", "月报与封账"),
        ("closing:act", "月报与封账"),
        ("dashboards:wall_key_create", "运行驾驶舱"),
        ("accounts:password_change", ""),
    ],
)
def test_a_page_lights_its_own_entry(here, lit):
    groups = navigation.menu_for(person(Role.COUNTY_OFFICER, Role.SYSTEM_ADMIN), here)
    current = [str(item["label"]) for group in groups for item in group["entries"] if item["current"]]
    assert current == ([lit] if lit else [])


def test_the_theme_is_drawn_by_the_server_from_its_cookie():
    assert 'data-bs-theme="light"' in page(person(Role.LEADER))
    assert 'data-bs-theme="dark"' in page(person(Role.LEADER), theme="dark")
    assert 'data-bs-theme="light"' in page(person(Role.LEADER), theme='"><script>')


def test_the_frame_configures_htmx_strictly_and_names_the_person():
    html = page(person(Role.LEADER))
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", html).group(1))
    assert config["allowEval"] is False and config["selfRequestsOnly"] is True and config["historyCacheSize"] == 0
    assert {"code": "422", "swap": True} in config["responseHandling"]
    assert 'data-user="7"' in html and "X-CSRFToken" in html and "htmx-2" in html
    assert html.count('class="skip-link"') == 1 and 'id="main"' in html


def test_the_banner_shows_while_figures_lag(monkeypatch):
    monkeypatch.setattr(context, "figures_may_lag", lambda: True)
    assert "后台正在汇总" in page(person(Role.LEADER))
    monkeypatch.setattr(context, "figures_may_lag", lambda: False)
    assert "后台正在汇总" not in page(person(Role.LEADER))


def test_a_fragment_pays_for_no_menu():
    request = request_of(person(Role.LEADER), **{"HX-Request": "true"})
    assert "nav" not in context.chrome(request) and "nav" in context.chrome(request_of(person(Role.LEADER)))


def answer(response, **headers):
    request = request_of(**headers)
    return HtmxResponseMiddleware(lambda _: response)(request)


def test_pages_differ_for_htmx():
    assert "HX-Request" in answer(HttpResponse("x"))["Vary"]


def test_a_lost_session_sends_the_whole_page_to_the_sign_in():
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/problems/?state=open"}
    response = answer(HttpResponseRedirect("/sign-in/?next=/problems/rows/"), **headers)
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/sign-in/?next=%2Fproblems%2F%3Fstate%3Dopen"


def test_other_redirects_and_plain_requests_are_left_alone():
    assert answer(HttpResponseRedirect("/problems/"), **{"HX-Request": "true"}).status_code == 302
    assert answer(HttpResponseRedirect("/sign-in/")).status_code == 302


@pytest.mark.parametrize(
    ("cookie", "accept", "spoken"),
    [("", "en-US", "zh-hans"), ("en", "zh-CN", "en"), ("xx", "en", "zh-hans"), ("zh-hans", "en", "zh-hans")],
)
def test_chinese_unless_the_person_switched(cookie, accept, spoken):
    request = RequestFactory().get("/", headers={"Accept-Language": accept})
    request.COOKIES["django_language"] = cookie
    seen = []

    def view(request):
        seen.append(request.LANGUAGE_CODE)
        return HttpResponse("x")

    from django.utils import translation

    with translation.override("zh-hans"):
        response = ChosenLanguageMiddleware(view)(request)
    assert seen == [spoken] and response["Content-Language"] == spoken
