"""Help teams and departments at work (帮办力量): what each holds by light, per member, how fast and how punctually it
brings entries to an end, and what each of its people holds.

Units are compared, persons never. A unit with fewer than `ENOUGH` cases is shown and not put in order (数量过少不排序).
The number of statements is fixed, whatever the number of units.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Aggregate, Count, FloatField, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import perms
from accounts.models import Post
from alliances.models import Department, HelpTeam, TeamMember
from core.actor import Actor
from problems import lights
from problems.enums import ANSWERED, CLOCK_STATES, HANDLED_STATES, OPEN_STATES, PAUSED_STATES, Light, Outcome, State
from problems.models import Assignment, Problem

# Below this many cases a unit is not put in order, and no rate is printed for it.
ENOUGH = 5
# How far back results count, in days.
LOOKBACK = 365
LIGHTS = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY)
ENTRIES_SHOWN = 6


class Median(Aggregate):
    """The middle value; of an even number of rows the mean of the two in the middle."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass
class Work:
    """One unit's work. `open` are the entries it leads that have not ended, as the ledger's filter counts them;
    `running` those of them whose clock runs. `median` is in working days from assignment to the result; it and
    `on_time` (0 to 100) are of the last year, None below `ENOUGH` results."""

    unit: HelpTeam | Department
    key: str
    members: int = 0
    open: int = 0
    lights: dict[str, int] = field(default_factory=lambda: {str(light): 0 for light in LIGHTS})
    resolved: int = 0
    in_time: int = 0
    days: float | None = None

    @property
    def cases(self) -> int:
        return self.open + self.resolved

    @property
    def few(self) -> bool:
        return self.cases < ENOUGH

    @property
    def running(self) -> int:
        return sum(self.lights[light] for light in ("red", "yellow", "green"))

    @property
    def per_member(self) -> float | None:
        """Running entries per member; None where nobody is in it."""
        return round(self.running / self.members, 1) if self.members else None

    @property
    def median(self) -> float | None:
        return self.days if self.resolved >= ENOUGH else None

    @property
    def on_time(self) -> float | None:
        return round(100 * self.in_time / self.resolved, 1) if self.resolved >= ENOUGH else None

    @property
    def url(self) -> str:
        kind = "team" if isinstance(self.unit, HelpTeam) else "department"
        return reverse(f"alliances:{kind}_detail", args=[self.unit.pk])

    def list_url(self, **more) -> str:
        """The ledger's list with exactly the rows of a number."""
        return f"{reverse('problems:list')}?{urlencode({'unit': self.key, **more})}"

    @property
    def open_url(self) -> str:
        return self.list_url(state="open")

    @property
    def tabs(self) -> list[dict]:
        return [
            {"light": light, "count": number, "url": self.list_url(light=light)}
            for light, number in self.lights.items()
        ]


def _kind(unit) -> str:
    return "team" if isinstance(unit, HelpTeam) else "department"


def key_of(unit) -> str:
    """`team:3` or `department:7`, as the ledger's filter and the forms of assigning name units."""
    return f"{_kind(unit)}:{unit.pk}"


def work_of(units, actor: Actor, today: dt.date) -> list[Work]:
    """The work of these units as far as this actor sees the ledger: three statements for each kind of unit."""
    found = {(_kind(unit), unit.pk): Work(unit, key_of(unit)) for unit in units}
    for kind in ("team", "department"):
        ids = [pk for one, pk in found if one == kind]
        if not ids:
            continue
        lead = f"lead_{kind}_id"
        rows = Problem.objects.visible_to(actor).filter(**{f"{lead}__in": ids}).order_by()
        for row in rows.filter(state__in=OPEN_STATES).values(lead).annotate(number=Count("pk"), **_by_light(today)):
            work = found[kind, row[lead]]
            work.open = row["number"]
            work.lights = {str(light): row[str(light)] for light in LIGHTS}
        ended = rows.filter(
            outcome__in=ANSWERED, handling_days__isnull=False,
            resolved_on__gt=today - dt.timedelta(days=LOOKBACK), resolved_on__lte=today,
        )  # fmt: skip
        results = ended.values(lead).annotate(
            number=Count("pk"), middle=Median("handling_days"), in_time=Count("pk", filter=Q(on_time=True))
        )
        for row in results:
            work = found[kind, row[lead]]
            work.resolved, work.days, work.in_time = row["number"], row["middle"], row["in_time"]
        for pk, number in _members(kind, ids, today):
            found[kind, pk].members = number
    return list(found.values())


