"""The sheet of paper: size, margins, the grid of 22 lines, and page numbers at the outer edge.

GB/T 9704 section 8: a wide table on a turned sheet has its page number where all the others are, so that the bound
document has them in one corner. On screen that is the left edge of the turned sheet, the number lying on its side.
"""

from exchange.official import measures as m


def section(landscape, footers):
    """`w:sectPr` of one section; `footers` are {landscape: (relationship ids of the odd and the even footer)}."""
    edges = m.LANDSCAPE if landscape else m.PORTRAIT
    width, height = (m.PAGE["height"], m.PAGE["width"]) if landscape else (m.PAGE["width"], m.PAGE["height"])
    turned = ' w:orient="landscape"' if landscape else ""
    foot = m.LANDSCAPE_FOOTER if landscape else m.FOOTER
    odd, even = footers[landscape]
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


def turned_page_number(markup, *, odd):
    """The same paragraph in a box at the left edge, turned clockwise with its sheet."""
    box = m.TURNED_NUMBER
    return (
        '<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="1" '
        'layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{box["left"]}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{box["top"]}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{box["width"]}" cy="{box["height"]}"/><wp:wrapNone/>'
        f'<wp:docPr id="{1 if odd else 2}" name="{"odd" if odd else "even"}"/><wp:cNvGraphicFramePr/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{box["width"]}" cy="{box["height"]}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "<a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent>"
        f"<w:p>{page_number(markup, odd=odd)}</w:p>"
        '</w:txbxContent></wps:txbx><wps:bodyPr vert="vert" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" '
        'anchor="b"><a:noAutofit/></wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>'
        "</mc:AlternateContent></w:r></w:p>"
    )
