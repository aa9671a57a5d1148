"""The memory of solutions (办法库): what is like an entry, how it ended, what may be one and the same.

Likeness is told from the stored word pairs of title and text, the category, and the link of the chain. Entries that
the actor may see are shown with the text of their result; what was solved elsewhere in the county is only summed up,
so that nobody reads another enterprise's trouble.
"""

import datetime as dt
import re
import statistics
from collections import Counter
from dataclasses import dataclass, field

from alliances.models import Region
from core import clock, search, workdays
from core.actor import Actor
from enterprises.models import ChainMembership, Enterprise
from problems import workbooks
from problems.enums import ENDED_STATES, OPEN_STATES, Outcome, State
from problems.models import Category, Problem

SHOWN, CANDIDATES = 5, 300
# Words that nearly every entry has: they make nothing alike, nor do the pairs across their borders.
EVERYWHERE = re.compile(
    "企业|公司|问题|困难|需要|希望|请求|协调|解决|我们|目前|情况|进行|影响|有关|部门|支持|帮助|尽快|无法|不能|已经|存在"
)
LIKE, ONE_AND_THE_SAME, OF_A_KIND = 0.34, 0.6, 0.5
# Enterprises with the same trouble that make a matter of its own (一类事).
FIRMS_OF_A_KIND = 3
AGAIN_WITHIN = dt.timedelta(days=90)
SOLVED = (Outcome.SOLVED, Outcome.PARTLY, Outcome.EXPLAINED)


@dataclass
class Match:
    """An earlier entry with its likeness (share of the asked word pairs it has, 0 to 1) and what else is alike."""

    problem: Problem
    words: float
    same_category: bool = False
    same_link: bool = False

    @property
    def score(self) -> float:
        return self.words + 0.25 * self.same_category + 0.15 * self.same_link


@dataclass
class Memory:
    """What is remembered: like entries, entries that may be the same, entries of a kind, and sums."""

    matches: list[Match] = field(default_factory=list)
    duplicates: list[Problem] = field(default_factory=list)
    kind: list[Problem] = field(default_factory=list)
    root: Problem | None = None
    solved: int = 0
    # Where more entries share a word pair than were looked through: how many of the newest were.
    among: int | None = None
    median: float | None = None
    units: list[str] = field(default_factory=list)

    @property
    def reusable(self) -> list[Match]:
        """Matches whose result was written down, to be taken up in a reply."""
        return [match for match in self.matches if match.problem.resolution and match.problem.outcome in SOLVED]


def pairs(text: str) -> frozenset[str]:
    """The telling word pairs of a text."""
    return frozenset(token for token in search.query(EVERYWHERE.sub(" ", text[:200])) if len(token) == 2)


def like_text(
    actor: Actor, title: str, category: Category | None = None, enterprise: Enterprise | None = None
) -> Memory:
    """What is like a title being typed, for the enterprise it is typed for."""
    region = enterprise.region if enterprise else _home(actor)
    memory = _remember(actor, title, category, enterprise, region, other_than=None)
    wanted = pairs(title)
    memory.duplicates = [
        match.problem for match in memory.matches
        if enterprise and match.problem.enterprise_id == enterprise.pk and _may_be_same(match, wanted)
    ]  # fmt: skip
    return memory


def of_entry(problem: Problem, actor: Actor) -> Memory:
    """What is like an entry: earlier ones, duplicates of the same enterprise, and others of its kind."""
    memory = _remember(actor, problem.title, problem.category, problem.enterprise, problem.region, other_than=problem)
    wanted = pairs(problem.title)
    if problem.state in OPEN_STATES:
        memory.duplicates = [
            match.problem for match in memory.matches
            if match.problem.enterprise_id == problem.enterprise_id and _may_be_same(match, wanted)
        ]  # fmt: skip
        _find_kind(memory, problem, wanted)
    memory.matches = memory.matches[:SHOWN]
    return memory


def _home(actor: Actor) -> Region | None:
    paths = [duty.region_path for duty in actor.duties if duty.region_path]
    return Region.objects.filter(path=paths[0]).first() if paths else None


def _remember(actor, title, category, enterprise, region, *, other_than) -> Memory:
    wanted = pairs(title)
    if len(wanted) < 2:
        return Memory()
    rows = Problem.objects.exclude(state=State.DRAFT).filter(tokens__overlap=sorted(wanted))
    if other_than is not None:
        rows = rows.exclude(pk=other_than.pk)
    matches = _matches(rows.visible_to(actor), wanted, category, enterprise)
    workbooks.dress([match.problem for match in matches], clock.today(), workdays.everywhere())
    memory = Memory(matches=matches)
    _sum_up(memory, rows, wanted, region)
    return memory


