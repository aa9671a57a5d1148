"""Bulk data for measuring: any number of problems over 36 months in synthetic counties.

A few thousand histories are told as for the demonstrations; the database then copies each onto many enterprises, so
that every row is one the lifecycle could have written. The trail, requests and history tables are left out, and the
search tokens hold the titles only: what is measured are the ledger and its figures.
"""

import datetime as dt
import io
import random
from collections.abc import Callable

from django.db import connection, transaction

from alliances.models import Department, HelpTeam, Region
from audit.models import Event
from core import clock, search, workdays
from core.actor import Actor, Duty, Role
from demo import gatherings, heavy, place
from demo.coverage import cover
from demo.histories import Scene
from demo.ledger import Ledger
from demo.place import Firm, Place
from demo.rows import Rows, copy_text, take_keys
from demo.stories import Roles
from demo.wording import texts
from enterprises.models import Enterprise
from indicators import recount
from problems.models import Assignment, Problem, Rulebook, StateSpan, StepLimit

MONTHS, TEMPLATES = 36, 12_000
TOWNSHIPS, ENTERPRISES = 10, 120
CHAINS = ["cattle", "apple", "potato", "herbs", "materials", "equipment", "tourism", "cold"]
# Codes that GB/T 2260 gives to no place; the demonstrations' own data counts as made up too.
SYNTHETIC, DEMONSTRATIONS = "98", ("99", "6208")
PROBLEM, SPAN, LEG = Problem._meta.db_table, StateSpan._meta.db_table, Assignment._meta.db_table
LIMIT = StepLimit._meta.db_table

# Columns of a template that every copy takes over; the rest follows from the enterprise.
KEPT = [
    "category_id", "urgency", "source", "title", "text", "contact_name", "contact_phone", "state", "outcome",
    "version", "created_at", "submitted_at", "submitted_on", "accepted_on", "assigned_on", "decided_on", "resolved_on",
    "confirmed_on", "rated_on", "closed_on", "last_closed_on", "ended_on", "due_on", "yellow_on", "since_on",
    "pause_asked_on", "next_on", "handling_days", "on_time", "resolution", "rating", "rating_text", "is_escalated",
    "bounces", "reopened_times", "tokens", "top_category", "first_reply_on", "escalated_to", "escalated_on", "rated_by",
]  # fmt: skip
SPAN_KEPT = ["state", "started_at", "started_on", "ended_at", "ended_on", "due_on", "yellow_from", "yellow_until",
             "red_from"]  # fmt: skip
LEG_KEPT = ["is_lead", "assigned_at", "due_on", "instruction", "signed_at", "reported_at", "report_text", "ended_at",
            "end_kind"]  # fmt: skip
# Of limits only those that run: what supervision looks at.
LIMIT_KEPT = ["step", "started_on", "days", "due_on", "near_on", "paused_on"]


def is_real(region: Region) -> bool:
    """Whether a region at the top of the tree is neither synthetic nor a demonstration's."""
    return not (region.code or "").startswith((SYNTHETIC, *DEMONSTRATIONS))


def holds_real_records() -> bool:
    """Whether enterprises of a real place are in the database."""
    real = [region.path for region in Region.objects.filter(parent=None) if is_real(region)]
    return any(Enterprise.objects.filter(region__path__startswith=path).exists() for path in real)


