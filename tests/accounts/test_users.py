"""Accounts and posts: the administrator's pages, the three powers, and what is refused."""

import datetime as dt

import pytest
from django.db import connections

from accounts import lifecycle
from accounts.models import Post, User
from audit.models import Event
from core.actor import SYSTEM, Role
from core.clock import today
from core.transitions import Refused
from tests import factories as make


@pytest.fixture
def admin(client_of):
    return client_of("system_admin")


@pytest.fixture
def somebody(world):
    return make.UserFactory(username="zhang.san", name="张三")


def test_an_account_is_made_and_its_password_shown_once(world, admin):
    answer = admin.post("/users/new/", {"username": "li.si", "name": "李四", "phone": "", "email": ""})
    user = User.objects.get(username="li.si")
    page = admin.get(answer["Location"]).content.decode()
    secret = page.partition('<code class="no">')[2].partition("</code>")[0]
    assert user.check_password(secret) and user.must_change_password
    assert secret not in admin.get(answer["Location"]).content.decode()
    assert Event.objects.get(verb="account.created").object_id == user.pk
    assert all(secret not in str(event.data) for event in Event.objects.all())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "zhang.san"}, "username"),
        ({"username": "Zhang San"}, "username"),
        ({"username": "a\x00b"}, "username"),
        ({"username": "a" * 200}, "username"),
        ({"name": ""}, "name"),
        ({"name": "长" * 41}, "name"),
        ({"phone": "not a number"}, "phone"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_bad_accounts_are_refused_beside_the_field(somebody, admin, changes, field):
    data = {"username": "li.si", "name": "李四", "phone": "0931-123456", "email": ""} | changes
    answer = admin.post("/users/new/", data)
    page = answer.content.decode()
    assert answer.status_code == 200 and f'id="id_{field}_error"' in page
    assert field == "phone" or "0931-123456" in page
    assert admin.post("/users/new/", data, headers={"hx-request": "true"}).status_code == 422


def test_a_post_is_given_and_ended(world, somebody, admin):
    data = {"role": "county_officer", "region": world.own.region.pk, "started_on": today().isoformat()}
    assert admin.post(f"/users/{somebody.pk}/posts/new/", data).status_code == 302
    post = somebody.posts.get()
    assert (post.region, post.role) == (world.own.region, "county_officer")
    page = admin.get(f"/users/{somebody.pk}/").content.decode()
    assert "授予岗位：组织部工作人员（云岭县）" in page
    assert admin.post(f"/posts/{post.pk}/end/", {"ended_on": today().isoformat()}).status_code == 302
    post.refresh_from_db()
    assert post.ended_on == today()
    assert not Post.objects.in_force(today()).filter(pk=post.pk).exists()
    assert "已经离任" in admin.post(f"/posts/{post.pk}/end/", {"ended_on": today().isoformat()}).content.decode()


BAD_POSTS = {
    "no role": ({"role": ""}, "role"),
    "unknown role": ({"role": "emperor"}, "role"),
    "no scope": ({"region": ""}, "region"),
    "scope is text": ({"region": "x"}, "region"),
    "scope is huge": ({"region": "9" * 40}, "region"),
    "no such region": ({"region": "987654321"}, "region"),
    "foreign scope": ({"role": "team_member"}, "team"),
    "two scopes": ({"department": "own"}, "department"),
    "no date": ({"started_on": ""}, "started_on"),
    "date is text": ({"started_on": "soon"}, "started_on"),
    "NUL": ({"title": "\x00"}, "title"),
}


@pytest.mark.parametrize("case", BAD_POSTS)
def test_bad_posts_are_refused_beside_the_field(world, somebody, admin, case):
    changes, field = BAD_POSTS[case]
    data = {"role": "county_officer", "region": world.own.region.pk, "started_on": today().isoformat()} | changes
    if data.get("department") == "own":
        data["department"] = world.own.departments[0].pk
    answer = admin.post(f"/users/{somebody.pk}/posts/new/", data)
    assert answer.status_code == 200 and f'id="id_{field}_error"' in answer.content.decode()
    assert not somebody.posts.exists()


@pytest.mark.parametrize(
    ("person", "role", "scope"),
    [
        ("county_officer", Role.SYSTEM_ADMIN, None),
        ("county_officer", Role.AUDITOR, None),
        ("auditor", Role.SYSTEM_ADMIN, None),
        ("auditor", Role.LEADER, "region"),
        ("stranger_secretary", Role.AUDITOR, None),
    ],
)
def test_nobody_holds_two_of_the_three_powers(world, person, role, scope):
    chosen = {scope: world.own.region} if scope else {}
    with pytest.raises(Refused, match="三权分立"):
        lifecycle.give_post(world.people[person], by=world.actor("system_admin"), role=role, **chosen)


def test_a_power_may_follow_another_that_has_ended(world):
    admin, officer = world.actor("system_admin"), world.people["county_officer"]
    lifecycle.end_post(officer.posts.get(), by=admin)
    assert lifecycle.give_post(officer, by=admin, role=Role.AUDITOR).role == Role.AUDITOR


def test_a_post_that_begins_later_counts_for_the_powers_too(world, somebody):
    admin = world.actor("system_admin")
    later = today() + dt.timedelta(days=30)
    lifecycle.give_post(somebody, by=admin, role=Role.AUDITOR, started_on=later)
    with pytest.raises(Refused, match="三权分立"):
        lifecycle.give_post(somebody, by=admin, role=Role.SYSTEM_ADMIN)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_cannot_give_two_powers(transactional_db):
    import threading

    user = make.UserFactory()
    gate, results = threading.Barrier(2), []

    def give(role):
        try:
            gate.wait(timeout=10)
            lifecycle.give_post(User.objects.get(pk=user.pk), by=SYSTEM, role=role)
            results.append("given")
        except Refused as refused:
            results.append(refused.refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=give, args=(role,)) for role in (Role.AUDITOR, Role.SYSTEM_ADMIN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(results) == ["given", "two_powers"]


def test_nobody_changes_the_own_posts_or_disables_the_own_account(world, admin):
    me = world.people["system_admin"]
    for address in (f"/users/{me.pk}/posts/new/", f"/users/{me.pk}/disable/", f"/posts/{me.posts.get().pk}/end/"):
        answer = admin.post(address, {})
        assert answer.status_code == 403 and "另一位系统管理员" in answer.content.decode()
    page = admin.get(f"/users/{me.pk}/").content.decode()
    assert "另一位系统管理员" in page and "/disable/" not in page


def test_disabling_enabling_and_a_new_password(world, somebody, admin):
    admin.post(f"/users/{somebody.pk}/disable/")
    somebody.refresh_from_db()
    assert not somebody.is_active
    admin.post(f"/users/{somebody.pk}/enable/")
    old = somebody.password
    admin.post(f"/users/{somebody.pk}/password/")
    somebody.refresh_from_db()
    assert somebody.is_active and somebody.password != old and somebody.must_change_password
    verbs = set(Event.objects.filter(object_id=somebody.pk, object_type="accounts.user").values_list("verb", flat=True))
    assert verbs == {"account.disabled", "account.enabled", "account.password_reset"}


def test_demo_accounts_cannot_be_made_where_demo_is_off(world, settings):
    settings.DEMO = False
    with pytest.raises(Refused, match="演示"):
        lifecycle.create_user(by=SYSTEM, username="demo", name="演示", is_demo=True)


def test_the_list_is_searched_and_filtered(world, admin):
    page = admin.get("/users/?q=林知远").content.decode()
    assert "林知远" in page and "高远山" not in page
    page = admin.get("/users/?role=auditor", headers={"hx-request": "true"}).content.decode()
    assert "审明" in page and "林知远" not in page
    for bad in ("role=x", "state=x", "after=x", "before=y", "q=" + "x" * 200):
        assert admin.get(f"/users/?{bad}").status_code == 200


def test_the_list_costs_the_same_whatever_is_on_it(world, admin):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    costs = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as found:
            admin.get("/users/")
        costs.append(len(found))
        for _number in range(10):
            make.PostFactory(role="team_member", team=world.own.team)
    assert costs[0] == costs[1] <= 9


def test_the_wrong_power_is_sent_away_with_a_sentence(world, client_of):
    for person, address in (("auditor", "/problems/"), ("system_admin", "/cockpit/"), ("leader", "/audit/")):
        answer = client_of(person).get(address)
        assert answer.status_code == 403 and "没有权限" in answer.content.decode()


def test_nobody_without_a_post_gets_in_anywhere(world, client_of, somebody):
    from tests.cast import CheckedClient

    client = CheckedClient()
    client.force_login(somebody, backend="accounts.backends.AccountBackend")
    for address in ("/problems/", "/meetings/", "/audit/", "/users/", "/regions/", "/calendar/"):
        assert client.get(address).status_code == 403
