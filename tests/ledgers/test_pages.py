"""The pages of custom ledgers: defined without a programmer, filled, found, exported; and the county's own workbook."""

import io

import openpyxl
import pytest
from django.urls import reverse

from audit.models import Event
from core.registers import counted
from ledgers.models import Ledger, LedgerEntry
from tests.ledgers import makers as make

pytestmark = pytest.mark.django_db


def body(response) -> str:
    return response.content.decode()


def cells(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return "\n".join("|".join(str(one) for one in row if one is not None) for row in sheet.iter_rows(values_only=True))


def workbook(*rows) -> io.BytesIO:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    file.seek(0)
    file.name = "要素表.xlsx"
    return file


def test_an_officer_defines_a_ledger_on_its_pages_and_fills_it(world, client_of):
    client, region = client_of("county_officer"), world.own.region
    assert "自定义台账" in body(client.get("/ledgers/"))
    given = {"name": "招工台账", "region": region.pk, "fill_roles": ["county_officer"], "see_roles": ["leader"]}
    assert "必填" in body(client.post("/ledgers/new/", {**given, "fill_roles": []}))
    ledger_page = client.post("/ledgers/new/", given)
    ledger = Ledger.objects.get()
    assert ledger_page.url == f"/ledgers/{ledger.pk}/"
    page = body(client.get(ledger_page.url))
    assert "台账还没有栏目" in page and "添加栏目" in page
    new_field = reverse("ledgers:field_create", args=[ledger.pk])
    refused = body(client.post(new_field, {"label": "工种", "type": "choice", "order": 1}))
    assert "要写选项" in refused and "工种" in refused
    refused = body(client.post(new_field, {"label": "电话", "type": "text", "personal": "on", "order": 1}))
    assert "没有写明含个人信息" in refused
    client.post(new_field, {"label": "岗位", "type": "text", "order": 1, "required": "on", "is_title": "on"})
    kinds = {"label": "工种", "type": "choice", "options": "焊工\n电工", "order": 2, "in_list": "on"}
    part = body(client.post(new_field, kinds, headers={"HX-Request": "true"}))
    assert "<html" not in part and "焊工、电工" in part and "填报时的样子" in part
    doubled = body(client.post(new_field, {"label": "工种", "type": "text", "order": 3}))
    assert "台账中已有同名栏目" in doubled
    client.post(new_field, {"label": "月薪", "type": "integer", "unit": "元", "order": 3, "in_list": "on"})
    status = reverse("ledgers:status_create", args=[ledger.pk])
    assert "1 到 1000" in body(client.post(status, {"name": "在招", "days": 0, "order": 2}))
    client.post(status, {"name": "在招", "days": 10, "order": 2})

    new_entry = reverse("ledgers:entry_create", args=[ledger.pk])
    wrong = body(client.post(new_entry, {"f1": "", "f2": "焊工", "f3": "三千"}))
    assert "请填写数字" in wrong and "三千" in wrong and "必填" in wrong
    assert not LedgerEntry.objects.exists()
    entry_page = client.post(new_entry, {"f1": "=装配工（夜班）", "f2": "焊工", "f3": "３，０００"}).url
    entry = LedgerEntry.objects.get()
    assert entry.values == {"f1": "=装配工（夜班）", "f2": "焊工", "f3": 3000}
    move = reverse("ledgers:entry_move", args=[entry.pk])
    recruiting = ledger.statuses.get(name="在招")
    assert client.post(move, {"status": recruiting.pk}).url == entry_page
    shown = body(client.get(entry_page))
    assert "在招" in shown and "剩余 10 天" in shown and "3,000" in shown
    client.post(new_entry, {"f1": "保安", "f2": "电工"})
    listed = body(client.get(f"/ledgers/{ledger.pk}/?f2=电工"))
    assert "保安" in listed and "装配工" not in listed
    assert "装配工" in body(client.get(f"/ledgers/{ledger.pk}/?q=装配"))
    assert "没有符合条件" in body(client.get(f"/ledgers/{ledger.pk}/?q=不存在的词"))
    assert "保安" not in body(client.get(f"/ledgers/{ledger.pk}/?status={recruiting.pk}"))
    table = cells(client.get(f"/ledgers/{ledger.pk}/entries/export/?f2=焊工"))
    assert "=装配工（夜班）|焊工|3,000" in table and "保安" not in table and "工种" in table
    client.post(reverse("ledgers:field_retire", args=[ledger.fields.get(code="f3").pk]))
    assert "月薪（元）（已停用）" in body(client.get(entry_page))
    client.post(reverse("ledgers:entry_archive", args=[entry.pk]), {"reason": "重复"})
    assert "装配工" not in body(client.get(f"/ledgers/{ledger.pk}/"))
    assert "装配工" in body(client.get(f"/ledgers/{ledger.pk}/?status=archived"))


def test_personal_data_is_for_those_who_fill_and_leaves_with_a_reason_only(world, client_of):
    ledger = make.persons(world.own.region)
    entry = make.person(ledger, 性别="女")
    make.person(ledger, "禾二", "DEMO0002", 手机号码="10000000002")
    address = f"/ledgers/{ledger.pk}/"
    officer, leader = client_of("county_officer"), client_of("leader")
    assert "禾一" in body(officer.get(address)) and "10000000001" in body(officer.get(address))
    for page in (address, entry.get_absolute_url(), f"{address}?sort=title"):
        seen = body(leader.get(page))
        assert "第 1 号" in seen and "个人信息" in seen
        assert "禾一" not in seen and "DEMO" not in seen and "1000000000" not in seen, page
    for text in ("禾一", "10000000001", "DEMO0001"):
        assert "第 1 号" not in body(leader.get(f"{address}?q={text}")), "the search is no way around"
        assert "禾一" in body(officer.get(f"{address}?q={text}"))
    for client in (officer, leader):
        table = cells(client.get(f"{address}entries/export/"))
        assert "女" in table and "禾" not in table and "1000000000" not in table
    assert leader.get(f"{address}entries/take-out/").status_code == 403
    take = f"{address}entries/take-out/?f4=女"
    assert "1 条记录" in body(officer.get(take))
    assert "必填" in body(officer.post(take, {"reason": " "})) and not Event.objects.filter(verb="ledger.exported")
    table = cells(officer.post(take, {"reason": "春节慰问"}))
    assert "禾一" in table and "DEMO0001" in table and "禾二" not in table
    noted = Event.objects.get(verb="ledger.exported").data
    assert (noted["reason"], noted["count"]) == ("春节慰问", 1) and "女" in noted["conditions"]


def test_the_countys_own_workbook_is_read_shown_and_taken_once(world, client_of):
    own = world.own
    ledger, client = make.ledger(own.region), client_of("county_officer")
    make.entry(ledger, 事项="修路", 类别="用水")
    address = reverse("ledgers:entry_import", args=[ledger.pk])
    rows = [
        ["云岭县要素台账"],
        ["序号", "类别", "事 项", "金额（万元）", "企业", "所在区域", "填表人"],
        [1, "用水", "打井", "１２.５", own.enterprises[0].name, None, "甲"],
        [2, "用电", "修路", None, None, own.towns[1].name, "乙"],
        [3, "用气", "通气", "很多", "没有这家公司", "望川县", "丙"],
        [4, "用水", "打井", None, None, None, None],
    ]
    shown = client.post(address, {"file": workbook(*rows)})
    page = body(shown)
    assert LedgerEntry.objects.count() == 1, "a look writes nothing"
    for sentence in ("“用气”不在选项中：用水、用电", "请填写数字", "没有找到企业“没有这家公司”",
                     "“望川县”不在您填报的范围内", "与第 3 行是同一条", "填表人"):  # fmt: skip
        assert sentence in page, sentence
    signed = shown.context["cells"]
    assert "只导入没有错误的行" in body(client.post(address, {"cells": signed, "all": "1"}))
    assert LedgerEntry.objects.count() == 1, "all means all: one wrong row stops it"
    assert "重新上传" in body(client.post(address, {"cells": signed + "x", "good": "1"}))
    client.post(address, {"cells": signed, "good": "1"})
    well, road = LedgerEntry.objects.order_by("-pk")
    assert (well.title, well.values["f4"], well.enterprise) == ("打井", "12.5", own.enterprises[0])
    assert (road.title, road.values["f2"]) == ("修路", "用电"), "the row with the same key changed the entry"
    assert Event.objects.get(verb="ledger.imported").data["wrong"] == 2
    events = Event.objects.count()
    again = client.post(address, {"file": workbook(*rows[:4])})
    assert again.context["counts"] == {"new": 0, "changed": 0, "same": 2, "wrong": 0}
    client.post(address, {"cells": again.context["cells"], "all": "1"})
    assert LedgerEntry.objects.count() == 2 and Event.objects.count() == events, "the same file twice changes nothing"
    assert "没有找到表头" in body(client.post(address, {"file": workbook(["甲", "乙"], [1, 2])}))
    assert "缺少必填的栏目：类别" in body(client.post(address, {"file": workbook(["事项"], ["x"])}))
    template = client.get(reverse("ledgers:entry_template", args=[ledger.pk]))
    assert "金额（万元）" in cells(template) and "用水、用电" in cells(template)


def test_of_a_long_ledger_the_page_comes_first_and_its_counts_follow(world, client_of, monkeypatch):
    monkeypatch.setattr(counted, "__defaults__", (1,))
    ledger, client = make.ledger(world.own.region), client_of("county_officer")
    for name in ("一", "二"):
        make.entry(ledger, 事项=name, 类别="用水")
    address = f"/ledgers/{ledger.pk}/"
    page = client.get(address)
    assert "本月新增" not in body(page)
    assert "?cards=1" in body(page) and "count=1" in body(page)
    assert "共 2 条" in body(client.get(f"{address}?count=1", headers={"HX-Request": "true"}))
    part = client.get(f"{address}?cards=1", headers={"HX-Request": "true"})
    assert next(card["value"] for card in part.context["cards"]) == 2
