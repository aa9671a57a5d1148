"""Spells of the two coverages (党的组织覆盖、党的工作覆盖), for the region and for each place on a chain."""

from demo.place import Firm, Place
from enterprises.enums import Coverage
from enterprises.models import CoverageSpell
from enterprises.spells import clip, union


def cover(place: Place) -> None:
    """Every enterprise's time with an organisation, and with one or with somebody posted for Party work."""
    for firm in place.firms:
        by_organisation = union((one.founded_on, one.dissolved_on) for one in firm.organisations)
        by_work = union([*by_organisation, *firm.posted])
        _spells(place, firm, Coverage.ORGANISATION, by_organisation)
        _spells(place, firm, Coverage.WORK, by_work)


def _spells(place: Place, firm: Firm, coverage: str, covered: list) -> None:
    enterprise = firm.enterprise
    covered = clip(covered, enterprise.joined_on, enterprise.left_on)
    for membership in [None, *firm.memberships]:
        within = clip(covered, membership.joined_on, membership.left_on) if membership else covered
        for start, end in within:
            place.rows.add(
                CoverageSpell(
                    coverage=coverage,
                    enterprise=enterprise,
                    membership=membership,
                    region=enterprise.region,
                    chain=membership.chain if membership else None,
                    committee=membership.committee if membership else None,
                    from_on=start,
                    until_on=end,
                )
            )
