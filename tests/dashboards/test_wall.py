"""The wall display: who hangs it up, what its key opens, what it shows and what it never shows."""

import datetime as dt
import json

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from audit.models import Event
from core.clock import today
from core.logs import hide
from dashboards import lifecycle, wall, wall_views
from dashboards.models import WallKey
from indicators import declarations, figures, scopes
from indicators.drain import drain
from indicators.models import Marker, Progress
from problems.voice import throttle
from tests import factories as make
from tests.cast import NAMES
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NEW = {"label": "三楼指挥大厅", "seconds": 15}


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def hung(world, **more):
    """The address of a wall of the own county, and its key."""
    how = {"expires_on": today() + 30 * DAY, "seconds": 15} | more
    key, secret = lifecycle.make_key(world.own.region, by=world.actor("county_officer"), **how)
    return f"/wall/{secret}/", key


def content_of(client, address):
    return json.loads(client.get(f"{address}figures/").content)


def test_an_officer_makes_a_key_once_shown_and_revokes_it(world, client_of, stranger):
    client, end = client_of("county_officer"), today() + 30 * DAY
    form = {**NEW, "region": world.own.region.pk, "expires_on": end.isoformat()}
    page = client.post("/walls/new/", form).content.decode()
    address = page.split('id="wall-address"')[1].split('value="')[1].split('"')[0].removeprefix("http://testserver")
    key, secret = WallKey.objects.get(), address.split("/")[2]
    assert secret not in str(vars(key)) and secret not in hide(f"GET {address}figures/ HTTP/1.1")
    assert "近期没有" in page and "三楼指挥大厅" in page
    shown = stranger.get(address)
    assert shown.status_code == 200 and "三楼指挥大厅" in shown.content.decode()
    assert secret not in shown.content.decode() and not shown.cookies
    assert shown["Referrer-Policy"] == "no-referrer" and "no-store" in shown["Cache-Control"]
    assert shown["X-Robots-Tag"] == "noindex, nofollow"
    listed = client.get("/walls/").content.decode()
    assert secret not in listed and "近期没有" not in listed
    assert f"/walls/{key.pk}/revoke/" in listed
    assert f"/walls/{key.pk}/revoke/" not in client_of("stranger_officer").get("/walls/").content.decode()
    assert client_of("stranger_officer").post(f"/walls/{key.pk}/revoke/").status_code == 404
    assert stranger.get(address).status_code == 200
    client.post(f"/walls/{key.pk}/revoke/")
    client.post(f"/walls/{key.pk}/revoke/")
    assert stranger.get(address).status_code == stranger.get(f"{address}figures/").status_code == 404
    assert list(Event.objects.filter(verb__startswith="wall.").order_by("id").values_list("verb", flat=True)) == [
        "wall.made", "wall.revoked",
    ]  # fmt: skip
    assert secret not in str(list(Event.objects.values_list("data", flat=True)))


def test_what_a_form_gets_wrong_is_said_beside_the_field_and_kept(world, client_of):
    client = client_of("county_officer")
    form = {"label": "大厅", "region": world.own.region.pk, "seconds": 15}
    for end in (today() - DAY, today() + 400 * DAY):
        page = client.post("/walls/new/", {**form, "expires_on": end.isoformat()}).content.decode()
        assert "有效期从今天起，最长一年。" in page and 'value="大厅"' in page
    page = client.post("/walls/new/", {**form, "expires_on": today(), "seconds": 1}).content.decode()
    assert "is-invalid" in page or "aria-invalid" in page
    elsewhere = {**form, "region": world.other.region.pk, "expires_on": today().isoformat()}
    client.post("/walls/new/", elsewhere)
    assert not WallKey.objects.exists()
    with pytest.raises(lifecycle.Refused):
        lifecycle.make_key(world.other.region, by=world.actor("county_officer"), expires_on=today(), seconds=15)
    with pytest.raises(lifecycle.Refused):
        lifecycle.make_key(world.own.region, by=world.actor("leader"), expires_on=today(), seconds=15)
    for more in ({"seconds": 1}, {"expires_on": today() - DAY}):
        with pytest.raises(ValidationError), transaction.atomic():
            hung(world, **more)
    row = {"region": world.own.region, "seconds": 15, "expires_on": today(), "made_at": wall_views.clock.now()}
    for rule, more in (
        ("wall_seconds_sensible", {"seconds": 1, "key_hash": "a" * 64}),
        ("wall_key_is_a_digest", {"key_hash": "x" * 43}),
    ):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            WallKey.objects.create(**row | more)


