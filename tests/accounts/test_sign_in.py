"""Signing in and out, lock-out, and text that survives the end of a session."""

import pytest
from django.urls import reverse

from audit.models import Event
from core import held
from tests.cast import CheckedClient
from tests.factories import PASSWORD

SIGN_IN = "/sign-in/"


def sign_in(client, person, **extra):
    return client.post(SIGN_IN, {"username": f"{person}.yunling", "password": PASSWORD, **extra})


def test_signing_in_leads_on_and_leaves_an_event(world, stranger):
    answer = sign_in(stranger, "system_admin", next="/users/")
    assert answer.status_code == 302 and answer["Location"] == "/users/"
    assert Event.objects.get(verb="sign_in.done").actor == world.people["system_admin"]
    assert stranger.get("/users/").status_code == 200


def test_a_foreign_way_back_is_not_followed(world, stranger):
    for bad in ("https://example.org/", "//example.org/", "/\x00"):
        assert sign_in(CheckedClient(), "auditor", next=bad)["Location"] == "/"


def test_a_wrong_password_says_so_beside_what_was_typed(world, stranger):
    answer = stranger.post(SIGN_IN, {"username": "auditor.yunling", "password": "wrong"})
    assert "账号或密码不正确" in answer.content.decode()
    assert "auditor.yunling" in answer.content.decode()
    assert Event.objects.get(verb="sign_in.failed").data["username"] == "auditor.yunling"


def test_what_was_typed_as_an_unknown_account_is_not_kept_in_the_trail(world, stranger):
    stranger.post(SIGN_IN, {"username": "MySecretPassword", "password": "x"})
    assert Event.objects.get(verb="sign_in.failed").data["username"] == "My…"


def test_five_wrong_passwords_lock_and_the_sixth_right_one_does_not_help(world, stranger):
    for _attempt in range(5):
        answer = stranger.post(SIGN_IN, {"username": "auditor.yunling", "password": "wrong"})
    assert answer.status_code == 429
    answer = sign_in(stranger, "auditor")
    assert answer.status_code == 429 and "15 分钟后再试" in answer.content.decode()
    assert Event.objects.filter(verb="sign_in.locked").exists()
    assert sign_in(CheckedClient(REMOTE_ADDR="10.0.0.9"), "auditor").status_code == 302


@pytest.mark.parametrize("bad", ["\x00", "x" * 5000, "", "'; DROP TABLE --", "＠", "\ud7ff"])
def test_bad_names_and_passwords_are_answered_with_a_sentence(world, stranger, bad):
    for data in ({"username": bad, "password": PASSWORD}, {"username": "auditor.yunling", "password": bad}):
        answer = stranger.post(SIGN_IN, data)
        assert answer.status_code == 200 and "还有内容需要修改" in answer.content.decode()


def test_signing_out_is_a_post_and_leaves_an_event(client_of):
    client = client_of("auditor")
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    client.signed_in = False
    assert client.get("/audit/").status_code == 302
    assert Event.objects.filter(verb="sign_in.out").count() == 1


def test_disabled_accounts_are_out_at_once(world, client_of):
    client = client_of("system_admin")
    assert client.get("/users/").status_code == 200
    world.people["system_admin"].is_active = False
    world.people["system_admin"].save()
    client.signed_in = False
    assert client.get("/users/").status_code == 302


def test_demo_accounts_are_out_where_demo_is_off(world, client_of, stranger, settings):
    person = world.people["system_admin"]
    person.is_demo = True
    person.save()
    client = client_of("system_admin")
    assert client.get("/users/").status_code == 200
    settings.DEMO = False
    client.signed_in = False
    assert client.get("/users/").status_code == 302
    assert sign_in(stranger, "system_admin").status_code == 200


def test_an_actor_costs_one_query(world, django_assert_num_queries):
    from accounts.actors import build_actor
    from core.clock import today

    for person, user in world.people.items():
        with django_assert_num_queries(1):
            actor = build_actor(user, today())
        assert actor.duties and actor.name, person


def test_the_initial_password_has_to_be_changed_first(world, client_of):
    person = world.people["system_admin"]
    person.must_change_password = True
    person.save()
    client = client_of("system_admin")
    assert client.get("/users/")["Location"] == reverse("accounts:password_change")
    new = "Another-Long-Word-7"
    answer = client.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer.status_code == 302
    assert client.get("/users/").status_code == 200


