"""Who may do what with reports, one sentence each."""

from django.utils.translation import gettext_lazy as _

from chains.models import Committee
from core.actor import Actor, Role
from core.transitions import Refusal
from indicators import scopes
from reports.enums import ScopeKind

MAKERS = (Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY)


def may_make_any(actor: Actor) -> Refusal | None:
    """Officers and chain secretaries make reports; everybody else at most reads them."""
    if actor.has(*MAKERS):
        return None
    return Refusal("role", _("您的岗位可以查阅月报，不能生成月报。"), who_can=_("组织部工作人员、产业链党委书记"))


def may_make(scope, place, actor: Actor) -> Refusal | None:
    """Officers for their region and below; a chain secretary for the own committee only.

    `place` is the (region, chain, committee) that `lifecycle.place_of` found for the scope.
    """
    region, _chain, committee = place
    if actor.is_system:
        return None
    if _keeps(region, committee, actor) and scopes.readable(scope, actor):
        return None
    return Refusal("scope", _("该范围不在您的管辖之内。"), who_can=_("本级组织部工作人员"))


def may_keep(report, actor: Actor) -> Refusal | None:
    """Who may make a report of a scope edits, issues and withdraws those that were made, whoever asked for them."""
    if _keeps(report.region, report.committee, actor):
        return None
    return Refusal("scope", _("您可以查阅这份月报，不能改动。"), who_can=_("本级组织部工作人员、本党委书记"))


def _keeps(region, committee, actor):
    officer = any(region.path.startswith(path) for path in actor.region_paths(Role.COUNTY_OFFICER))
    return officer or (committee is not None and committee.pk in actor.ids("committee_id", Role.CHAIN_SECRETARY))


def scope_choices(actor: Actor):
    """The scopes this actor may make reports for, grouped: [(group, [(address, name)])]."""
    from alliances.models import Region
    from chains.models import Chain

    groups = []
    regions = Region.objects.editable_by(actor).filter(is_active=True) if actor.has(Role.COUNTY_OFFICER) else []
    regions = [region for region in regions if region.level in ("province", "city", "county", "township")]
    if regions:
        groups.append(
            (ScopeKind.REGION.label, [(f"region:{region.code or f'id{region.pk}'}", region.name) for region in regions])
        )
    if actor.has(Role.COUNTY_OFFICER):
        chains = [(f"chain:{chain.pk}", chain.name) for chain in Chain.objects.editable_by(actor)]
        if chains:
            groups.append((ScopeKind.CHAIN.label, chains))
    committees = Committee.objects.visible_to(actor).filter(dissolved_on=None)
    choices = [(f"committee:{committee.pk}", committee.name) for committee in committees]
    if choices:
        groups.append((ScopeKind.COMMITTEE.label, choices))
    return groups


NO_COUNTY = Refusal("scope", _("没有由您管理的县（市、区）。"), who_can=_("本级组织部工作人员"))


def may_batch(region, actor: Actor) -> Refusal | None:
    """Officers, for their region and below."""
    if _keeps(region, None, actor):
        return None
    return Refusal("scope", _("该范围不在您的管辖之内。"), who_can=_("本级组织部工作人员"))


def practised(actor: Actor):
    """The regions whose practice this actor may set: counties and above, of the own region and below."""
    from alliances.models import Region

    if not actor.has(Role.COUNTY_OFFICER):
        return Region.objects.none()
    levels = ("province", "city", "county")
    return Region.objects.editable_by(actor).filter(is_active=True, level__in=levels).order_by("path")
