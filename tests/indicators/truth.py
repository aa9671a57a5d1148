"""The truth about figures, the slow way: every row looked at in Python, for any indicator, scope and period."""

from collections import Counter
from decimal import Decimal

from alliances.models import Region
from chains.models import Chain, Committee
from core.actor import SYSTEM
from core.clock import today
from core.periods import Month
from enterprises.models import Enterprise
from indicators import declarations, figures, scopes
from indicators.histogram import Histogram
from indicators.rows import NoRows, rows


class Truth:
    """A picture of all counted rows at this moment."""

    def __init__(self):
        self.today = today()
        self.paths = dict(Region.objects.values_list("pk", "path"))
        self.kept = {}

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
        found = [row for row in self._rows(part) if self._inside(part, row, scope)]
        if one.kind == "stock":
            day = min(period.end, self.today)
            if not one.daily:
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


def verify(codes, places, periods, with_rows=True):
    """Assert that every figure equals the straight count and the sum of its rows. Returns how many were looked at."""
    truth, looked = Truth(), 0
    for scope in places:
        told = figures.read_many(codes, scope, periods)
        for period, figures_of in zip(periods, told, strict=True):
            for code, figure in figures_of.items():
                where = f"{code} {scope.key} chain={scope.chain_id} {period.code}"
                right = truth.value(code, scope, period)
                close = figure.value == right or (
                    None not in (figure.value, right) and abs(figure.value - right) < Decimal("1e-12")
                )
                assert close, f"{where}: told {figure.value}, counted {right}"
                looked += 1
                if with_rows and figure.value is not None:
                    check_rows(figure, where)
    return looked


def check_rows(figure, where):
    kind = figure.declared.kind
    if kind == "ratio":
        assert amount(figure, "numerator") == figure.numerator, where
        assert amount(figure, "denominator") == figure.denominator, where
    elif kind == "duration":
        found = [row.figure_amount for row in rows(figure.code, figure.scope, figure.period, SYSTEM)]
        assert len(found) == figure.cases and Decimal(sum(found)) / len(found) == figure.mean, where
    else:
        assert amount(figure) == figure.value, where


def amount(figure, part="numerator"):
    try:
        return sum(row.figure_amount or 0 for row in rows(figure.code, figure.scope, figure.period, SYSTEM, part))
    except NoRows:
        return None
