"""Helpers of the register pages' tests."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

BAD = ["\x00", "a\x00b", "9" * 5000, "x" * 5000, "-1", "0202-01-01", "2025-13-45", "<script>", "é" * 300]


def form_data(page, **changes) -> dict:
    """What a browser would send back for the form of this page, with changes."""
    data = {}
    for bound in page.context["form"]:
        value = bound.value()
        if value is not None and value is not False and value != []:
            data[bound.html_name] = [getattr(one, "pk", one) for one in value] if isinstance(value, list) else value
    return {**data, **changes}


def queries(client, url) -> int:
    """How many queries the page takes once everything is warm."""
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)
