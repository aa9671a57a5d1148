"""The sheet of paper: size, margins, the grid of 22 lines, and page numbers at the outer edge."""

from exchange.official import measures as m


def section(landscape, footers):
    """`w:sectPr` of one section; `footers` are the relationship ids of the odd and the even footer."""
    edges = m.LANDSCAPE if landscape else m.PORTRAIT
    width, height = (m.PAGE["height"], m.PAGE["width"]) if landscape else (m.PAGE["width"], m.PAGE["height"])
    turned = ' w:orient="landscape"' if landscape else ""
    foot = m.LANDSCAPE_FOOTER if landscape else m.FOOTER
    odd, even = footers
    # NOT linesAndChars: word processors disagree on it, and one halves the characters of a line.
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{odd}"/><w:footerReference w:type="even" r:id="{even}"/>'
        f'<w:type w:val="nextPage"/><w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar w:top="{edges["top"]}" w:right="{edges["right"]}" w:bottom="{edges["bottom"]}" '
        f'w:left="{edges["left"]}" w:header="{m.HEADER}" w:footer="{foot}" w:gutter="0"/>'
        f'<w:docGrid w:type="lines" w:linePitch="{m.LINE}"/></w:sectPr>'
    )


def page_number(markup, *, odd):
    """The paragraph `— 1 —`: 四号 宋体, on odd pages one character from the right edge, on even ones from the left."""
    properties = markup.run_properties("page", m.SI_HAO)

    def run(inner):
        return f"<w:r>{properties}{inner}</w:r>"

    field = (
        run('<w:fldChar w:fldCharType="begin"/>')
        + run('<w:instrText xml:space="preserve"> PAGE </w:instrText>')
        + run('<w:fldChar w:fldCharType="separate"/>')
        + run("<w:t>1</w:t>")
        + run('<w:fldChar w:fldCharType="end"/>')
    )
    align, side = ("right", "right") if odd else ("left", "left")
    dash_before, dash_after = run('<w:t xml:space="preserve">— </w:t>'), run('<w:t xml:space="preserve"> —</w:t>')
    return (
        f'<w:pPr><w:pStyle w:val="Footer"/><w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{align}"/></w:pPr>'
        f"{dash_before}{field}{dash_after}"
    )
