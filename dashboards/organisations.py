"""The organisations of a scope as rings (组织图): county, chain committee, kind, and whether of an enterprise.

Counted from the rows of 链上党组织 (`party_orgs`); every sector is a condition on them that lists exactly its rows.
"""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from alliances.enums import RegionLevel
from alliances.models import Region
from chains.models import Committee
from dashboards import charts
from dashboards.structure import Cut
from enterprises.enums import OrganisationKind
from indicators import declarations, figures
from indicators.rows import counted_rows

CODE = "party_orgs"
RINGS = ("county", "committee", "kind", "firm")
NONE = "none"
OWNED, FREE = "of", NONE
RING_NAMES = {
    "county": gettext_lazy("县（市、区）"),
    "committee": gettext_lazy("产业链党委"),
    "kind": gettext_lazy("类别"),
    "firm": gettext_lazy("是否属于企业"),
}


@dataclass(frozen=True)
class Node:
    """One sector: its keys from the inmost ring outwards."""

    keys: tuple[str, ...]
    name: str
    number: int


class Rings:
    """The organisations of a scope at the end of a period, read in one statement beside those of the names."""

    def __init__(self, picked):
        self.picked = picked
        self.counties = self._counties()
        rows = counted_rows(declarations.get(CODE), picked.scope, picked.period).order_by()
        rows = rows.annotate(free=Q(enterprise_id__isnull=True))
        fields = ("region__path", "committee_id", "kind", "free")
        self.leaves = Counter()
        for path, committee, kind, free, number in (
            rows.values_list(*fields).annotate(n=Count("pk")).values_list(*fields, "n")
        ):
            keys = (self._county(path), str(committee or NONE), kind, FREE if free else OWNED)
            self.leaves[keys] += number
        # One county only: the ring would repeat the middle.
        several = len({keys[0] for keys in self.leaves}) > 1
        self.rings = RINGS if several else RINGS[1:]
        self.names = self._names()

    @property
    def total(self) -> int:
        return sum(self.leaves.values())

    def _counties(self) -> dict:
        """{path: (key, name)} of the counties below a region above them."""
        if self.picked.scope.kind != "region":
            return {}
        top = Region.objects.get(pk=self.picked.scope.region_id)
        found = Region.objects.filter(path__startswith=top.path, level=RegionLevel.COUNTY).exclude(pk=top.pk)
        return {region.path: (str(region.pk), region.name) for region in found}

    def _county(self, path) -> str:
        ends = (path[:end] for end in range(len(path), 0, -1))
        return next((self.counties[one][0] for one in ends if one in self.counties), NONE)

    def _names(self) -> dict:
        ids = {int(keys[1]) for keys in self.leaves if keys[1] != NONE}
        place = str(self.picked.base.name)
        names = {("county", key): name for key, name in self.counties.values()}
        names |= {
            ("committee", str(pk)): name.removeprefix(place) or name
            for pk, name in Committee.objects.filter(pk__in=ids).values_list("pk", "name")
        }
        names |= {("kind", str(value)): str(label) for value, label in OrganisationKind.choices}
        names[("county", NONE)] = _("不在县（市、区）内")
        names[("committee", NONE)] = _("未归产业链党委")
        names[("firm", OWNED)], names[("firm", FREE)] = _("属于企业"), _("不属于单个企业")
        return names

    def nodes(self) -> list[Node]:
        """Every sector, each before those outside it."""
        skipped = len(RINGS) - len(self.rings)
        counted = Counter()
        for keys, number in self.leaves.items():
            kept = keys[skipped:]
            for depth in range(1, len(kept) + 1):
                counted[kept[:depth]] += number
        return [
            Node(keys, self.names.get((self.rings[len(keys) - 1], keys[-1]), keys[-1]), counted[keys])
            for keys in sorted(counted, key=self._order)
        ]

    def _order(self, keys) -> tuple:
        """By name of place and committee, kinds as they rank; a node just before what lies outside it."""
        kinds = [str(value) for value in OrganisationKind.values]
        return tuple(
            (kinds.index(key) if ring == "kind" else int(key == NONE), str(self.names.get((ring, key), key)), key)
            for ring, key in zip(self.rings, keys, strict=False)
        )

    def address(self, node: Node) -> str:
        chosen = dict(zip(self.rings, node.keys, strict=False))
        return f"{reverse('dashboards:organisation_rows')}?{self.picked.query}&{urlencode(chosen)}"

    def words(self, node: Node) -> str:
        return self._words(dict(zip(self.rings, node.keys, strict=False)))

    def _words(self, chosen: dict) -> str:
        return " › ".join(self.names.get((ring, key), key) for ring, key in chosen.items())

    def find(self, params) -> Cut:
        """The part that an address names by one or more rings. Raises Http404 for none and for an empty one."""
        chosen = {number: params[ring] for number, ring in enumerate(RINGS) if params.get(ring)}
        number = sum(n for keys, n in self.leaves.items() if all(keys[place] == key for place, key in chosen.items()))
        if not chosen or not number:
            raise Http404
        condition = Q()
        for place, key in chosen.items():
            condition &= self._condition(RINGS[place], key)
        return Cut(CODE, self._words({RINGS[place]: key for place, key in chosen.items()}), condition, number)

    def _condition(self, ring, key) -> Q:
        if ring == "county":
            paths = [path for path, (one, _name) in self.counties.items() if key in (one, NONE)]
            inside = Q()
            for path in paths:
                inside |= Q(region__path__startswith=path)
            return ~inside if key == NONE else inside
        if ring == "committee":
            return Q(committee_id=None if key == NONE else int(key))
        return Q(kind=key) if ring == "kind" else Q(enterprise__isnull=key == FREE)


def chart(picked) -> dict:
    rings = Rings(picked)
    nodes, name = rings.nodes(), str(picked.scope.name)
    everything = figures.rows_url(CODE, picked.scope, picked.period)
    drawn = [("all", "", name, rings.total, everything)]
    rows = [[{"text": name}, {"text": "—"}, {"text": str(rings.total), "href": everything}]]
    for node in nodes:
        parent = "/".join(node.keys[:-1]) or "all"
        drawn.append(("/".join(node.keys), parent, node.name, node.number, rings.address(node)))
        cells = [rings.words(node), str(RING_NAMES[rings.rings[len(node.keys) - 1]])]
        number = {"text": str(node.number), "href": rings.address(node)}
        rows.append([*({"text": cell} for cell in cells), number])
    return charts.card(
        "chart-organisations",
        _("党组织从产业链党委到企业"),
        pgettext("organisations", "个"),
        picked,
        _finding(rings),
        charts.sunburst(drawn),
        {"columns": [_("组织"), _("层次"), _("党组织数")], "rows": rows},
        source=_("党组织登记"),
        empty="" if rings.total else _("期末还没有登记党组织。"),
        size="square",
    )


def _finding(rings) -> str:
    if not rings.total:
        return ""
    owned = sum(number for keys, number in rings.leaves.items() if keys[3] == OWNED)
    without = sum(number for keys, number in rings.leaves.items() if keys[1] == NONE)
    committees = {keys[1] for keys in rings.leaves} - {NONE}
    return _(
        "期末登记党组织 %(n)s 个，分属 %(c)s 个产业链党委，其中属于企业的 %(owned)s 个；"
        "还没有归到产业链党委的 %(without)s 个。"
    ) % {
        "n": rings.total,
        "c": len(committees),
        "owned": owned,
        "without": without,
    }  # fmt: skip
