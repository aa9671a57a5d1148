"""Pages of the lists: raised by the firm, matched, set aside, handed over; policies with measures, files and export."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from problems.models import Problem
from services.models import Demand, Match, Policy, Resource, ServiceKind, TalentHire
from tests.alliances.pages import form_data
from tests.lists import makers as make

pytestmark = pytest.mark.django_db


def url_of(name, *args):
    return reverse(f"services:{name}", args=args)


def test_a_firm_raises_a_demand_and_follows_it(world, client_of):
    firm, own = world.own.enterprises[0], world.own
    offer = make.resource(own.region, chains=[own.chains[0]])
    make.policy(own.region)
    client = client_of("branch_secretary")
    page = client.get(url_of("demand_create"))
    assert list(page.context["form"].fields["enterprise"].queryset) == [firm]
    data = form_data(page, title="春季收购需要贷款", text="约三百万元", kind=make.kind().pk)
    wrong = client.post(url_of("demand_create"), {**data, "needed_by": "2020-01-01"})
    assert "不能早于提出日期" in wrong.content.decode() and "约三百万元" in wrong.content.decode()
    page = client.post(url_of("demand_create"), data, follow=True)
    demand = Demand.objects.get()
    text = page.content.decode()
    assert "要素类别相同：资金" in text and "+40" in text and "面向本企业所在产业链" in text
    aside = url_of("demand_set_aside", demand.pk, "policy", Policy.objects.get().pk)
    assert client.post(aside, form_data(client.get(aside), reason=" ")).context["form"].errors
    page = client.post(aside, form_data(client.get(aside), reason="已经享受过"), follow=True)
    assert "已经享受过" in page.content.decode()
    data = {"version": page.context["version"]}
    page = client.post(url_of("demand_confirm", demand.pk, "resource", offer.pk), data, follow=True)
    assert "已确认对接" in page.content.decode() and Match.objects.get(resource=offer).grounds[0][0] == "kind"
    page = client.post(url_of("demand_confirm", demand.pk, "resource", offer.pk), data, follow=True)
    assert "已被他人修改" in page.content.decode(), "a page read before the first word is told of it"
    meet = url_of("demand_meet", demand.pk)
    page = client.post(meet, form_data(client.get(meet), outcome="放款三百万元"), follow=True)
    assert "已满足" in page.content.decode() and "放款三百万元" in page.content.decode()
    assert client.get(meet).status_code == 403
    listed = client_of("county_officer").get(url_of("demand_list"), {"state": "met", "in_force": "no"})
    assert [row.pk for row in listed.context["page"].rows] == [demand.pk]
    found = client_of("county_officer").get(url_of("demand_list"), {"q": "cjsg"})
    assert [row.pk for row in found.context["page"].rows] == [demand.pk], "found by its initials"


def test_a_demand_goes_to_the_ledger_and_nothing_is_typed_twice(world, client_of):
    demand = make.demand(world.own.enterprises[0], title="冷库用电增容", text="还差五百千伏安", code="other")
    client = client_of("chain_secretary")
    choose = url_of("demand_choose", demand.pk)
    offer = make.resource(world.own.region, code="land", title="厂房租赁", text="")
    both = form_data(client.get(choose), resource=offer.pk, policy="")
    assert client.post(choose, {**both, "resource": ""}).context["form"].errors["resource"]
    page = client.post(choose, both, follow=True)
    assert "人工选择" in page.content.decode()
    url = url_of("demand_hand_over", demand.pk)
    page = client.get(url)
    form = page.context["form"]
    assert (form["title"].value(), form["text"].value()) == ("冷库用电增容", "还差五百千伏安")
    page = client.post(url, form_data(page), follow=True)
    problem = Problem.objects.get()
    assert problem.number in page.content.decode()
    assert "转自企业需求" in client.get(problem.get_absolute_url()).content.decode()


def test_a_policy_with_its_measures_file_and_enterprises(world, client_of, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    own, client = world.own, client_of("county_officer")
    page = client.get(url_of("policy_create"))
    data = form_data(page, title="贴息办法", issued_by="财政局", gives="贴息 2 个百分点", kind=make.kind().pk,
                     chains=[own.chains[0].pk], chain="")  # fmt: skip
    client.post(url_of("policy_create"), data)
    policy = Policy.objects.get()
    add = url_of("policy_measure_add", policy.pk)
    page = client.post(add, form_data(client.get(add), text="按季拨付", department=own.departments[0].pk), follow=True)
    assert "按季拨付" in page.content.decode() and own.departments[0].name in page.content.decode()
    edit = url_of("policy_measure_edit", policy.pk, 1)
    page = client.post(edit, form_data(client.get(edit), text="按月拨付"), follow=True)
    assert "按月拨付" in page.content.decode()
    upload = SimpleUploadedFile("办法.txt", "全文".encode())
    assert (
        "政策原文已上传"
        in client.post(url_of("policy_file_add", policy.pk), {"file": upload}, follow=True).content.decode()
    )
    file = policy.files.get()
    answer = client_of("branch_secretary").get(url_of("policy_file_download", file.pk))
    assert b"".join(answer.streaming_content).decode() == "全文"
    page = client.get(url_of("policy_fits", policy.pk))
    assert {row.pk for row in page.context["page"].rows} == {one.pk for one in own.enterprises[:2]}
    book = openpyxl.load_workbook(io.BytesIO(client.get(url_of("policy_fits_export", policy.pk)).content))
    cells = {str(cell.value) for row in book.active for cell in row}
    assert {one.name for one in own.enterprises[:2]} <= cells and own.enterprises[2].name not in cells
    by_chain = client.get(url_of("policy_list"), {"chain": own.chains[1].pk})
    assert not by_chain.context["page"].rows
    assert client.get(url_of("policy_list"), {"chain": own.chains[0].pk, "in_force": "yes"}).context["page"].rows
    close = url_of("policy_close", policy.pk)
    client.post(close, form_data(client.get(close)))
    assert client_of("branch_secretary").get(policy.get_absolute_url()).status_code == 404


def test_the_secretary_of_a_chain_keeps_its_offers_and_its_firms_files(world, client_of):
    own, client = world.own, client_of("chain_secretary")
    page = client.get(url_of("resource_create"))
    assert page.context["form"]["chain"].value() == own.chains[0].pk
    nobody = client.post(url_of("resource_create"), form_data(page, title="检测服务", kind=make.kind("technology").pk))
    assert "提供单位、提供党组织、提供机构填一项" in str(nobody.context["form"].errors)
    data = form_data(nobody, provider_name="市检测中心", chain=own.chains[0].pk)
    page = client.post(url_of("resource_create"), data, follow=True)
    offer = Resource.objects.get()
    assert offer.committee == own.committees[0] and "市检测中心" in page.content.decode()
    firm = own.enterprises[0]
    post = make.need(firm)
    page = client.get(post.get_absolute_url())
    assert "登记招引人才" in page.content.decode()
    made = client.get(url_of("talenthire_create"), {"enterprise": firm.pk, "need": post.pk, "kind": post.kind_id})
    client.post(url_of("talenthire_create"), form_data(made, number=2))
    assert TalentHire.objects.get().need == post
    make.product(firm, "真空包装袋", "buys"), make.product(own.enterprises[1], "真空包装袋"), make.demand(firm)
    make.policy(own.region)
    text = client.get(reverse("enterprises:enterprise_detail", args=[firm.pk])).content.decode()
    for word in ("可能适用的政策", "春季收购", "企业采购的产品谁在生产", "同一产业链", "兽医", "新增急需岗位"):
        assert word in text, word
    text = client.get(reverse("chains:committee_detail", args=[own.committees[0].pk])).content.decode()
    assert "待对接的需求" in text and "采购 1 种产品，其中 1 种有链上企业生产" in text


def test_a_county_keeps_kinds_of_its_own(world, client_of):
    client = client_of("county_officer")
    page = client.get(url_of("servicekind_create"))
    client.post(url_of("servicekind_create"), form_data(page, name="数据服务"))
    own = ServiceKind.objects.get(name="数据服务")
    assert own.region == world.own.region
    edit = url_of("servicekind_edit", own.pk)
    page = client.post(edit, form_data(client.get(edit), name="数据要素"), follow=True)
    assert "数据要素" in page.content.decode()
    common = ServiceKind.objects.get(code="capital")
    assert client.get(url_of("servicekind_edit", common.pk)).status_code == 403
    assert "融资" in client.get(url_of("servicekind_detail", common.pk)).content.decode()
    assert client.get(url_of("talentkind_list")).status_code == 200