def _matches(rows, wanted, category, enterprise) -> list[Match]:
    """The best of the newest candidates, the most alike first; an ended one before one that is still open."""
    related = ("enterprise", "region", "category", "lead_team", "lead_department", "root")
    found = list(rows.select_related(*related).defer("text").order_by("-id")[:CANDIDATES])
    links = _links([row.enterprise_id for row in found] + ([enterprise.pk] if enterprise else []))
    own = links.get(enterprise.pk, frozenset()) if enterprise else frozenset()
    matches = [
        Match(
            row,
            len(wanted & set(row.tokens)) / len(wanted),
            same_category=category is not None and row.category_id == category.pk,
            same_link=bool(own & links.get(row.enterprise_id, frozenset())),
        )
        for row in found
    ]
    matches = [match for match in matches if match.words >= LIKE]
    matches.sort(key=lambda match: (-match.score, match.problem.state not in ENDED_STATES, -match.problem.pk))
    return matches[: SHOWN * 4]


def _links(enterprises: list[int]) -> dict[int, frozenset[int]]:
    """The links of chains that each enterprise fills now."""
    found: dict[int, set[int]] = {}
    rows = ChainMembership.objects.filter(enterprise__in=set(enterprises), left_on=None).exclude(link=None)
    for enterprise, link in rows.values_list("enterprise_id", "link_id"):
        found.setdefault(enterprise, set()).add(link)
    return {enterprise: frozenset(links) for enterprise, links in found.items()}


def _sum_up(memory: Memory, rows, wanted, region: Region | None) -> None:
    """How often the like was solved in the county, in how many working days, by whom: no row of it is shown."""
    if region is None:
        return
    county = Region.objects.filter(path__in=region.ancestor_paths, level="county").first() or region
    inside = rows.filter(region__path__startswith=county.path, state=State.CLOSED, outcome__in=SOLVED)
    units = ("lead_team", "lead_department")
    columns = ("tokens", "handling_days", "lead_team__name", "lead_department__name")
    looked = list(inside.select_related(*units).only(*columns).order_by("-id")[: CANDIDATES + 1])
    memory.among = CANDIDATES if len(looked) > CANDIDATES else None
    found = [row for row in looked[:CANDIDATES] if len(wanted & set(row.tokens)) / len(wanted) >= LIKE]
    days = [row.handling_days for row in found if row.handling_days is not None]
    memory.solved = len(found)
    memory.median = statistics.median(days) if days else None
    memory.units = [name for name, _n in Counter(str(row.lead) for row in found if row.lead).most_common(2)]


def _may_be_same(match: Match, wanted: frozenset[str]) -> bool:
    """Of one enterprise, in nearly the same words both ways, open or ended a short while ago."""
    problem = match.problem
    recent = problem.ended_on is None or problem.ended_on >= clock.today() - AGAIN_WITHIN
    return recent and problem.state != State.WITHDRAWN and _alike(match, wanted) >= ONE_AND_THE_SAME


def _alike(match: Match, wanted: frozenset[str]) -> float:
    """The lesser of the two shares: of the asked words in the entry, of its title in the asked words."""
    theirs = pairs(match.problem.title)
    return min(match.words, len(theirs & wanted) / len(theirs)) if theirs else 0.0


def _find_kind(memory: Memory, problem: Problem, wanted: frozenset[str]) -> None:
    """Open entries of several enterprises with the same trouble: one root matter is suggested, the one they already
    have or the oldest."""
    kind = [
        match.problem for match in memory.matches
        if match.problem.state in OPEN_STATES
        and match.problem.enterprise_id != problem.enterprise_id
        and match.problem.top_category == problem.top_category
        and _alike(match, wanted) >= OF_A_KIND
    ]  # fmt: skip
    if len({row.enterprise_id for row in kind} | {problem.enterprise_id}) < FIRMS_OF_A_KIND or problem.root_id:
        return
    roots = Counter(row.root_id for row in kind if row.root_id)
    if problem.parts.exists():
        return
    memory.kind = kind
    memory.root = (
        next(row.root for row in kind if row.root_id == roots.most_common(1)[0][0])
        if roots
        else min([*kind, problem], key=lambda row: row.pk)
    )


def kinds_among(problems) -> list[list[Problem]]:
    """Groups of these entries with the same trouble (一类事) that at least FIRMS_OF_A_KIND enterprises have, each with
    its oldest entry first. An entry is of the kind whose oldest entry it is alike to, both ways, in one category."""
    kinds: list[tuple[str, frozenset[str], list[Problem]]] = []
    for problem in sorted(problems, key=lambda row: row.pk):
        words = pairs(problem.title)
        if len(words) < 2:
            continue
        for category, theirs, rows in kinds:
            both = len(words & theirs)
            if category == problem.top_category and both >= OF_A_KIND * max(len(words), len(theirs)):
                rows.append(problem)
                break
        else:
            kinds.append((problem.top_category, words, [problem]))
    return [rows for *_kind, rows in kinds if len({row.enterprise_id for row in rows}) >= FIRMS_OF_A_KIND]
