"""Names of rows that ship with the product, in the language of the page.

Kinds and categories are data. Those of no region are common and shipped with a Chinese name; the catalogue translates
it where it is shown. A region's own are shown as they were written, and what is stored or told in the trail is never
translated: `str(row)` stays the name as it is.
"""

from django.utils.translation import gettext


class ShippedName:
    """Mixin of a model with `region` (None for a common row) and `name`."""

    @property
    def spoken(self) -> str:
        """The name as a page shows it."""
        return gettext(self.name) if self.region_id is None else self.name


def spoken(row: ShippedName) -> str:
    """The name of a row for the choices of a form."""
    return row.spoken
