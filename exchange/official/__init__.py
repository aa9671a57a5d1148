"""Official documents (公文) laid out by GB/T 9704-2012, from plain values to the bytes of a Word file.

`slip(title, unit=..., signed_on=..., ...)` makes a paper of a page or two, with `grid(heads, rows)` for a table in it;
`render(document)` lays out any `exchange.structure.Document`. Measures are those of the standard; where the standard
leaves room, the choice is said beside the constant. Modules: `slips`, `fonts` (which name stands for which face),
`measures` (sizes), `body` (paragraphs as XML), `tables`, `sheet` (paper, margins, page numbers) and `package` (the
file, byte for byte the same for the same input).
"""

from exchange.official.package import render
from exchange.official.slips import grid, slip

__all__ = ["grid", "render", "slip"]
