"""Native charts of a Word file: a chart part that Word and WPS edit, with the workbook of its numbers inside.

A chart is drawn from the cells of the table under which it stands (`exchange.structure.Chart`). Series differ by
lightness, dashes and markers besides colour, because most of these papers are printed in black.
"""

import datetime as dt
import io
from xml.sax.saxutils import escape

import xlsxwriter
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from xlsxwriter.utility import xl_range_abs

from exchange.cells import clean_text, convert, sheet_name, unique_labels
from exchange.structure import Figure

EMU_OF_TWIP = 635
HEIGHT = 2_700_000  # 7.5 cm
SHEET = "数据"
COLOURS = ("1F4E8C", "6FA287", "D9A441", "8A8F98")
LINE_COLOURS = ("222222", "A23B3B", "5B2C6F", "1F4E8C")
_DASHES = ("solid", "dash", "sysDot", "lgDash")
_MARKERS = ("circle", "square", "triangle", "diamond")
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_BAR_AXES, _VALUE_AXIS = "111111111", "222222222"


class Charts:
    """Adds charts to one Word file."""

    def __init__(self, file, markup, as_of: dt.datetime):
        self._file, self._markup, self._as_of, self._count = file, markup, as_of, 0

    def paragraph(self, table, width: int) -> str:
        """The paragraph that holds the chart of a table, `width` in twips; empty where there is nothing to draw."""
        if table.chart is None or not table.rows:
            return ""
        self._count += 1
        relation = self._part(table)
        name = _attribute(table.chart.title or table.caption)
        return (
            '<w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="120" w:after="120" w:line="240" '
            'w:lineRule="auto"/><w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr><w:r>'
            f'<w:drawing><wp:inline xmlns:wp="{_WORD_DRAWING}" distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{width * EMU_OF_TWIP}" cy="{HEIGHT}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
            f'<wp:docPr id="{1000 + self._count}" name="图表 {self._count}" descr="{name}"/><wp:cNvGraphicFramePr/>'
            f'<a:graphic xmlns:a="{_MAIN}"><a:graphicData uri="{_CHART}"><c:chart xmlns:c="{_CHART}" '
            f'r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
        )

    def _part(self, table) -> str:
        """The chart part with its workbook; answers the relation by which the document names it."""
        package = self._file.part.package
        book = Part(
            PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{self._count}.xlsx"),
            CONTENT_TYPE.SML_SHEET, workbook(table, self._as_of), package,
        )  # fmt: skip
        chart = Part(PackURI(f"/word/charts/chart{self._count}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
        inside = chart.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
        chart._blob = chart_xml(table, inside, self._markup.face).encode()
        return self._file.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)


def workbook(table, as_of: dt.datetime) -> bytes:
    """The categories and the drawn columns of a table as a workbook; equal tables give equal bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    moment = as_of.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    book.set_properties({"author": "", "company": "", "comments": "", "created": moment})
    page = book.add_worksheet(sheet_name(SHEET))
    labels, drawn = unique_labels(table.columns), table.chart.places
    page.set_column(0, 0, 24)
    for column, place in enumerate((0, *drawn)):
        page.write_string(0, column, labels[place])
    for number, row in enumerate(table.rows, start=1):
        page.write_string(number, 0, _word(row[0]))
        for column, place in enumerate(drawn, start=1):
            value = _value(row[place])
            if value is not None:
                page.write_number(number, column, value)
    book.close()
    return out.getvalue()


def chart_xml(table, relation: str, face: dict) -> str:
    """The chart part: bars, lines over them, one axis of categories, one of values."""
    chart, rows = table.chart, table.rows
    labels = unique_labels(table.columns)
    axes = f'<c:axId val="{_BAR_AXES}"/><c:axId val="{_VALUE_AXIS}"/>'
    plots, order = "", 0
    for kind, places in (("bar", chart.bars), ("line", chart.lines)):
        series = ""
        for number, place in enumerate(places):
            series += _series(kind, order, _look(kind, number), labels[place], rows, place)
            order += 1
        if kind == "bar" and series:
            plots += (
                '<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
                f'{series}<c:gapWidth val="80"/>{axes}</c:barChart>'
            )
        elif series:
            plots += (
                f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{series}<c:marker val="1"/>{axes}'
                "</c:lineChart>"
            )
    title = _title(chart.title or table.caption, face, 1200)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_MAIN}" xmlns:r="{_RELATIONS}"><c:date1904 val="0"/>'
        f'<c:roundedCorners val="0"/><c:chart>{title}<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>{plots}'
        f'{_category_axis()}{_value_axis(chart.unit, face)}</c:plotArea><c:legend><c:legendPos val="b"/>'
        '<c:overlay val="0"/></c:legend><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        '<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>'
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1000">{_faces(face)}</a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="zh-CN"/></a:p></c:txPr><c:externalData r:id="{relation}"><c:autoUpdate val="0"/>'
        "</c:externalData></c:chartSpace>"
    )


def _series(kind, order, look, label, rows, place):
    """One column of the table: its head, its categories and its numbers, each with the cells of the workbook."""
    column, last = order + 1, len(rows)
    head = f"{SHEET}!{xl_range_abs(0, column, 0, column)}"
    categories = f"{SHEET}!{xl_range_abs(1, 0, last, 0)}"
    values = f"{SHEET}!{xl_range_abs(1, column, last, column)}"
    words = "".join(
        f'<c:pt idx="{number}"><c:v>{escape(_word(row[0]))}</c:v></c:pt>' for number, row in enumerate(rows)
    )
    numbers = "".join(
        f'<c:pt idx="{number}"><c:v>{_value(row[place])!r}</c:v></c:pt>'
        for number, row in enumerate(rows)
        if _value(row[place]) is not None
    )
    count = f'<c:ptCount val="{last}"/>'
    smooth = '<c:smooth val="0"/>' if kind == "line" else ""
    return (
        f'<c:ser><c:idx val="{order}"/><c:order val="{order}"/><c:tx><c:strRef><c:f>{head}</c:f><c:strCache>'
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(label)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        f"{look}<c:cat><c:strRef><c:f>{categories}</c:f><c:strCache>{count}{words}</c:strCache>"
        f"</c:strRef></c:cat><c:val><c:numRef><c:f>{values}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f"{count}{numbers}</c:numCache></c:numRef></c:val>{smooth}</c:ser>"
    )


def _look(kind, number):
    known = COLOURS if kind == "bar" else LINE_COLOURS
    colour = f'<a:solidFill><a:srgbClr val="{known[number % len(known)]}"/></a:solidFill>'
    if kind == "bar":
        return f'<c:spPr>{colour}</c:spPr><c:invertIfNegative val="0"/>'
    dash, marker = _DASHES[number % len(_DASHES)], _MARKERS[number % len(_MARKERS)]
    return (
        f'<c:spPr><a:ln w="25400">{colour}<a:prstDash val="{dash}"/></a:ln></c:spPr><c:marker><c:symbol '
        f'val="{marker}"/><c:size val="6"/><c:spPr>{colour}</c:spPr></c:marker>'
    )


def _category_axis():
    return (
        f'<c:catAx><c:axId val="{_BAR_AXES}"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:crossAx val="{_VALUE_AXIS}"/><c:crosses '
        'val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/>'
        "</c:catAx>"
    )


def _value_axis(unit, face):
    return (
        f'<c:valAx><c:axId val="{_VALUE_AXIS}"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="l"/><c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr '
        f'val="D9DDE3"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>{_title(unit, face, 1000) if unit else ""}'
        '<c:numFmt formatCode="#,##0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/><c:crossAx val="{_BAR_AXES}"/><c:crosses val="autoZero"/><c:crossBetween '
        'val="between"/></c:valAx>'
    )


def _title(text, face, size):
    return (
        '<c:title><c:tx><c:rich><a:bodyPr rot="0" vert="horz"/><a:lstStyle/><a:p><a:pPr>'
        f'<a:defRPr sz="{size}" b="0"/></a:pPr><a:r>'
        f'<a:rPr lang="zh-CN" sz="{size}" b="0">{_faces(face)}</a:rPr><a:t>{escape(clean_text(text))}</a:t></a:r></a:p>'
        '</c:rich></c:tx><c:overlay val="0"/></c:title>'
    )


def _faces(face):
    return f'<a:latin typeface="{_attribute(face["latin"])}"/><a:ea typeface="{_attribute(face["body"])}"/>'


def _attribute(text):
    return escape(clean_text(text).replace("\n", " "), {'"': "&quot;"})


def _word(cell):
    return clean_text(cell.text if isinstance(cell, Figure) else "" if cell is None else cell)


def _value(cell):
    """A cell as the number that is drawn; None where it has none."""
    number = convert(cell.value if isinstance(cell, Figure) else cell, "number")
    return number if isinstance(number, float) else None
