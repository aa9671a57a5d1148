"""The pages of the radar: what each says, the officer's form from the first choice to the kept rule, their cost."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.clock import at_local
from core.periods import Period
from indicators import drain as engine
from indicators import figures, scopes
from mechanisms import lifecycle
from mechanisms.drain import drain
from mechanisms.models import Mechanism, Obligation
from tests import factories as make
from tests.mechanisms.rules import made, standing

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 15)


@pytest.fixture
def radar(world, at):
    """The county with three mechanisms, in the middle of June."""
    at(at_local(TODAY))
    held, idle = world.own.committees
    make.MeetingFactory(committee=held, held_on=dt.date(2026, 4, 8), title="第二季度党委会")
    make.MeetingFactory(committee=idle, held_on=dt.date(2026, 6, 26), title="准备中的会议", state="draft")
    world.rule = made(world.own.region)
    standing(world.own.region)
    drain()
    return world


def test_the_board_shows_words_and_what_is_missing_first(radar, client_of):
    client = client_of("county_officer")
    page = client.get("/radar/?sort=open").content.decode()
    for word in ("已落实", "即将错过", "空缺", "常态一季一议", "书记席位不空缺", "数据截至"):
        assert word in page, word
    idle, held = radar.own.committees[1].name, radar.own.committees[0].name
    assert page.index(f">{idle}</a></th>") < page.index(f">{held}</a></th>")
    assert "未落实" in client.get("/radar/?when=before").content.decode(), "nobody met in the first quarter"
    secretary = client_of("chain_secretary").get("/radar/").content.decode()
    assert held in secretary and idle not in secretary


def test_gaps_by_name_of_the_duty_with_the_form_that_closes_them(radar, client_of):
    client, idle = client_of("county_officer"), radar.own.committees[1]
    page = client.get("/radar/gaps/").content.decode()
    assert "常态一季一议" in page and f"committee={idle.pk}" in page and "已计划 2026-06-26" in page
    assert "自 2026-01-01 起空缺" in client.get("/radar/gaps/?kind=vacant").content.decode()
    assert client.get("/radar/gaps/?kind=missed").content.decode().count("2026年第1季度") == 2


def test_a_duty_opens_the_rows_that_counted(radar, client_of):
    client, held = client_of("county_officer"), radar.own.committees[0]
    duty = Obligation.objects.get(mechanism=radar.rule, actor_id=held.pk, first_on=dt.date(2026, 4, 1))
    page = client.get(duty.get_absolute_url()).content.decode()
    assert "第二季度党委会" in page and "1 次，2026-04-08 落实" in page
    for path in (f"/radar/mechanisms/{radar.rule.pk}/", f"/radar/committees/{held.pk}/", f"/committees/{held.pk}/"):
        assert "常态一季一议" in client.get(path).content.decode(), path
    assert client_of("stranger_officer").get(duty.get_absolute_url()).status_code == 404


def test_the_figures_are_those_of_ended_periods(radar):
    engine.drain()
    scope = scopes.parse(f"region:{radar.own.region.code}")
    codes = ["mechanisms_due", "mechanisms_complied", "mechanisms_missed", "mechanisms_complied_rate",
             "mechanisms_vacant"]  # fmt: skip
    found = figures.read(codes, scope, Period.parse("2026-Q1"), today=TODAY)
    assert [found[code].value for code in codes] == [2, 0, 2, 0, 1]
    assert figures.read(codes[:1], scope, Period.parse("2026-Q2"), today=TODAY)["mechanisms_due"].value == 0


def test_an_officer_makes_a_mechanism_without_code(radar, client_of):
    client, region = client_of("county_officer"), radar.own.region
    assert "谁来做" in client.get("/radar/mechanisms/new/").content.decode()
    typed = {
        "region": region.pk, "code": "JZ-01", "name": "月月有会", "actor": "committee", "actor-kind": ["chain"],
        "act": "meetings.meeting", "act-kind": ["committee", "joint"], "act-minutes": "yes", "cadence": "month",
        "minimum": "1", "starts_on": "2026-06-15", "reminds": "secretary",
    }  # fmt: skip
    live = client.post("/radar/mechanisms/new/", typed | {"refresh": "1"}, headers={"HX-Request": "true"})
    assert "2026-06-01" in live.content.decode() and not Mechanism.objects.filter(code="JZ-01").exists()
    typed["starts_on"] = "2026-06-01"
    live = client.post("/radar/mechanisms/new/", typed | {"refresh": "1"}, headers={"HX-Request": "true"})
    sentence = "每月召开会议（会议类别为党委会或联席会、已填写纪要）至少 1 次"
    assert sentence in live.content.decode()
    page = client.post("/radar/mechanisms/new/", typed).content.decode()
    assert sentence in page and "涉及 2 个主体" in page and not Mechanism.objects.filter(code="JZ-01").exists()
    done = client.post("/radar/mechanisms/new/", typed | {"confirmed": "1"})
    made_now = Mechanism.objects.get(code="JZ-01")
    assert done["Location"] == made_now.get_absolute_url()
    assert lifecycle.latest(made_now).act_filters == {"kind": ["committee", "joint"], "minutes": True}
    again = client.post("/radar/mechanisms/new/", typed | {"confirmed": "1"}).content.decode()
    assert "本区域已有这个编号的机制" in again
    drain()
    assert Obligation.objects.filter(mechanism=made_now).count() == 2
    _changes_it(client, made_now, typed)


def _changes_it(client, mechanism, typed):
    path = f"/radar/mechanisms/{mechanism.pk}"
    seen = lifecycle.latest(mechanism).pk
    assert 'value="2026-07-01"' in client.get(f"{path}/edit/").content.decode()
    typed = typed | {"seen": seen, "minimum": "2", "starts_on": "2026-07-01"}
    bad = client.post(f"{path}/edit/", typed | {"maximum": "1"}).content.decode()
    assert "上限不能小于下限" in bad and 'value="2026-07-01"' in bad
    assert client.post(f"{path}/edit/", typed | {"confirmed": "1"}).status_code == 302
    assert "已被他人修改" in client.post(f"{path}/edit/", typed | {"confirmed": "1"}).content.decode()
    assert "至少 2 次" in client.get(f"{path}/").content.decode()
    ended = client.post(f"{path}/end/", {"on": "2026-08-01", "reason": "文件废止"})
    assert ended.status_code == 302 and lifecycle.latest(mechanism).ends_on == dt.date(2026, 8, 1)


JUNK = [
    {}, {"actor": "x", "act": "y", "minimum": "-1"}, {"act": "meetings.meeting", "act-kind": ["no"], "starts_on": "1"},
    {"actor": "seat", "act": "reports.report", "cadence": "standing", "percent": "200"},
]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK)
def test_bad_input_is_a_sentence_beside_its_field(radar, client_of, junk):
    for extra in ({}, {"refresh": "1"}, {"confirmed": "1"}):
        answer = client_of("county_officer").post("/radar/mechanisms/new/", {"name": "试", **junk, **extra})
        assert answer.status_code == 200
    assert Mechanism.objects.count() == 2


def test_the_number_of_statements_is_the_same_for_5_and_50_committees(radar, client_of):
    client = client_of("county_officer")

    def statements(path):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    paths = ["/radar/", "/radar/gaps/", "/radar/mechanisms/", f"/radar/mechanisms/{radar.rule.pk}/"]
    chains = make.ChainFactory.create_batch(3, region=radar.own.region)
    for chain in chains:
        make.CommitteeFactory(chain=chain)
    drain()
    few = [statements(path) for path in paths]
    for chain in make.ChainFactory.create_batch(45, region=radar.own.region):
        make.CommitteeFactory(chain=chain)
    drain()
    assert [statements(path) for path in paths] == few
    assert max(few) < 30