class Synthesis:
    """One run. `say` is told what was done; use inside `core.owner.as_owner()`."""

    def __init__(self, problems: int, counties: int, seed: int, say: Callable[[str], None]):
        self.problems, self.counties, self.say = problems, counties, say
        self.random = random.Random(f"synthesise {seed}")
        self.seed = seed
        self.today = clock.today()
        self.first = self.today - dt.timedelta(days=365 * MONTHS // 12)

    @transaction.atomic
    def run(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL app.bulk = 'on'")
            # Losing the last second of a measuring run is nothing.
            cursor.execute("SET LOCAL synchronous_commit = off")
            self._frame()
            self.say(f"{self.counties} counties, {len(self.place.firms)} enterprises")
            self._templates(cursor)
            self.say(f"{self.templates} histories told")
            with heavy.filling([PROBLEM, SPAN, LEG, LIMIT], self.problems):
                for table, count in self._copies(cursor):
                    self.say(f"{table}: {count} rows")
            self.say("foreign keys and indexes made again")
            for table in (PROBLEM, SPAN, LEG, LIMIT, Enterprise._meta.db_table):
                cursor.execute(f"ANALYZE {table}")
        recount.rebuild()
        self.say("figures recounted")

    # --- the frame: counties with chains, committees, units, enterprises ---

    def _frame(self) -> None:
        rows = Rows(clock.now())
        self.place = place_ = Place(f"synthesise {self.seed}", rows, self.today, "合成")
        place_.first_code = 10_000_000 + 1_000_000 * Region.objects.filter(parent=None, code__startswith="98").count()
        self.units: list[tuple] = []
        city, founded = None, self.first - dt.timedelta(days=120)
        for number in range(self.counties):
            if number % 90 == 0:
                city = self._city()
                lines = [place_.line(key, city, founded) for key in CHAINS]
                place_.lines = lines
            self._county(city, lines, number % 90 + 1, founded)
        cover(place_)
        rows.write([*place.ORDER, *place.PEOPLE, *gatherings.ORDER, Event])

    def _city(self) -> Region:
        taken = Region.objects.filter(parent=None, code__startswith=SYNTHETIC).count() + sum(
            row.parent_id is None for row in self.place.rows.of("alliances.Region")
        )
        tops = [row.path for row in self.place.rows.of("alliances.Region") if row.parent_id is None]
        city = self.place.root(f"合成市{taken + 1}", "city", f"{SYNTHETIC}{taken + 1:02d}00")
        while city.path in tops:
            city.path = place.path_segment(int(city.path, 36) + 1)
        return city

    def _county(self, city: Region, lines, number: int, founded: dt.date) -> None:
        place_, rng = self.place, self.random
        county = place_.region(city, f"合成县{number:02d}", "county", f"{city.code[:4]}{number:02d}")
        towns = [place_.region(county, f"第{town + 1}乡", "township") for town in range(TOWNSHIPS)]
        spec = texts("units")["teams"][1]
        team = place_.team(county, f"{county.name}帮办团", spec, founded, size=3)
        departments = [place_.department(county, key) for key in ("agriculture", "reform", "approval")]
        self.units.append((county.pk, county.code, team.pk, *(row.pk for row in departments)))
        for line in lines:
            place_.committee(line, county, founded)
        for one in range(ENTERPRISES):
            line = lines[one % len(lines)]
            firm = place_.firm(line, line.committees[county.pk], rng.choice(towns), founded, is_master=one < len(lines))
            place_.employees(firm, [(founded, rng.randrange(5, 400))])
            if one % 2 == 0:
                branch = place_.organisation(f"{firm.enterprise.name}党支部", county, founded, firms=[firm])
                place_.members(branch, [(founded, rng.randrange(3, 40))])
            self._counties_of[firm.enterprise.pk] = county.pk

    @property
    def _counties_of(self) -> dict[int, int]:
        return self.__dict__.setdefault("_county_by_enterprise", {})

    # --- histories to be copied ---

    def _templates(self, cursor) -> None:
        """Tell histories on the first county's enterprises and keep their rows in temporary tables."""
        self.templates = min(self.problems, TEMPLATES)
        rng, calendar = self.random, workdays.current()
        ledger = Ledger(
            self.place, Scene(calendar, Rulebook.objects.filter(region=None).earliest("valid_from"), clock.now()), rng,
            _roles(),
        )  # fmt: skip
        ledger.place.rows = _Loose()
        top = {row.pk: (row.parent or row).code for row in ledger.categories.values()}
        days = (self.today - self.first).days
        tables = {name: io.StringIO() for name in ("problem", "span", "leg", "limit")}
        for number in range(self.templates):
            # Spread evenly: every month has its share however few histories there are.
            day = self.first + dt.timedelta(days=days * number // self.templates)
            history = ledger.tell(rng.choice(self.place.firms[:ENTERPRISES]), ledger.moment(min(day, self.today)))
            problem = history.problem
            if problem.submitted_at is None:
                ledger.tell(self.place.firms[0], ledger.workdays_ago(2))
                history = ledger.histories[-1]
                problem = history.problem
            problem.tokens, problem.top_category = search.tokens(problem.title), top[problem.category_id]
            unit = (problem.lead_team_id, problem.lead_department_id)
            _line(tables["problem"], [number, *unit, *(getattr(problem, name) for name in KEPT)])
            for span in history.spans:
                _line(
                    tables["span"],
                    [number, span.team_id, span.department_id, *(getattr(span, name) for name in SPAN_KEPT)],
                )
            for leg in history.legs:
                _line(tables["leg"], [number, leg.team_id, leg.department_id, *(getattr(leg, n) for n in LEG_KEPT)])
            for limit in history.limits:
                if limit.met_on is None and limit.dropped_on is None:
                    leg = limit.assignment
                    unit = [leg.is_lead, leg.department_id] if leg else [None, None]
                    _line(tables["limit"], [number, *unit, *(getattr(limit, name) for name in LIMIT_KEPT)])
            ledger.histories.clear()
        self._temporary(
            cursor, "limit", LIMIT, LIMIT_KEPT, ["false AS is_lead", "assignment_id AS department_id"], tables
        )
        self._temporary(cursor, "problem", PROBLEM, KEPT, ["lead_team_id", "lead_department_id"], tables)
        self._temporary(cursor, "span", SPAN, SPAN_KEPT, ["team_id", "department_id"], tables)
        self._temporary(cursor, "leg", LEG, LEG_KEPT, ["team_id", "department_id"], tables)

    def _temporary(self, cursor, name, table, kept, unit, tables) -> None:
        columns = ", ".join([*unit, *kept])
        cursor.execute(
            f"CREATE TEMPORARY TABLE made_{name} ON COMMIT DROP AS"
            f" SELECT 0::bigint AS made, {columns} FROM {table} LIMIT 0"
        )
        tables[name].seek(0)
        cursor.copy_expert(f"COPY made_{name} FROM STDIN", tables[name])
        cursor.execute(f"CREATE INDEX ON made_{name} (made)")
        cursor.execute(f"ANALYZE made_{name}")

    # --- copies ---

    def _copies(self, cursor):
        """Spread the histories over the enterprises: the n-th problem is history n modulo their number."""
        self._places(cursor)
        first = take_keys(Problem, 1)[0]
        cursor.execute(
            "CREATE TEMPORARY TABLE made_copy ON COMMIT DROP AS SELECT %s + n AS id, n %% %s AS made, n,"
            " (hashint8extended(n, %s) %% %s + %s) %% %s AS place FROM generate_series(0, %s) n",
            [first, self.templates, self.seed, *[len(self.place.firms)] * 3, self.problems - 1],
        )
        cursor.execute("ANALYZE made_copy")
        kept = ", ".join(KEPT)
        cursor.execute(
            f"INSERT INTO {PROBLEM} (id, number, closing_number, enterprise_id, region_id, chain_id, committee_id,"
            f" lead_team_id, lead_department_id, {kept})"
            " SELECT c.id,"
            " 'WT-' || p.code || '-' || extract(year FROM m.submitted_on) || '-' || lpad(c.n::text, 8, '0'),"
            " CASE WHEN m.closed_on IS NOT NULL THEN"
            "  'XH-' || p.code || '-' || extract(year FROM m.closed_on) || '-' || lpad(c.n::text, 8, '0') END,"
            " p.enterprise_id, p.region_id, p.chain_id, p.committee_id,"
            f" {_units('m.lead_team_id', 'm.lead_department_id')},"
            f" {', '.join('m.' + name for name in KEPT)}"
            " FROM made_copy c JOIN made_place p ON p.n = c.place JOIN made_problem m ON m.made = c.made ORDER BY c.id"
        )
        yield PROBLEM, cursor.rowcount
        self._advance(cursor, PROBLEM)
        cursor.execute(
            f"INSERT INTO {SPAN} (problem_id, enterprise_id, region_id, chain_id, committee_id, team_id, department_id,"
            f" {', '.join(SPAN_KEPT)}) SELECT c.id, p.enterprise_id, p.region_id, p.chain_id, p.committee_id,"
            f" {_units('m.team_id', 'm.department_id')}, {', '.join('m.' + name for name in SPAN_KEPT)}"
            " FROM made_copy c JOIN made_place p ON p.n = c.place JOIN made_span m ON m.made = c.made"
        )
        yield SPAN, cursor.rowcount
        cursor.execute(
            f"INSERT INTO {LEG} (problem_id, team_id, department_id, {', '.join(LEG_KEPT)})"
            f" SELECT c.id, {_units('m.team_id', 'm.department_id')}, {', '.join('m.' + name for name in LEG_KEPT)}"
            " FROM made_copy c JOIN made_place p ON p.n = c.place JOIN made_leg m ON m.made = c.made"
        )
        yield LEG, cursor.rowcount
        cursor.execute(
            f"INSERT INTO {LIMIT} (problem_id, assignment_id, enterprise_id, region_id, chain_id, committee_id,"
            f" {', '.join(LIMIT_KEPT)}) SELECT c.id, a.id, p.enterprise_id, p.region_id, p.chain_id, p.committee_id,"
            f" {', '.join('m.' + name for name in LIMIT_KEPT)}"
            " FROM made_copy c JOIN made_place p ON p.n = c.place JOIN made_limit m ON m.made = c.made"
            f" LEFT JOIN {LEG} a ON a.problem_id = c.id AND a.ended_at IS NULL AND a.is_lead = m.is_lead"
            " AND (a.is_lead OR a.department_id ="
            "  CASE m.department_id WHEN 1 THEN p.one WHEN 2 THEN p.two WHEN 3 THEN p.three END)"
        )
        yield LIMIT, cursor.rowcount

    def _places(self, cursor) -> None:
        """Where a copy may go: enterprises with their place and the units of their county."""
        units = {row[0]: row[1:] for row in self.units}
        buffer = io.StringIO()
        for number, firm in enumerate(self.place.firms):
            enterprise = firm.enterprise
            of_county = units[self._counties_of[enterprise.pk]]
            place_ = [enterprise.pk, enterprise.region_id, firm.line.chain.pk, firm.committee.pk]
            _line(buffer, [number, *place_, *of_county])
        cursor.execute(
            "CREATE TEMPORARY TABLE made_place (n bigint PRIMARY KEY, enterprise_id bigint, region_id bigint,"
            " chain_id bigint, committee_id bigint, code text, team bigint, one bigint, two bigint, three bigint)"
            " ON COMMIT DROP"
        )
        buffer.seek(0)
        cursor.copy_expert("COPY made_place FROM STDIN", buffer)
        cursor.execute("ANALYZE made_place")

    def _advance(self, cursor, table: str) -> None:
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def _units(team: str, department: str) -> str:
    """SQL for the county's own units in place of the template's: its team, and its departments 1, 2 and 3."""
    return (
        f"CASE WHEN {team} IS NOT NULL THEN p.team END,"
        f" CASE {department} WHEN 1 THEN p.one WHEN 2 THEN p.two WHEN 3 THEN p.three END"
    )


def _roles():
    """Who acts in the histories: nobody in particular, units by number."""

    def actor(role, title):
        return Actor(None, title, (Duty(role, title=title),))

    team = HelpTeam(pk=1)
    one, two, three = (Department(pk=number) for number in (1, 2, 3))
    helper = Actor(None, "协办人", (Duty(Role.DEPARTMENT_OFFICER, department_id=3),))
    actors = {("helpteam", 1): actor(Role.TEAM_MEMBER, "帮办团成员")}
    actors |= {("department", number): actor(Role.DEPARTMENT_OFFICER, "承办人") for number in (1, 2)}
    actors["department", 3] = helper
    secretary, keeper = actor(Role.BRANCH_SECRETARY, "企业党组织书记"), actor(Role.CHAIN_SECRETARY, "书记")
    officer, leader = actor(Role.COUNTY_OFFICER, "组织部工作人员"), actor(Role.LEADER, "领导")

    def roles_of(firm: Firm, template: dict, rng: random.Random) -> Roles:
        unit = team if rng.random() < 0.6 else one
        return Roles(keeper, secretary, keeper, officer, leader, unit, two, three, actors)

    return roles_of


class _Loose:
    """Stands in for `Rows` where nothing is to be written: gives keys that are never used."""

    def __init__(self):
        self._next = 0

    def add(self, instance):
        self._next += 1
        instance.pk = instance.pk or self._next
        return instance


def _line(buffer: io.StringIO, values: list) -> None:
    buffer.write("\t".join(copy_text(value) for value in values) + "\n")
