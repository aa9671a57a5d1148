"""The ledger in a real browser: raising in a minute, every step by keyboard and on a phone, what it will do."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from core import clock
from core.actor import SYSTEM
from problems import lifecycle
from problems.actions import ACTIONS
from problems.models import Problem
from tests.cast import build_world
from tests.factories import PASSWORD
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844}
# Seconds a key takes an ordinary typist, and a thought before each field (keystroke-level model).
KEY, THOUGHT = 0.28, 1.35
FOCUS = """() => {
    const one = document.activeElement;
    return one.getAttribute("href") || one.name || one.id || one.tagName;
}"""
INSIDE = """node => {
    const box = node.getBoundingClientRect();
    return box.left >= 0 && box.right <= 390 && box.height >= 24;
}"""


@pytest.fixture
def cast(transactional_db):
    return build_world()


def sign_in(page, person: str) -> None:
    page.goto("/sign-in/")
    page.fill("#id_username", f"{person}.yunling")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def test_an_enterprise_contact_raises_a_problem_in_under_a_minute(cast, open_page):
    page = open_page()
    sign_in(page, "branch_secretary")
    page.goto("/problems/new/")
    fields = [one for one in page.locator("form .fg, form .field").all() if one.is_visible()]
    assert len(fields) <= 5, [one.inner_text() for one in fields]
    assert cast.own.enterprises[0].name in fields[0].inner_text(), "the enterprise is filled in"
    assert page.input_value("[name=contact_name]"), "the contact is filled in"
    keys = 0

    def press(key):
        nonlocal keys
        keys += 1
        page.keyboard.press(key)

    def write(text):
        nonlocal keys
        keys += 2 * len(text)  # a word of pinyin and a choice: two keys for each character
        page.keyboard.type(text)

    page.focus("[name=title]")
    write("冷链运输车辆不足")
    press("Tab")
    write("融资")
    page.wait_for_selector(".ts-dropdown .option.active")
    press("Enter")
    press("Tab")
    write("旺季冷藏车紧缺，发货延误两天。")
    for _tab in range(3):  # the fold, then the button
        press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    press("Enter")
    page.wait_for_url(lambda url: url.rstrip("/").rsplit("/", 1)[-1].isdigit())
    problem = Problem.objects.get(title="冷链运输车辆不足")
    assert (problem.state, problem.category, problem.contact_name != "") == ("submitted", cast.category, True)
    assert keys * KEY + 5 * THOUGHT < 60, keys


def rich(world) -> Problem:
    """An entry in hand with everything pending that can be: an objection, an extension, a pause, an urge, a root."""
    root = in_state(world, "resolved", title="园区用电增容")
    problem = lifecycle.accept(raised(world, at=clock.now()), by=SYSTEM)
    team, officer = world.actor("team_member"), world.actor("county_officer")
    problem = lifecycle.assign(problem, by=officer, team=world.own.team, codepartments=world.own.departments[:1])
    problem = lifecycle.sign(problem, by=team)
    problem = lifecycle.join_root(problem, by=officer, root=root)
    problem = lifecycle.object_to(problem, by=team, ground="不属本团职责")
    later = problem.due_on + dt.timedelta(days=7)
    problem = lifecycle.ask_extension(problem, by=team, new_due_on=later, reason="材料未齐")
    problem = lifecycle.ask_suspension(problem, by=team, reason="等待批复")
    problem = lifecycle.urge(problem, by=world.actor("branch_secretary"), text="请抓紧")
    return lifecycle.add_note(problem, by=officer, text="已协调")


def tab_through(page, most: int = 250) -> set:
    """Everything that the Tab key reaches, from the top of the page once around."""
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    seen = []
    for _press in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at == "BODY" and seen:
            break
        seen.append(at)
    return set(seen)


@pytest.mark.parametrize("person", ["county_officer", "team_member"])
def test_every_step_is_reached_by_keyboard_and_on_a_phone(cast, open_page, person):
    problem = rich(cast)
    page = open_page(viewport=PHONE)
    sign_in(page, person)
    page.goto(problem.get_absolute_url())
    offered = [one.get_attribute("href") for one in page.locator("#actions a[href*='/do/']").all()]
    assert len(offered) >= 3
    assert set(offered) <= tab_through(page)
    assert all(one.evaluate(INSIDE) for one in page.locator("#actions a, #actions button:visible").all())
    for address in offered:
        page.goto(address)
        assert page.locator("#prospect li").count() >= 1, address
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        names = {one.get_attribute("name") for one in page.locator("form.confirm [name]:visible").all()}
        reached = tab_through(page, 120)
        # A search box stands for a searchable select.
        missed = {name for name in names if name and not {name, f"id_{name}-ts-control"} & reached}
        assert not missed, (address, missed)
        assert page.locator("form.confirm button[type=submit]").is_visible()


def test_what_a_step_will_do_follows_the_choice(cast, open_page):
    accepted = in_state(cast, "accepted")
    page = open_page()
    sign_in(page, "county_officer")
    page.goto(f"{accepted.get_absolute_url()}do/assign/")
    prospect = page.locator("#prospect")
    expect(prospect).to_contain_text("状态由“待交办”变为“待签收”")
    expect(prospect).to_contain_text("紧急")
    page.select_option("[name=urgency]", "urgent")
    expect(prospect).to_contain_text("（3 个工作日）")
    page.select_option("[name=urgency]", "complex")
    expect(prospect).to_contain_text("（15 个工作日）")
    plain = open_page(java_script_enabled=False)
    sign_in(plain, "county_officer")
    plain.goto(f"{accepted.get_absolute_url()}do/assign/")
    assert all(word in plain.inner_text("#prospect") for word in ("一般", "紧急", "复杂", "时钟从交办起走"))


def test_undo_is_one_click_after_the_step(cast, open_page):
    problem = raised(cast)
    page = open_page(viewport=PHONE)
    sign_in(page, "chain_secretary")
    page.goto(f"{problem.get_absolute_url()}do/accept/")
    page.click("form.confirm button[type=submit]")
    page.wait_for_url(lambda url: "/do/" not in url)
    page.get_by_role("button", name="撤销上一步").click()
    expect(page.locator("body")).to_contain_text("“撤销上一步”已完成")
    problem.refresh_from_db()
    assert problem.state == "submitted" and set(ACTIONS) >= {"undo", "accept"}
