"""The layout of GB/T 9704-2012, read from the XML of the file: what a word processor is told, not how it draws it."""

import datetime as dt
import io
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from exchange.official import fonts, render, tables
from exchange.structure import (
    Attachment,
    Document,
    Figure,
    Heading,
    Paragraph,
    Table,
    TableColumn,
    chinese_number,
    from_json,
    iter_figures,
    to_json,
)

AS_OF = dt.datetime(2026, 11, 5, 1, 30, tzinfo=dt.UTC)
FIGURE = Figure("problems_raised", "region:990100", dt.date(2026, 10, 1), dt.date(2026, 10, 31), 23, "件", "23")


def columns(*labels):
    return tuple(TableColumn(label) for label in labels)


def sample(**changes):
    table = Table(
        columns("产业链", "件数"), (("甲链", 5), ("乙链", FIGURE)), caption="表1", note="单位：件", totals=("合计", 28)
    )
    given = {
        "title": "关于2026年10月\n工作情况的报告",
        "addressee": "县委组织部",
        "label": "内部资料",
        "as_of": AS_OF,
        "signer": "云岭县产业链党建联盟办公室",
        "signed_on": dt.date(2026, 11, 5),
        "blocks": (
            Heading(1, "总体情况"),
            Paragraph.of("本月收集问题", FIGURE, "件。"),
            Heading(2, "组织"),
            Heading(3, "支部"),
            Heading(4, "党员"),
            Heading(1, "问题"),
            Heading(2, "办理"),
            table,
        ),
        "attachments": (Attachment("超期清单", (table,), landscape=True), Attachment("口径", (Paragraph.of("略。"),))),
    }
    return Document(**{**given, **changes})


@pytest.fixture(scope="module")
def parts():
    archive = zipfile.ZipFile(io.BytesIO(render(sample())))
    return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


@pytest.fixture(scope="module")
def opened():
    return docx.Document(io.BytesIO(render(sample())))


def paragraph(opened, text):
    return next(entry for entry in opened.paragraphs if entry.text == text)


def test_paper_margins_and_grid(opened):
    section = opened.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    edges = [section.top_margin, section.left_margin, section.bottom_margin, section.right_margin]
    assert [round(edge.mm) for edge in edges] == [37, 28, 35, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


def test_wide_attachment_lies_on_landscape_paper_and_the_next_stands_again(opened):
    shapes = [(round(section.page_width.mm), round(section.page_height.mm)) for section in opened.sections]
    assert shapes == [(210, 297), (297, 210), (210, 297)]
    assert opened.sections[1].orientation == 1
    assert all(section._sectPr.find(qn("w:docGrid")) is not None for section in opened.sections)


@pytest.mark.parametrize(
    ("text", "face", "size"),
    [
        ("内部资料", "黑体", 16),
        ("关于2026年10月\n工作情况的报告", "方正小标宋简体", 22),
        ("县委组织部：", "仿宋_GB2312", 16),
        ("本月收集问题23件。", "仿宋_GB2312", 16),
        ("一、总体情况", "黑体", 16),
        ("（一）组织", "楷体_GB2312", 16),
        ("1.支部", "仿宋_GB2312", 16),
        ("（1）党员", "仿宋_GB2312", 16),
        ("二、问题", "黑体", 16),
        ("（一）办理", "楷体_GB2312", 16),
        ("附件1", "黑体", 16),
        ("2026年11月5日", "仿宋_GB2312", 16),
    ],
)
def test_face_and_size_of_each_part(opened, text, face, size):
    run = paragraph(opened, text).runs[0]
    assert run._r.rPr.rFonts.get(qn("w:eastAsia")) == face
    assert run.font.size.pt == size
    assert not run.font.bold


def test_every_run_and_every_style_names_its_east_asian_face(parts):
    for name in ("word/document.xml", "word/styles.xml", "word/footer1.xml", "word/footer2.xml"):
        properties = re.findall(r"<w:rPr>.*?</w:rPr>", parts[name], re.S)
        assert properties
        for entry in properties:
            if "<w:sz " in entry or name != "word/styles.xml":
                assert "w:eastAsia=" in entry, (name, entry)
        assert "Theme=" not in "".join(re.findall(r"<w:rFonts[^>]*>", parts[name]))


def test_body_lines_are_exact_and_indented_two_characters(opened):
    body = paragraph(opened, "本月收集问题23件。")
    spacing = body._p.pPr.find(qn("w:spacing"))
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")  # 28.95 pt
    assert body._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_normal_style_sets_28_characters_a_line(opened):
    spacing = opened.styles["Normal"]._element.rPr.find(qn("w:spacing"))
    assert spacing.get(qn("w:val")) == "-5"


def test_page_numbers_stand_at_the_outer_edge(opened, parts):
    assert "<w:evenAndOddHeaders" in parts["word/settings.xml"]
    odd, even = opened.sections[0].footer.paragraphs[0], opened.sections[0].even_page_footer.paragraphs[0]
    assert odd.text == even.text == "— 1 —"
    assert odd._p.pPr.find(qn("w:jc")).get(qn("w:val")) == "right"
    assert odd._p.pPr.find(qn("w:ind")).get(qn("w:rightChars")) == "100"
    assert even._p.pPr.find(qn("w:jc")).get(qn("w:val")) == "left"
    assert even._p.pPr.find(qn("w:ind")).get(qn("w:leftChars")) == "100"
    assert {run.font.size.pt for run in odd.runs} == {14}
    assert " PAGE " in parts["word/footer1.xml"]
    assert round(opened.sections[0].footer_distance.mm) == 24


def test_tables_repeat_their_head_keep_rows_whole_and_give_every_width(opened):
    table = opened.tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.findall(qn("w:gridCol"))]
    assert sum(grid) == 8844  # 156 mm
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["产业链", "件数"],
        ["甲链", "5"],
        ["乙链", "23"],
        ["合计", "28"],
    ]