def test_a_key_shows_its_own_region_and_only_its_officers_end_it(world, stranger):
    """The keys of a region are listed for its officers alone; whoever else asks to end one is refused by the deed
    itself, and the reader of a key of one county is shown nothing of another."""
    _address, key = hung(world)
    seen = WallKey.objects.visible_to
    assert list(seen(world.actor("county_officer"))) == [key]
    for person in ("leader", "chain_secretary", "stranger_officer", "auditor", "system_admin"):
        assert not seen(world.actor(person)).exists(), person
        with pytest.raises(lifecycle.Refused), transaction.atomic():
            lifecycle.revoke_key(key, by=world.actor(person))
    key.refresh_from_db()
    assert key.revoked_at is None
    assert {pk for pk, _name in wall.chains_of(key)} == {chain.pk for chain in world.own.chains}
    reader = wall.reader(key)
    assert reader.user_id is None and scopes.readable(scopes.parse(f"region:{world.own.region.code}"), reader)
    assert not scopes.readable(scopes.parse(f"region:{world.other.region.code}"), reader)
    key.region = world.other.region
    key.region.path = world.own.region.path
    with pytest.raises(PermissionError):
        wall.build(key, [])


def test_a_key_opens_until_the_end_of_its_last_day_and_nothing_but_the_wall(world, stranger, time_machine):
    time_machine.move_to("2026-05-06 10:00:00+08:00")
    address, _key = hung(world, expires_on=dt.date(2026, 5, 7))
    time_machine.move_to("2026-05-07 23:59:00+08:00")
    assert stranger.get(address).status_code == 200
    assert stranger.get("/cockpit/").status_code == 302 and stranger.post(address).status_code == 405
    time_machine.move_to("2026-05-08 00:01:00+08:00")
    gone = stranger.get(address)
    assert gone.status_code == 404 and not gone.cookies and "密钥已经停用、到期" in gone.content.decode()


def test_many_wrong_keys_rest_and_neither_a_wall_that_is_open_nor_an_enterprise_suffers(world, stranger, monkeypatch):
    monkeypatch.setattr(throttle, "WRONG_LINKS", 3)
    address, _key = hung(world)
    unused, _other = hung(world)
    stranger.get(address)
    for _number in range(3):
        assert stranger.get(f"/wall/{'x' * 43}/").status_code == 404
    rests = stranger.get(f"/wall/{'x' * 43}/")
    assert (rests.status_code, rests["Retry-After"]) == (429, "900")
    assert stranger.get(unused).status_code == 429
    assert stranger.get(address).status_code == 200
    assert not throttle.links_rest("127.0.0.1")


