"""Drafts on the server: one's own only, bounded, back after a sign-out and on another device."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from accounts import drafts
from accounts.models import TypedDraft
from core import clock

pytestmark = pytest.mark.django_db
ADDRESS = "/drafts/problem-new/"


def test_what_was_typed_comes_back_to_the_same_person_alone(world, client_of):
    mine, theirs = client_of("branch_secretary"), client_of("stranger_secretary")
    kept = mine.post(ADDRESS, {"values": json.dumps({"title": ["冷库不足"], "category": ["3"]})})
    assert kept.status_code == 200 and kept.json()["at"] > 0
    found = client_of("branch_secretary").get(ADDRESS)
    assert found.json()["values"] == {"title": ["冷库不足"], "category": ["3"]}
    assert "no-store" in found["Cache-Control"]
    assert theirs.get(ADDRESS).json() == {}
    theirs.post(ADDRESS)
    assert mine.get(ADDRESS).json()["values"]
    mine.post(ADDRESS)
    assert mine.get(ADDRESS).json() == {}


@pytest.mark.parametrize(
    "values",
    [
        "{", "[]", "1", '{"a": "b"}', '{"a": [1]}', '{"password": ["x"]}', '{"new_password1": ["x"]}',
        '{"a": ["\\u0000"]}', '{"a": ["\\ud800"]}', "[" * 5000, json.dumps({str(n): [""] for n in range(201)}),
        json.dumps({"a": ["字" * 200_000]}),
    ],
    ids=range(12),
)  # fmt: skip
def test_what_is_no_form_is_refused_in_a_sentence(world, client_of, values):
    answer = client_of("branch_secretary").post(ADDRESS, {"values": values})
    assert answer.status_code == 400 and answer.json()["detail"]
    assert not TypedDraft.objects.exists()


def test_a_person_has_fifty_drafts_and_none_older_than_thirty_days(world):
    user = world.people["branch_secretary"].pk
    for number in range(drafts.MOST + 3):
        drafts.keep(user, f"form-{number}", {"a": ["b"]})
    assert TypedDraft.objects.filter(user_id=user).count() == drafts.MOST
    assert drafts.find(user, "form-0") is None and drafts.find(user, f"form-{drafts.MOST + 2}")
    TypedDraft.objects.update(updated_at=clock.now() - dt.timedelta(days=31))
    assert drafts.find(user, "form-20") is None
    drafts.keep(user, "new", {"a": ["b"]})
    assert TypedDraft.objects.filter(user_id=user).count() == 1


def test_signed_out_nothing_is_kept(client):
    assert client.post(ADDRESS, {"values": '{"a": ["b"]}'}).status_code in (200, 302)
    assert not TypedDraft.objects.exists()


def test_the_address_of_every_form_fits():
    assert reverse("accounts:draft", args=["problem-12-resolve"]) == "/drafts/problem-12-resolve/"
