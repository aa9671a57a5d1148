"""Form widgets whose value format must not follow the page's language.

`counted=False` of a date: no figure goes by it, so nothing is said of its month (`core.dated`).
"""

from django import forms


class DateInput(forms.DateInput):
    """The browser's own date picker. It speaks ISO dates only, whatever the language of the page."""

    input_type = "date"

    def __init__(self, attrs=None, *, counted=True):
        super().__init__(attrs=attrs, format="%Y-%m-%d")
        self.counted = counted


class DateTimeInput(forms.DateTimeInput):
    """The browser's own date and time picker, in the county's local time, to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs=None, *, counted=True):
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")
        self.counted = counted


class SearchSelect(forms.Select):
    """A select that can be searched by typing (Tom Select); a plain select where scripts do not run."""

    def __init__(self, attrs=None, choices=()):
        super().__init__(attrs={"data-search-select": "", **(attrs or {})}, choices=choices)


class SearchSelectMultiple(forms.SelectMultiple):
    """As `SearchSelect`, for several values."""

    def __init__(self, attrs=None, choices=()):
        super().__init__(attrs={"data-search-select": "", **(attrs or {})}, choices=choices)
