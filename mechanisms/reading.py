"""Reading verdicts for pages: duties with their word, light and the name of whom they fall on, in few statements."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from mechanisms import actors, words
from mechanisms.enums import LIGHTS, ORDER, Verdict
from mechanisms.models import MechanismVersion, Obligation, Vacancy
from mechanisms.verdicts import verdict


def actor_name(kind: str, pk: int) -> str:
    """The name of one actor; a dash for one that is gone or of a kind that nobody registers any more."""
    return names({kind: {pk}}).get((kind, pk), ("—", None))[0]


def names(wanted: dict[str, set[int]]) -> dict[tuple[str, int], tuple[str, str | None]]:
    """{(kind, number): (name, address)}, one statement for each kind."""
    found = {}
    for code, ids in wanted.items():
        try:
            kind = actors.get(code)
        except KeyError:
            continue
        for row in kind.model._base_manager.filter(pk__in=ids).select_related(*kind.related):
            found[code, row.pk] = kind.title(row), kind.url(row)
    return found


def judge(duty: Obligation, version: MechanismVersion, today: dt.date) -> str:
    """The word for one duty as of today."""
    return verdict(
        is_judged=duty.is_judged, count=duty.count, complied_on=duty.complied_on, maximum=version.maximum,
        first=duty.first_on, last=duty.last_on, warn_on=duty.warn_on, today=today,
    )  # fmt: skip


def light_up(duty: Obligation, today: dt.date) -> Obligation:
    """Verdict, its label, its light and its place in an order."""
    duty.verdict = judge(duty, duty.version, today)
    duty.verdict_label = Verdict(duty.verdict).label
    duty.light = LIGHTS[duty.verdict]
    duty.rank = ORDER[duty.verdict]
    return duty


def dress(duties: Iterable[Obligation], today: dt.date) -> list[Obligation]:
    """Duties (with their `version`) as pages show them: what stands behind the light, the actor's name and address."""
    found = [light_up(duty, today) for duty in duties]
    wanted = defaultdict(set)
    for duty in found:
        wanted[duty.actor_kind].add(duty.actor_id)
    known = names(wanted)
    empty = [duty for duty in found if duty.verdict == Verdict.VACANT]
    since = {}
    if empty:
        gaps = Vacancy.objects.filter(version__in={duty.version_id for duty in empty}, until_on=None)
        since = {(version, actor): day for version, actor, day in gaps.values_list("version_id", "actor_id", "from_on")}
    for duty in found:
        duty.actor_name, duty.actor_url = known.get((duty.actor_kind, duty.actor_id), ("—", None))
        duty.vacant_since = since.get((duty.version_id, duty.actor_id))
        duty.finding = words.finding(duty, duty.version, today)
    return found
