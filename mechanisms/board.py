"""The board committee by mechanism (看板), and what the pages of one mechanism and one committee show.

All of it reads stored rows; the number of statements does not depend on how many committees or mechanisms there are.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, F, Q

from chains.models import Committee
from core.actor import Actor
from core.cycles import KINDS, Cycle
from mechanisms import reading, words
from mechanisms.enums import LIGHTS, ORDER, Verdict
from mechanisms.models import MechanismVersion, Obligation

NOW, BEFORE = "now", "before"
OPEN = (Verdict.COMING, Verdict.VACANT, Verdict.LATE, Verdict.OVER)
_COLUMNS = (
    "pk", "version_id", "mechanism_id", "committee_id", "first_on", "last_on", "warn_on", "is_judged", "is_standing",
    "count", "wanted", "reached", "complied_on", "planned_on",
)  # fmt: skip


@dataclass
class Cell:
    """One light of the board."""

    version: MechanismVersion
    duty: Obligation | None = None
    verdict: str = ""

    @property
    def light(self) -> str:
        return LIGHTS.get(self.verdict, "")

    @property
    def word(self) -> str:
        return Verdict(self.verdict).label if self.verdict else ""

    @property
    def rank(self) -> int:
        return ORDER.get(self.verdict, len(ORDER))


@dataclass
class Line:
    """One committee of the board."""

    committee: Committee
    cells: list[Cell] = field(default_factory=list)

    @property
    def open(self) -> int:
        """How many of its duties are not in order."""
        return sum(cell.verdict in OPEN for cell in self.cells)


def build(actor: Actor, today: dt.date, *, when: str = NOW, sort: str = "", region=None) -> dict:
    """Columns and lines of the board: periods that run, or those before them."""
    versions = list(
        MechanismVersion.objects.visible_to(actor).on(today).filter(actor="committee")
        .select_related("mechanism").order_by("mechanism__order", "mechanism__code", "pk")
    )  # fmt: skip
    committees = Committee.objects.visible_to(actor).on(today).select_related("region", "chain")
    if region is not None:
        committees = committees.filter(region__path__startswith=region.path)
    lines = [Line(committee) for committee in committees.order_by("region__path", "kind", "pk")]
    found = _duties(actor, versions, today, when)
    known = {version.pk: version for version in versions}
    present = defaultdict(dict)
    for duty in found:
        version = known.get(duty.version_id)
        if version is not None:
            present[duty.committee_id][duty.version_id] = duty
    for line in lines:
        own = present.get(line.committee.pk, {})
        line.cells = [_cell(version, own.get(version.pk), today) for version in versions]
    columns = [version for number, version in enumerate(versions) if any(line.cells[number].duty for line in lines)]
    kept = {version.pk for version in columns}
    for line in lines:
        line.cells = [cell for cell in line.cells if cell.version.pk in kept]
    return {"columns": columns, "lines": _sorted(lines, columns, sort), "totals": _totals(lines)}


def _duties(actor, versions, today, when):
    rows = Obligation.objects.visible_to(actor).filter(actor_kind="committee").order_by()
    if when == BEFORE:
        ended = Q(pk__in=[])
        for cadence in {version.cadence for version in versions} & set(KINDS):
            ended |= Q(version__cadence=cadence, first_on=Cycle.of(cadence, today).previous().first)
        rows = rows.filter(ended)
    else:
        rows = rows.current(today).filter(version__in=[version.pk for version in versions])
    return rows.only(*_COLUMNS)


def _cell(version, duty, today) -> Cell:
    if duty is None:
        return Cell(version)
    duty.version = version
    return Cell(version, duty, reading.judge(duty, version, today))


def _sorted(lines, columns, sort: str):
    name, turned = sort.lstrip("-"), sort.startswith("-")
    if name == "open":
        key = lambda line: -line.open  # noqa: E731 - one of three keys
    elif name.startswith("m") and name[1:] in {str(version.mechanism_id) for version in columns}:
        place = next(n for n, version in enumerate(columns) if str(version.mechanism_id) == name[1:])
        key = lambda line: line.cells[place].rank  # noqa: E731
    elif name == "name":
        key = lambda line: line.committee.name  # noqa: E731
    else:
        return lines
    return sorted(lines, key=key, reverse=turned)


def _totals(lines) -> list[dict]:
    counted = Counter(cell.verdict for line in lines for cell in line.cells if cell.verdict)
    return [
        {"verdict": verdict, "label": Verdict(verdict).label, "light": LIGHTS[verdict], "count": counted[verdict]}
        for verdict in sorted(counted, key=ORDER.get)
        if LIGHTS[verdict]
    ]


def tally(actor: Actor, today: dt.date) -> dict[int, dict[str, int]]:
    """{mechanism: {verdict: how many}} of what runs or must be so now, in one statement."""
    met, over = Q(complied_on__isnull=False), Q(version__maximum__isnull=False, count__gt=F("version__maximum"))
    rows = Obligation.objects.visible_to(actor).current(today).filter(is_judged=True).order_by()
    counted = rows.values("mechanism_id").annotate(
        complied=Count("pk", filter=met),
        over=Count("pk", filter=over),
        vacant=Count("pk", filter=Q(is_standing=True, complied_on=None) & ~over),
        coming=Count("pk", filter=Q(is_standing=False, complied_on=None, warn_on__lte=today) & ~over),
        due=Count("pk", filter=Q(is_standing=False, complied_on=None, warn_on__gt=today) & ~over),
    )
    return {row.pop("mechanism_id"): row for row in counted}


def lights_of(counts: dict[str, int] | None) -> list[dict]:
    """The counts of `tally` for one mechanism as lights with words, those that are not zero."""
    return [
        {"verdict": verdict, "label": Verdict(verdict).label, "light": LIGHTS[verdict], "count": number}
        for verdict in sorted(counts or {}, key=ORDER.get)
        if (number := counts[verdict])
    ]


def of_committee(committee, actor: Actor, today: dt.date) -> list[Obligation]:
    """Every duty of a committee and of what belongs to it that runs now, those not in order first."""
    rows = Obligation.objects.visible_to(actor).filter(committee=committee).current(today)
    found = reading.dress(rows.select_related("version", "mechanism").order_by("mechanism__order", "pk"), today)
    return sorted(found, key=lambda duty: (duty.rank, duty.mechanism.order, duty.mechanism.code, duty.actor_name))


def missed_by(committee, actor: Actor, today: dt.date, limit: int = 20) -> list[Obligation]:
    """What a committee missed, newest first."""
    rows = Obligation.objects.visible_to(actor).filter(committee=committee, missed_on__isnull=False)
    return reading.dress(rows.select_related("version", "mechanism").order_by("-missed_on", "pk")[:limit], today)


def explained(version) -> dict:
    """What a rule says, for the head of a page."""
    return {"version": version, "sentence": words.sentence(version)}
