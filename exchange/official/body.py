"""Paragraphs of an official document as WordprocessingML.

The markup is built as text and parsed once per document: several times faster than one object per run, which matters
where a county makes all its chains' reports in one go. All text goes through `text()`.
"""

from xml.sax.saxutils import escape

from docx.oxml.ns import nsdecls

from exchange.cells import clean_text
from exchange.official import measures as m

NAMESPACES = nsdecls("w", "r")
WIDE = "\u3000"  # a blank as wide as a character
_STYLE_OF_LEVEL = {1: "Heading1", 2: "Heading2", 3: "Heading3", 4: "Heading4"}
_FACE_OF_LEVEL = {1: "head", 2: "subhead", 3: "body", 4: "body"}


class Markup:
    """Makes markup with the typefaces of one document."""

    def __init__(self, fonts):
        self.face = {role: names[0] for role, names in fonts.items()}
        self.charts = None  # set by whoever makes the file that charts are parts of

    def run_properties(self, face, size, *, bold=False, spacing=None):
        """`w:rPr` with the East Asian face named, without which Word falls back to its own."""
        latin, east = escape(self.face["latin"], {'"': "&quot;"}), escape(self.face[face], {'"': "&quot;"})
        if face == "page":
            latin = east
        tight = "" if spacing is None else f'<w:spacing w:val="{spacing}"/>'
        weight = "<w:b/><w:bCs/>" if bold else ""
        return (
            f'<w:rPr><w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east}" w:cs="{latin}" '
            f'w:hint="eastAsia"/>{weight}{tight}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
        )

    def run(self, value, face="body", size=m.SAN_HAO, **options):
        """One run; a line feed inside becomes a line break."""
        properties = self.run_properties(face, size, **options)
        lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(line) for line in clean_text(value).split("\n"))
        return f'<w:r>{properties}<w:t xml:space="preserve">{lines}</w:t></w:r>'

    def paragraph(self, value="", *, face="body", size=m.SAN_HAO, style="", align="both", first=0, left=0, right=0,
                  hanging=0, line=m.LINE, keep_next=False, page_break=False, grid=True, section="",
                  spacing=None):  # fmt: skip
        """One paragraph. `first`, `left`, `right`, `hanging` are in characters; `line` is exact, in twips.

        `grid=False` for lines of another height than the body's: they would be stretched to the next line of the grid.
        """
        parts = [f'<w:pStyle w:val="{style}"/>' if style else ""]
        parts.append("<w:keepNext/>" if keep_next else "")
        parts.append("<w:pageBreakBefore/>" if page_break else "")
        parts.append("" if grid else '<w:snapToGrid w:val="0"/>')
        parts.append(f'<w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>')
        parts.append(_indent(first, left, right, hanging))
        parts.append(f'<w:jc w:val="{align}"/>')
        mark = self.run_properties(face, size)
        runs = self.run(value, face, size, spacing=spacing) if value else ""
        return f"<w:p><w:pPr>{''.join(parts)}{mark}{section}</w:pPr>{runs}</w:p>"

    def blank(self, count=1, *, keep_next=False):
        """Empty lines of the type area."""
        return self.paragraph(keep_next=keep_next) * count

    def title(self, value):
        """二号 小标宋, centred, broken where the writer broke it."""
        return self.paragraph(
            value, face="title", size=m.ER_HAO, style="Title", align="center", line=m.TITLE_LINE, grid=False, spacing=0
        )

    def heading(self, level, number, value):
        """三号; 黑体, 楷体, 仿宋, 仿宋 by level; never bold; two characters in; kept with what follows."""
        return self.paragraph(
            f"{number}{value}", face=_FACE_OF_LEVEL[level], style=_STYLE_OF_LEVEL[level], first=2, keep_next=True
        )

    def attachment_notes(self, titles):
        """附件 after the body: one blank line, two characters in, turned lines under the first character of a name."""
        if not titles:
            return ""
        first = f"附件：1.{titles[0]}" if len(titles) > 1 else f"附件：{titles[0]}"
        hanging = 4 if len(titles) > 1 else 3
        rows = [self.blank(keep_next=True)]
        rows.append(self.paragraph(first, left=2 + hanging, hanging=hanging, align="left", keep_next=True))
        rows += [
            self.paragraph(f"{number}.{title}", left=6, hanging=1, align="left", keep_next=True)
            for number, title in enumerate(titles[1:], start=2)
        ]
        return "".join(rows)

    def signature(self, signer, signed_on, *, more=False):
        """署名 and 成文日期 without a seal: the date begins two characters right of the name.

        `more` where lines follow that belong to it: nearer to the text, and kept with them.
        """
        if not signer and signed_on is None:
            return ""
        shown = chinese_date(signed_on) if signed_on else ""
        date_width = sum(0.5 if letter.isascii() else 1 for letter in shown)
        name_right, date_right = 2, len(signer) - date_width
        if date_right < 2:
            name_right, date_right = max(2, date_width + 4 - len(signer)), 2
        # Kept with what is before: a page that holds nothing but a signature is not allowed.
        rows = [self.blank(1 if more else 2, keep_next=True)]
        if signer:
            rows.append(self.paragraph(signer, align="right", right=name_right, keep_next=True))
        if shown:
            rows.append(self.paragraph(shown, align="right", right=date_right, keep_next=more))
        return "".join(rows)

    def hands(self, roles):
        """One line for each who signs by hand, with room for a name and a date."""
        room = f"{WIDE * 8}年{WIDE * 2}月{WIDE * 2}日"
        rows = [
            self.paragraph(f"{role}（签字）：{room}", first=2, align="left", keep_next=number < len(roles))
            for number, role in enumerate(roles, start=1)
        ]
        return "".join(rows)


def _indent(first, left, right, hanging):
    """`w:ind` in hundredths of a character, with the same distance in twips for programs that read only those."""
    if not (first or left or right or hanging):
        return '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
    marks = []
    for name, value in (("left", left), ("right", right), ("hanging", hanging), ("firstLine", first)):
        if value:
            marks.append(f'w:{name}Chars="{round(value * 100)}" w:{name}="{round(value * m.CHARACTER)}"')
    return f"<w:ind {' '.join(marks)}/>"


def chinese_date(day):
    """2026年11月5日: Arabic numerals, full year, no padding zero."""
    return f"{day.year}年{day.month}月{day.day}日"
