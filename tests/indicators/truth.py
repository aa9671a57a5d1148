"""The truth about figures, the slow way: every row looked at in Python, for any indicator, scope and period."""

from collections import Counter
from decimal import Decimal

from alliances.models import Region
from chains.models import Chain, Committee
from core.clock import today
from core.periods import Month
from enterprises.models import Enterprise
from indicators import declarations, figures, scopes
from indicators.histogram import Histogram
from tests.indicators.opened import wrong_rows


class Truth:
    """A picture of all counted rows at this moment."""

    def __init__(self):
        self.today = today()
        self.paths = dict(Region.objects.values_list("pk", "path"))
        self.kept, self.inside = {}, {}

    def _rows(self, part):
        key = id(part)
        if key not in self.kept:
            source = part.source
            objects = source.model._base_manager.filter(source.base).filter(part.where)
            self.kept[key] = [self._flat(part, row) for row in objects]
        return self.kept[key]

    def _flat(self, part, row):
        source = part.source
        names = {"r": source.region, "c": source.chain, "k": source.committee, "e": source.entity}
        names |= {name: getattr(part, name, None) for name in ("on", "enters", "leaves", "weight", "days")}
        names["who"] = getattr(part, "who", None)
        return {key: getattr(row, name) if name else None for key, name in names.items()}

    def _found(self, part, scope):
        key = id(part), scope.key, scope.chain_id
        if key not in self.inside:
            self.inside[key] = [row for row in self._rows(part) if self._inside(part, row, scope)]
        return self.inside[key]

    def _inside(self, part, row, scope):
        if scope.kind == "enterprise":
            return row["e"] == scope.entity_id
        if scope.kind == "committee":
            return row["k"] == scope.committee_id
        below = self.paths[row["r"]].startswith(self.paths[scope.region_id])
        return below and (not scope.chain_id or row["c"] == scope.chain_id)

    def value(self, code, scope, period):
        one = declarations.get(code)
        if not declarations.told_for(code, scope.cell_class):
            return None
        if one.kind == "ratio":
            top, bottom = self.value(one.numerator, scope, period), self.value(one.denominator, scope, period)
            if not bottom:
                return None
            return Decimal(top) * (100 if one.unit.rate else one.per) / Decimal(bottom)
        part = one.part("region" if scope.kind == "enterprise" else scope.cell_class)
        found = self._found(part, scope)
        if one.kind == "stock":
            day = min(period.end, self.today)
            if not one.daily and not period.by_day:
                day = Month.of(day).last_day
            found = [
                row
                for row in found
                if row["enters"] and row["enters"] <= day
                and (row["leaves"] is None or row["leaves"] > max(day, row["enters"]))
            ]  # fmt: skip
        else:
            found = [row for row in found if row["on"] and period.start <= row["on"] <= period.end]
        if one.kind == "distinct":
            return len({row["who"] for row in found if row["who"] is not None})
        if one.kind == "duration":
            return Histogram(Counter(row["days"] for row in found if row["days"] is not None)).mean
        if getattr(one, "weight", None):
            return sum(Decimal(row["weight"] or 0) for row in found)
        return len(found)


def all_scopes():
    """Every scope that has an address, and every region crossed with every chain."""
    from alliances.figure_scopes import scope_of

    regions = [scope_of(region) for region in Region.objects.all()]
    result = list(regions)
    for chain in Chain.objects.all():
        result.append(scopes.parse(f"chain:{chain.pk}"))
        result += [scopes.cross(region, chain.pk) for region in regions]
    result += [scopes.committee_scope(pk) for pk in Committee.objects.values_list("pk", flat=True)]
    return result + [scopes.enterprise_scope(pk) for pk in Enterprise.objects.values_list("pk", flat=True)]


def verify(codes, places, periods, with_rows=None):
    """Assert that every figure equals the straight count and what its links open. Returns how many were looked at.

    `with_rows` names the periods whose rows are opened too: all of them, if not given.
    """
    truth, looked, wrong, opening = Truth(), 0, [], []
    opened = periods if with_rows is None else with_rows
    for scope in places:
        for period, found in zip(periods, figures.read_many(codes, scope, periods), strict=True):
            for code, figure in found.items():
                right = truth.value(code, scope, period)
                if not _same(figure.value, right):
                    where = f"{code} {scope.key} chain={scope.chain_id} {period.code}"
                    wrong.append(f"{where}: told {figure.value}, counted {right}")
                looked += 1
            opening += found.values() if period in opened else ()
    wrong += wrong_rows(opening)
    assert not wrong, f"{len(wrong)} of {looked} figures are wrong:\n" + "\n".join(wrong[:40])
    return looked


def _same(told, right):
    return told == right or (None not in (told, right) and abs(told - right) < Decimal("1e-12"))
