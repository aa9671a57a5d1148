"""A form sent from an old tab, after signing in in another tab gave the browser a new token."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from core import held
from tests.factories import PASSWORD

SIGN_IN, ADDRESS = "/sign-in/", "/users/new/"
TYPED = {"username": "zhang.san", "name": "张未 <b>\n第二行", "phone": "", "password": "never kept"}
HOME = {"referer": f"http://testserver{ADDRESS}"}


def token(page) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]


def sign_in(client, person="system_admin", **extra):
    page = client.get(SIGN_IN)
    data = {"username": f"{person}.yunling", "password": PASSWORD, "csrfmiddlewaretoken": token(page), **extra}
    return client.post(SIGN_IN, data)


def inputs(answer) -> list[dict]:
    """The hidden fields of each form of the page, as a browser would send them."""
    return [
        {
            name: html.unescape(value)
            for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
        }
        for form in re.findall(r'<form method="post".*?</form>', answer.content.decode(), re.S)
    ]


@pytest.fixture
def tabs(world):
    """A browser that enforces tokens, signed in anew since the first tab's page was read; and that tab's token."""
    client = Client(enforce_csrf_checks=True)
    sign_in(client)
    old = token(client.get(ADDRESS))
    client.cookies.pop("session")
    sign_in(client)
    return client, old


def send(tabs, data=None, address=ADDRESS, **headers):
    client, old = tabs
    return client.post(
        address, {**(TYPED if data is None else data), "csrfmiddlewaretoken": old}, headers={**HOME, **headers}
    )


def form_to(answer, action):
    page = answer.content.decode()
    starts = re.findall(r'<form method="post" action="([^"]+)"[^>]*>.*?</form>', page, re.S)
    return inputs(answer)[starts.index(action)]


def test_the_text_comes_back_to_the_form_with_one_click(tabs):
    answer = send(tabs)
    assert answer.status_code == 403 and "没有丢失" in answer.content.decode()
    assert User.objects.filter(username="zhang.san").count() == 0
    back = tabs[0].post("/resume/", form_to(answer, "/resume/"))
    assert back.status_code == 302 and back["Location"] == ADDRESS
    page = tabs[0].get(ADDRESS).content.decode()
    assert 'value="zhang.san"' in page and "张未 &lt;b&gt;" in page and "已经恢复" in page


def test_it_is_sent_on_as_it_was_with_one_click(tabs):
    typed = {"username": "zhang.san", "name": "张未", "phone": ""}
    answer = send(tabs, typed)
    again = form_to(answer, ADDRESS)
    assert {name: again[name] for name in typed} == typed
    sent = tabs[0].post(ADDRESS, again, headers=HOME)
    assert sent.status_code in (200, 302)  # judged by the form now, not refused as expired


def test_line_feeds_of_a_long_text_are_kept(tabs):
    answer = send(tabs, {"name": '第一行\n第二行 "引号"'}, address="/users/new/?x=1")
    assert form_to(answer, "/users/new/?x=1")["name"] == '第一行\n第二行 "引号"'


def test_passwords_are_neither_kept_nor_sent_on(tabs):
    answer = send(tabs)
    page = answer.content.decode()
    assert "never kept" not in page and "继续提交" not in page
    assert "password" not in held.unpack(answer.context["kept"])["fields"]
    answer = send(tabs, {"old_password": "geheim-1", "new_password1": "geheim-2"}, address="/password/")
    assert "geheim" not in answer.content.decode() and answer.context["kept"] == ""


def test_files_are_not_kept_and_that_is_said(tabs):
    answer = send(tabs, {"name": "张未", "file": SimpleUploadedFile("a.txt", b"secret bytes")})
    page = answer.content.decode()
    assert "附件需要重新选择" in page and "继续提交" not in page and "secret bytes" not in page


def test_too_much_text_is_refused_without_giving_it_back(tabs):
    answer = send(tabs, {"name": "长" * (held.LARGEST + 1)})
    assert answer.status_code == 403 and answer.context["kept"] == "" and "继续提交" not in answer.content.decode()
    assert len(answer.content) < 20_000


@pytest.mark.parametrize("headers", [{"referer": "http://elsewhere.example/"}, {"origin": "null"}, {"referer": ""}])
def test_a_form_from_elsewhere_gets_nothing_back(tabs, headers):
    answer = send(tabs, **headers)
    page = answer.content.decode()
    assert answer.status_code == 403 and "zhang.san" not in page and "/resume/" not in page


def test_a_button_without_text_is_offered_again(tabs):
    answer = send(tabs, {}, address="/sign-out/")
    assert "继续提交" in answer.content.decode()
    assert tabs[0].post("/sign-out/", form_to(answer, "/sign-out/"), headers=HOME).status_code == 302


def test_signed_out_meanwhile_leads_to_signing_in_with_the_text(tabs):
    client, _old = tabs
    client.cookies.pop("session")
    answer = send(tabs)
    assert "id_username" in answer.content.decode() and answer.context["kept"]
    sign_in(client, next=answer.context["next"], held=answer.context["kept"])
    assert "zhang.san" in client.get(ADDRESS).content.decode()


def test_text_carried_by_a_second_sign_in_page_is_not_lost(world):
    """Two tabs of one ended session: signing in in one makes the other's sign-in page an expired form."""
    client = Client(enforce_csrf_checks=True)
    sign_in(client)
    token_of_form = token(client.get(ADDRESS))
    client.cookies.pop("session")
    page = client.post(ADDRESS, {**TYPED, "csrfmiddlewaretoken": token_of_form}, headers=HOME)
    sign_in(client)
    data = {"username": "x", "password": "y", "held": page.context["kept"], "next": ADDRESS}
    answer = client.post(
        SIGN_IN, {**data, "csrfmiddlewaretoken": token(page)}, headers={"referer": "http://testserver/sign-in/"}
    )
    assert answer.status_code == 403
    assert client.post("/resume/", form_to(answer, "/resume/"))["Location"] == ADDRESS
    assert "zhang.san" in client.get(ADDRESS).content.decode()


