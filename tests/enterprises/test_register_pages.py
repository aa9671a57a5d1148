"""Pages of the registers: filled in, corrected, ended, and what is missing filled from its button."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from enterprises.models import FacilityKind, HonourKind, Pairing, PairingKind, Posting, PostingKind, StaffingRule
from tests import factories as make
from tests.alliances.pages import BAD, form_data, queries

pytestmark = pytest.mark.django_db
REGISTERS = ("posting", "pairing", "facility", "honour", "mass", "staffing")


def url_of(name, *args):
    return reverse(f"enterprises:{name}", args=args)


def posting(world, **changes):
    kind = PostingKind.objects.get(code="instructor").pk
    return {
        "kind": kind,
        "enterprise": world.own.enterprises[1].pk,
        "person": "周指导",
        "started_on": "2025-03-01",
    } | changes


def test_a_posting_from_the_form_to_its_end(world, client_of):
    client, firm = client_of("chain_secretary"), world.own.enterprises[1]
    page = client.get(url_of("posting_create"), {"enterprise": firm.pk})
    assert page.context["form"]["enterprise"].value() == str(firm.pk)
    wrong = client.post(url_of("posting_create"), posting(world, enterprise="", phone="不是电话"))
    assert set(wrong.context["form"].errors) == {"enterprise", "phone"} and "周指导" in wrong.content.decode()
    page = client.post(url_of("posting_create"), posting(world, phone="0900-000111"), follow=True)
    made = Posting.objects.get()
    assert "已保存" in page.content.decode() and "0900-000111" in page.content.decode()
    assert "周指导" in client.get(url_of("enterprise_detail", firm.pk)).content.decode()
    url = url_of("posting_replace", made.pk)
    page = client.post(url, form_data(client.get(url), person="吴指导", on="2025-09-01"), follow=True)
    assert "吴指导 已接替 周指导" in page.content.decode() and "已结束" in page.content.decode()
    assert client.post(url, {"person": "郑指导", "on": "2025-09-02"}).context["form"].errors
    listed = client.get(url_of("posting_list"), {"in_force": "yes"})
    assert [row.person for row in listed.context["page"].rows] == ["吴指导"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(url_of("posting_export"), {"q": "吴指导"}).content))
    assert any("吴指导" in str(cell.value) for row in book.active for cell in row)


def test_a_pairing_with_its_agreement(world, client_of, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client, own = client_of("county_officer"), world.own
    data = {"kind": PairingKind.objects.get(code="finance").pk, "helper_name": "云岭农商行", "started_on": "2025-03-01"}
    both = {**data, "helped_enterprise": own.enterprises[0].pk, "helped_name": "某企业"}
    assert "helped_name" in client.post(url_of("pairing_create"), both).context["form"].errors
    client.post(url_of("pairing_create"), {**data, "helped_enterprise": own.enterprises[0].pk})
    made = Pairing.objects.get()
    upload = SimpleUploadedFile("协议.txt", "共建协议".encode())
    page = client.post(url_of("pairing_file_add", made.pk), {"file": upload}, follow=True)
    assert "协议已上传" in page.content.decode()
    file = made.files.get()
    answer = client_of("branch_secretary").get(url_of("pairing_file_download", file.pk))
    assert b"".join(answer.streaming_content).decode() == "共建协议"
    assert client_of("stranger_officer").get(url_of("pairing_file_download", file.pk)).status_code == 404
    client.post(url_of("pairing_end", made.pk), {"on": "2025-09-01"})
    made.refresh_from_db()
    assert str(made.ended_on) == "2025-09-01"


def test_forms_say_what_is_missing_beside_the_field(world, client_of):
    client = client_of("county_officer")
    facility = {"kind": FacilityKind.objects.get(code="station").pk, "name": "驻外站", "opened_on": "2025-03-01"}
    assert client.post(url_of("facility_create"), facility).context["form"].errors["region"]
    honour = {"kind": HonourKind.objects.get(code="post-model").pk, "year": "2025", "awarded_on": "2025-03-01"}
    assert set(client.post(url_of("honour_create"), honour).context["form"].errors) == {"person", "region"}
    rule = {
        "name": "一镇一经理",
        "region": world.own.region.pk,
        "scope": "level",
        "minimum": "1",
        "started_on": "2025-01-01",
    }
    page = client.post(url_of("staffing_create"), rule)
    assert {"posting_kind", "level"} & set(page.context["form"].errors)
    for number, register in enumerate(REGISTERS):
        fields = list(client.get(url_of(f"{register}_create")).context["form"].fields)
        for bad in BAD[number % 3 :: 3]:
            assert client.post(url_of(f"{register}_create"), dict.fromkeys(fields, bad)).status_code == 200


def test_a_vacancy_is_filled_from_its_button(world, client_of):
    client, town = client_of("county_officer"), world.own.towns[0]
    make.StaffingRuleFactory(region=world.own.region, name="一镇一经理")
    page = client.get(url_of("gap_list"))
    card = page.context["cards"][0]
    assert (card["title"], card["all"], card["missing"]) == ("一镇一经理", 2, 2)
    form = client.get(card["lines"][0]["fill"]).context["form"]
    assert form["region"].value() == str(town.pk)
    client.post(
        url_of("posting_create"), {**posting(world, enterprise=""), "kind": form["kind"].value(), "region": town.pk}
    )
    assert client.get(url_of("gap_list")).context["cards"][0]["missing"] == 1
    assert client.get(url_of("staffing_detail", StaffingRule.objects.get().pk)).context["missing"] == 1
    assert "登记</a>" not in client_of("leader").get(url_of("gap_list")).content.decode()


def test_a_county_keeps_its_own_kinds(world, client_of):
    client = client_of("county_officer")
    data = {"region": world.own.region.pk, "name": "产业顾问", "counts_as": "adviser", "posted_to": "enterprise"}
    client.post(f"{url_of('kind_create')}?of=postings", data)
    made = PostingKind.objects.get(name="产业顾问")
    url = url_of("kind_edit", "postings", made.pk)
    client.post(url, form_data(client.get(url), name="产业导师"))
    made.refresh_from_db()
    assert made.name == "产业导师"
    page = client.post(f"{url_of('kind_create')}?of=postings", {**data, "name": "产业导师"})
    assert page.context["form"].errors
    for word in ("postings", "pairings", "aspects", "facilities", "honours"):
        assert client.get(f"{url_of('kind_list')}?of={word}").status_code == 200
        assert client.get(f"{url_of('kind_create')}?of={word}").status_code == 200
    assert client.get(url_of("kind_edit", "postings", PostingKind.objects.get(code="adviser").pk)).status_code == 403


def test_lists_do_not_ask_more_as_they_grow(world, client_of):
    client, firm = client_of("county_officer"), world.own.enterprises[0]

    def fill():
        make.PostingFactory(enterprise=firm)
        make.PairingFactory(helped_organisation=world.own.organisation, region=world.own.region)
        make.FacilityFactory(region=world.own.region)
        make.HonourFactory(organisation=make.PartyOrganisationFactory(region=world.own.region))
        make.MassOrganisationFactory(enterprise=firm)
        make.RegionFactory(parent=world.own.region, level="township")

    make.StaffingRuleFactory(region=world.own.region)
    fill()
    urls = [url_of(f"{name}_list") for name in REGISTERS] + [url_of("gap_list"), url_of("enterprise_detail", firm.pk)]
    before = [queries(client, url) for url in urls]
    for _number in range(3):
        fill()
    assert [queries(client, url) for url in urls] == before