def test_table_properties_are_in_the_order_of_the_schema(parts):
    order = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
    for properties in re.findall(r"<w:tblPr>(.*?)</w:tblPr>", parts["word/document.xml"], re.S):
        tags = [tag for tag in re.findall(r"<w:(\w+)", properties) if tag in order]
        assert tags == sorted(tags, key=order.index)


def test_widths_add_up_whatever_the_weights():
    for count in range(1, 14):
        widths = tables.column_widths([TableColumn("x", weight=1 + n % 3 / 7) for n in range(count)], 8844)
        assert sum(widths) == 8844 and min(widths) > 0


def test_attachments_are_noted_after_the_body_and_headed_on_their_pages(opened):
    texts = [entry.text for entry in opened.paragraphs]
    assert texts.index("附件：1.超期清单") + 1 == texts.index("2.口径")
    assert (
        texts.index("2.口径") < texts.index("云岭县产业链党建联盟办公室") < texts.index("附件1") < texts.index("附件2")
    )
    single = docx.Document(io.BytesIO(render(sample(attachments=sample().attachments[:1]))))
    assert "附件：超期清单" in [entry.text for entry in single.paragraphs]


@pytest.mark.parametrize(
    ("signer", "name_right", "date_right"), [("云岭县产业链党建联盟办公室", 2, 6.5), ("县委", 8.5, 2)]
)
def test_the_date_begins_two_characters_right_of_the_name(signer, name_right, date_right):
    opened = docx.Document(io.BytesIO(render(sample(signer=signer))))
    rights = [
        int(paragraph(opened, text)._p.pPr.find(qn("w:ind")).get(qn("w:rightChars"))) / 100
        for text in (signer, "2026年11月5日")
    ]
    assert rights == [name_right, date_right]
    starts = [name_right + len(signer), date_right + 6.5]
    assert starts[0] - starts[1] == 2


def test_an_internal_paper_has_no_red_in_it(parts):
    assert "FF0000" not in parts["word/document.xml"].upper()


def test_other_faces_come_from_the_settings_and_stand_ins_are_named(settings):
    settings.REPORT_FONTS = {"body": ["仿宋", "FangSong"]}
    archive = zipfile.ZipFile(io.BytesIO(render(sample())))
    assert 'w:eastAsia="仿宋"' in archive.read("word/document.xml").decode()
    assert '<w:altName w:val="FangSong"/>' in archive.read("word/fontTable.xml").decode()
    assert fonts.table()["title"] == fonts.DEFAULTS["title"]


def test_equal_input_gives_equal_bytes_and_other_input_does_not(settings):
    first = render(sample())
    settings.TIME_ZONE = "America/New_York"
    assert render(sample()) == first
    assert render(sample(signer="另一个单位")) != first
    stamps = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(first)).infolist()}
    assert stamps == {(2026, 11, 5, 9, 30, 0)}


def test_no_author_and_no_machine_in_the_file(parts):
    core = parts["docProps/core.xml"]
    assert re.search(r"<dc:creator>.+</dc:creator>", core) is None
    assert "python" not in core.lower()
    assert "2026-11-05T01:30:00Z" in core


def test_every_control_character_and_markup_in_user_text_is_harmless():
    nasty = "".join(map(chr, range(32))) + "\x7f\ud800\udfff\uffff<w:p>&\"'</w:t>]]>"
    table = Table(columns(nasty, "件数"), ((nasty, 1),), caption=nasty, note=nasty)
    blocks = (Heading(1, nasty), Paragraph.of(nasty), table)
    raw = render(
        sample(title=nasty, addressee=nasty, signer=nasty, blocks=blocks, attachments=(Attachment(nasty, blocks),))
    )
    opened = docx.Document(io.BytesIO(raw))
    assert any("<w:p>&\"'</w:t>]]>" in entry.text for entry in opened.paragraphs)
    assert opened.tables[0].rows[1].cells[0].text.endswith("<w:p>&\"'</w:t>]]>")


@pytest.mark.parametrize(
    "number,shown", [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")]
)
def test_chinese_numbers(number, shown):
    assert chinese_number(number) == shown


def test_a_document_survives_the_snapshot_whole():
    document = sample(meta={"a": [1, 2.5, None, "x"], "b": dt.date(2026, 1, 1)})
    again = from_json(to_json(document))
    assert to_json(again) == to_json(document)
    assert list(iter_figures(again)) == list(iter_figures(document)) == [FIGURE, FIGURE, FIGURE]
    assert render(again) == render(document)


def test_the_number_of_a_turned_sheet_lies_where_that_of_an_upright_one_stands():
    """GB/T 9704 section 8: turned tables keep the place of the page number: their left edge, on its side."""
    table = Table(columns("问题编号"), (("YL-1",),))
    raw = render(sample(attachments=(Attachment("清单", (table,), landscape=True),)))
    opened = docx.Document(io.BytesIO(raw))
    upright, turned = opened.sections[0], opened.sections[-1]
    assert (turned.left_margin.mm, turned.top_margin.mm) == pytest.approx((35, 28), abs=0.1)
    for foot in (turned.footer, turned.even_page_footer):
        markup = foot._element.xml
        assert 'vert="vert"' in markup and " PAGE " in markup
    assert 'vert="vert"' not in upright.footer._element.xml
