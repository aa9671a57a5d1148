"""What people hold in a post (手中事项), for a hand-over (交接): each app says what of its own it is.

Accounts stand above the apps that have such things, so those register a `Source` when they are ready.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Post, User
from core.actor import SYSTEM, Actor


@dataclass(frozen=True)
class Holding:
    """One thing held. `key` is unique (`leg:12`); `promise` says what was promised or stands next, `contact` whom to
    call. One that is not `movable` goes with the post by itself: whoever has the same post sees it. `version` is that
    of the record as shown."""

    key: str
    kind: str
    number: str
    title: str
    due_on: dt.date | None = None
    promise: str = ""
    contact: str = ""
    url: str = ""
    movable: bool = False
    version: int | None = None


@dataclass(frozen=True)
class Source:
    """`find(post, actor, today)` answers what the actor may see of it; `move(id, post, successor, by, version,
    reason)` gives one to the successor through the app's own lifecycle; `contacts(ids, actor)` answers {id: contact}
    for a sheet printed afterwards."""

    name: str
    find: Callable[[Post, Actor, dt.date], list[Holding]]
    move: Callable | None = None
    contacts: Callable | None = None


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    _sources[source.name] = source


def of_post(post: Post, actor: Actor, today: dt.date) -> list[Holding]:
    """Everything held in the post that the actor may see: what can be moved first, by deadline."""
    found = [one for source in _sources.values() for one in source.find(post, actor, today)]
    return sorted(found, key=lambda one: (not one.movable, one.due_on or dt.date.max, one.key))


def counts(post: Post, today: dt.date) -> dict[str, int]:
    """{kind: number} of all that is held, without a word of its contents: for the system administrator."""
    found: dict[str, int] = {}
    for one in of_post(post, SYSTEM, today):
        found[one.kind] = found.get(one.kind, 0) + 1
    return found


def move(key: str, post: Post, successor: User, *, by: Actor, version: int | None, reason: str) -> None:
    """Give one thing to the successor. Raises what the app's lifecycle raises; KeyError for an unknown kind."""
    name, _colon, pk = key.partition(":")
    source = _sources[name]
    if source.move is None:
        raise KeyError(name)
    source.move(int(pk), post, successor, by=by, version=version, reason=reason)


def contacts(keys, actor: Actor) -> dict[str, str]:
    """{key: contact} of these, as far as the actor may see them now."""
    by_name: dict[str, list[int]] = {}
    for key in keys:
        name, _colon, pk = key.partition(":")
        by_name.setdefault(name, []).append(int(pk))
    found = {}
    for name, ids in by_name.items():
        source = _sources.get(name)
        if source is not None and source.contacts is not None:
            found |= {f"{name}:{pk}": text for pk, text in source.contacts(ids, actor).items()}
    return found


def is_last(post: Post, today: dt.date) -> bool:
    """Whether nobody else holds the same post in the same unit: then what nobody has signed for is held here, too."""
    unit = {name: getattr(post, f"{name}_id") for name in ("region", "chain", "committee", "team", "department",
                                                           "enterprise")}  # fmt: skip
    same = Post.objects.in_force(today).filter(role=post.role, **{f"{name}_id": pk for name, pk in unit.items()})
    return not same.exclude(user_id=post.user_id).exists()
