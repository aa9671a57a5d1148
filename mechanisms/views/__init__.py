"""Pages of the rule radar."""

from mechanisms.views.keeping import create, edit, end, switch_off, switch_on
from mechanisms.views.reading import board, committee, detail, gaps, mechanism_list, obligation

__all__ = [
    "board", "committee", "create", "detail", "edit", "end", "gaps", "mechanism_list", "obligation", "switch_off",
    "switch_on",
]  # fmt: skip
