"""Places whose records are made from published figures, for proof: what building them has in common.

The totals come from `published/NAME.yaml`; how they fall on places, units and months is invented, and so are all
people and enterprises.
"""

import datetime as dt
import random

from core import clock, workdays
from core.actor import Actor, Duty, Role
from demo import published
from demo.books import Books
from demo.cast import Cast
from demo.coverage import cover
from demo.deeds import Deeds
from demo.gatherings import Gatherings
from demo.histories import Scene, add_to, number_all
from demo.ledger import Ledger
from demo.place import Firm, Line, Place
from demo.rows import Rows
from demo.shelves import Shelves
from demo.stories import Roles
from demo.ventures import BANKS, Ventures
from demo.wording import texts
from enterprises.enums import Formation
from meetings.schemes import catalogue
from problems.models import Rulebook


def shares(amount: int, parts: int, rng: random.Random, least: int = 1) -> list[int]:
    """`amount` in `parts` whole numbers of at least `least` that add up to it exactly, uneven as life is."""
    weights = [rng.paretovariate(1.6) for _part in range(parts)]
    spare, whole = amount - least * parts, sum(weights)
    found = [least + int(spare * weight / whole) for weight in weights]
    for number in range(amount - sum(found)):
        found[number % parts] += 1
    return found


def place_names(count: int, skip: int = 0) -> list[str]:
    """Names of places that are nowhere in particular, each once; `skip` begins the row elsewhere."""
    found = [a + b for b in "河湾桥峰坪原溪塘" for a in "云禾岭青柳白石松南北红沙"]
    return [found[(skip + number) % len(found)] for number in range(count)]


