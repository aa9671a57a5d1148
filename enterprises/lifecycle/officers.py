"""People posted, each counted once: the spells that the figures of officers (在岗人员) go by."""

from itertools import groupby

from django.db import connection

from alliances.enums import RegionLevel
from alliances.models import Region
from core import search
from enterprises.models import OfficerSpell, Posting
from enterprises.spells import Interval, subtract, union

_FIELDS = (
    "posting_id", "region_id", "chain_id", "committee_id", "counts_as", "chainwise", "from_on", "until_on",
)  # fmt: skip


def key_of(person: str, employer: str, region: Region) -> str:
    """Whom a row speaks of: the same name and employer in one county (or city, above the counties) are one person."""
    county = Region.objects.filter(path__in=region.ancestor_paths, level=RegionLevel.COUNTY).first() or region
    return f"{county.pk}|{search.normalise(person)}|{search.normalise(employer)}"


def refresh_officers(keys) -> None:
    """Bring the spells of these people in line with their postings. Unchanged rows stay."""
    for key in sorted(set(keys)):
        with connection.cursor() as cursor:
            # Two postings of one person may be written at once: the second waits for the first.
            cursor.execute("SELECT pg_advisory_xact_lock(990100002, hashtext(%s))", [key])
        postings = list(Posting.objects.filter(person_key=key).order_by("started_on", "pk"))
        _replace(key, wanted_of(postings))


def wanted_of(postings) -> list[tuple]:
    """The spells of one person's postings, earliest first, as rows of `_FIELDS`."""
    wanted = []
    for counts_as in ["", *sorted({one.counts_as for one in postings})]:
        rows = [one for one in postings if counts_as in ("", one.counts_as)]
        wanted += _once(rows, counts_as, chainwise=False)
        placed = sorted((one for one in rows if one.chain_id), key=_chain_place)
        for _place, group in groupby(placed, key=_chain_place):
            wanted += _once(sorted(group, key=lambda one: (one.started_on, one.pk)), counts_as, chainwise=True)
    return wanted


def _chain_place(posting):
    return posting.chain_id, posting.committee_id or 0


def _once(postings, counts_as, *, chainwise):
    """Each day goes to the posting that was there first."""
    taken: list[Interval] = []
    for one in postings:
        own = [(one.started_on, one.ended_on)]
        place = (one.chain_id, one.committee_id) if chainwise else (None, None)
        for spell in subtract(own, taken):
            yield (one.pk, one.region_id, *place, counts_as, chainwise, *spell)
        taken = union([*taken, *own])


def _replace(key, wanted):
    rows = OfficerSpell.objects.filter(posting__person_key=key)
    present = {row[1:]: row[0] for row in rows.values_list("pk", *_FIELDS)}
    gone = present.keys() - set(wanted)
    if gone:
        OfficerSpell.objects.filter(pk__in=[present[one] for one in gone]).delete()
    OfficerSpell.objects.bulk_create(
        OfficerSpell(**dict(zip(_FIELDS, one, strict=True))) for one in wanted if one not in present
    )
