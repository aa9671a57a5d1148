"""Sizes and distances of GB/T 9704-2012, in the units Word counts in.

Half-points for type (`w:sz`), twentieths of a point for distances (dxa, "twips").
"""

# Chinese type sizes in half-points: 二号 22 pt, 三号 16 pt, 四号 14 pt, 小四 12 pt, 五号 10.5 pt.
ER_HAO, SAN_HAO, SI_HAO, XIAO_SI, WU_HAO = 44, 32, 28, 24, 21


def twips(mm):
    """Millimetres in twentieths of a point."""
    return round(mm / 25.4 * 1440)


# A4; top edge 37 mm, binding edge 28 mm, type area (版心) 156 x 225 mm, so 26 right and 35 below.
PAGE = {"width": twips(210), "height": twips(297)}
PORTRAIT = {"top": twips(37), "right": twips(26), "bottom": twips(35), "left": twips(28)}
# The same sheet turned clockwise for a wide table: its left edge is above, its foot at the left.
LANDSCAPE = {"top": twips(28), "right": twips(37), "bottom": twips(26), "left": twips(35)}
TYPE_WIDTH = twips(156)
LANDSCAPE_WIDTH = twips(225)

# 22 lines fill the 225 mm of the type area: 28.95 pt a line, set exactly and as the document grid.
LINE = 579
TITLE_LINE = 700  # 35 pt
# 28 characters of 16 pt need 448 pt, the type area has 442.2: each is set 0.25 pt closer.
SPACING = -5
# One character of 三号 with its spacing, for indents where a program does not read the *Chars attributes.
CHARACTER = 315
# The dash of the page number stands 7 mm under the type area; a 14 pt line then ends 24 mm above the paper's edge.
FOOTER = twips(24)
LANDSCAPE_FOOTER = twips(15)
# The box of the page number on a turned sheet, in EMU: where the foot of the type area of an upright one is.
MM = 36_000
TURNED_NUMBER = {"left": 22 * MM, "top": 28 * MM, "width": 8 * MM, "height": 156 * MM}
HEADER = twips(15)
