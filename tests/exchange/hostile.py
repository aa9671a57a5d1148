"""Forty and more files that nobody means well with, each built in memory and small before it is unpacked."""

import functools
import io
import random
import zipfile
import zlib

from tests.exchange.test_reader import repacked, workbook

HEADS = ["企业名称", "信用代码", "所属乡镇", "规模类型"]
PLAIN = workbook([HEADS, ["甲公司", "x", "云岭县东乡", "大型企业"]])
SHEET = zipfile.ZipFile(io.BytesIO(PLAIN)).read("xl/worksheets/sheet1.xml")
MEGA = 1024 * 1024


def _sheet(rows="", after="", before=""):
    """The plain workbook with more rows, or more behind (before) its rows."""
    xml = SHEET.replace(b"</sheetData>", rows.encode() + b"</sheetData>" + after.encode())
    return repacked(PLAIN, xl__worksheets__sheet1=xml.replace(b"<sheetData>", before.encode() + b"<sheetData>"))


def _doctype(declared):
    return repacked(PLAIN, xl__worksheets__sheet1=declared.encode() + SHEET.split(b"?>", 1)[-1])


def _with(name, content):
    return repacked(PLAIN, **{name: content})


def _text(value, place="A3"):
    return f'<row r="3"><c r="{place}" t="inlineStr"><is><t>{value}</t></is></c></row>'


def _number(value, style=""):
    return _sheet(f'<row r="3"><c r="A3"{style}><v>{value}</v></c></row>')


def _flagged():
    """Every entry marked as encrypted."""
    content = bytearray(PLAIN)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = content.find(mark)
        while found >= 0:
            content[found + place] |= 1
            found = content.find(mark, found + 4)
    return bytes(content)


def _method(number):
    """Every entry packed by a way that nobody knows."""
    content = bytearray(PLAIN)
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        found = content.find(mark)
        while found >= 0:
            content[found + place : found + place + 2] = number.to_bytes(2, "little")
            found = content.find(mark, found + 4)
    return bytes(content)


def _twice():
    target = io.BytesIO(PLAIN)
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("XL/workbook.xml", b"<workbook/>")
    return target.getvalue()


def _noise():
    content, rng = bytearray(PLAIN), random.Random(7)
    for _ in range(200):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content)


@functools.lru_cache
def _swollen(times):
    """A sheet of so many megabytes, written piece by piece: building it must not cost what reading it may not."""
    target = io.BytesIO(repacked(PLAIN, xl__worksheets__sheet1=None))
    with (
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as package,
        package.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        part.write(SHEET)
        for _ in range(times):
            part.write(b" " * MEGA)
    return target.getvalue()


def _liar():
    """The directory says ten bytes, the part is many megabytes."""
    content = _swollen(101)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        size = package.getinfo("xl/worksheets/sheet1.xml").file_size
    return content.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))


def _csv(*rows, encoding="utf-8"):
    return "\n".join([",".join(HEADS), *rows]).encode(encoding)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


