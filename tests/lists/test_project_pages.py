"""Pages of projects and finance: filled in, moved on, refused with a sentence beside the field."""

import pytest
from django.urls import reverse

from services.models import CreditRating, Loan, Project
from tests.alliances.pages import form_data
from tests.lists import project_makers as make
from tests.lists.makers import ago

pytestmark = pytest.mark.django_db


def url_of(name, *args):
    return reverse(f"services:{name}", args=args)


def test_a_project_from_its_form_to_the_start(world, client_of):
    client, own = client_of("chain_secretary"), world.own
    data = {"name": "肉牛屠宰线", "kind": make.kind("project-attraction").pk, "lead_on": ago(30).isoformat(),
            "enterprise": own.enterprises[0].pk, "planned_investment": "12000.5", "work": "supplement",
            "themes": "5G+、共性技术+"}  # fmt: skip
    wrong = client.post(url_of("project_create"), {**data, "enterprise": "", "region": "", "lead_on": "2999-01-01"})
    assert {"region", "lead_on"} <= set(wrong.context["form"].errors) and "肉牛屠宰线" in wrong.content.decode()
    page = client.post(url_of("project_create"), data, follow=True)
    row = Project.objects.get()
    assert "进入洽谈" in page.content.decode() and "12,000.50万元" in page.content.decode()
    for name, more in (("negotiate", {}), ("sign", {"amount": "9000"}), ("land", {}), ("start", {})):
        url = url_of("project_step", row.pk, name)
        page = client.post(url, form_data(client.get(url), on=ago(20).isoformat(), **more), follow=True)
        assert page.redirect_chain, page.context["form"].errors
    row.refresh_from_db()
    assert (row.state, row.agreement_amount) == ("started", 9000)
    assert client.get(url_of("project_step", row.pk, "fly")).status_code == 404
    late = client.post(url_of("project_step", row.pk, "start"), {"on": ago(1).isoformat()})
    assert "不能这样办理" in late.content.decode()
    for name, more in (
        ("project_arrival", {"amount": "50", "arrived_on": ago(1).isoformat(), "origin": "自筹"}),
        ("project_note", {"text": "加快厂房施工"}), ("project_convene", {"reason": "研究用电"}),
        ("project_back", {"reason": "填错"}), ("project_stop", {"on": ago(0).isoformat(), "reason": "资金不足"}),
    ):  # fmt: skip
        url = url_of(name, row.pk)
        page = client.post(url, form_data(client.get(url), **more), follow=True)
        assert page.redirect_chain, (name, page.context["form"].errors)
    text = page.content.decode()
    assert "50.00万元" in text and "加快厂房施工" in text and "资金不足" in text
    for place in (
        ("enterprises:enterprise_detail", own.enterprises[0]),
        ("chains:committee_detail", own.committees[0]),
    ):
        assert "肉牛屠宰线" in client.get(reverse(place[0], args=[place[1].pk])).content.decode()
    for asked in ({"state": "stopped"}, {"work": "supplement"}, {"q": "共性技术"}):
        assert list(client.get(url_of("project_list"), asked).context["page"].rows) == [row], asked
    assert ">9,000<" in client.get(url_of("project_list")).content.decode(), "without the zeros it is kept with"
    assert not client.get(url_of("project_list"), {"work": "build"}).context["page"].rows
    assert client.get(url_of("project_export")).status_code == 200


def test_finance_from_its_forms(world, client_of):
    client, firm = client_of("county_officer"), world.own.enterprises[0]
    loan = {"kind": make.kind("loan-guaranteed").pk, "institution": "云岭农商行", "amount": "300.5",
            "issued_on": ago(3).isoformat(), "region": world.own.region.pk}  # fmt: skip
    wrong = client.post(url_of("loan_create"), {**loan, "enterprise": firm.pk, "borrower": "某合作社"})
    assert "borrower" in wrong.context["form"].errors
    assert client.post(url_of("loan_create"), {**loan, "amount": "-1", "enterprise": firm.pk}).context["form"].errors
    page = client.post(url_of("loan_create"), {**loan, "enterprise": firm.pk}, follow=True)
    assert Loan.objects.get().counts_as == "guaranteed" and "300.50万元" in page.content.decode()
    rating = {"enterprise": firm.pk, "institution": "云岭农商行", "credit_line": "100", "rated_on": ago(9).isoformat()}
    client.post(url_of("creditrating_create"), rating)
    client.post(url_of("creditrating_create"), {**rating, "rated_on": ago(2).isoformat()})
    assert sorted(CreditRating.objects.values_list("until_on", flat=True), key=str) == [ago(2), None]
    kind = {"region": world.own.region.pk, "of": "loan", "name": "本县惠企贷", "order": 0, "counts_as": "major"}
    assert "counts_as" in client.post(url_of("entrykind_create"), kind).context["form"].errors
    page = client.post(url_of("entrykind_create"), {**kind, "counts_as": "other"}, follow=True)
    assert page.redirect_chain, page.context["form"].errors
    for name in ("loan", "creditrating", "financeproduct", "socialcapital", "entrykind", "project"):
        assert client.get(url_of(f"{name}_list")).status_code == 200
        assert client.get(url_of(f"{name}_create")).status_code == 200
