"""Where rows of the registers count: copies of region, chain and committee, kept as their owners move or end."""

from django.db.models import Q

from chains.lifecycle import committee_for
from core.actor import Actor
from enterprises.lifecycle.officers import key_of, refresh_officers
from enterprises.lifecycle.paired import place_of, refresh_paired
from enterprises.models import Enterprise, Facility, Honour, MassOrganisation, Pairing, PartyOrganisation, Posting

_OWNED = (Posting, Facility, Honour)
LEFT, DISSOLVED = "企业退出", "党组织撤销"


def settle(data: dict, row) -> tuple[dict, dict]:
    """(what of `data` a person decides, the place that follows from it).

    With an enterprise or organisation, region and chain follow from it; a row of neither keeps those it is given.
    """
    now = {name: data.get(name, getattr(row, name, None)) for name in ("enterprise", "organisation")}
    owner = now["enterprise"] or now["organisation"]
    if owner is not None:
        return {name: value for name, value in data.items() if name not in ("region", "chain")}, place_of(owner)
    region = data.get("region") or row.region
    chain = data.get("chain", row.chain if row.pk else None)
    committee = committee_for(chain.pk, region) if chain else None
    return data, {"region": region, "chain": chain, "committee": committee}


def follow_enterprise(enterprise: Enterprise, *, by: Actor) -> None:
    """An enterprise moved, changed its chain, left or was merged: its rows and its organisations' rows follow."""
    place = place_of(enterprise)
    own = Q(enterprise=enterprise) | Q(organisation__enterprise=enterprise)
    if enterprise.left_on:
        _end(Q(enterprise=enterprise), _at_end("enterprise", enterprise), enterprise.left_on, LEFT)
    _carry(own, place)
    _update(MassOrganisation.objects.filter(enterprise=enterprise), place)
    _carry_pairings(Q(helped_enterprise=enterprise) | Q(helped_organisation__enterprise=enterprise),
                    Q(helper_enterprise=enterprise) | Q(helper_organisation__enterprise=enterprise), place)  # fmt: skip
    refresh_paired(enterprise)


def follow_organisation(organisation: PartyOrganisation) -> None:
    """An organisation moved, changed its enterprise or was dissolved: its rows follow."""
    place = place_of(organisation)
    if organisation.dissolved_on:
        ends = _at_end("organisation", organisation)
        _end(Q(organisation=organisation), ends, organisation.dissolved_on, DISSOLVED)
    _carry(Q(organisation=organisation), place)
    _carry_pairings(Q(helped_organisation=organisation), Q(helper_organisation=organisation), place)
    refresh_paired(organisation)


def follow_committees(places, *, by: Actor) -> None:
    """A standing committee came, went or moved at these (chain id, region path): rows without an owner follow."""
    for chain_id, path in places:
        rows = Facility.objects.filter(
            enterprise=None, organisation=None, chain_id=chain_id, region__path__startswith=path, closed_on=None
        )
        for row in rows.select_related("region"):
            committee = committee_for(chain_id, row.region)
            _update(Facility.objects.filter(pk=row.pk), {"committee": committee})


def _at_end(what, record):
    return Q(**{f"helper_{what}": record}) | Q(**{f"helped_{what}": record})


def _end(postings, pairings, day, reason):
    """Postings and pairings of an owner that is no more end with it."""
    for row in Posting.objects.filter(postings, ended_on=None):
        row.ended_on, row.end_reason = max(row.started_on, day), reason
        row.save(update_fields=["ended_on", "end_reason"])
    for row in Pairing.objects.filter(pairings, ended_on=None):
        row.ended_on = max(row.started_on, day)
        row.save(update_fields=["ended_on"])
        refresh_ends(row)


def refresh_ends(pairing: Pairing) -> None:
    """The spells of whoever stands at either end."""
    for side in ("helper", "helped"):
        organisation, enterprise = getattr(pairing, f"{side}_organisation"), getattr(pairing, f"{side}_enterprise")
        for party in filter(None, (organisation, enterprise, organisation and organisation.enterprise)):
            refresh_paired(party)


def _carry(rows: Q, place: dict) -> None:
    for model in _OWNED:
        _update(model.objects.filter(rows), place)
    keys = set()
    for posting in Posting.objects.filter(rows).select_related("region"):
        key = key_of(posting.person, posting.employer, posting.region)
        keys |= {key, posting.person_key}
        if key != posting.person_key:
            Posting.objects.filter(pk=posting.pk).update(person_key=key)
    refresh_officers(keys)


def _carry_pairings(helped: Q, helper: Q, place: dict) -> None:
    """A pairing counts where the helped end is, else where the helper is."""
    outside = Q(helped_enterprise=None, helped_organisation=None)
    _update(Pairing.objects.filter(helped | (helper & outside)), place)


def _update(rows, place):
    """Only rows that differ are written: each write marks figures and leaves history."""
    same = Q(**{name if value is not None else f"{name}__isnull": value or True for name, value in place.items()})
    rows.exclude(same).update(**place)