def _by_light(today: dt.date) -> dict[str, Count]:
    """How many entries stand under each light: the rule of `ProblemQuerySet.with_light`, which a test holds it to."""
    running = Q(state__in=CLOCK_STATES)
    waits = Q(state__in=PAUSED_STATES) | Q(state=State.RESOLVED, outcome=Outcome.WAITING)
    conditions = {
        "red": running & Q(due_on__lt=today),
        "yellow": running & Q(due_on__gte=today, yellow_on__lte=today),
        "green": running & Q(due_on__gte=today) & ~Q(yellow_on__lte=today),
        "grey": waits,
    }
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


def _members(kind: str, ids, today: dt.date):
    """(unit, number of people): a team's register of members, a department's people by their posts."""
    if kind == "team":
        rows = TeamMember.objects.filter(team__in=ids, joined_on__lte=today, left_on=None)
        return rows.order_by().values_list("team_id").annotate(number=Count("pk"))
    rows = Post.objects.in_force(today).filter(department__in=ids, deputy_for=None)
    return rows.order_by().values_list("department_id").annotate(number=Count("user_id", distinct=True))


# --- comparing --------------------------------------------------------------------------------------------------
SORTS = {
    "load": (_("人均在办"), lambda work: -(work.per_member or 0)),
    "late": (_("超期件数"), lambda work: -work.lights["red"]),
    "days": (_("办结用时"), lambda work: work.median if work.median is not None else 1e9),
    "on_time": (_("按期率"), lambda work: -(work.on_time if work.on_time is not None else -1)),
}


def in_order(works: list[Work], sort: str) -> list[Work]:
    """Units with enough cases by the chosen figure, then the others by name, which are not put in order."""
    _label, by = SORTS[sort if sort in SORTS else "load"]
    enough = sorted((work for work in works if not work.few), key=lambda work: (by(work), work.unit.name))
    return enough + sorted((work for work in works if work.few), key=lambda work: work.unit.name)


# --- people -----------------------------------------------------------------------------------------------------
@dataclass
class Person:
    """One of a unit's people, and the entries that this person works on. `acts_for` names whom a deputy stands in
    for; `gone` marks one who holds entries and no longer a post of the unit. `handover_url` is set where the reader may
    hand this person's work over."""

    name: str
    title: str = ""
    acts_for: str = ""
    gone: bool = False
    handover_url: str = ""
    entries: list = field(default_factory=list)

    @property
    def late(self) -> int:
        return sum(entry.lamp == Light.RED for entry in self.entries)

    @property
    def near(self) -> int:
        return sum(entry.lamp == Light.YELLOW for entry in self.entries)

    @property
    def shown(self) -> list:
        return self.entries[:ENTRIES_SHOWN]

    @property
    def more(self) -> int:
        return len(self.entries) - len(self.shown)


def people_of(unit, actor: Actor, today: dt.date) -> tuple[list[Person], list]:
    """(people by name, entries that nobody has signed for): two statements, three where somebody has gone."""
    kind = _kind(unit)
    posts = Post.objects.in_force(today).filter(**{kind: unit}).select_related("user", "deputy_for__user")
    found: dict[int, Person] = {}
    for post in posts.order_by("user__name", "id"):
        acts_for = post.deputy_for.user.name if post.deputy_for_id else ""
        person = Person(post.user.name, post.title, acts_for, handover_url=_handover_url(post, kind, unit, actor))
        found.setdefault(post.user_id, person)
    legs = Assignment.objects.visible_to(actor).filter(
        **{kind: unit}, ended_at=None, problem__state__in=HANDLED_STATES
    )  # fmt: skip
    unsigned = defaultdict(list)
    for leg in legs.select_related("problem", "handler").order_by("due_on", "pk"):
        entry = leg.problem
        light = lights.light(entry, today)
        entry.lamp = "" if light == Light.NONE else light
        entry.helps = not leg.is_lead
        if leg.handler is None:
            unsigned[kind].append(entry)
            continue
        holder = found.setdefault(leg.handler_id, Person(leg.handler.name, gone=True))
        holder.entries.append(entry)
    gone = [user for user, person in found.items() if person.gone]
    for post in Post.objects.filter(**{kind: unit}, user_id__in=gone).order_by("id") if gone else ():
        found[post.user_id].handover_url = _handover_url(post, kind, unit, actor)
    return list(found.values()), unsigned[kind]


def _handover_url(post: Post, kind: str, unit, actor: Actor) -> str:
    setattr(post, kind, unit)  # known already: asking for its region would be one more statement for each person
    return "" if perms.hand_over(post, actor) else reverse("accounts:handover", args=[post.pk])