def test_changing_the_password_ends_the_other_sessions(world, client_of):
    here, there = client_of("system_admin"), client_of("system_admin")
    new = "Another-Long-Word-7"
    here.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert here.get("/users/").status_code == 200
    there.signed_in = False
    assert there.get("/users/").status_code == 302
    assert Event.objects.filter(verb="account.password_changed").exists()


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("wrong", "Another-Long-Word-7", "Another-Long-Word-7", "原密码不正确"),
        (PASSWORD, "Another-Long-Word-7", "Different-Word-77", "不一致"),
        (PASSWORD, PASSWORD, PASSWORD, "不能与原密码相同"),
        (PASSWORD, "1234567890", "1234567890", "数字"),
        (PASSWORD, "a\x00bcdefghijk", "a\x00bcdefghijk", "字符"),
    ],
)
def test_bad_new_passwords_are_refused_beside_the_field(client_of, old, new, again, sentence):
    data = {"old_password": old, "new_password1": new, "new_password2": again}
    answer = client_of("system_admin").post("/password/", data)
    assert answer.status_code == 200 and sentence in answer.content.decode()


class TestTextTypedAfterTheSessionEnded:
    ADDRESS = "/users/new/"
    TYPED = {"username": "zhang.san", "name": "张未 <b>", "phone": "", "password": "never kept"}

    @pytest.fixture
    def ended(self, world):
        """A browser whose session has ended in the middle of typing."""
        client = CheckedClient()
        sign_in(client, "system_admin")
        client.cookies.pop("session")
        return client

    def send(self, client, **headers):
        return client.post(self.ADDRESS, self.TYPED, headers={"referer": f"http://testserver{self.ADDRESS}", **headers})

    def kept(self, answer) -> str:
        return answer.context["kept"]

    def test_comes_back_after_signing_in(self, ended):
        answer = self.send(ended)
        page = answer.content.decode()
        assert answer.status_code == 200 and "已保留" in page
        answer = sign_in(ended, "system_admin", next=answer.context["next"], held=self.kept(answer))
        assert answer["Location"] == self.ADDRESS
        page = ended.get(self.ADDRESS).content.decode()
        assert 'value="zhang.san"' in page and "张未 &lt;b&gt;" in page and "已经恢复" in page
        assert "never kept" not in page

    def test_comes_back_once(self, ended):
        answer = self.send(ended)
        sign_in(ended, "system_admin", held=self.kept(answer))
        assert "zhang.san" in ended.get(self.ADDRESS).content.decode()
        assert "zhang.san" not in ended.get(self.ADDRESS).content.decode()

    def test_survives_a_wrong_password(self, ended):
        kept = self.kept(self.send(ended))
        answer = ended.post(SIGN_IN, {"username": "system_admin.yunling", "password": "wrong", "held": kept})
        assert answer.context["kept"] == kept

    def test_is_dropped_when_somebody_else_signs_in(self, world, ended):
        from tests import factories as make

        other = make.UserFactory(username="second.yunling")
        make.PostFactory(user=other, role="system_admin")
        kept = self.kept(self.send(ended))
        sign_in(ended, "second", held=kept)
        page = ended.get(self.ADDRESS).content.decode()
        assert "zhang.san" not in page and "属于另一位使用者" in page

    def test_is_not_kept_for_strangers(self, world, stranger):
        answer = self.send(stranger)
        assert self.kept(answer) == ""

    def test_reaches_htmx_as_a_whole_page(self, ended):
        answer = self.send(ended, hx_request="true", hx_current_url=f"http://testserver{self.ADDRESS}")
        assert answer["HX-Retarget"] == "body" and self.kept(answer)

    def test_is_refused_when_forged_or_too_old(self, ended, monkeypatch):
        kept = self.kept(self.send(ended))
        assert held.unpack(kept) and held.unpack(kept + "x") is None
        monkeypatch.setattr(held, "SECONDS", -1)
        sign_in(ended, "system_admin", held=kept)
        assert "zhang.san" not in ended.get(self.ADDRESS).content.decode()

    def test_is_not_kept_beyond_its_size(self, ended):
        answer = ended.post(self.ADDRESS, {"name": "长" * (held.LARGEST + 1)})
        assert self.kept(answer) == ""


def test_the_api_answers_in_its_own_language(world, stranger):
    answer = stranger.get("/api/v1/schema/")
    assert answer.status_code == 401 and answer.json()["code"] == "not_authenticated"


def test_htmx_is_sent_to_the_sign_in_page_as_a_whole(world, stranger):
    answer = stranger.get("/users/", headers={"hx-request": "true", "hx-current-url": "http://testserver/users/?q=a"})
    assert answer.status_code == 204 and answer["HX-Redirect"] == "/sign-in/?next=%2Fusers%2F%3Fq%3Da"