# fmt: off
def files() -> dict[str, tuple[bytes, str]]:
    """{what is wrong with it: (content, file name)}."""
    merges = "".join(f'<mergeCell ref="A{n + 2}:A1048576"/>' for n in range(19_000))
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    return {
        "nothing": (b"", "a.xlsx"),
        "words": ("不是表格".encode(), "a.xlsx"),
        "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 400, "a.xlsx"),
        "a program": (b"MZ" + b"\0" * 4000, "a.xlsx"),
        "a page": (b"<html><script>alert(1)</script></html>", "a.xlsx"),
        "the old format": (OLD + b"\0" * 600, "a.xls"),
        "the old format under a new name": (OLD + b"\0" * 600, "a.xlsx"),
        "a password": (OLD + "EncryptedPackage".encode("utf-16-le") * 40, "a.xlsx"),
        "encrypted entries": (_flagged(), "a.xlsx"),
        "an unknown packing": (_method(99), "a.xlsx"),
        "macro name": (PLAIN, "a.xlsm"),
        "macro": (_with("xl/vbaProject.bin", b"x"), "a.xlsx"),
        "macro sheet": (_with("xl/macrosheets/sheet1.xml", b"<x/>"), "a.xlsx"),
        "active content": (_with("xl/activeX/activeX1.bin", b"x"), "a.xlsx"),
        "another package": (repacked(PLAIN, xl__workbook=None), "a.xlsx"),
        "half": (PLAIN[: len(PLAIN) // 2], "a.xlsx"),
        "without its end": (PLAIN[:-30], "a.xlsx"),
        "noise": (_noise(), "a.xlsx"),
        "a part twice": (_twice(), "a.xlsx"),
        "many parts": (repacked(PLAIN, **{f"xl/x{n}.bin": b"" for n in range(300)}), "a.xlsx"),
        "a way out of the folder": (_with("../../../../etc/cron.d/x.xml", b"* * * * *"), "a.xlsx"),
        "name with NUL": (PLAIN, "a\x00b\r\n.xlsx"),
        "a bomb": (_swollen(101), "a.xlsx"),
        "a bomb that lies": (_liar(), "a.xlsx"),
        "a bomb of texts": (_with("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 700_000 + b"</sst>"), "a.xlsx"),
        "a bomb of cells": (_sheet("<row>" + "<c/>" * 700_000 + "</row>"), "a.xlsx"),
        "a bomb of rows": (_sheet("<row/>" * 200_000), "a.xlsx"),
        "a text without end": (_sheet(_text("长" * (5 * MEGA))), "a.xlsx"),
        "an attribute without end": (_sheet(f'<row r="3" x="{"x" * (20 * MEGA)}"/>'), "a.xlsx"),
        "deep": (_sheet(after="<a>" * 60_000 + "</a>" * 60_000), "a.xlsx"),
        "laughs": (_doctype(f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'), "a.xlsx"),
        "somebody else's file": (_doctype('<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "a.xlsx"),
        "somebody else's host": (_doctype('<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">'), "a.xlsx"),
        "a parameter": (_doctype('<!DOCTYPE x [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>'), "a.xlsx"),
        "a sheet elsewhere": (
            _with("xl/_rels/workbook.xml.rels",
                  b'<Relationships><Relationship Id="rId1" Target="http://192.0.2.1/x.xml"/></Relationships>'),
            "a.xlsx",
        ),
        "no relations": (_with("xl/_rels/workbook.xml.rels", b"<Relationships/>"), "a.xlsx"),
        "not xml": (repacked(PLAIN, xl__worksheets__sheet1=b"\x00\xff\x00"), "a.xlsx"),
        "control codes": (_sheet(_text("a\x01b\x1f")), "a.xlsx"),
        "control codes in disguise": (_sheet(_text("a_x0001_b&#x85;&#x2028;")), "a.xlsx"),
        "one cell at the far corner": (_sheet(far), "a.xlsx"),
        "a row that cannot be": (_sheet('<row r="99999999999999999999"><c r="A3"><v>1</v></c></row>'), "a.xlsx"),
        "a size that lies": (_sheet(before='<dimension ref="A1:XFD1048576"/>'), "a.xlsx"),
        "merged over and over": (_sheet(after=f"<mergeCells>{merges}</mergeCells>"), "a.xlsx"),
        "a text that is nowhere": (_sheet('<row r="3"><c r="A3" t="s"><v>4000000</v></c></row>'), "a.xlsx"),
        "a day that never comes": (_number("1e300", ' s="1"'), "a.xlsx"),
        "no number": (_number("NaN"), "a.xlsx"),
        "names of 300 characters": (workbook([["长" * 300, *HEADS], ["甲" * 300] * 5]), "长" * 300 + ".xlsx"),
        "formulas": (workbook([HEADS, ['=HYPERLINK("http://192.0.2.1")', "=cmd|'/C calc'!A0", "=1+1", "x"]]), "a.xlsx"),
        "texts like formulas": (_sheet(_text("=cmd|'/C calc'!A0")), "../../passwd.xlsx"),
        "csv with NUL": (_csv("甲\0公司,1,,"), "a.csv"),
        "csv of bytes": (bytes(range(256)) * 40, "a.csv"),
        "csv in an unknown encoding": (_csv("甲公司,1,,", encoding="utf-32"), "a.csv"),
        "csv of one line": (b"a," * (4 * MEGA), "a.csv"),
        "csv with an open quote": (_csv('"' + "x" * MEGA), "a.csv"),
        "csv of many rows": (_csv(*["甲公司,1,,"] * 30_000), "a.csv"),
        "csv of formulas": (_csv("=1+1,@SUM(A1),+1,-1", "\t=1,'=1,＝1,x"), "a.csv"),
        "packed csv": (zlib.compress(b"a,b\n" * 1000), "a.csv"),
    }
# fmt: on
