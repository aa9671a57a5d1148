"""A county's own ledger: defined, filled, moved, counted, and shown to those it is for and nobody else."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from audit import sentences
from audit.models import Event
from core import clock, search, workdays
from core.actor import SYSTEM
from core.periods import Period
from core.transitions import Conflict, Refused
from enterprises import lifecycle as enterprises
from exchange.reader import LONGEST_TEXT
from indicators import drain, figures, scopes
from ledgers import importing
from ledgers.lifecycle import defining, entries
from ledgers.models import LedgerEntry, LedgerLimit
from meetings.schemes import catalogue, loading
from tests.ledgers import makers as make

pytestmark = pytest.mark.django_db


def refused(code, act, *args, **kwargs):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act(*args, **kwargs)
    assert caught.value.refusal.code == code, caught.value


def test_an_officer_defines_a_ledger_and_its_columns_never_lose_what_was_entered(world):
    officer, region = world.actor("county_officer"), world.own.region
    refused("not_officer", make.ledger, region, by=world.actor("chain_secretary"))
    refused("not_officer", make.ledger, region, by=world.actor("stranger_officer"))
    ledger = make.ledger(region, by=officer)
    refused("personal", defining.add_field, ledger, {"label": "电话", "type": "mobile"}, by=officer)
    row = make.entry(ledger, by=officer, 事项="东乡缺水", 类别="用水", 金额="3.5")
    kind, amount = (next(one for one in ledger.all_fields if one.label == label) for label in ("类别", "金额"))
    refused("fixed", defining.change_field, amount, {"type": "text"}, by=officer)
    refused("fixed", defining.retire_field, ledger.title_field, by=officer)
    refused("fixed", defining.add_field, ledger, {"label": "新栏", "type": "text", "required": True}, by=officer)
    defining.change_field(kind, {"label": "要素", "choices": ["用水", "用地", "用地", ""]}, by=officer)
    defining.retire_field(amount, by=officer)
    fresh = type(ledger).objects.get(pk=ledger.pk)
    assert [one.label for one in fresh.living_fields] == ["事项", "要素", "企业"]
    assert fresh.all_fields[1].choices == ["用水", "用地"]
    changed = {"f1": "东乡缺水", "f2": "用地"}
    saved = entries.change_entry(LedgerEntry.objects.get(pk=row.pk), changed, by=officer)
    assert saved.values == {**changed, "f4": "3.5"}, "what a retired column held stays"
    events = Event.objects.filter(object_id=row.pk, verb="ledgerentry.changed")
    assert events.get().data["changes"] == {"要素": ["用水", "用地"]}
    refused("fixed", defining.retire_status, ledger.statuses.get(is_initial=True), by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.fields.create(code="f9", label="选项", type="choice")


def test_an_entry_goes_from_status_to_status_by_the_working_day_and_is_never_deleted(world):
    officer, region = world.actor("county_officer"), world.own.region
    ledger, firm = make.ledger(region, by=officer), world.own.enterprises[0]
    row = make.entry(ledger, by=officer, enterprise=firm, 事项="停电", 类别="用电")
    today = clock.today()
    assert (row.number, row.region, row.status.name) == (1, firm.region, "待办")
    assert row.due_on == workdays.current(region.path).add(today, 3)
    refused("twice", make.entry, ledger, by=officer, 事项="停 电".replace(" ", ""), 类别="用水")
    working, done = (ledger.statuses.get(name=name) for name in ("办理", "办结"))
    refused("not_filler", entries.move_entry, row, working, by=world.actor("leader"))
    refused("status", entries.move_entry, row, row.status, by=officer)
    seen = "0-x"
    with pytest.raises(Conflict):
        entries.move_entry(row, working, by=officer, seen=seen)
    row = entries.move_entry(row, working, by=officer)
    assert (row.due_on, row.closed_on) == (None, None) and row.limits.get().until_on == today
    row = entries.move_entry(row, done, by=officer)
    assert row.closed_on == today
    refused("reason", entries.move_entry, row, working, by=officer)
    row = entries.move_entry(row, working, note="又停了", by=officer)
    assert row.closed_on is None
    refused("reason", entries.archive_entry, row, reason=" ", by=officer)
    entries.archive_entry(row, reason="登记重复", by=officer)
    refused("archived", entries.move_entry, row, done, by=officer)
    again = make.entry(ledger, by=officer, 事项="停电", 类别="用电")
    assert again.number == 2, "what was archived stands in nobody's way, and its number is not given again"
    told = [sentences.sentence(event) for event in Event.objects.filter(object_id=row.pk).order_by("pk")]
    assert "作废：登记重复" in told and "从“办结”到“办理”：又停了" in told
    defining.retire_ledger(ledger, by=officer)
    refused("retired", make.entry, type(ledger).objects.get(pk=ledger.pk), by=officer, 事项="新", 类别="用水")


def test_everybody_sees_what_is_theirs_and_personal_columns_only_who_fills(world):
    own, officer = world.own, world.actor("county_officer")
    ledger = make.ledger(own.region)
    rows = [make.entry(ledger, enterprise=firm, 事项=firm.name, 类别="用水") for firm in own.enterprises]
    plain = make.entry(ledger, by=world.actor("chain_secretary"), 事项="公共道路", 类别="用水")
    sees = {person: set(LedgerEntry.objects.visible_to(world.actor(person))) for person in world.people}
    assert sees["county_officer"] == sees["leader"] == {*rows, plain}
    assert sees["chain_secretary"] == {rows[0], rows[1], plain}
    assert sees["branch_secretary"] == {rows[0]}
    for person in ("team_member", "department_officer", "auditor", "system_admin", "stranger_officer"):
        assert not sees[person], person
    assert not LedgerEntry.objects.filled_by(world.actor("leader")).exists()
    refused("place", make.entry, ledger, by=world.actor("branch_secretary"), enterprise=own.enterprises[1], 事项="x",
            类别="用水")  # fmt: skip
    refused("not_filler", make.entry, ledger, by=world.actor("stranger_officer"), 事项="x", 类别="用水")

    people = make.persons(own.region)
    assert people.title_is_personal and not set(people.see_roles) & set(people.fill_roles)
    one = make.person(people)
    marked = {
        who: LedgerEntry.objects.visible_to(actor).marked(actor).get(pk=one.pk).may_fill
        for who, actor in (("county_officer", officer), ("leader", world.actor("leader")))
    }
    assert marked == {"county_officer": True, "leader": False}
    assert one.named(own=True) == "禾一" and one.named(own=False) == "第 1 号"
    assert "禾一" not in one.words and "10000000001" in one.own_words and "10000000001" not in one.words
    entries.change_entry(one, {**one.values, "f1": "禾二"}, by=officer)
    for event in Event.objects.filter(object_type="ledgers.ledgerentry", object_id=one.pk):
        text = f"{event.object_name}{event.data}"
        assert "禾" not in text and "1000000" not in text and "DEMO" not in text, "the trail holds no personal data"
    assert "姓名" in str(Event.objects.filter(verb="ledgerentry.changed").latest("pk").data)


def test_what_ledgers_hold_is_counted_and_a_month_that_was_overdue_stays_so(world):
    officer, region = world.actor("county_officer"), world.own.region
    ledger = make.ledger(region, by=officer)
    late, in_time, wrong = (make.entry(ledger, by=officer, 事项=name, 类别="用水") for name in ("晚", "早", "错"))
    before = Period.current_month().first.first_day - dt.timedelta(days=40)
    day = before - dt.timedelta(days=before.day - 1)
    for row in (late, in_time, wrong):
        due = day + dt.timedelta(days=5)
        LedgerEntry.objects.filter(pk=row.pk).update(entered_on=day, status_on=day, due_on=due)
        row.limits.update(from_on=day, due_on=due, overdue_on=due + dt.timedelta(days=1))
    in_time.limits.update(until_on=day + dt.timedelta(days=2))
    entries.archive_entry(wrong, reason="登记错误", by=officer)
    month, now = Period.parse(f"{day:%Y-%m}"), Period.current_month()
    codes = ["ledger_entries_new", "ledger_entries_open", "ledger_entries_closed", "ledger_entries_overdue"]

    def read(period):
        while drain.drain():
            pass
        found = figures.read(codes, scopes.parse(f"region:{region.code}"), period)
        return [found[code].value for code in codes]

    assert read(month) == [2, 2, 0, 1]
    entries.move_entry(LedgerEntry.objects.get(pk=late.pk), ledger.statuses.get(name="办结"), by=officer)
    assert read(now) == [0, 1, 1, 0]
    assert read(month) == [2, 2, 0, 1], "the month in which it was late stays as it was"
    rows = figures.rows("ledger_entries_overdue", scopes.parse(f"region:{region.code}"), month, officer)
    assert [row.entry_id for row in rows] == [late.pk]
    assert not LedgerLimit.objects.visible_to(world.actor("stranger_officer")).exists()


def test_a_scheme_brings_its_ledgers_once(world):
    officer, region = world.actor("county_officer"), world.own.region
    scheme = catalogue.get("renshou")
    assert loading.preview(scheme, region).ledgers == list(scheme.ledgers)
    loading.take(scheme, region, by=officer)
    assert sorted(region.ledgers.values_list("name", flat=True)) == sorted(scheme.ledgers)
    labour = region.ledgers.get(code="renshou.labour")
    assert labour.personal and all(
        one.personal for one in labour.all_fields if one.label in ("姓名", "证件号码", "手机号码")
    )
    helping = region.ledgers.get(code="renshou.help")
    assert [(one.name, one.days) for one in helping.living_statuses] == [
        ("待帮扶", 5),
        ("帮扶中", 30),
        ("已解决", None),
    ]
    for ledger in region.ledgers.all():
        assert ledger.title_field and [one.is_initial for one in ledger.living_statuses].count(True) == 1
    loading.take(scheme, region, by=officer)
    assert region.ledgers.count() == 7
    loading.take(catalogue.get("zitong"), region, by=officer)
    plan = region.ledgers.get(code="zitong.village_plan")
    assert plan.name in catalogue.get("zitong").ledgers
    make.entry(plan, by=officer, region=world.own.towns[0], 村="东一村", 对接银行="云岭农商行")
    refused("twice", make.entry, plan, by=officer, region=world.own.towns[0], 村="东一村", 对接银行="另一家银行")


def test_entries_of_a_merged_enterprise_are_found_by_the_name_that_stays(world):
    duplicate, target = world.own.enterprises[1], world.own.enterprises[2]
    fields = [
        {"label": "企业", "type": "enterprise", "is_title": True, "is_key": True},
        {"label": "事项", "type": "text"},
    ]
    ledger = make.ledger(world.own.region, fields=fields)
    first, second = (make.entry(ledger, enterprise=one, 事项="停电") for one in (target, duplicate))
    key = second.key
    enterprises.merge(duplicate, target, by=SYSTEM, on=clock.today())
    second.refresh_from_db()
    assert (second.enterprise, second.title, second.digest) == (target, target.name, first.digest)
    assert second.key == key != first.key, "two entries that became the same stay two"
    assert LedgerEntry.objects.filter(words__contains=search.query(target.name)).count() == 2


def test_a_text_that_was_not_read_to_its_end_is_told(world):
    ledger = make.ledger(world.own.region)
    cells = [(1, ["事项", "类别"]), (2, ["长" * LONGEST_TEXT, "用水"]), (3, ["短", "用水"])]
    sheet = importing.read(ledger, cells, world.actor("county_officer"))
    assert [row.what for row in sheet.rows] == [importing.WRONG, importing.NEW]
    ((label, sentence),) = sheet.rows[0].errors
    assert label == "事项" and "没有读全" in sentence