class Proof:
    """Builds a place in memory. A subclass says what it has, step by step; each step may be left out."""

    slug = label = code = word = ""
    # Credit codes count on from here, so that no two demonstrations share one.
    first_code = 0
    founded = first = last = dt.date(2022, 1, 1)
    officer_title, leader_title, department_key = "县委组织部工作人员", "县委常委、总链长", "agriculture"

    def __init__(self, password: str):
        self.now = clock.now()
        self.rows = Rows(self.now)
        self.random = random.Random(self.slug)
        self.place = Place(self.slug, self.rows, clock.today(), self.word)
        self.place.first_code = self.first_code
        self.cast = Cast(self.place, self.slug, self.label, password, self.founded)
        self.calendar = workdays.current()
        self.actors: dict = {}
        self.secretaries: dict[int, Actor] = {}
        # The region whose units handle, and the one above it where the officer and the leader sit at another.
        self.home = self.top = None
        # Regions that handle their own enterprises' problems, where the place is larger than one county.
        self.counties: list = []

    def total(self, key: str) -> int:
        """The published value, in the unit of the figure that holds it."""
        return published.total(self.slug, key)

    def build(self) -> Rows:
        self.frame()
        self.committees()
        self.enterprises()
        self.organisations()
        self.books = Books(self.place, self.home)
        self.registers()
        self.lists(Shelves(self.rows))
        self.projects(Ventures(self.rows, self.home), random.Random(f"{self.slug} projects"))
        self.books.finish()
        cover(self.place)
        self.people()
        self.open_ledger()
        self.problems()
        self.gatherings = Gatherings(self.place, self.ledger, self.random)
        self.meetings()
        self.gatherings.finish()
        self.deeds = Deeds(self.place, self.random)
        for number, kind in enumerate(catalogue.get(self.slug).activity_kinds, start=1):
            self.deeds.own_kind(self.top or self.home, order=200 + number, **kind)
        self.activities()
        self.last_numbers = {}
        for region in self.counties or [self.home]:
            mine = [h for h in self.ledger.histories if h.problem.region.path.startswith(region.path)]
            self.last_numbers.update(number_all(mine, region.code or self.code))
        add_to(self.rows, self.ledger.histories)
        return self.rows

    # --- steps ---

    def frame(self) -> None:
        raise NotImplementedError

    def committees(self) -> None:
        """Chains with their committees."""

    def enterprises(self) -> None:
        """Enterprises with the numbers of their people."""

    def organisations(self) -> None:
        """Party organisations with the numbers of their members."""

    def registers(self) -> None:
        """Postings, pairings, facilities and honours."""

    def lists(self, shelves: Shelves) -> None:
        """Policies with their measures, talent that was hired."""

    def projects(self, ventures: Ventures, rng: random.Random) -> None:
        """Projects and finance, by chances of their own."""

    def problems(self) -> None:
        """What enterprises raised."""

    def meetings(self) -> None:
        """Meetings and what they decided."""

    def activities(self) -> None:
        """Activities and visits with whom they reached."""

    def afterwards(self) -> None:
        """What is worked out from the rows once they are written."""

    # --- organisation ---

    def towns(self, count: int) -> list:
        """Towns of invented names below the home region."""
        return [self.place.region(self.home, f"{name}镇", "township") for name in place_names(count)]

    def teams(self, region, names: list[str], founded_on: dt.date, size: int = 4) -> None:
        """Help teams of these names (see texts/units.yaml)."""
        for spec in texts("units")["teams"]:
            if spec["name"] in names:
                self.place.team(region, f"{region.name}{spec['name']}", spec, founded_on, size)

    def link_teams(self) -> None:
        """Each chain is served by the home region's help teams."""
        mine = [team for (region, _name), team in self.place.teams.items() if region == self.home.pk]
        for line in self.place.lines:
            for team in mine:
                self.rows.link(type(line.chain).help_teams, line.chain, team)

    def firms(self, line: Line, count: int, regions: list, people: tuple[int, int], **about) -> list[Firm]:
        """`count` enterprises of the chain, the first of them its master; `people` is from how many to how many."""
        place, rng, found = self.place, self.random, []
        for _firm in range(count):
            region = rng.choice(regions)
            committee = line.committees.get(region.pk) or line.committees[self.home.pk]
            joined = committee.founded_on + dt.timedelta(days=rng.randrange(10, 200))
            employed = rng.randrange(*people)
            scale = "large" if employed > 900 else "medium" if employed > 250 else "small" if employed > 25 else "micro"
            firm = place.firm(line, committee, region, joined, is_master=not line.firms, scale=scale, **about)
            place.employees(firm, [(joined, employed)])
            found.append(firm)
        return found

    def branch_of(self, firm: Firm, founded_on: dt.date | None = None, parent=None):
        """The enterprise's own branch, there before the period unless a day is given."""
        soon = firm.enterprise.joined_on + dt.timedelta(days=self.random.randrange(5, 90))
        founded_on = founded_on or min(soon, self.first - dt.timedelta(days=1))
        return self.place.organisation(
            f"{firm.enterprise.name}党支部", firm.enterprise.region, founded_on, parent=parent, firms=[firm],
            formation=self.random.choices([Formation.ALONE, Formation.CITY_ENTERPRISE], [92, 8])[0],
        )  # fmt: skip

    def grow(self, organisations: list, before: list[int], more: list[int]) -> None:
        """Members of each organisation from its founding, and how many more there are within the period."""
        for number, (organisation, start, added) in enumerate(zip(organisations, before, more, strict=True)):
            counts = [(organisation.founded_on, start)]
            if added:
                spread = (self.last - self.first).days - 20
                counts.append((self.first + dt.timedelta(days=10 + number * 37 % spread), start + added))
            self.place.members(organisation, counts)

    def since(self, owner=None) -> dt.date:
        """Some day between the founding and the end of the period, not before a firm or organisation was there."""
        day = self.founded + dt.timedelta(days=self.random.randrange((self.last - self.founded).days))
        if owner is None:
            return day
        there = owner.enterprise.joined_on if isinstance(owner, Firm) else owner.founded_on
        return max(day, there)

    # --- people ---

    def people(self) -> None:
        """An account for everybody who acts in the records; the first of each role is `ROLE.PLACE`."""
        cast, people, home = self.cast, self.place.people, self.home
        top = self.top or home
        self.officers = {home.pk: cast.officer(top, title=self.officer_title)}
        for county in self.counties:
            self.officers[county.pk] = cast.officer(county)
        self.leader = cast.person(Role.LEADER, people.name(), self.leader_title, region=top, phone=people.phone())
        for line in self.place.lines:
            for committee in line.committees.values():
                self._secretary(line, committee)
        for member in [row for row in self.rows.of("alliances.TeamMember") if row.is_lead]:
            actor = cast.person(
                Role.TEAM_MEMBER, member.name, "帮办团团长", home=member.team.region, phone=member.phone,
                team=member.team,
            )  # fmt: skip
            member.user_id = actor.user_id
            self.actors["helpteam", member.team_id] = actor
        department = self.place.department(home, self.department_key)
        self.actors["department", department.pk] = cast.person(
            Role.DEPARTMENT_OFFICER, department.contact_name, "承办人", home=home, phone=department.contact_phone,
            department=department,
        )  # fmt: skip
        firm = self.place.firms[0]
        cast.person(
            Role.BRANCH_SECRETARY, firm.secretary, "企业党组织书记", home=firm.enterprise.region,
            phone=firm.enterprise.contact_phone, enterprise=firm.enterprise,
        )  # fmt: skip

    def _secretary(self, line: Line, committee) -> None:
        seat = next(seat for seat in line.seats[committee.pk] if seat.kind == "secretary")
        actor = self.cast.person(
            Role.CHAIN_SECRETARY, seat.person, f"{line.short}产业链党委书记", home=committee.region, phone=seat.phone,
            committee=committee,
        )  # fmt: skip
        seat.user_id = actor.user_id
        self.secretaries[committee.pk] = actor

    def _department_actor(self, department) -> None:
        key = ("department", department.pk)
        if key not in self.actors:
            duty = Duty(Role.DEPARTMENT_OFFICER, department_id=department.pk, title="承办人")
            self.actors[key] = Actor(None, department.contact_name, (duty,))

    def handling(self, firm: Firm):
        """The region whose units handle the enterprise's problems."""
        return firm.enterprise.region if self.counties else self.home

    def roles_of(self, firm: Firm, template: dict, rng: random.Random) -> Roles:
        """Units of the enterprise's county handle, or those of the city."""
        region, units = self.handling(firm), texts("units")
        name = units["team_of_category"][template["category"]]
        department = self.place.department(region, template["unit"])
        other = self.place.department(region, "reform")
        helper = self.place.department(region, "approval" if template["unit"] != "approval" else "market")
        for one in (department, other, helper):
            self._department_actor(one)
        team = self.place.teams.get((region.pk, name))
        unit = team if team and rng.random() < 0.6 else department
        duty = Duty(Role.BRANCH_SECRETARY, enterprise_id=firm.enterprise.pk, title="企业党组织书记")
        secretary = Actor(None, firm.secretary, (duty,))
        keeper = self.secretaries[firm.committee.pk]
        officer = self.officers[region.pk]
        return Roles(keeper, secretary, keeper, officer, self.leader, unit, other, helper, self.actors)

    # --- ledger and meetings ---

    def open_ledger(self) -> None:
        scene = Scene(self.calendar, Rulebook.objects.filter(region=None).earliest("valid_from"), self.now)
        self.ledger = Ledger(self.place, scene, self.random, self.roles_of)

    def workdays(self, last: dt.date | None = None) -> list[dt.date]:
        """The period's working days, up to `last`."""
        end = last or self.last
        days = [self.first + dt.timedelta(days=number) for number in range((end - self.first).days + 1)]
        return [day for day in days if self.calendar.is_workday(day)]

    def member_on(self, day: dt.date) -> Firm:
        """Some enterprise that was on its chain by then."""
        firms = [one for one in self.random.sample(self.place.firms, 12) if one.enterprise.joined_on <= day]
        return firms[0] if firms else self.place.firms[0]

    def tell(self, count: int, plots: str | list[str], about: frozenset[str] = frozenset(), early: int = 0) -> None:
        """`count` problems of these plots, raised within the period, no later than `early` days before its end."""
        days = self.workdays(self.last - dt.timedelta(days=early))
        plots = [plots] if isinstance(plots, str) else plots
        for number, day in enumerate(sorted(self.random.choices(days, k=count))):
            moment = self.ledger.moment(day)
            self.ledger.tell(self.member_on(day), moment, plots[number % len(plots)], about=about)

    def hold(self, plan: list[tuple], decisions: list[int]) -> None:
        """Meetings of a plan of (line or nothing, committee, day, kind), each with its number of decisions."""
        plan = sorted(plan, key=lambda one: (one[2], one[1].pk))
        for (line, committee, day, kind), number in zip(plan, decisions, strict=True):
            seats = line.seats[committee.pk] if line else self.place.industry_seats
            by = self.secretaries[committee.pk] if line else self.officers[self.home.pk]
            self.gatherings.hold(committee, line, seats, by, day, kind, decisions=number)

    def gather(self, code: str, count: int, category: str = "member", **about) -> None:
        """`count` activities of a kind, by the committees in turn, some people of a category at each."""
        days, rng = self.workdays(), self.random
        seats = [(line, committee) for line in self.place.lines for committee in line.committees.values()]
        for number, day in enumerate(sorted(rng.choices(days, k=count))):
            line, committee = seats[number % len(seats)]
            chief = next(seat for seat in line.seats[committee.pk] if seat.kind == "secretary")
            self.deeds.tell(
                code, day, committee.region, self.secretaries[committee.pk], line=line, committee=committee,
                people={category: rng.randrange(12, 60)}, leader=chief.person, leader_title=chief.post_title, **about,
            )  # fmt: skip

    def gather_branches(self, code: str, plan: list[tuple], category: str = "member") -> None:
        """Activities of a kind that Party organisations held, by a plan of (organisation, day)."""
        lines = {committee.pk: line for line in self.place.lines for committee in line.committees.values()}
        for organisation, day in plan:
            committee = organisation.committee
            by = self.secretaries[committee.pk] if committee else self.officers[self.home.pk]
            self.deeds.tell(
                code, day, organisation.region, by, line=lines[committee.pk] if committee else None,
                committee=committee, organisation=organisation, people={category: self.random.randrange(8, 40)},
            )  # fmt: skip

    def serve(self, code: str, count: int, firms: list[Firm]) -> None:
        """`count` deeds of a kind for these enterprises in turn, each by the committee of its enterprise."""
        days = sorted(self.random.choices(self.workdays(), k=count))
        for number, day in enumerate(days):
            firm = firms[number % len(firms)]
            self.deeds.tell(
                code, max(day, firm.enterprise.joined_on), firm.committee.region,
                self.secretaries[firm.committee.pk], line=firm.line, committee=firm.committee, firms=[firm],
            )  # fmt: skip

    def visit(self, firms: list[Firm], each: int, code: str = "visit") -> None:
        """Trips that reach these enterprises in turn, `each` on a trip, by the committee of the first."""
        days = self.workdays()
        ordered = sorted(firms, key=lambda firm: (firm.committee.pk, firm.enterprise.pk))
        for start in range(0, len(ordered), each):
            trip = ordered[start : start + each]
            latest = max(firm.enterprise.joined_on for firm in trip)
            day = self.random.choice([one for one in days if one >= latest] or days[-1:])
            line, committee = trip[0].line, trip[0].committee
            chief = next(seat for seat in line.seats[committee.pk] if seat.kind == "secretary")
            self.deeds.tell(
                code, day, committee.region, self.secretaries[committee.pk], line=line, committee=committee, firms=trip,
                leader=chief.person, leader_title=chief.post_title,
            )  # fmt: skip

    def lend_out(self, ventures: Ventures, rng: random.Random, key: str, kind: str, number: int, **about) -> None:
        """Loans of a kind that add up to the published amount, to enterprises unless `about` says to whom."""
        for count, amount in enumerate(shares(self.total(key), number, rng)):
            day = self.first + dt.timedelta(days=rng.randrange((self.last - self.first).days))
            to = dict(about)
            if "borrower" in to:
                to["borrower"] = to["borrower"].format(n=count + 1)
            else:
                to["firm"] = rng.choice(self.place.firms)
            ventures.lend(kind, amount, day, BANKS[count % len(BANKS)], **to)

    def draw_in(self, ventures: Ventures, rng: random.Random, key: str, number: int) -> None:
        """Social capital that adds up to the published amount."""
        for count, amount in enumerate(shares(self.total(key), number, rng)):
            day = self.first + dt.timedelta(days=rng.randrange((self.last - self.first).days))
            ventures.draw_in(f"示范投资公司{count % 7 + 1}", amount, day, rng.choice(self.place.firms))

    def steps(self, day: dt.date, number: int, rng: random.Random) -> list[dt.date]:
        """The days on which a project reached so many states, from that day on, some three weeks each."""
        found = [day]
        while len(found) < number:
            found.append(found[-1] + dt.timedelta(days=rng.randrange(14, 28)))
        return found

    def day(self, first: dt.date, within: int) -> dt.date:
        """A working day within so many days, not after the period."""
        day = first + dt.timedelta(days=self.random.randrange(within))
        day = day if self.calendar.is_workday(day) else self.calendar.add(day, 1)
        return min(day, self.last)
