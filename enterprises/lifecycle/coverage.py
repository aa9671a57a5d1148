"""Organisation coverage (组织覆盖): when an enterprise had a Party organisation of its own or a joint one."""

from django.db.models import Q

from enterprises.models import CoverageSpell, PartyOrganisation
from enterprises.spells import clip, union


def refresh_coverage(enterprise) -> None:
    """Bring the enterprise's coverage rows in line with its organisations: the union of their intervals within the
    enterprise's own time, once for the region and once for each place on a chain. Unchanged rows stay."""
    memberships = list(enterprise.memberships.order_by("pk"))
    covered = _covered(enterprise)
    wanted = [
        (None, enterprise.region_id, None, None, *spell)
        for spell in clip(covered, enterprise.joined_on, enterprise.left_on)
    ]
    for one in memberships:
        within = clip(covered, one.joined_on, one.left_on)
        wanted += [(one.pk, one.region_id, one.chain_id, one.committee_id, *spell) for spell in within]
    _replace(enterprise, wanted)


def _covered(enterprise):
    organisations = PartyOrganisation.objects.filter(
        Q(enterprise=enterprise) | Q(joint_enterprises=enterprise)
    ).values_list("founded_on", "dissolved_on")
    own_time = [(enterprise.joined_on, enterprise.left_on)]
    return [part for start, end in union(organisations) for part in clip(own_time, start, end)]


_FIELDS = ("membership_id", "region_id", "chain_id", "committee_id", "from_on", "until_on")


def _replace(enterprise, wanted):
    present = {row[1:]: row[0] for row in enterprise.coverage_spells.values_list("pk", *_FIELDS)}
    gone = [pk for key, pk in present.items() if key not in wanted]
    if gone:
        CoverageSpell.objects.filter(pk__in=gone).delete()
    CoverageSpell.objects.bulk_create(
        CoverageSpell(enterprise=enterprise, **dict(zip(_FIELDS, key, strict=True)))
        for key in wanted
        if key not in present
    )
