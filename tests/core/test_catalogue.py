"""The English catalogue: every sentence of the project is in it, translated, with its placeholders, and compiled."""

import re

import polib
import pytest
from django.conf import settings

from core.catalogue import messages, placeholders

HAN = re.compile("[一-鿿]")
FOLDER = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def catalogue():
    return {(entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(FOLDER / "django.po"))}


def test_every_sentence_has_its_english(catalogue):
    missing = [
        f"{message.text!r} ({', '.join(sorted(message.places))})"
        for key, message in messages(settings.BASE_DIR).items()
        if key not in catalogue or not catalogue[key].translated()
    ]
    assert not missing, f"{len(missing)} sentences without English; run `make messages`:\n" + "\n".join(missing[:40])


def test_no_english_is_left_of_sentences_that_are_gone(catalogue):
    assert set(catalogue) <= set(messages(settings.BASE_DIR))


def test_placeholders_survive_translation(catalogue):
    broken = []
    for entry in catalogue.values():
        for english in [entry.msgstr, *entry.msgstr_plural.values()]:
            if english and placeholders(english) != placeholders(entry.msgid):
                broken.append(entry.msgid)
    assert not broken


def test_english_has_no_chinese_left(catalogue):
    """Official terms may carry their Chinese in brackets; a whole sentence may not stay Chinese."""
    lazy = [entry.msgid for entry in catalogue.values() if entry.msgstr == entry.msgid and HAN.search(entry.msgid)]
    assert set(lazy) <= {"简体中文"}


def test_the_compiled_catalogue_is_that_of_the_text(catalogue):
    compiled = {(entry.msgctxt or "", entry.msgid): entry for entry in polib.mofile(str(FOLDER / "django.mo"))}
    for key, entry in catalogue.items():
        if entry.msgid and entry.translated():
            assert compiled[key].msgstr == entry.msgstr
            assert compiled[key].msgstr_plural == entry.msgstr_plural


def test_the_reader_finds_what_it_should(tmp_path):
    (tmp_path / "a.py").write_text(
        'x = _("一") ; y = ngettext("%(n)s 条", "%(n)s 条", 2); z = _(name)', encoding="utf-8"
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text(
        '{% load i18n %}{% trans "二" %}'
        '{% blocktrans with n=count trimmed %}\n 共 {{ n }} 条\n{% endblocktrans %}{{ _("三") }}'
        '{% th _("四") sort="x" %}',
        encoding="utf-8",
    )
    assert {text for _context, text in messages(tmp_path)} == {"一", "%(n)s 条", "二", "共 %(n)s 条", "三", "四"}
