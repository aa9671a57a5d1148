"""平凉市: invented records, made so that the figures rolled up equal those published for January to August 2022.

The totals come from `published/pingliang.yaml`; how they fall on counties, chains and months is invented, for the
source prints no such breakdown. People and enterprises are invented, chains have the general names of industries.
"""

import datetime as dt
import random
from functools import cache
from pathlib import Path

import yaml

from core import clock, workdays
from core.actor import Actor, Duty, Role
from demo.cast import Cast
from demo.gatherings import Gatherings
from demo.histories import Scene, add_to, number_all
from demo.ledger import Ledger
from demo.place import Firm, Line, Place, texts
from demo.rows import Rows
from demo.stories import Roles
from enterprises.enums import Formation, OrganisationKind
from meetings.enums import MeetingClass
from problems.models import Rulebook

CODE = "620800"
COUNTIES = [("崆峒区", "620802"), ("泾川县", "620821"), ("灵台县", "620822"), ("崇信县", "620823"),
            ("庄浪县", "620825"), ("静宁县", "620826"), ("华亭市", "620881")]  # fmt: skip
CHAINS = ["cattle", "apple", "vegetable", "potato", "herbs", "energy", "equipment", "materials", "tourism"]
FOUNDED, FIRST, LAST = dt.date(2021, 4, 12), dt.date(2022, 1, 1), dt.date(2022, 8, 31)


@cache
def published() -> dict:
    """The published figures and the reasons why others are not held yet."""
    return yaml.safe_load((Path(__file__).parent / "published" / "pingliang.yaml").read_text(encoding="utf-8"))


def total(code: str) -> int:
    """The published value of an indicator, in its own unit."""
    return next(int(one.get("records", one["value"])) for one in published()["compared"] if one["indicator"] == code)


def shares(amount: int, parts: int, rng: random.Random, least: int = 1) -> list[int]:
    """`amount` in `parts` whole numbers of at least `least` that add up to it exactly, uneven as life is."""
    weights = [rng.paretovariate(1.6) for _part in range(parts)]
    spare, whole = amount - least * parts, sum(weights)
    found = [least + int(spare * weight / whole) for weight in weights]
    for number in range(amount - sum(found)):
        found[number % parts] += 1
    return found


