"""The two coverages (两个覆盖): when an enterprise had a Party organisation, and when it had any Party work."""

from django.db.models import Q

from enterprises.enums import Coverage
from enterprises.models import CoverageSpell, PartyOrganisation
from enterprises.spells import clip, union


def refresh_coverage(enterprise) -> None:
    """Bring the enterprise's coverage rows in line with its organisations, postings and mass organisations: for each
    coverage the union of the intervals within the enterprise's own time, once for the region and once for each place
    on a chain. Unchanged rows stay."""
    memberships = list(enterprise.memberships.order_by("pk"))
    organised = _organised(enterprise)
    worked = union([*organised, *_other_work(enterprise)])
    own_time = [(enterprise.joined_on, enterprise.left_on)]
    wanted = []
    for coverage, intervals in ((Coverage.ORGANISATION, organised), (Coverage.WORK, worked)):
        covered = [part for start, end in intervals for part in clip(own_time, start, end)]
        wanted += [(coverage.value, None, enterprise.region_id, None, None, *spell) for spell in covered]
        for one in memberships:
            within = clip(covered, one.joined_on, one.left_on)
            wanted += [(coverage.value, one.pk, one.region_id, one.chain_id, one.committee_id, *it) for it in within]
    _replace(enterprise, wanted)


def _organised(enterprise):
    organisations = PartyOrganisation.objects.filter(
        Q(enterprise=enterprise) | Q(joint_enterprises=enterprise)
    ).values_list("founded_on", "dissolved_on")
    return union(organisations)


def _other_work(enterprise):
    """Intervals of postings that count as Party work, and of mass organisations."""
    postings = enterprise.postings.filter(kind__is_party_work=True).values_list("started_on", "ended_on")
    return [*postings, *enterprise.mass_organisations.values_list("founded_on", "dissolved_on")]


_FIELDS = ("coverage", "membership_id", "region_id", "chain_id", "committee_id", "from_on", "until_on")


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
