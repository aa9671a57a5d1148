"""Official documents (公文) laid out by GB/T 9704-2012, from a neutral structure to the bytes of a Word file.

`render(document)` is all that a caller needs. Measures are those of the standard; where the standard leaves room, the
choice is said beside the constant. Modules: `fonts` (which name stands for which face), `measures` (sizes),
`body` (paragraphs as XML), `tables`, `sheet` (paper, margins, page numbers) and `package` (the file, byte for byte the
same for the same input).
"""

from reports.official.package import render

__all__ = ["render"]
