"""The way of a file: named columns, a look at every row, written once, taken back while nothing has built on it."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from stdnum.cn import uscc

from audit.models import Event
from core import clock
from core.transitions import Refused
from enterprises.lifecycle import save_enterprise
from enterprises.models import CoverageSpell, Enterprise, PartyOrganisation
from exchange import lifecycle, store
from exchange.enums import ImportState, Outcome
from exchange.imports import declarations, workbooks, working
from exchange.models import Import
from exchange.reader import Unreadable
from tests import factories as make
from tests.exchange.test_reader import workbook

pytestmark = pytest.mark.django_db
HEAD = ["序号", "企业名称", "信用代码", "所属乡镇", "规模类型", "是否规上", "入链时间", "电话", "产业链", "环节"]


def code(number: int) -> str:
    """A unified code with a right check digit."""
    body = f"91990100MA{number:07d}"
    return next(body + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if uscc.is_valid(body + last))


def firm(number, **changes):
    row = {
        "企业名称": f"新{number}公司", "信用代码": code(number), "所属乡镇": "云岭县东乡", "规模类型": "中型企业",
        "是否规上": "√", "入链时间": "2026年3月5日", "电话": "０９３０-1234567", "产业链": None, "环节": None,
    }  # fmt: skip
    return [number, *(changes.get(label, row[label]) for label in HEAD[1:])]


def table(*rows):
    return workbook([["云岭县企业台账"], HEAD, *rows, ["合计", len(rows)]])


def uploaded(world, content, register="enterprises", person="county_officer", name="台账.xlsx"):
    spec = declarations.find(register)
    return lifecycle.upload(spec, io.BytesIO(content), name, by=world.actor(person))


def checked(world, content, **options):
    """The import with its rows judged, the columns as guessed."""
    one = uploaded(world, content, **options)
    lifecycle.check(one, one.mapping, by=world.actor("county_officer"))
    return worked(one)


def worked(one):
    working.work(one.pk)
    one.refresh_from_db()
    return one


def ran(world, one, good_only=False):
    lifecycle.run(one, good_only=good_only, by=world.actor("county_officer"))
    return worked(one)


def undone(world, one):
    lifecycle.undo(one, by=world.actor("county_officer"))
    return worked(one)


def outcomes(one):
    return [row.outcome for row in one.rows.order_by("number")]


def test_a_file_becomes_enterprises_once(world):
    old = world.own.enterprises[0]
    chain, link = world.own.chains[0], world.own.link
    rows = [
        firm(1, 产业链=chain.name, 环节=link.name),
        firm(2),
        firm(3, 信用代码=old.credit_code.lower(), 企业名称=old.name, 电话=None, 规模类型=None),
    ]
    one = checked(world, table(*rows))
    assert one.state == ImportState.CHECKED and one.passed_over == 1
    assert outcomes(one) == [Outcome.NEW, Outcome.NEW, Outcome.CHANGED]
    assert not Enterprise.objects.filter(name="新1公司").exists()
    one = ran(world, one)
    assert one.state == ImportState.DONE and one.written == 3, one.error
    made = Enterprise.objects.get(name="新1公司")
    assert (made.region, made.scale, made.is_above_scale) == (world.own.towns[0], "medium", True)
    assert (made.joined_on, made.contact_phone) == (dt.date(2026, 3, 5), "0930-1234567")
    place = made.memberships.get()
    assert (place.chain, place.link, place.committee) == (chain, link, world.own.committees[0])
    # An empty cell leaves what the register held.
    phone = old.contact_phone
    old.refresh_from_db()
    assert old.is_above_scale and old.contact_phone == phone
    # The trail names the officer for every record, as if typed.
    assert Event.objects.filter(object_id=made.pk, verb="enterprise.created", actor_id=one.created_by_id).exists()

    before, again = Enterprise.objects.count(), checked(world, table(*rows))
    assert outcomes(again) == [Outcome.SAME] * 3
    refusal = lifecycle.may("run", again, world.actor("county_officer"))
    assert refusal.code == "nothing" and Enterprise.objects.count() == before


def test_wrong_cells_are_told_and_only_good_rows_written(world):
    rows = [
        firm(1),
        firm(2, 信用代码="91990100MA0000002X", 入链时间="去年"),
        firm(3, 所属乡镇="望川县东乡"),
        firm(4, 信用代码=code(1)),
        firm(5, 企业名称=None),
        firm(6, 环节=world.own.link.name),
    ]
    one = checked(world, table(*rows))
    assert outcomes(one) == [Outcome.NEW, *[Outcome.WRONG] * 5]
    wrong = {row.number - 2: row.errors for row in one.rows.filter(outcome=Outcome.WRONG)}
    assert "校验位" in wrong[2]["2"][0] and wrong[2]["6"] == ["“去年”不是日期，请写成 2026-03-05 或 2026年3月5日。"]
    assert "管理范围" in wrong[3]["3"][0]  # a town of another county
    assert wrong[4] == {"": ["与第 3 行是同一条记录。"]}
    assert list(wrong[5]) == ["1"] and list(wrong[6]) == ["9"]
    with pytest.raises(Refused) as refused:
        lifecycle.run(one, good_only=False, by=world.actor("county_officer"))
    assert refused.value.refusal.code == "wrong_rows"

    # The officer's own table comes back with what is wrong in it.
    with store.open_stored(one.feedback_name) as file:
        book = openpyxl.load_workbook(file)
    page = book.active
    assert page["A1"].value == "云岭县企业台账" and page["K2"].value == "错误说明"
    assert page["K3"].value is None and "入链时间：“去年”不是日期" in page["K4"].value
    assert page["G4"].fill.fgColor.rgb == "FFFBD5D5" != page["F4"].fill.fgColor.rgb

    one = ran(world, one, good_only=True)
    assert one.state == ImportState.DONE and one.written == 1
    assert list(Enterprise.objects.filter(name__startswith="新").values_list("name", flat=True)) == ["新1公司"]

    # Who reads English is told in English of the same Chinese table.
    with translation.override("en"):
        one = checked(world, table(firm(9), firm(10, 入链时间="去年")))
    assert [row.errors for row in one.rows.order_by("number")] == [
        {}, {"6": ["“去年” is not a date; write it as 2026-03-05."]},
    ]  # fmt: skip


def test_a_text_that_was_not_read_to_its_end_is_told(world):
    one = checked(world, table(firm(1, 企业名称="长" * 5000), firm(2)))
    assert outcomes(one) == [Outcome.WRONG, Outcome.NEW]
    assert "没有读全" in one.rows.get(outcome=Outcome.WRONG).errors["1"][0]


def test_a_whole_import_is_taken_back(world):
    old = world.own.enterprises[0]
    held = (old.name, old.is_above_scale, old.joined_on)
    one = ran(world, checked(world, table(firm(1, 产业链=world.own.chains[0].name), firm(2, 信用代码=old.credit_code))))
    made = Enterprise.objects.get(name="新1公司")
    one = undone(world, one)
    assert one.state == ImportState.UNDONE, one.error
    assert not Enterprise.objects.filter(pk=made.pk).exists()
    old.refresh_from_db()
    assert (old.name, old.is_above_scale, old.joined_on) == held
    assert Event.objects.filter(object_id=made.pk, verb="enterprise.withdrawn").exists()


def test_what_somebody_built_on_stays_with_all_the_rest(world):
    officer = world.actor("county_officer")
    one = ran(world, checked(world, table(firm(1), firm(2))))
    first, second = Enterprise.objects.filter(name__startswith="新").order_by("name")
    make.PartyOrganisationFactory(name="新支部", region=first.region, enterprise=first)
    one = undone(world, one)
    assert one.state == ImportState.DONE and "第 3 行" in one.error and "党组织" in one.error
    assert Enterprise.objects.filter(pk__in=[first.pk, second.pk]).count() == 2
    # A change by hand is built on, too.
    other = ran(world, checked(world, table(firm(7))))
    save_enterprise(Enterprise.objects.get(name="新7公司"), {"address": "东街"}, by=officer)
    assert undone(world, other).state == ImportState.DONE


def test_a_worker_that_lost_its_lease_writes_nothing(world):
    one = checked(world, table(firm(1)))
    lifecycle.run(one, good_only=False, by=world.actor("county_officer"))
    slow = lifecycle.take(one.pk)
    Import.objects.filter(pk=one.pk).update(lease_until=clock.now() - dt.timedelta(seconds=1))
    assert lifecycle.take(one.pk) is not None
    spec = declarations.find("enterprises")
    with pytest.raises(lifecycle.LostLease):
        working._run(slow, spec, world.actor("county_officer"))
    assert not Enterprise.objects.filter(name="新1公司").exists()


def test_failing_three_times_parks_the_import(world, monkeypatch):
    one = uploaded(world, table(firm(1)))
    lifecycle.check(one, one.mapping, by=world.actor("county_officer"))
    monkeypatch.setattr(working, "_table", lambda *given: 1 / 0)
    for _attempt in range(3):
        assert worked(one).state in (ImportState.CHECKING, ImportState.FAILED)
    assert one.state == ImportState.FAILED and "系统管理员" in one.error


def test_the_county_remembers_its_columns_and_a_key_is_needed(world):
    content = workbook([["单位", "代码", "归口", "入链日期"], ["新1公司", code(1), "云岭县东乡", "2026.3.5"]])
    one = uploaded(world, content)
    assert one.mapping == {"3": "joined_on"} and one.labels[:2] == ["单位", "代码"]
    officer = world.actor("county_officer")
    for chosen, reason in (({"0": "name"}, "key_missing"), ({"0": "credit_code", "1": "credit_code"}, "twice")):
        with pytest.raises(Refused) as refused:
            lifecycle.check(one, chosen, by=officer)
        assert refused.value.refusal.code == reason
    chosen = {"0": "name", "1": "credit_code", "2": "region", "3": "joined_on"}
    lifecycle.check(one, chosen, by=officer)
    assert ran(world, worked(one)).written == 1
    assert uploaded(world, content).mapping == chosen
    assert uploaded(world, content, person="stranger_officer").mapping == {"3": "joined_on"}


def test_the_template_comes_back_without_its_sample_row(world):
    officer = world.actor("county_officer")
    for spec in declarations.offered():
        content = workbooks.template(spec, spec.form(officer))
        one = uploaded(world, content, register=spec.code)
        fields = {column.field for column in spec.columns if column.field in spec.form(officer).fields}
        assert set(one.mapping.values()) == fields, spec.code
        lifecycle.check(one, one.mapping, by=officer)
        assert "没有数据行" in worked(one).error
    book = openpyxl.load_workbook(io.BytesIO(workbooks.template(spec, spec.form(officer))))
    assert book.active.data_validations.dataValidation


def test_organisations_departments_and_teams_go_the_same_way(world):
    firm_of = world.own.enterprises[1]
    files = {
        "organisations": [["党组织名称", "企业名称", "类型", "成立时间"], ["新支部", firm_of.name, "党支部", "2026.3"]],
        "departments": [["单位名称", "县区"], ["新局", "云岭县"]],
        "teams": [["帮办团名称", "县区", "牵头部门", "组建时间"], ["新团", "云岭县", "云岭县工信局", "2026/3/5"]],
    }
    for register, rows in files.items():
        one = ran(world, checked(world, workbook(rows), register=register))
        assert (one.state, one.written) == (ImportState.DONE, 1), (register, one.error)
        assert outcomes(checked(world, workbook(rows), register=register)) == [Outcome.SAME]
        if register == "organisations":
            assert PartyOrganisation.objects.get(name="新支部").region == firm_of.region
            assert CoverageSpell.objects.filter(enterprise=firm_of).exists()
        assert undone(world, one).state == ImportState.UNDONE, one.error
    assert not CoverageSpell.objects.filter(enterprise=firm_of).exists()


def test_the_cost_of_judging_does_not_grow_with_the_register(world):
    """Twice the rows cost twice their own queries and nothing else; looking up names costs none."""

    def queries(rows):
        one = uploaded(world, table(*[firm(number) for number in range(1, rows + 1)]))
        lifecycle.check(one, one.mapping, by=world.actor("county_officer"))
        with CaptureQueriesContext(connection) as spent:
            assert worked(one).state == ImportState.CHECKED
        return len(spent)

    few, many = queries(10), queries(30)
    assert many - few <= 20 * 2  # per row: the form asks whether its code is taken


def test_only_officers_import(world):
    for person in ("leader", "chain_secretary", "branch_secretary", "system_admin", "auditor"):
        with pytest.raises(Refused):
            uploaded(world, table(firm(1)), person=person)
    one = uploaded(world, table(firm(1)))
    assert Import.objects.visible_to(world.actor("county_officer")).get() == one
    for person in ("stranger_officer", "leader", "chain_secretary"):
        assert not Import.objects.visible_to(world.actor(person)).exists()
    with pytest.raises(Unreadable):
        uploaded(world, b"MZ", name="a.xlsm")
