"""The report as an Excel workbook: contents, figures, one sheet a table, native charts.

Formats and charts matter here and rows are few, so this one goes through XlsxWriter; cells come from `exchange.cells`
like everybody's, and no text is ever a formula. Equal documents give equal bytes.
"""

import datetime as dt
import io

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from exchange.cells import NUMBER_FORMATS, SHANGHAI, clean_text, convert, sheet_name, unique_labels
from exchange.structure import Attachment, Chart, Figure, Table

_NAMES = {
    "figures": "主要指标",
    "chains": "各产业链",
    "regions": "各县市区",
    "teams": "帮办团",
    "overdue": "超期清单",
    "meetings": "会议",
    "decisions": "议定事项",
    "trend": "月度趋势",
}
_WIDTH_OF_WEIGHT = 11
_COLOURS = ("#2B5FA8", "#3F8F5F", "#C8923A", "#8A8F98")


def render(document):
    """The bytes of the workbook of a `Document`."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    moment = document.as_of.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    title = clean_text(document.title).replace("\n", "")
    book.set_properties({"title": title[:255], "author": "", "company": "", "comments": "", "created": moment})
    styles = _Styles(book)
    tables = list(_tables(document))
    taken = ["目录"]
    names = []
    for table, label in tables:
        names.append(sheet_name(_NAMES.get(table.key) or table.caption or label, taken))
        taken.append(names[-1])
    _contents(book, styles, document, title, list(zip(names, tables, strict=True)))
    for name, (table, label) in zip(names, tables, strict=True):
        _sheet(book, styles, name, table, f"{title}：{table.caption or label}", document.as_of)
    book.close()
    return out.getvalue()


def _tables(document):
    """(table, label) in the order of the document; the full table of figures stands for the shorter one."""
    for table in document.figures:
        yield table, "主要指标"
    for block in (*document.blocks, *document.attachments):
        if isinstance(block, Table):
            yield block, block.caption
        elif isinstance(block, Attachment):
            for inner in block.blocks:
                if isinstance(inner, Table) and inner.key != "figures":
                    yield inner, inner.caption or block.title


class _Styles:
    """The formats of one workbook, made when first asked for."""

    def __init__(self, book):
        self._book, self._made = book, {}

    def get(self, **properties):
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"valign": "vcenter", **properties})
        return self._made[key]

    def cell(self, kind, align, **more):
        return self.get(border=1, border_color="#C9CED6", num_format=NUMBER_FORMATS[kind], align=align, **more)


def _contents(book, styles, document, title, entries):
    page = book.add_worksheet("目录")
    page.set_column(0, 0, 8)
    page.set_column(1, 1, 48)
    page.set_column(2, 2, 12)
    page.write_string(0, 0, title, styles.get(bold=True, font_size=14))
    page.write_string(1, 0, f"数据截至：{_moment(document.as_of)}", styles.get())
    head = styles.get(bold=True, bg_color="#F2F4F7", border=1, align="center")
    for column, label in enumerate(("序号", "工作表", "行数")):
        page.write_string(3, column, label, head)
    for number, (name, (table, _label)) in enumerate(entries, start=1):
        row = 3 + number
        page.write_number(row, 0, number, styles.cell("integer", "center"))
        link = styles.cell("text", "left", font_color="#2B5FA8", underline=1)
        page.write_url(row, 1, f"internal:'{name}'!A1", link, string=name)
        page.write_number(row, 2, len(table.rows), styles.cell("integer", "center"))
    _paper(page, 3)


def _sheet(book, styles, name, table, title, as_of):
    page = book.add_worksheet(name)
    page.write_string(0, 0, clean_text(title), styles.get(bold=True, font_size=14))
    note = f"数据截至：{_moment(as_of)}。{table.note}"
    page.write_string(1, 0, clean_text(note), styles.get(font_color="#5B6470"))
    top = 3
    head = styles.get(bold=True, bg_color="#F2F4F7", border=1, align="center", text_wrap=True)
    for number, (label, column) in enumerate(zip(unique_labels(table.columns), table.columns, strict=True)):
        page.set_column(number, number, max(8, column.weight * _WIDTH_OF_WEIGHT))
        page.write_string(top, number, label, head)
    for number, row in enumerate(table.rows, start=top + 1):
        _row(page, styles, number, row, table.columns)
    last = top + len(table.rows)
    if table.totals:
        _row(page, styles, last + 1, table.totals, table.columns, bold=True)
    page.freeze_panes(top + 1, 1)
    _paper(page, top)
    _chart(book, page, name, table, top, last)


def _row(page, styles, number, row, columns, **more):
    for position, (value, column) in enumerate(zip(row, columns, strict=True)):
        kind = column.kind
        places = 0
        if isinstance(value, Figure):
            kind, places, value = _figure(value, kind)
        cell = convert(value, kind)
        wrap = {"text_wrap": True} if column.align == "left" and column.weight >= 2 else {}
        if isinstance(cell, str):
            page.write_string(number, position, cell, styles.cell("text", column.align, **wrap, **more))
        elif cell is None:
            page.write_blank(number, position, None, styles.cell("text", column.align, **more))
        elif isinstance(cell, dt.date):
            page.write_datetime(number, position, cell, styles.cell(kind, column.align, **more))
        else:
            style = styles.cell(kind, "right", **more)
            if kind == "number" and not places:
                style = styles.get(border=1, border_color="#C9CED6", num_format="#,##0.##", align="right", **more)
                if float(cell).is_integer():
                    style = styles.cell("integer", "right", **more)
            page.write_number(number, position, cell, style)


def _figure(figure, kind):
    """(kind, places, value) of a printed figure: the number itself, shown with the places it was printed with."""
    places = len(figure.text.partition(".")[2])
    if figure.unit == "%":
        return "percent", 1, figure.value
    return ("number" if places else "integer" if kind == "text" else kind), places, figure.value


def _paper(page, header_row):
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(header_row)
    page.set_footer("&C第 &P 页，共 &N 页")


def _moment(moment):
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


# --- charts -------------------------------------------------------------------------------------------------------

# How tables were drawn whose snapshot does not say it itself: (bars, lines) by the start of their heads.
_DRAWN = {"chains": (("收集", "办结", "销号"), ()), "regions": (("收集", "办结", "销号"), ()),
          "trend": ((), ("收集", "办结", "销号", "月末在办"))}  # fmt: skip


def _chart_of(table):
    if table.chart is not None or table.key not in _DRAWN:
        return table.chart

    def places(heads):
        labels = enumerate(table.columns)
        return tuple(place for place, one in labels if any(one.label.startswith(head) for head in heads))

    bars, lines = map(places, _DRAWN[table.key])
    return Chart(bars, lines, table.caption or "问题办理情况", "个") if bars or lines else None


def _chart(book, page, name, table, top, last):
    """A native chart under the table, drawn from its own cells, so that whoever edits a cell sees the chart follow."""
    drawn = _chart_of(table)
    if drawn is None or not table.rows:
        return
    made, colours = [], iter(_COLOURS)
    for kind, places in (("column", drawn.bars), ("line", drawn.lines)):
        if not places:
            continue
        made.append(book.add_chart({"type": kind}))
        for place in places:
            made[-1].add_series(
                {
                    "name": table.columns[place].label,
                    "categories": f"='{name}'!{xl_range_abs(top + 1, 0, last, 0)}",
                    "values": f"='{name}'!{xl_range_abs(top + 1, place, last, place)}",
                    "fill" if kind == "column" else "line": {"color": next(colours, _COLOURS[-1])},
                    **({"gap": 80} if kind == "column" else {"marker": {"type": "automatic"}}),
                }
            )
    chart = made[0]
    if len(made) > 1:
        chart.combine(made[1])
    chart.set_title({"name": drawn.title or table.caption, "name_font": {"size": 12}})
    chart.set_y_axis({"name": drawn.unit, "major_gridlines": {"visible": True, "line": {"color": "#E3E7ED"}}, "min": 0})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 860, "height": 320})
    page.insert_chart(last + 3, 0, chart, {"object_position": 1})
