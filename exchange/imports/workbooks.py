"""Workbooks of the wizard: the template to fill in, and the user's own table with what is wrong in it."""

import io

import xlsxwriter
from django import forms
from django.utils.translation import gettext as _

from exchange.cells import clean_text, sheet_name
from exchange.imports.declarations import ImportOf

OPTIONS = "options"
FILLED = 1000  # rows of the template that offer the choices
MOST_OPTIONS = 5000
_QUIET = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def template(spec: ImportOf, form) -> bytes:
    """A workbook with the headings, a sample row and the choices of each column, and a sheet of notes. The sample row
    is passed over when the file comes back."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _QUIET) as book:
        styles = _styles(book)
        page = book.add_worksheet(sheet_name(spec.title))
        notes = book.add_worksheet(sheet_name(_("填写说明")))
        options = book.add_worksheet(OPTIONS)
        options.hide()
        title = _("%(register)s导入模板") % {"register": spec.title}
        page.write_string(0, 0, title, styles["title"])
        page.write_string(1, 0, _("带 * 的列必填；“示例”开头的行不会导入；各列怎样填见“填写说明”。"), styles["text"])
        for place, column in enumerate(_columns(spec, form)):
            field = form.fields[column.field]
            label = f"{field.label}*" if field.required else str(field.label)
            page.set_column(place, place, 22, styles["text"])
            page.write_string(2, place, label, styles["required" if field.required else "head"])
            page.write_string(3, place, column.sample, styles["sample"])
            _offer(page, options, place, _options(field))
        page.freeze_panes(3, 1)
        _notes(notes, spec, form, styles)
    return target.getvalue()


def _columns(spec, form):
    return [column for column in spec.columns if column.field in form.fields]


def _styles(book):
    """Every column is text, so that a program neither turns codes into numbers nor dates into other dates."""
    head = {"bold": True, "border": 1, "bg_color": "#F2F4F7", "text_wrap": True, "valign": "vcenter", "num_format": "@"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "text": book.add_format({"num_format": "@"}),
        "wrapped": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "head": book.add_format(head),
        "required": book.add_format({**head, "bg_color": "#FDECC8"}),
        "sample": book.add_format({"num_format": "@", "italic": True, "font_color": "#667085"}),
        "wrong": book.add_format({"num_format": "@", "bg_color": "#FBD5D5", "border": 1, "border_color": "#B42318"}),
        "reason": book.add_format({"num_format": "@", "text_wrap": True, "font_color": "#B42318"}),
    }


def _options(field) -> list[str]:
    """What may be chosen for the field, in words; nothing for a field that is written freely."""
    if isinstance(field, forms.BooleanField):
        return [_("是"), _("否")]
    if isinstance(field, forms.ModelChoiceField):
        return [_name(field, one) for one in field.queryset[:MOST_OPTIONS]]
    if isinstance(field, forms.ChoiceField):
        return [str(label) for code, label in field.choices if code not in ("", None)]
    return []


def _name(field, one) -> str:
    return clean_text(field.label_from_instance(one)).strip().strip("　")


def _offer(page, options, place, words):
    if not words:
        return
    for number, word in enumerate(words):
        options.write_string(number, place, word)
    letter = xlsxwriter.utility.xl_col_to_name(place)
    page.data_validation(
        3,
        place,
        3 + FILLED,
        place,
        {
            "validate": "list",
            "source": f"={OPTIONS}!${letter}$1:${letter}${len(words)}",
            "error_type": "warning",
            "error_title": _("请从列表中选择"),
            "error_message": _("这一项应从列表中选择。"),
        },
    )


def _notes(page, spec, form, styles):
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 10)
    page.set_column(2, 2, 80)
    for place, label in enumerate((_("列"), _("必填"), _("怎样填"))):
        page.write_string(0, place, label, styles["head"])
    for number, column in enumerate(_columns(spec, form), 1):
        field = form.fields[column.field]
        page.write_string(number, 0, str(field.label), styles["wrapped"])
        page.write_string(number, 1, _("是") if field.required else "", styles["wrapped"])
        page.write_string(number, 2, "\n".join(_how(spec, column, field)), styles["wrapped"])


def _how(spec, column, field):
    if column.field in spec.key:
        yield _("用来辨认是哪一条记录：登记簿中已有的按此更新，没有的新增。")
    if isinstance(field, forms.DateField):
        yield _("日期，如 2026-03-05、2026.3.5、2026年3月5日；只写 3月5日 的算今年。")
    elif words := _options(field):
        text = _("从列表中选择：%(choices)s。") if len(words) <= 12 else _("从列表中选择：%(choices)s等 %(n)d 项。")
        yield text % {"choices": "、".join(words[:12]), "n": len(words)}
    if field.help_text:
        yield str(field.help_text)
    if column.note:
        yield str(column.note)
    if column.synonyms:
        yield _("表头也可以写作：%(words)s。") % {"words": "、".join(column.synonyms)}


def marked(table, wrong: dict[int, dict]) -> bytes:
    """The user's table as it was read, row by row in its place, wrong cells marked, and a last column that says what is
    wrong. Colours and widths of the original are not kept."""
    target = io.BytesIO()
    width = max([len(table.labels), *(len(cells) for _number, cells in table.rows)])
    with xlsxwriter.Workbook(target, _QUIET) as book:
        styles = _styles(book)
        page = book.add_worksheet(sheet_name(table.sheet or _("导入")))
        page.set_column(0, max(width - 1, 0), 18)
        page.set_column(width, width, 60)
        page.write_string(table.first - 2, width, _("错误说明"), styles["head"])
        for number, cells in table.rows:
            errors = wrong.get(number, {})
            for place in range(width):
                cell = cells[place] if place < len(cells) else None
                bad = str(place) in errors
                if cell is not None or bad:
                    text = clean_text(cell.isoformat() if hasattr(cell, "isoformat") else cell or "")
                    page.write_string(number - 1, place, text, styles["wrong" if bad else "text"])
            if errors:
                page.write_string(number - 1, width, told(table.labels, errors), styles["reason"])
        page.autofilter(table.first - 2, 0, max(number for number, _cells in table.rows) - 1, width)
    return target.getvalue()


def told(labels, errors) -> str:
    """What is wrong with a row, each sentence with the heading of its column."""
    parts = []
    for place, sentences in errors.items():
        label = labels[int(place)] if place and int(place) < len(labels) else ""
        for sentence in sentences:
            parts.append(_("%(label)s：%(value)s") % {"label": label, "value": sentence} if label else sentence)
    return clean_text(_("；").join(part.rstrip("。") for part in parts))
