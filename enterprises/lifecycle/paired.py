"""Parties that were paired, each counted once on each side: the spells behind the figures of pairings."""

from django.db.models import Q

from enterprises.enums import Side
from enterprises.lifecycle.copies import primary_of
from enterprises.models import Enterprise, PairedSpell, Pairing, PartyOrganisation
from enterprises.spells import union

_FIELDS = ("side", "counts_as", "region_id", "chain_id", "committee_id", "from_on", "until_on")


def party_of(organisation: PartyOrganisation | None, enterprise: Enterprise | None):
    """Who counts at one end: the enterprise where there is one, else the organisation; None for an outside party."""
    if organisation is not None and organisation.enterprise_id:
        return organisation.enterprise
    return enterprise or organisation


def place_of(record) -> dict:
    """Region, chain and committee where an enterprise or organisation counts."""
    source = primary_of(record) if isinstance(record, Enterprise) else record
    return {
        "region": record.region,
        "chain": source.chain if source else None,
        "committee": source.committee if source else None,
    }


def refresh_paired(party) -> None:
    """Bring a party's spells in line with its pairings. The caller holds its lock. Unchanged rows stay."""
    of_firm = isinstance(party, Enterprise)
    place = tuple(one and one.pk for one in place_of(party).values())
    wanted = []
    for side in Side.values:
        ends = Q(**{f"{side}_organisation": party})
        if of_firm:
            ends = Q(**{f"{side}_enterprise": party}) | Q(**{f"{side}_organisation__enterprise": party})
        elif party.enterprise_id:
            continue  # counts with its enterprise
        spans: dict[str, list] = {}
        for counts_as, *span in Pairing.objects.filter(ends).values_list("counts_as", "started_on", "ended_on"):
            spans.setdefault(counts_as, []).append(tuple(span))
        wanted += [(side, one, *place, *spell) for one, all_of in spans.items() for spell in union(all_of)]
    owner = {"enterprise": party} if of_firm else {"organisation": party}
    present = {row[1:]: row[0] for row in PairedSpell.objects.filter(**owner).values_list("pk", *_FIELDS)}
    gone = present.keys() - set(wanted)
    if gone:
        PairedSpell.objects.filter(pk__in=[present[one] for one in gone]).delete()
    PairedSpell.objects.bulk_create(
        PairedSpell(**owner, **dict(zip(_FIELDS, one, strict=True))) for one in wanted if one not in present
    )