class Pingliang:
    """Builds the city in memory."""

    def __init__(self, password: str):
        self.now = clock.now()
        self.rows = Rows(self.now)
        self.random = random.Random("pingliang")
        self.place = Place("pingliang", self.rows, clock.today(), "平示")
        self.place.first_code = 1_000_000
        self.cast = Cast(self.place, "pingliang", "平凉市", password, FOUNDED)
        self.calendar = workdays.current()
        self.actors: dict = {}
        self.secretaries: dict[int, Actor] = {}

    def build(self) -> Rows:
        self._frame()
        self._committees()
        self._enterprises()
        self._organisations()
        self._people()
        self._ledger()
        self._meetings()
        self.last_numbers = {}
        for _name, code in COUNTIES:
            mine = [h for h in self.ledger.histories if h.problem.region.code == code]
            self.last_numbers.update(number_all(mine, code))
        add_to(self.rows, self.ledger.histories)
        return self.rows

    # --- organisation ---

    def _frame(self) -> None:
        place = self.place
        self.city = place.root("平凉市", "city", CODE)
        self.counties = [place.region(self.city, name, "county", code) for name, code in COUNTIES]
        specs = texts("units")["teams"]
        teams = total("help_teams")
        per_county, in_city = divmod(teams, len(COUNTIES))
        for spec in specs[:in_city]:
            place.team(self.city, f"平凉市{spec['name']}", spec, FOUNDED)
        for county in self.counties:
            for spec in specs[:per_county]:
                place.team(county, f"{county.name}{spec['name']}", spec, FOUNDED + dt.timedelta(days=30), 4)

    def _committees(self) -> None:
        """A committee of each chain in the city, and county committees, spread evenly, up to the published number."""
        place = self.place
        lines = [place.line(key, self.city, FOUNDED) for key in CHAINS[: total("key_chains")]]
        for number, line in enumerate(lines):
            place.committee(line, self.city, FOUNDED + dt.timedelta(days=3 * number))
        wanted = total("chain_committees") - len(lines)
        for number in range(wanted):
            line = lines[number % len(lines)]
            county = self.counties[(number // len(lines) + number) % len(self.counties)]
            founded = FOUNDED + dt.timedelta(days=25 + number)
            place.committee(line, county, founded, line.committees[self.city.pk])
        for line in lines:
            for name in ("项目招引帮办团", "营商服务帮办团"):
                self.rows.link(type(line.chain).help_teams, line.chain, place.teams[self.city.pk, name])

    def _enterprises(self) -> None:
        place, rng = self.place, self.random
        number = total("member_enterprises")
        for place_number, people in enumerate(shares(total("employees"), number, rng, least=6)):
            line = place.lines[place_number % len(place.lines)]
            county = rng.choice(self.counties)
            committee = line.committees.get(county.pk) or line.committees[self.city.pk]
            days = rng.randrange((LAST - committee.founded_on).days - 40)
            joined = committee.founded_on + dt.timedelta(days=days)
            scale = "large" if people > 900 else "medium" if people > 250 else "small" if people > 25 else "micro"
            master = not line.firms
            firm = place.firm(line, committee, county, joined, is_master=master, scale="large" if master else scale)
            before = max(1, round(people * rng.uniform(0.85, 1.05)))
            middle = joined + dt.timedelta(days=max(1, (LAST - joined).days // 2))
            place.employees(firm, [(joined, before), (middle, people)])

    def _organisations(self) -> None:
        """General branches by committee, single and joint branches, groups: as many as published."""
        place, rng = self.place, self.random
        number = total("party_orgs")
        general, groups, joint = number // 14, number // 8, number // 10
        single = number - general - groups - joint
        standing = iter(rng.sample(place.firms, len(place.firms)))
        roots: dict[int, object] = {}
        committees = [(line, committee) for line in place.lines for committee in line.committees.values()]
        for line, committee in committees[:: max(1, len(committees) // general)][:general]:
            roots[committee.pk] = place.organisation(
                f"{committee.region.name}{line.short}产业链党总支", committee.region, committee.founded_on,
                kind=OrganisationKind.GENERAL_BRANCH, formation=Formation.ATTACHED, line=line, committee=committee,
            )  # fmt: skip
        single += general - len(roots)
        for _branch in range(single):
            firm = next(standing)
            formation = rng.choices([Formation.ALONE, Formation.CITY_ENTERPRISE], [92, 8])[0]
            self._branch(f"{firm.enterprise.name}党支部", [firm], roots, formation=formation)
        for branch in range(joint):
            first = next(standing)
            near = [firm for firm in place.firms if firm.committee is first.committee and firm is not first]
            fitting = [firm for firm in near if not firm.organisations]
            name = f"{first.enterprise.region.name}{first.line.short}第{branch + 1}联合党支部"
            self._branch(name, [first, *fitting[:1]], roots, kind=OrganisationKind.JOINT_BRANCH)
        for _group in range(groups):
            firm = next(standing)
            name = f"{firm.enterprise.name}党小组"
            self._branch(name, [firm], roots, kind=OrganisationKind.GROUP, formation=Formation.ATTACHED)
        assert len(place.organisations) == number
        for organisation, people in zip(
            place.organisations, shares(total("party_members"), number, rng, least=3), strict=True
        ):
            before = max(1, people - rng.randrange(0, 3))
            later = organisation.founded_on + dt.timedelta(days=max(1, (LAST - organisation.founded_on).days // 2))
            place.members(organisation, [(organisation.founded_on, before), (later, people)])
        place.coverage()

    def _branch(self, name: str, firms: list[Firm], roots: dict, **about) -> None:
        latest = max(firm.enterprise.joined_on for firm in firms)
        founded = latest + dt.timedelta(days=self.random.randrange(max(1, min(120, (LAST - latest).days - 30))))
        parent = roots.get(firms[0].committee.pk)
        self.place.organisation(name, firms[0].enterprise.region, founded, parent=parent, firms=firms, **about)

    # --- people ---

    def _people(self) -> None:
        cast, people = self.cast, self.place.people
        self.officers = {self.city.pk: cast.officer(self.city, title="市委组织部工作人员")}
        self.leader = cast.person(
            Role.LEADER, people.name(), "市委常委、总链长", region=self.city, phone=people.phone()
        )
        for county in self.counties:
            self.officers[county.pk] = cast.officer(county)
        for line in self.place.lines:
            for committee in line.committees.values():
                seat = next(seat for seat in line.seats[committee.pk] if seat.kind == "secretary")
                actor = cast.person(
                    Role.CHAIN_SECRETARY, seat.person, f"{line.short}产业链党委书记", home=committee.region,
                    phone=seat.phone, committee=committee,
                )  # fmt: skip
                seat.user_id = actor.user_id
                self.secretaries[committee.pk] = actor
        leads = [row for row in self.rows.of("alliances.TeamMember") if row.is_lead]
        for member in leads:
            actor = cast.person(
                Role.TEAM_MEMBER, member.name, "帮办团团长", home=member.team.region, phone=member.phone,
                team=member.team,
            )  # fmt: skip
            member.user_id = actor.user_id
            self.actors["helpteam", member.team_id] = actor
        department = self.place.department(self.city, "agriculture")
        cast.person(
            Role.DEPARTMENT_OFFICER, department.contact_name, "承办人", home=self.city,
            phone=department.contact_phone, department=department,
        )  # fmt: skip
        firm = self.place.firms[0]
        cast.person(
            Role.BRANCH_SECRETARY, firm.secretary, "企业党组织书记", home=firm.enterprise.region,
            phone=firm.enterprise.contact_phone, enterprise=firm.enterprise,
        )  # fmt: skip

    def _department_actor(self, department) -> None:
        key = ("department", department.pk)
        if key not in self.actors:
            duty = Duty(Role.DEPARTMENT_OFFICER, department_id=department.pk, title="承办人")
            self.actors[key] = Actor(None, department.contact_name, (duty,))

    def roles_of(self, firm: Firm, template: dict, rng: random.Random) -> Roles:
        """Units of the enterprise's county handle, or those of the city."""
        county, units = firm.enterprise.region, texts("units")
        name = units["team_of_category"][template["category"]]
        department = self.place.department(county, template["unit"])
        other = self.place.department(county, "reform")
        helper = self.place.department(county, "approval" if template["unit"] != "approval" else "market")
        for one in (department, other, helper):
            self._department_actor(one)
        team = self.place.teams.get((county.pk, name))
        unit = team if team and rng.random() < 0.6 else department
        duty = Duty(Role.BRANCH_SECRETARY, enterprise_id=firm.enterprise.pk, title="企业党组织书记")
        secretary = Actor(None, firm.secretary, (duty,))
        keeper = self.secretaries[firm.committee.pk]
        officer = self.officers[county.pk]
        return Roles(keeper, secretary, keeper, officer, self.leader, unit, other, helper, self.actors)

    # --- ledger and meetings ---

    def _ledger(self) -> None:
        rng, workday = self.random, self.calendar.is_workday
        scene = Scene(self.calendar, Rulebook.objects.filter(region=None).earliest("valid_from"), self.now)
        self.ledger = Ledger(self.place, scene, rng, self.roles_of)
        days = [FIRST + dt.timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
        days = [day for day in days if workday(day)]
        raisings = sorted(rng.choices(days, [0.6 + number / len(days) for number in range(len(days))],
                                      k=total("problems_raised")))  # fmt: skip
        for day in raisings:
            firms = [firm for firm in rng.sample(self.place.firms, 12) if firm.enterprise.joined_on <= day]
            firm = firms[0] if firms else self.place.firms[0]
            self.ledger.tell(firm, self.ledger.moment(day))

    def _meetings(self) -> None:
        """A committee meeting in each quarter for every committee, joint conferences and progress meetings for the
        city's, and as many decisions as published."""
        plan: list[tuple[Line, object, dt.date, str]] = []
        quarters = [dt.date(2022, 1, 5), dt.date(2022, 4, 1), dt.date(2022, 7, 1)]
        for line in self.place.lines:
            for committee in line.committees.values():
                city = committee.region_id == self.city.pk
                for quarter in quarters:
                    plan.append((line, committee, self._day(quarter, 45), MeetingClass.COMMITTEE))
                    for kind in (MeetingClass.JOINT, MeetingClass.PROGRESS):
                        if city or self.random.random() < 0.35:
                            plan.append((line, committee, self._day(quarter, 55), kind))
        self.gatherings = Gatherings(self.place, self.ledger, self.random)
        plan.sort(key=lambda one: one[2])
        decided = shares(total("matters_decided"), len(plan), self.random, least=0)
        for (line, committee, day, kind), decisions in zip(plan, self._even(decided), strict=True):
            seats, by = line.seats[committee.pk], self.secretaries[committee.pk]
            self.gatherings.hold(committee, line, seats, by, day, kind, decisions=decisions)
        self.gatherings.finish()

    def _even(self, numbers: list[int]) -> list[int]:
        """No meeting decides more than six matters: what is above goes to those with least."""
        over = sum(max(0, number - 6) for number in numbers)
        found = [min(number, 6) for number in numbers]
        while over:
            smallest = min(range(len(found)), key=found.__getitem__)
            found[smallest] += 1
            over -= 1
        return found

    def _day(self, first: dt.date, within: int) -> dt.date:
        day = first + dt.timedelta(days=self.random.randrange(within))
        day = day if self.calendar.is_workday(day) else self.calendar.add(day, 1)
        return min(day, LAST)
