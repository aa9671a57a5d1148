"""Scopes of figures (统计范围) and the registry through which the domain tells them.

The engine knows no region, chain or enterprise, only their numbers. The apps that own them
register here, in `AppConfig.ready()`: how to find a scope by its address, who may read it, and
the relation between a region and all above it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Scope:
    """A region, a region crossed with a chain, a committee, or one enterprise.

    `kind` and `ident` are its address (`region:620800`); the ids name its cell of the facts,
    0 meaning all (chain) or none (the others). `name` is shown to people.
    """

    kind: str
    ident: str
    name: Any = ""
    region_id: int = 0
    chain_id: int = 0
    committee_id: int = 0
    entity_id: int = 0

    def __str__(self):
        return str(self.name) or self.key

    @property
    def key(self):
        return f"{self.kind}:{self.ident}"

    @property
    def crossed(self):
        """Whether a chain was added to a region's scope (`chain=ID` beside `scope=`)."""
        return self.kind == "region" and bool(self.chain_id)

    @property
    def cell(self):
        return self.region_id, self.chain_id, self.committee_id

    @property
    def cell_class(self):
        """'region', 'chain', 'committee' or 'enterprise': which declaration counts it."""
        if self.kind in ("committee", "enterprise"):
            return self.kind
        return "chain" if self.chain_id else "region"

    def query(self):
        """The parameters that name the scope in an address, as a dict."""
        result = {"scope": self.key}
        if self.crossed:
            result["chain"] = str(self.chain_id)
        return result


def region_scope(region_id, ident, name=""):
    """The scope of a region with all below it. `ident` is its code."""
    return Scope("region", str(ident), name, region_id=region_id)


def chain_scope(chain_id, region_id, name=""):
    """The scope of a chain in its own region (`region_id`) with all below it."""
    return Scope("chain", str(chain_id), name, region_id=region_id, chain_id=chain_id)


def committee_scope(committee_id, name=""):
    return Scope("committee", str(committee_id), name, committee_id=committee_id)


def enterprise_scope(enterprise_id, name=""):
    return Scope("enterprise", str(enterprise_id), name, entity_id=enterprise_id)


@dataclass(frozen=True)
class _Kind:
    find: Callable[[str], Scope | None]
    readable: Callable[[Scope, Any], bool]


@dataclass(frozen=True)
class _Tree:
    table: str
    path_column: str
    relation: str
    below: Callable[[int], Any]


_kinds: dict[str, _Kind] = {}
_tree: _Tree | None = None

KINDS = ("region", "chain", "committee", "enterprise")


def register_kind(kind, *, find, readable):
    """Say how scopes of `kind` are found (`find(ident)`, None when there is none) and who may
    read one (`readable(scope, actor)`). For `region`, the scope asked about may carry a chain.
    """
    if kind not in KINDS:
        raise ImproperlyConfigured(f"unknown kind of scope: {kind}")
    _kinds[kind] = _Kind(find, readable)


def register_tree(*, table, path_column, relation, below):
    """Say how regions nest.

    `relation` is SQL giving (region_id, ancestor_id) for every region with itself and each
    region above it; it is joined by region_id and should use the primary key then.
    `below(region_id)` is a queryset or list of the ids of a region and all below it. `table` and
    `path_column` get a trigger that has everything recounted when a region moves.
    """
    global _tree
    _tree = _Tree(table, path_column, relation, below)


def tree():
    if _tree is None:
        raise ImproperlyConfigured("no app has registered the tree of regions")
    return _tree


def has_tree():
    return _tree is not None


def parse(text, chain=None):
    """The scope named by `scope=` and, for a region, `chain=`.

    Raises ValueError with a sentence when the text is not a scope's address, LookupError when it
    is one but nothing is there.
    """
    kind, colon, ident = (text or "").strip().partition(":")
    if not colon or kind not in KINDS or not ident or len(ident) > 64 or "\x00" in ident:
        raise ValueError(_("范围应写作 region:行政区划代码、chain:编号、committee:编号或 enterprise:编号。"))
    scope = _find(kind, ident)
    if chain in (None, ""):
        return scope
    if kind != "region":
        raise ValueError(_("只有 region 范围可以再选产业链。"))
    return cross(scope, chain)


def _find(kind, ident):
    if kind not in _kinds:
        raise LookupError(kind)
    if kind != "region" and not (ident.isascii() and ident.isdigit() and len(ident) < 19):
        raise ValueError(_("范围的编号应是数字。"))
    scope = _kinds[kind].find(ident)
    if scope is None:
        raise LookupError(f"{kind}:{ident}")
    return scope


def cross(scope, chain):
    """`scope` (a region) limited to the chain of that id. Raises ValueError, LookupError."""
    text = str(chain)
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ValueError(_("产业链的编号应是数字。"))
    found = _find("chain", text)
    name = _("%(region)s · %(chain)s") % {"region": scope.name, "chain": found.name}
    return replace(scope, chain_id=found.chain_id, name=name)


def readable(scope, actor):
    """Whether `actor` may read figures of `scope`; no for kinds that nobody registered."""
    kind = _kinds.get(scope.kind)
    return bool(kind and kind.readable(scope, actor))
