"""The Word file: styles, font table, sections, and bytes that are the same whenever the input is."""

import datetime as dt
import io
import zipfile
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from exchange.cells import clean_text
from exchange.official import fonts, sheet, tables
from exchange.official import measures as m
from exchange.official.body import NAMESPACES, Markup
from exchange.official.charts import Charts
from exchange.structure import Facts, Heading, Paragraph, Table, numbered

_KEPT_STYLES = {
    "Normal", "DefaultParagraphFont", "TableNormal", "NoList", "TableGrid", "Title", "Header", "Footer",
    "Heading1", "Heading2", "Heading3", "Heading4",
}  # fmt: skip
_STYLE_FACE = {"Title": ("title", m.ER_HAO), "Heading1": ("head", m.SAN_HAO), "Heading2": ("subhead", m.SAN_HAO),
               "Footer": ("page", m.SI_HAO), "Header": ("page", m.SI_HAO)}  # fmt: skip

# Namespaces of a box in a footer.
_DRAWING = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def render(document):
    """The bytes of a Word file for a `exchange.structure.Document`. Equal documents give equal bytes."""
    table = fonts.table()
    markup = Markup(table)
    file = docx.Document()
    file.settings.odd_and_even_pages_header_footer = True
    _style(file, markup)
    _name_fonts(file, table)
    footers = _footers(file, markup)
    markup.charts = Charts(file, markup, document.as_of)
    _fill(file, _body(markup, document, footers), sheet.section(_last_is_landscape(document), footers))
    _sign(file, document)
    raw = io.BytesIO()
    file.save(raw)
    return _steady(raw.getvalue(), document.as_of)


# --- the text -----------------------------------------------------------------------------------------------------


def _body(markup, document, footers):
    parts = []
    if document.label:
        parts.append(markup.paragraph(document.label, face="head", align="left"))
    parts.append(markup.blank(2 if document.label else 1))
    parts.append(markup.title(document.title))
    if document.number:
        parts.append(markup.paragraph(document.number, align="center"))
    parts.append(markup.blank())
    if document.addressee:
        parts.append(markup.paragraph(f"{document.addressee}：", align="left"))
    parts.append(_blocks(markup, document.blocks, m.TYPE_WIDTH, keep_last=True))
    parts.append(markup.attachment_notes([attachment.title for attachment in document.attachments]))
    parts.append(markup.signature(document.signer, document.signed_on, more=bool(document.hands)))
    if document.contact:
        parts.append(markup.paragraph(f"（{document.contact}）", first=2, keep_next=bool(document.hands)))
    parts.append(markup.hands(document.hands))
    turned = False
    for number, attachment in enumerate(document.attachments, start=1):
        parts.append(_attachment(markup, attachment, number, len(document.attachments), turned, footers))
        turned = attachment.landscape
    return "".join(parts)


def _attachment(markup, attachment, number, total, turned, footers):
    """附件1 at the top left in 黑体, its title centred on the third line.

    Where the paper turns, the paragraph before ends the section; otherwise a page break is enough.
    """
    parts = []
    new_section = attachment.landscape != turned
    if new_section:
        # The closing paragraph of the section before: as small as can be, or it would push out an empty page.
        parts.append(markup.paragraph(size=2, line=20, section=sheet.section(turned, footers)))
    mark = f"附件{number}" if total > 1 else "附件"
    parts.append(markup.paragraph(mark, face="head", align="left", page_break=not new_section, keep_next=True))
    parts.append(markup.blank())
    parts.append(markup.title(attachment.title))
    parts.append(markup.blank())
    parts.append(_blocks(markup, attachment.blocks, m.LANDSCAPE_WIDTH if attachment.landscape else m.TYPE_WIDTH))
    return "".join(parts)


def _blocks(markup, blocks, width, *, keep_last=False):
    """`keep_last` keeps the last paragraph with the signature, so that no page holds a signature alone."""
    parts, last = [], blocks[-1] if blocks else None
    for block, number in numbered(blocks):
        if isinstance(block, Heading):
            parts.append(markup.heading(block.level, number, block.text))
        elif isinstance(block, Paragraph):
            parts.append(markup.paragraph(block.text, first=2, keep_next=keep_last and block is last))
        elif isinstance(block, Table):
            parts.append(tables.table(markup, block, width))
            parts.append(markup.charts.paragraph(block, width))
        elif isinstance(block, Facts):
            parts.append(tables.facts(markup, block, width))
        else:
            raise TypeError(f"cannot lay out {type(block).__name__}")
    return "".join(parts)


def _last_is_landscape(document):
    return bool(document.attachments) and document.attachments[-1].landscape


