"""The reader of uploads: what Excel writes comes back; what is hostile is refused with a sentence."""

import datetime as dt
import io
import os
import zipfile

import openpyxl
import pytest

from exchange.reader import MOST_ROWS, Unreadable, read_rows
from exchange.writer import Column, write_table


def upload(content, name="notice.xlsx"):
    file = io.BytesIO(content)
    file.name = name
    return file


def workbook(rows, **properties):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, value in properties.items():
        setattr(book, name, value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(content, **parts):
    """The package with some parts replaced or added; a None leaves one out."""
    target, changed = io.BytesIO(), {name.replace("__", "/"): data for name, data in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if not any(name == f"{key}.xml" or name == key for key in changed):
                new.writestr(name, old.read(name))
        for key, data in changed.items():
            if data is not None:
                new.writestr(key if "." in key else f"{key}.xml", data)
    return target.getvalue()


def test_what_a_spreadsheet_holds_comes_back():
    rows = [
        ["名称", None, "数"],
        ["国庆节", dt.date(2027, 10, 1), 12],
        [],
        [dt.datetime(2027, 10, 7, 0, 0), 20271001, 1.5],
    ]
    assert read_rows(upload(workbook(rows))) == [
        (1, ["名称", None, "数"]),
        (2, ["国庆节", dt.date(2027, 10, 1), "12"]),
        (4, [dt.date(2027, 10, 7), "20271001", "1.5"]),
    ]


def test_dates_that_count_from_1904():
    assert read_rows(upload(workbook([[dt.date(2027, 10, 1)]], epoch=dt.datetime(1904, 1, 1))))[0][1] == [
        dt.date(2027, 10, 1)
    ]


def test_what_the_product_writes_it_reads():
    target = io.BytesIO()
    write_table(target, "表", [Column("名称"), Column("日期")], [("国庆节", "2027-10-01")], ["题名"])
    rows = read_rows(upload(target.getvalue()))
    assert [cells for _row, cells in rows] == [["题名", None], ["名称", "日期"], ["国庆节", "2027-10-01"]]


def test_a_hidden_first_sheet_is_passed_over():
    book = openpyxl.Workbook()
    book.active.sheet_state = "hidden"
    book.create_sheet("二").append(["看得见"])
    target = io.BytesIO()
    book.save(target)
    assert read_rows(upload(target.getvalue())) == [(1, ["看得见"])]


PLAIN = workbook([["日期", "类型"], ["2027-10-01", "放假"]])
SHEET = zipfile.ZipFile(io.BytesIO(PLAIN)).read("xl/worksheets/sheet1.xml")
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
HOSTILE = {
    "another name": (PLAIN, "notice.xls"),
    "macro name": (PLAIN, "notice.xlsm"),
    "empty": (b"", "a.xlsx"),
    "words": ("不是表格".encode(), "a.xlsx"),
    "old format": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx"),
    "another package": (repacked(PLAIN, xl__workbook=None), "a.xlsx"),
    "cut": (PLAIN[: len(PLAIN) // 2], "a.xlsx"),
    "macro": (repacked(PLAIN, **{"xl__vbaProject.bin": b"x"}), "a.xlsx"),
    "formula": (workbook([["=1+1"]]), "a.xlsx"),
    "entities": (repacked(PLAIN, xl__worksheets__sheet1=ENTITIES + SHEET.split(b"?>", 1)[-1]), "a.xlsx"),
    "bomb": (repacked(PLAIN, xl__worksheets__sheet1=SHEET + b" " * 40_000_000), "a.xlsx"),
    "many rows": (workbook([["x"]] * (MOST_ROWS + 1)), "a.xlsx"),
    "many cells": (workbook([["x"] * 200] * 400), "a.xlsx"),
    "no such target": (repacked(PLAIN, **{"xl___rels__workbook.xml.rels": b"<Relationships/>"}), "a.xlsx"),
    "not xml": (repacked(PLAIN, xl__worksheets__sheet1=b"\x00\xff\x00"), "a.xlsx"),
    "large": (os.urandom(2 * 1024 * 1024 + 1), "a.xlsx"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_hostile_is_refused_with_a_sentence(kind):
    content, name = HOSTILE[kind]
    with pytest.raises(Unreadable) as refused:
        read_rows(upload(content, name))
    assert str(refused.value).endswith(("。", "行。")) and len(str(refused.value)) > 8


def test_a_lying_package_is_measured_while_it_is_read():
    """The directory says ten bytes, the part is forty megabytes: reading stops."""
    content = bytearray(HOSTILE["bomb"][0])
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as package:
        size = package.getinfo("xl/worksheets/sheet1.xml").file_size
    content = bytes(content).replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(Unreadable):
        read_rows(upload(content))
