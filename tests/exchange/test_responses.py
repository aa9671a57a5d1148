"""Downloads: attachments whose Chinese names arrive whole and whose headers cannot be split."""

import io

import pytest

from exchange.responses import bytes_response, content_disposition, file_response, safe_file_name


def test_chinese_name_is_given_in_both_forms():
    header = content_disposition("云岭县2026年10月月报.docx")
    assert header.startswith('attachment; filename="download.docx"; ')
    assert "filename*=UTF-8''%E4%BA%91%E5%B2%AD%E5%8E%BF2026" in header
    assert header.isascii()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", ".._.._etc_passwd"),
        ('a"b\r\nX-Evil: 1.xlsx', "a_b X-Evil_ 1.xlsx"),
        ("", "file"),
        (".xlsx", "file.xlsx"),
        ("月报" * 100 + ".docx", ("月报" * 100)[:115] + ".docx"),
    ],
)
def test_names_lose_what_breaks_paths_and_headers(name, safe):
    shown = safe_file_name(name)
    assert "\r" not in shown and "\n" not in shown and "/" not in shown and '"' not in shown
    assert len(shown) <= 121
    if not name.startswith(".."):
        assert shown == safe


@pytest.mark.parametrize(
    "make", [lambda: bytes_response(b"x", "报表.xlsx"), lambda: file_response(io.BytesIO(b"x"), "报表.xlsx")]
)
def test_a_download_is_an_attachment_and_is_not_kept_by_caches(make):
    response = make()
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
