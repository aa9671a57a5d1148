"""What a page weighs on the wire: itself and all that it makes the browser load, each compressed with gzip."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders

LOADED = re.compile(r"<(?:script|img|iframe|source)\b[^>]*?\ssrc=\"([^\"]+)\"|<link\b[^>]*?\shref=\"([^\"]+)\"")
NAMED = re.compile(r"url\(\s*[\"']?([^\"')]+)")


def packed(content: bytes) -> int:
    """Bytes as a server sends them; fonts and pictures that are compressed already do not get smaller."""
    return min(len(content), len(gzip.compress(content, 6)))


def assets(html: str) -> dict[str, bytes]:
    """{address: content} of everything that the page names, and of what its stylesheets name in turn.

    Raises AssertionError for an address outside the product and for one that leads to no file.
    """
    found, waiting = {}, [one or two for one, two in LOADED.findall(html)]
    while waiting:
        address = waiting.pop()
        if address in found or address.startswith("data:"):
            continue
        parts = urlsplit(address)
        assert not parts.netloc and parts.path.startswith(settings.STATIC_URL), f"asks for {address}"
        path = finders.find(unquote(parts.path.removeprefix(settings.STATIC_URL)))
        assert path, f"no file for {address}"
        found[address] = Path(path).read_bytes()
        if parts.path.endswith(".css"):
            waiting += [urljoin(address, one) for one in NAMED.findall(found[address].decode("utf-8"))]
    return found
