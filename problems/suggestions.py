"""Which units an entry might be assigned to (交办建议): at most five, each with its reasons in words.

Three things speak for a unit: its kind fits the category, it has solved the like, it has little on its hands. People
decide; a suggestion only fills the form. `ranked` is a pure function of plain values.
"""

import datetime as dt
from dataclasses import dataclass
from statistics import median

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import Post
from alliances.enums import RegionLevel
from alliances.models import Department, HelpTeam, Region, TeamMember
from core.actor import SYSTEM, Actor
from core.search import query
from problems.enums import CLOCK_STATES, Outcome
from problems.models import Problem

MOST = 5
# How far back solved entries are looked at, and how many of the newest.
LOOKBACK = 3 * 365
CANDIDATES = 300


@dataclass(frozen=True)
class Candidate:
    """A unit as it is weighed. `running` entries are on its hands now; `solved` are the working days of each entry of
    the same category that it solved, `alike` of those also alike in words."""

    key: str
    name: str
    fits: bool = False
    kind: str = ""
    members: int = 0
    running: int = 0
    solved: tuple[int, ...] = ()
    alike: tuple[int, ...] = ()

    @property
    def load(self) -> float:
        """Running entries per member; a unit whose people are not registered counts as one person."""
        return self.running / max(1, self.members)


@dataclass(frozen=True)
class Suggestion:
    key: str
    name: str
    reasons: tuple[str, ...]


def ranked(candidates, category: str) -> list[Suggestion]:
    """The best five with their reasons. A unit that neither fits nor has solved the like is not suggested.

    Likeness in words weighs most, then experience with the category, then kind; the lighter load decides between
    equals, and the name last, so that the order is always the same.
    """
    worth = [one for one in candidates if one.fits or one.solved]
    worth.sort(key=lambda one: (-_weight(one), one.load, one.name, one.key))
    lightest = min((one.load for one in worth), default=0)
    return [Suggestion(one.key, one.name, _reasons(one, category, lightest)) for one in worth[:MOST]]


def _weight(one: Candidate) -> int:
    """0 to 9: numbers above three add nothing, so that who solved most does not always get everything."""
    return min(len(one.alike), 3) * 2 + min(len(one.solved), 2) + (2 if one.fits else 0) - min(int(one.load // 5), 3)


def _reasons(one: Candidate, category: str, lightest: float) -> tuple[str, ...]:
    found = []
    if one.alike:
        found.append(
            _("办结过 %(n)d 件相似问题，用时中位数 %(days)s 个工作日")
            % {"n": len(one.alike), "days": _number(median(one.alike))}
        )
    elif one.solved:
        found.append(
            _("办结过 %(n)d 件“%(category)s”类问题，用时中位数 %(days)s 个工作日")
            % {"n": len(one.solved), "category": category, "days": _number(median(one.solved))}
        )
    if one.fits:
        found.append(_("类别对口：%(kind)s") % {"kind": one.kind})
    if not one.running:
        found.append(_("目前手上没有在办问题"))
    elif one.load == lightest:
        found.append(_("负担最轻：在办 %(n)d 件") % {"n": one.running})
    else:
        found.append(_("在办 %(n)d 件") % {"n": one.running})
    return tuple(found)


def _number(value: float) -> str:
    return f"{value:g}"


# --- from the ledger --------------------------------------------------------------------------------------------
def suggest(problem, actor: Actor, today: dt.date) -> list[Suggestion]:
    """Suggestions for this entry from the units of its region line; the present lead is left out."""
    line = problem.region.ancestor_paths
    teams = list(HelpTeam.objects.on(today).filter(region__path__in=line))
    departments = list(Department.objects.filter(is_active=True, region__path__in=line))
    kinds = problem.category.fitting_kinds(problem.region)
    load, members, past = _load(teams, departments), _members(teams, departments, today), _past(problem, actor, today)
    candidates = []
    for unit in [*teams, *departments]:
        kind = "team" if isinstance(unit, HelpTeam) else "department"
        if unit.pk == getattr(problem, f"lead_{kind}_id"):
            continue
        key = f"{kind}:{unit.pk}"
        days, alike = past.get(key, ((), ()))
        fits = kind == "team" and unit.kind in kinds
        word = str(unit.get_kind_display()) if fits else ""
        candidates.append(
            Candidate(key, unit.name, fits, word, members.get(key, 0), load.get(key, 0), tuple(days), tuple(alike))
        )
    return ranked(candidates, problem.category.spoken)


def _load(teams, departments) -> dict[str, int]:
    """Entries with a running clock, of every region: a number of the unit alone, else a busy unit would look idle to a
    secretary who sees one chain."""
    found = {}
    running = Problem.objects.visible_to(SYSTEM).filter(state__in=CLOCK_STATES).order_by()
    for kind, units in (("team", teams), ("department", departments)):
        lead = f"lead_{kind}_id"
        rows = running.filter(**{f"{lead}__in": [unit.pk for unit in units]}).values_list(lead)
        found |= {f"{kind}:{pk}": number for pk, number in rows.annotate(number=Count("pk"))}
    return found


def _members(teams, departments, today: dt.date) -> dict[str, int]:
    in_teams = TeamMember.objects.filter(team__in=teams, left_on=None).order_by().values_list("team_id")
    found = {f"team:{pk}": number for pk, number in in_teams.annotate(number=Count("pk"))}
    posts = Post.objects.in_force(today).filter(department__in=departments).order_by().values_list("department_id")
    return found | {f"department:{pk}": number for pk, number in posts.annotate(number=Count("user_id", distinct=True))}


def _past(problem, actor: Actor, today: dt.date) -> dict[str, tuple[list[int], list[int]]]:
    """{unit: (working days of each solved entry of the same top category, those of them alike in words)} among the
    newest that the actor sees in the county."""
    wanted = {token for token in query(problem.title) if len(token) == 2}
    least = max(2, len(wanted) // 3)
    rows = Problem.objects.visible_to(actor).filter(
        region__path__startswith=_county_path(problem.region), top_category=problem.top_category,
        outcome__in=[Outcome.SOLVED, Outcome.PARTLY], handling_days__isnull=False,
        resolved_on__gt=today - dt.timedelta(days=LOOKBACK),
    )  # fmt: skip
    columns = ("lead_team_id", "lead_department_id", "handling_days", "tokens")
    newest = rows.exclude(pk=problem.pk).order_by("-id").values_list(*columns)[:CANDIDATES]
    found: dict[str, tuple[list[int], list[int]]] = {}
    for team, department, days, tokens in newest:
        if team is None and department is None:
            continue
        all_days, alike = found.setdefault(f"team:{team}" if team else f"department:{department}", ([], []))
        all_days.append(days)
        if len(wanted & set(tokens)) >= least:
            alike.append(days)
    return found


def _county_path(region) -> str:
    """The county of the region's line, else the region itself."""
    county = Region.objects.filter(path__in=region.ancestor_paths, level=RegionLevel.COUNTY).values_list(
        "path", flat=True
    )
    return county.first() or region.path
