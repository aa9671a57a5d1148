"""Papers of one page, read from the XML of the file."""

import datetime as dt
import io
import re
import zipfile

import docx
from docx.oxml.ns import qn

from exchange import official
from exchange.structure import Document, Facts, from_json, to_json

DAY = dt.date(2026, 11, 5)


def sample(**changes):
    given = {
        "number": "云督〔2026〕3号",
        "addressee": "云岭县青禾产业帮扶团：",
        "paragraphs": ["下列问题已超过办理期限，请于2026年11月12日前办结并书面回复。", "逾期未办的，将予通报。"],
        "facts": [("问题编号", "YL-2026-0031"), ("企业", "云岭县示例果业有限公司"), ("超期", 3), ("备注", None)],
        "after": [official.grid(["序号", ("措施", 4, "left")], [(1, "约谈"), (2, "复核")])],
        "unit": "云岭县委组织部",
        "signed_on": DAY,
        "contact": "联系人：示例",
        "hands": ["签收人"],
    }
    return official.slip("督办单", **{**given, **changes})


def texts(raw):
    return [entry.text for entry in docx.Document(io.BytesIO(raw)).paragraphs if entry.text]


def test_the_parts_stand_in_the_order_of_an_official_paper():
    assert texts(sample()) == [
        "督办单",
        "云督〔2026〕3号",
        "云岭县青禾产业帮扶团：",
        "下列问题已超过办理期限，请于2026年11月12日前办结并书面回复。",
        "逾期未办的，将予通报。",
        "云岭县委组织部",
        "2026年11月5日",
        "（联系人：示例）",
        "签收人（签字）：　　　　　　　　年　　月　　日",
    ]


def test_facts_are_a_table_without_a_head_and_an_empty_value_is_a_dash():
    facts, measures = docx.Document(io.BytesIO(sample())).tables
    assert [[cell.text for cell in row.cells] for row in facts.rows] == [
        ["问题编号", "YL-2026-0031"],
        ["企业", "云岭县示例果业有限公司"],
        ["超期", "3"],
        ["备注", "—"],
    ]
    assert facts.rows[0]._tr.trPr.find(qn("w:tblHeader")) is None
    assert [cell.text for cell in measures.rows[0].cells] == ["序号", "措施"]
    faces = [cell.paragraphs[0].runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) for cell in facts.rows[0].cells]
    assert faces == ["黑体", "仿宋_GB2312"]


def test_every_run_names_its_chinese_face_and_no_placeholder_is_left():
    archive = zipfile.ZipFile(io.BytesIO(sample()))
    body = archive.read("word/document.xml").decode()
    runs = re.findall(r"<w:rPr>.*?</w:rPr>", body, re.S)
    assert runs and all("w:eastAsia=" in entry for entry in runs)
    assert not re.search(r"%\(|\{\{|\{%|None|instrText", "".join(re.findall(r"<w:t[ >].*?</w:t>", body, re.S)))
    assert "instrText" not in body  # the only field is the page number, and it is in the footers
    for name in ("word/footer1.xml", "word/footer2.xml"):
        assert re.search(r'PAGE .*?separate"/>.*?<w:t>1</w:t>.*?"end"/>', archive.read(name).decode(), re.S)


def test_the_least_slip_has_a_title_a_unit_and_a_date():
    raw = official.slip("提醒单", unit="云岭县委组织部", signed_on=DAY)
    assert texts(raw) == ["提醒单", "云岭县委组织部", "2026年11月5日"]
    assert raw == official.slip("提醒单", unit="云岭县委组织部", signed_on=DAY)


def test_control_characters_and_markup_in_any_part_are_harmless():
    nasty = "\x00\x0b\ud800<w:p>&\"'</w:t>]]>"
    raw = sample(number=nasty, addressee=nasty, paragraphs=[nasty], facts=[(nasty, nasty)], unit=nasty, hands=[nasty])
    assert sum("<w:p>&\"'</w:t>]]>" in text for text in texts(raw)) == 5


def test_facts_survive_a_snapshot():
    document = Document("交办单", (Facts((("期限", DAY),)),), dt.datetime(2026, 11, 5, tzinfo=dt.UTC), number="1号")
    assert from_json(to_json(document)) == document
