"""A region's own sections and sentences: inherited, versioned, written by its officer, kept only when they compute."""

import dataclasses

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event
from core.periods import Period
from core.transitions import Conflict, Refused
from exchange.structure import Heading, Paragraph
from indicators import scopes
from indicators.drain import drain
from reports import content, template_lifecycle, templates
from reports.models import ReportTemplate
from reports.sections import SHIPPED, Section
from tests.problems.steps import in_state

pytestmark = pytest.mark.django_db
MARCH = Period.month(2026, 3)
OWN = Section("free-1", "特色工作", "{月份}收集问题{problems_raised}[（{problems_raised|环比}）]。")


def written(world, sections, region=None, **more):
    return template_lifecycle.make(region or world.own.region, sections, by=world.actor("county_officer"), **more)


def changed(code, **changes):
    return tuple(dataclasses.replace(one, **changes) if one.code == code else one for one in SHIPPED)


def test_a_region_takes_over_what_holds_above_until_it_writes_its_own(world):
    county, town = world.own.region, world.own.towns[0]
    assert templates.for_region(county).row is None and templates.for_region(county).sections == SHIPPED
    city = ReportTemplate.objects.create(
        region=world.city, number=1, sections=[OWN.kept()], made_at="2026-03-01T00:00:00Z"
    )
    assert templates.for_region(county).row == city
    own = written(world, (*SHIPPED, OWN))
    assert templates.for_region(county).row == own and templates.for_region(town).row == own
    assert templates.for_region(county).sections[-1] == OWN
    assert templates.for_region(world.other.region).row == city
    template_lifecycle.reset(county, by=world.actor("county_officer"), newest=1)
    assert templates.for_region(county).row == city
    assert list(ReportTemplate.objects.filter(region=county).values_list("number", flat=True)) == [2, 1]
    verbs = Event.objects.filter(verb__startswith="template.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["template.made", "template.reset"]


@pytest.mark.parametrize(
    "sections",
    [
        (),
        (*SHIPPED, SHIPPED[0]),
        changed("general", text="共{problems_new}。"),
        changed("corrections", on=False),
        tuple(one for one in SHIPPED if one.code != "corrections"),
        changed("general", tables=("overdue",)),
        (*SHIPPED, Section("secret", "别的")),
    ],
)
def test_what_does_not_compute_or_leaves_out_corrections_is_not_kept(world, sections):
    with pytest.raises(Refused):
        written(world, sections)
    assert not ReportTemplate.objects.exists()


def test_only_the_officer_of_the_region_writes_and_the_second_of_two_is_told(world):
    for person, region in (("leader", world.own.region), ("chain_secretary", world.own.region),
                           ("county_officer", world.city), ("stranger_officer", world.own.region)):  # fmt: skip
        with pytest.raises(Refused):
            template_lifecycle.make(region, SHIPPED, by=world.actor(person))
    written(world, SHIPPED, newest=0)
    with pytest.raises(Conflict):
        written(world, SHIPPED, newest=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportTemplate.objects.create(region=world.own.region, number=1, made_at="2026-03-01T00:00:00Z")


def test_a_report_is_written_with_what_holds_and_remembers_the_version(world):
    in_state(world, "submitted")
    while drain():
        pass
    scope = scopes.parse("region:990100")
    sections = [dataclasses.replace(OWN, heading="本县特色"), *reversed(changed("meetings", on=False))]
    row = written(world, sections)
    document = content.build(scope, MARCH, world.actor("county_officer"), today=MARCH.end)
    headings = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert headings[0] == "本县特色" and headings[-1] == "总体情况" and "会议和议定事项" not in headings
    assert Paragraph(document.blocks[2].parts).text == "2026年3月收集问题1个。"
    assert document.meta["template"] == {"region": "云岭县", "number": 1, "id": row.pk}
    titles = [one.title for one in document.attachments]
    assert "会议及议定事项清单" not in titles and "2026年3月主要指标情况表" in titles


# --- pages --------------------------------------------------------------------------------------------------------


def posted(sections, **more):
    """What the page posts for these sections."""
    data = {"order": [one.code for one in sections], "newest": "0", "note": "试用", **more}
    for one in sections:
        data |= {f"{one.code}-heading": one.heading, f"{one.code}-text": one.text, f"{one.code}-tables": one.tables}
        if one.on:
            data[f"{one.code}-on"] = "on"
    return data


def test_an_officer_rewrites_a_section_sees_it_and_saves_it(world, client_of):
    in_state(world, "submitted")
    while drain():
        pass
    client, edit = client_of("county_officer"), f"/reports/templates/of/{world.own.region.pk}/"
    page = client.get(edit).content.decode()
    assert page.count('name="order"') == len(SHIPPED) and "保存为新的一版" in page
    chosen = {"scope": "region:990100", "month": "2026-03", "section": "general"}
    new = changed("general", text="{月份}收集问题{problems_raised}。\n第二段{problems_raised|累计}。")
    seen = client.post(f"{edit}preview/", posted(new, **chosen)).content.decode()
    assert "2026年3月收集问题" in seen and "indicator=problems_raised" in seen
    wrong = changed("general", text="好。\n共{problems_rased}。")
    for path in (f"{edit}preview/", edit):
        answer = client.post(path, posted(wrong, **(chosen if path != edit else {}))).content.decode()
        assert "第2段，第2个字：没有“problems_rased”这项指标，是不是“problems_raised”？" in answer
    assert not ReportTemplate.objects.exists()
    moved = client.post(edit, posted(wrong, down="general")).content.decode()
    assert moved.index('value="ledger"') < moved.index('value="general"') and "problems_rased" in moved
    assert client.post(edit, posted(new, add="1")).content.decode().count('name="order"') == len(SHIPPED) + 1
    saved = client.post(edit, posted(new), follow=True).content.decode()
    row = ReportTemplate.objects.get()
    assert (row.number, row.note, templates.sections_of(row)) == (1, "试用", new)
    assert "与上一版不同" in saved and "第1版" in client.get("/reports/templates/").content.decode()
    late = client.post(edit, posted(new)).content.decode()
    assert "已有新的版本" in late and ReportTemplate.objects.count() == 1
    client.post(f"{edit}reset/")
    assert templates.for_region(world.own.region).row is None


def test_figures_are_found_by_name_code_and_definition(world, client_of):
    client = client_of("county_officer")
    found = client.get("/reports/templates/figures/?q=按期办结率").content.decode()
    assert 'data-insert="{on_time_rate|环比}"' in found and 'data-insert="{on_time_rate|比}"' in found
    assert "on_time_rate|累计" not in found
    assert "没有找到" in client.get("/reports/templates/figures/?q=zzzz").content.decode()
