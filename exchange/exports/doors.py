"""From an address to the list that it hands out, with the rights of whoever asks now."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import Http404, QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from core.actor import Actor
from core.answers import demand
from core.listings import Asking, Listing
from core.transitions import Refusal

# How the address of an export names its format; no filter has a field of this name.
FORMAT = "as"
LONGEST_PATH, LONGEST_QUERY = 300, 4000

# Filled by the app of accounts, below this one: whether somebody may open the page of this name at all.
_doors: list[Callable[[str, Actor], Refusal | None]] = []


def register_door(enter: Callable[[str, Actor], Refusal | None]) -> None:
    _doors[:] = [enter]


def parts_of(address: str) -> tuple[str, str]:
    """(path, query without the format) of an address of ours. Raises Http404 for any other."""
    try:
        split = urlsplit(address)
    except ValueError:
        raise Http404 from None
    if split.scheme or split.netloc or not split.path.startswith("/"):
        raise Http404
    query = QueryDict(split.query, mutable=True)
    query.pop(FORMAT, None)
    path, text = split.path, query.urlencode()
    if len(path) > LONGEST_PATH or len(text) > LONGEST_QUERY:
        raise Http404
    return path, text


def open_list(path: str, query: str, actor: Actor, *, reason: str = "", columns=()) -> Listing:
    """The list behind an export's address. Raises what the address's own page would: Http404, PermissionDenied,
    Refused."""
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404 from None
    build = getattr(match.func, "listing", None)
    if build is None:
        raise Http404
    if actor.user_id is None:
        demand(Refusal("signed_out", _("账号已停用或没有登录。")))
    for enter in _doors:
        demand(enter(match.view_name, actor))
    return build(Asking(actor, QueryDict(query), reason, tuple(columns)), **match.kwargs)
