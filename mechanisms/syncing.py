"""Keeping the stored rows of a version equal to its reckoning: adds, changes and removes what differs, nothing else."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Q

from mechanisms.models import MechanismVersion, Obligation, Vacancy
from mechanisms.reckoning import Reckoning

CHUNK = 1000
FIELDS = (
    "region_id", "chain_id", "committee_id", "enterprise_id", "last_on", "warn_on", "is_standing", "is_judged",
    "count", "wanted", "reached", "complied_on", "missed_on", "judged_on", "planned_on",
)  # fmt: skip
GAP_FIELDS = ("region_id", "chain_id", "committee_id", "enterprise_id", "until_on")


def sync(
    version: MechanismVersion, today: dt.date, *, ids: Collection[int] | None = None, first: dt.date | None = None,
    last: dt.date | None = None,
) -> int:  # fmt: skip
    """Bring the rows of these actors (None: all) and of the periods that touch first to last up to date; answers how
    many rows were written. Only under the drain's lock. Raises Unknown."""
    reckoning = Reckoning(version, today)
    stored = Obligation.objects.filter(version=version)
    gaps = Vacancy.objects.filter(version=version)
    if ids is not None:
        stored, gaps = stored.filter(actor_id__in=list(ids)), gaps.filter(actor_id__in=list(ids))
    if not version.is_standing:
        touching = Q()
        if last is not None:
            touching &= Q(first_on__lte=last)
        if first is not None:
            touching &= Q(last_on__gte=first)
        stored = stored.filter(touching)
    common = {"version_id": version.pk, "actor_kind": version.actor}
    wanted = reckoning.obligations(ids, first, last)
    written = _bring(Obligation, stored, wanted, "first_on", FIELDS, common | {"mechanism_id": version.mechanism_id})
    if version.is_standing:
        written += _bring(Vacancy, gaps, reckoning.vacancies(ids), "from_on", GAP_FIELDS, common)
    elif ids is None:
        written += gaps.delete()[0]
    return written


def _bring(model, stored, wanted: dict, day: str, fields, common: dict) -> int:
    new, changed, gone = dict(wanted), [], []
    for row in stored.iterator(CHUNK):
        values = new.pop((row.actor_id, getattr(row, day)), None)
        if values is None or row.actor_kind != common["actor_kind"]:
            gone.append(row.pk)
            if values is not None:
                new[row.actor_id, getattr(row, day)] = values
        elif any(getattr(row, name) != values[name] for name in fields):
            for name in fields:
                setattr(row, name, values[name])
            changed.append(row)
    if gone:
        model.objects.filter(pk__in=gone).delete()
    if changed:
        model.objects.bulk_update(changed, fields, batch_size=CHUNK)
    made = [model(**common, actor_id=pk, **{day: date}, **values) for (pk, date), values in new.items()]
    model.objects.bulk_create(made, batch_size=CHUNK)
    return len(gone) + len(changed) + len(made)
