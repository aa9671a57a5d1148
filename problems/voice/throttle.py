"""Wrong tries are counted: short codes in the trail, which holds without Redis; wrong links in the cache.

A link carries 256 random bits and cannot be guessed; there the limit only keeps load away, and a cache that is gone
lets it pass. A short code has 40 bits behind the number of its link: ten wrong ones from an address, or five for one
link, and typing rests for a quarter of an hour. Links and QR codes go on working meanwhile.
"""

import contextlib
import datetime as dt

from django.core.cache import cache

from audit import trail
from audit.models import Event
from core import clock
from core.actor import Actor

PAUSE = dt.timedelta(minutes=15)
WRONG_BY_ADDRESS = 10
WRONG_BY_LINK = 5
WRONG_LINKS = 60
VERB = "problem.code_refused"
# How far back in the trail wrong codes are looked for: a bounded question, whatever the trail's length.
LOOKED_AT = 1000


def _recent() -> list[Event]:
    """The last wrong codes of anybody within the pause."""
    ids = Event.objects.filter(verb=VERB).order_by("-id").values("pk")[:LOOKED_AT]
    return list(Event.objects.filter(pk__in=ids, at__gt=clock.now() - PAUSE).only("ip", "data"))


def code_rests(ip: str, number: int | None) -> bool:
    """Whether typing codes rests for this address, or for the link with this number."""
    recent = _recent()
    of_address = sum(1 for event in recent if (event.ip or "") == ip)
    of_link = sum(1 for event in recent if number is not None and event.data.get("number") == number)
    return of_address >= WRONG_BY_ADDRESS or of_link >= WRONG_BY_LINK


def count_wrong_code(ip: str, number: int | None) -> None:
    """A wrong code, into the trail, without the code itself."""
    trail.record(Actor(user_id=None, name="", ip=ip), VERB, None, number=number)


def links_rest(ip: str, door: str = "voice") -> bool:
    """Whether this address rests. Each `door` counts apart: a wall with an old key shuts out no enterprise."""
    return cache.get(_key(ip, door), 0) >= WRONG_LINKS


def count_wrong_link(ip: str, door: str = "voice") -> None:
    cache.add(_key(ip, door), 0, timeout=int(PAUSE.total_seconds()))
    # It may expire between the two lines, or the cache is away.
    with contextlib.suppress(ValueError):
        cache.incr(_key(ip, door))


def _key(ip: str, door: str) -> str:
    return f"{door}:wrong:{ip}"