def _fill(file, markup, last_section):
    body = file.element.body
    for child in list(body):
        body.remove(child)
    for child in list(parse_xml(f"<w:body {NAMESPACES}>{markup}{last_section}</w:body>")):
        body.append(child)


# --- styles and fonts ---------------------------------------------------------------------------------------------


def _style(file, markup):
    """Strip the template to the styles used, and name the face of each: without it Word takes its own."""
    styles = file.styles.element
    for style in list(styles.findall(qn("w:style"))):
        if style.get(qn("w:styleId")) not in _KEPT_STYLES:
            styles.remove(style)
            continue
        link = style.find(qn("w:link"))
        if link is not None:
            style.remove(link)
        name = style.get(qn("w:styleId"))
        if style.get(qn("w:type")) == "paragraph":
            face, size = _STYLE_FACE.get(name, ("body", m.SAN_HAO))
            spacing = m.SPACING if name == "Normal" else None
            _set_properties(style, markup.run_properties(face, size, spacing=spacing), _paragraph_properties(name))
    defaults = styles.find(qn("w:docDefaults"))
    for properties in defaults.iter(qn("w:rPr")):
        holder = properties.getparent()
        holder.remove(properties)
        holder.append(_element(markup.run_properties("body", m.SAN_HAO)))
        break


def _paragraph_properties(name):
    if name in ("Footer", "Header"):
        return '<w:pPr><w:widowControl w:val="0"/></w:pPr>'
    level = f'<w:outlineLvl w:val="{int(name[-1]) - 1}"/>' if name.startswith("Heading") else ""
    keep = "<w:keepNext/>" if level else ""
    line = m.TITLE_LINE if name == "Title" else m.LINE
    align = "center" if name == "Title" else "both"
    return (
        f'<w:pPr>{keep}<w:widowControl w:val="0"/><w:spacing w:before="0" w:after="0" w:line="{line}" '
        f'w:lineRule="exact"/><w:jc w:val="{align}"/>{level}</w:pPr>'
    )


def _set_properties(style, run, paragraph):
    for tag in ("w:pPr", "w:rPr"):
        old = style.find(qn(tag))
        if old is not None:
            style.remove(old)
    # The order inside a style is fixed by the schema: pPr, then rPr, then what tables add.
    style.append(_element(paragraph))
    style.append(_element(run))


def _name_fonts(file, table):
    """Rewrite the font table: each face with the names to take where it is not installed."""
    entries = []
    for names in dict.fromkeys(table.values()):
        first, *others = (escape(clean_text(name), {'"': "&quot;"}) for name in names)
        instead = f'<w:altName w:val="{",".join(others)}"/>' if others else ""
        entries.append(f'<w:font w:name="{first}">{instead}<w:family w:val="auto"/></w:font>')
    for relation in file.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            relation.target_part._blob = f"<w:fonts {NAMESPACES}>{''.join(entries)}</w:fonts>".encode()


def _footers(file, markup):
    """Write the footers; returns {landscape: (odd, even)}, relationship ids for every section to name."""
    section = file.sections[0]
    for footer, odd in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]._p
        for child in list(paragraph):
            paragraph.remove(child)
        for child in list(_element(f"<w:p>{sheet.page_number(markup, odd=odd)}</w:p>")):
            paragraph.append(child)
    ids = {
        reference.get(qn("w:type")): reference.get(qn("r:id"))
        for reference in section._sectPr.findall(qn("w:footerReference"))
    }
    turned = []
    for odd in (True, False):
        part, ident = file.part.add_footer_part()
        for child in list(part.element):
            part.element.remove(child)
        part.element.append(_element(sheet.turned_page_number(markup, odd=odd), _DRAWING))
        turned.append(ident)
    return {False: (ids["default"], ids["even"]), True: tuple(turned)}


def _element(markup, more=""):
    tag_end = markup.index(">") if "/>" not in markup[: markup.index(">") + 1] else markup.index("/>")
    return parse_xml(f"{markup[:tag_end]} {NAMESPACES} {more}{markup[tag_end:]}")


# --- the file -----------------------------------------------------------------------------------------------------


def _sign(file, document):
    """Core properties: the title and the as-of time; no author, no machine, no program's greeting."""
    core = file.core_properties
    moment = document.as_of.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    core.title = clean_text(document.title).replace("\n", "")[:255]
    core.author = core.last_modified_by = core.comments = core.keywords = core.subject = core.category = ""
    core.created = core.modified = moment
    core.revision = 1


def _steady(raw, as_of):
    """The same archive with every time set to the document's as-of time."""
    moment = as_of.astimezone(ZoneInfo("Asia/Shanghai"))
    stamp = (max(moment.year, 1980), moment.month, moment.day, moment.hour, moment.minute, moment.second)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, old.read(entry.filename))
    return out.getvalue()
