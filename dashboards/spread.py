"""Figures of a dashboard side by side: those of each chain of its scope."""

from chains.models import Chain
from indicators import figures


def by_chain(picked, read):
    """(labels, {code: [Figure, one for each label]}): each chain of a region, or the one scope itself."""
    scope = picked.scope
    if scope.kind != "region" or scope.chain_id:
        name = str(scope.name)
        found = figures.read(read, scope, picked.period)
        return [name], {code: [found[code]] for code in read}
    found = figures.by_chain(read, scope, picked.period)
    ids = sorted({chain_id for by_chain in found.values() for chain_id in by_chain})
    names = dict(Chain.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [names[pk] for pk in ids if pk in names], {
        code: [found[code][pk] for pk in ids if pk in names] for code in read
    }
