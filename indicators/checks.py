"""System checks of the declarations: what would otherwise fail, or be slow, at the first change."""

from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from indicators import declarations


def check_declarations(app_configs, **kwargs):
    """E001 a declaration is wrong, E002 a ratio's part is missing, W001 an index is missing."""
    found = []
    for source in declarations.sources():
        try:
            declarations.watched_columns(source)
        except ImproperlyConfigured as error:
            found.append(checks.Error(str(error), id="indicators.E001"))
        else:
            found += list(_missing_indexes(source))
    known = {one.code for one in declarations.indicators()}
    for one in declarations.indicators():
        if isinstance(one, declarations.Ratio):
            for code in (one.numerator, one.denominator):
                if code not in known or isinstance(declarations.get(code), declarations.Ratio):
                    found.append(checks.Error(f"{one.code}: no counted indicator {code}", id="indicators.E002"))
    return found


def _missing_indexes(source):
    """Warnings for dates that no index leads to from the region, and from the committee."""
    model = source.model
    have = {tuple(name.lstrip("-") for name in index.fields) for index in model._meta.indexes}
    names = {f.attname: f.name for f in model._meta.concrete_fields}
    for _code, cell, part in declarations.parts():
        if part.source is not source:
            continue
        scope = source.committee if cell == "committee" else source.region
        for date in part.dates:
            pair = (names.get(scope, scope), names.get(date, date))
            if pair[0] == model._meta.pk.name:  # its own scope: one row, found by the primary key
                continue
            if not any(one[:2] == pair for one in have):
                have.add(pair)  # once is enough
                yield checks.Warning(
                    f"{model.__name__} has no index on {pair[0]}, {pair[1]}: a change of {source.code} "
                    "would cost more as the table grows",
                    id="indicators.W001",
                )
