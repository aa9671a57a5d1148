"""Chains and committees as scopes of figures."""

from alliances.figure_scopes import governs
from chains.models import Chain, Committee
from core.actor import Actor, Role
from indicators import scopes


def find_chain(ident: str):
    chain = Chain.objects.filter(pk=ident).first()
    return scopes.chain_scope(chain.pk, chain.region_id, chain.name) if chain else None


def may_read_chain(scope: scopes.Scope, actor: Actor) -> bool:
    """Who governs the chain's whole region; a secretary reads the committee's figures instead."""
    return governs(actor, scope.region_id, scope.chain_id)


def find_committee(ident: str):
    committee = Committee.objects.filter(pk=ident).first()
    return scopes.committee_scope(committee.pk, committee.name) if committee else None


def may_read_committee(scope: scopes.Scope, actor: Actor) -> bool:
    if actor.is_system or scope.committee_id in actor.ids("committee_id", Role.CHAIN_SECRETARY):
        return True
    committee = Committee.objects.filter(pk=scope.committee_id).values("region_id", "chain_id").first()
    return bool(committee) and governs(actor, committee["region_id"], committee["chain_id"] or 0)


def register() -> None:
    scopes.register_kind("chain", find=find_chain, readable=may_read_chain)
    scopes.register_kind("committee", find=find_committee, readable=may_read_committee)