def test_every_number_is_the_engines_and_nobody_is_named(world, stranger):
    for state in ("submitted", "in_progress", "resolved", "suspended"):
        in_state(world, state, title="冷链运输车辆不足", contact_name="苗联系", contact_phone="0900-000123")
    drain()
    address, _key = hung(world)
    told = content_of(stranger, address)
    own, chains = world.own, world.own.chains
    assert [one["id"] for one in told["scopes"]] == [0, *(chain.pk for chain in chains)]
    period = wall.Period.to_date(wall.Month.of(today()))
    base, compared = scopes.parse(f"region:{own.region.code}"), 0
    for screen in told["scopes"]:
        scope = scopes.parse(base.key, screen["id"] or None)
        now = figures.read(wall.codes(), scope, period)
        past = figures.series(wall.TREND, scope, [wall.Month.of(today()) - n for n in range(11, -1, -1)])
        assert [card["number"] for card in screen["cards"]] == [now[code].number for code in wall.CARDS]
        assert [line["number"] for line in screen["lines"]] == [now[code].number for code in wall.LINES]
        assert [step["value"] for step in screen["flow"]] == [now[code].value for code in wall.STEPS]
        assert [one["values"] for one in screen["trend"]] == [past[code] for code in wall.TREND]
        assert [one["value"] for one in screen["lights"]] == [now[code].value for code, *_more in wall.LIGHTS]
        assert sum(one["value"] for one in screen["categories"]) <= now["problems_raised"].value
        compared += len(now) + sum(map(len, past.values()))
    assert told["scopes"][0]["flow"][0]["value"] == 4 == told["scopes"][1]["flow"][0]["value"] and compared > 150
    assert all(declarations.get(code) for code in wall.codes())
    text = json.dumps(told, ensure_ascii=False)
    named = [
        *NAMES.values(), "苗联系", "0900", "冷链运输车辆不足", own.departments[0].name, own.team.name,
        *(firm.name for firm in own.enterprises), *(firm.short_name for firm in own.enterprises),
        *(seat.person for seat in own.seats), world.other.region.name,
    ]  # fmt: skip
    assert not [name for name in named if name in text]


def test_what_has_not_changed_is_not_sent_again_and_the_statements_are_few(world, stranger, django_assert_num_queries):
    address, _key = hung(world)
    in_state(world, "assigned")
    drain()
    first = stranger.get(f"{address}figures/")
    with django_assert_num_queries(4):
        again = stranger.get(f"{address}figures/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert int(again["X-Figures-Now"]) - int(again["X-Figures-As-Of"]) <= 1
    in_state(world, "assigned")
    Marker.objects.update(at=wall.timezone.now() - dt.timedelta(minutes=7))
    lags = stranger.get(f"{address}figures/", headers={"if-none-match": first["ETag"]})
    assert 410 < int(lags["X-Figures-Now"]) - int(lags["X-Figures-As-Of"]) < 430
    drain()
    for _number in range(4):
        make.ChainFactory(region=world.own.region)
    with django_assert_num_queries(8):
        fresh = stranger.get(f"{address}figures/", headers={"if-none-match": first["ETag"]})
    told = json.loads(fresh.content)
    assert fresh.status_code == 200 and len(told["scopes"]) == 7 and told["scopes"][0]["flow"][0]["value"] == 2


def test_the_mark_changes_with_all_that_a_wall_shows(world, monkeypatch):
    """Whatever of it changed alone: a count, the chains, the region's name, the language, the day."""
    _address, key = hung(world)
    chains = wall.chains_of(key)
    marks = {wall.state(key, chains).etag}
    Progress.objects.update(as_of=wall.timezone.now())
    marks |= {wall.state(key, chains).etag, wall.state(key, chains[1:]).etag}
    with translation.override("en"):
        marks.add(wall.state(key, chains).etag)
    monkeypatch.setattr(wall.clock, "today", lambda: today() + DAY)
    marks.add(wall.state(key, chains).etag)
    key.region.name = "云岭新区"
    marks.add(wall.state(key, chains).etag)
    assert len(marks) == 6
    assert wall.state(key, chains).etag in marks


def test_a_city_without_chains_of_its_own_shows_those_of_its_counties(world):
    key = WallKey(region=world.city)
    names = [name for _pk, name in wall.chains_of(key)]
    assert "云岭县 · 云岭县肉牛产业链" in names and "望川县 · 望川县果蔬产业链" in names
    make.ChainFactory(region=world.city, name="市级产业链")
    assert [name for _pk, name in wall.chains_of(key)] == ["市级产业链"]