def test_an_expired_sign_in_page_stays_a_sign_in_page(world):
    client = Client(enforce_csrf_checks=True)
    data = {"username": "auditor.yunling", "password": "geheim", "next": "/audit/", "csrfmiddlewaretoken": "x" * 32}
    answer = client.post(SIGN_IN, data, headers={"referer": "http://testserver/sign-in/"})
    page = answer.content.decode()
    assert answer.status_code == 403 and 'value="auditor.yunling"' in page and "geheim" not in page
    assert answer.context["next"] == "/audit/"


def test_another_person_does_not_get_the_text(world, tabs):
    kept = send(tabs).context["kept"]
    client = Client(enforce_csrf_checks=True)
    sign_in(client, "auditor")
    answer = client.post(
        "/resume/", {"held": kept, "next": "/audit/", "csrfmiddlewaretoken": token(client.get("/audit/"))}
    )
    assert answer["Location"] == "/audit/"
    page = client.get("/audit/").content.decode()
    assert "属于另一位使用者" in page and held.SESSION_KEY not in client.session


def test_the_way_back_stays_in_the_house(tabs):
    again = {**form_to(send(tabs), "/resume/"), "next": "https://elsewhere.example/"}
    assert tabs[0].post("/resume/", again)["Location"] == "/"


def test_htmx_gets_the_whole_page(tabs):
    answer = send(tabs, **{"hx-request": "true", "hx-current-url": f"http://testserver{ADDRESS}?a=1"})
    assert answer.status_code == 200 and answer["HX-Retarget"] == "body"
    assert form_to(answer, "/resume/")["next"] == f"{ADDRESS}?a=1" and "继续提交" not in answer.content.decode()
