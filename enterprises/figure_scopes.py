"""One enterprise as a scope of figures."""

from alliances.figure_scopes import governs
from core.actor import Actor, Role
from enterprises.models import Enterprise
from indicators import scopes

READERS = (Role.COUNTY_OFFICER, Role.LEADER, Role.CHAIN_SECRETARY, Role.BRANCH_SECRETARY)


def find_enterprise(ident: str):
    enterprise = Enterprise.objects.filter(pk=ident).first()
    return scopes.enterprise_scope(enterprise.pk, enterprise.name) if enterprise else None


def may_read_enterprise(scope: scopes.Scope, actor: Actor) -> bool:
    """Whoever keeps or governs the enterprise. Help teams and departments see single problems, not its figures."""
    enterprise = Enterprise.objects.filter(pk=scope.entity_id).values_list("region_id", flat=True).first()
    if enterprise is None:
        return False
    if governs(actor, enterprise):
        return True
    return actor.has(*READERS) and Enterprise.objects.visible_to(actor).filter(pk=scope.entity_id).exists()


def register() -> None:
    scopes.register_kind("enterprise", find=find_enterprise, readable=may_read_enterprise)
