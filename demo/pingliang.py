"""平凉市: invented records, made so that the figures rolled up equal those published for January to August 2022.

The source prints no breakdown by county, chain or month: how the totals fall on them is invented. Chains have the
general names of industries.
"""

import datetime as dt

from core.cycles import TEN_DAYS, WEEK, between
from demo import published
from demo.place import Firm, Line
from demo.proof import Proof, shares
from demo.ventures import on_line
from demo.wording import texts
from enterprises.enums import Formation, OrganisationKind
from enterprises.models import FacilityKind, HonourKind, PairingKind
from meetings.enums import MeetingClass
from services.project_enums import ChainWork

COUNTIES = [("崆峒区", "620802"), ("泾川县", "620821"), ("灵台县", "620822"), ("崇信县", "620823"),
            ("庄浪县", "620825"), ("静宁县", "620826"), ("华亭市", "620881")]  # fmt: skip
CHAINS = ["cattle", "apple", "vegetable", "potato", "herbs", "energy", "equipment", "materials", "tourism"]
# Institutions that do not exist.
BANKS = ["云禾农商行", "禾岭村镇银行", "岭川商业银行", "云岭信用联社"]


class Pingliang(Proof):
    """Builds the city in memory."""

    slug, label, code, word, first_code = "pingliang", "平凉市", "620800", "平示", 1_000_000
    founded, first, last = dt.date(2021, 4, 12), dt.date(2022, 1, 1), dt.date(2022, 8, 31)
    officer_title, leader_title = "市委组织部工作人员", "市委常委、总链长"

    # --- organisation ---

    def frame(self) -> None:
        place = self.place
        self.home = place.root("平凉市", "city", self.code)
        self.counties = [place.region(self.home, name, "county", code) for name, code in COUNTIES]
        specs = texts("units")["teams"]
        teams = self.total("help_teams")
        per_county, in_city = divmod(teams, len(COUNTIES))
        for spec in specs[:in_city]:
            place.team(self.home, f"平凉市{spec['name']}", spec, self.founded)
        for county in self.counties:
            for spec in specs[:per_county]:
                place.team(county, f"{county.name}{spec['name']}", spec, self.founded + dt.timedelta(days=30), 4)

    def committees(self) -> None:
        """A committee of each chain in the city, and county committees, spread evenly, up to the published number."""
        place = self.place
        lines = [place.line(key, self.home, self.founded) for key in CHAINS[: self.total("key_chains")]]
        for number, line in enumerate(lines):
            place.committee(line, self.home, self.founded + dt.timedelta(days=3 * number))
        wanted = self.total("chain_committees") - len(lines)
        for number in range(wanted):
            line = lines[number % len(lines)]
            county = self.counties[(number // len(lines) + number) % len(self.counties)]
            founded = self.founded + dt.timedelta(days=25 + number)
            place.committee(line, county, founded, line.committees[self.home.pk])
        for line in lines:
            for name in ("项目招引帮办团", "营商服务帮办团"):
                self.rows.link(type(line.chain).help_teams, line.chain, place.teams[self.home.pk, name])

    def enterprises(self) -> None:
        place, rng = self.place, self.random
        number = self.total("enterprises")
        for place_number, people in enumerate(shares(self.total("employees"), number, rng, least=6)):
            line = place.lines[place_number % len(place.lines)]
            county = rng.choice(self.counties)
            committee = line.committees.get(county.pk) or line.committees[self.home.pk]
            days = rng.randrange((self.last - committee.founded_on).days - 40)
            joined = committee.founded_on + dt.timedelta(days=days)
            scale = "large" if people > 900 else "medium" if people > 250 else "small" if people > 25 else "micro"
            master = not line.firms
            firm = place.firm(line, committee, county, joined, is_master=master, scale="large" if master else scale)
            before = max(1, round(people * rng.uniform(0.85, 1.05)))
            middle = joined + dt.timedelta(days=max(1, (self.last - joined).days // 2))
            place.employees(firm, [(joined, before), (middle, people)])

    def organisations(self) -> None:
        """General branches by committee, single and joint branches, groups: as many as published."""
        place, rng = self.place, self.random
        number = self.total("grassroots_orgs")
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
            place.organisations, shares(self.total("party_members"), number, rng, least=3), strict=True
        ):
            before = max(1, people - rng.randrange(0, 3))
            later = organisation.founded_on + dt.timedelta(days=max(1, (self.last - organisation.founded_on).days // 2))
            place.members(organisation, [(organisation.founded_on, before), (later, people)])

    def _branch(self, name: str, firms: list[Firm], roots: dict, **about) -> None:
        latest = max(firm.enterprise.joined_on for firm in firms)
        founded = latest + dt.timedelta(days=self.random.randrange(max(1, min(120, (self.last - latest).days - 30))))
        parent = roots.get(firms[0].committee.pk)
        self.place.organisation(name, firms[0].enterprise.region, founded, parent=parent, firms=firms, **about)

    def registers(self) -> None:
        self._facilities()
        books, rng = self.books, self.random
        kinds = [books.kind(HonourKind, code) for code in ("post-model", "innovator", "skill-pioneer")]
        for number in range(self.total("commendations")):
            firm = rng.choice(self.place.firms)
            day = dt.date(2022, 4, 29) if number % 3 else dt.date(2022, 6, 30)
            name = self.place.people.name()
            books.honour(kinds[number % 3], day, firm, person=name, unit=firm.enterprise.name, by=self.label)
        branches = [one for one in self.place.organisations if one.kind != OrganisationKind.GENERAL_BRANCH]
        rest = [one for one in self.place.organisations if one.kind == OrganisationKind.GENERAL_BRANCH]
        finance = books.kind(PairingKind, "finance")
        for number, branch in enumerate([*branches, *rest][: self.total("finance_paired_enterprises")]):
            books.pair(finance, self.since(branch), BANKS[number % len(BANKS)], branch, aspects=["finance"])

    def _facilities(self) -> None:
        """Service centres and incubation centres by county, rooms and workshops at enterprises."""
        books, place, rng = self.books, self.place, self.random
        centre, room, incubator = (
            books.kind(FacilityKind, code) for code in ("service-centre", "activity-room", "incubation-centre")
        )
        for number in range(self.total("service_centres")):
            line, county = place.lines[number % len(place.lines)], self.counties[number % len(self.counties)]
            committee = line.committees.get(county.pk) or line.committees[self.home.pk]
            name, brand = f"{line.short}产业链党群服务中心", f"{line.short}先锋" if number % 4 == 0 else ""
            books.open(centre, name, self.since(), region=county, line=line, committee=committee, brand=brand)
        for number in range(self.total("incubation_centres")):
            county = self.counties[number % len(self.counties)]
            books.open(incubator, f"{county.name}产业园区党建孵化中心", self.since(), region=county)
        for firm in rng.sample(place.firms, self.total("activity_rooms")):
            books.open(room, f"{firm.enterprise.name}党员活动室", self.since(firm), firm=firm)
        workshop, team = (books.kind(FacilityKind, code) for code in ("model-workshop", "pioneer-team"))
        for number, firm in enumerate(rng.sample(place.firms, self.total("model_workshops"))):
            kind, word = (team, "党员先锋班组") if number % 3 == 0 else (workshop, "党员示范车间")
            books.open(kind, f"{firm.enterprise.name}{word}", self.since(firm), firm=firm)

    # --- ledger and meetings ---

    def problems(self) -> None:
        """More is raised from month to month."""
        days, rng = self.workdays(), self.random
        weights = [0.6 + number / len(days) for number in range(len(days))]
        for day in sorted(rng.choices(days, weights, k=self.total("problems_collected"))):
            self.ledger.tell(self.member_on(day), self.ledger.moment(day))

    def lists(self, shelves) -> None:
        """The city's measures to keep investment steady."""
        kinds = ("capital", "land", "labour")
        units = [self.place.department(self.home, key) for key in ("reform", "industry", "finance")]
        count = self.total("stabilise_investment_measures")
        measures = [(kinds[n % 3], f"稳投资措施第 {n + 1} 条", units[n % 3]) for n in range(count)]
        shelves.policy(
            "policy", "项目集中攻坚稳投资若干措施", self.home, dt.date(2022, 3, 1), measures=measures, level="city",
            gives="项目审批、用地、融资优先保障", issued_by=units[0].name,
        )  # fmt: skip

    def projects(self, ventures, rng) -> None:
        """What was signed online and at the fair, what has landed, the year's list with its major projects, money."""
        landed = self._attracted(ventures, rng)
        for project, amount in zip(landed, shares(self.total("funds_in_place"), len(landed), rng), strict=True):
            ventures.arrive(project, amount, self.last - dt.timedelta(days=rng.randrange(0, 45)))
        major, share = self.total("major_started"), published.printed(self.slug, "major_start_rate")
        listed, started = self.total("investment_list_projects"), self.total("investment_list_started")
        majors = round(major * 100 / share)
        self._listed(ventures, rng, "project-major", majors, major)
        self._listed(ventures, rng, "project-other", listed - majors, started - major)
        self.lend_out(ventures, rng, "credit_issued", "loan-ordinary", 420)
        self.draw_in(ventures, rng, "social_capital", 160)

    def _somewhere(self, rng) -> dict:
        line = rng.choice(self.place.lines)
        return on_line(line, rng.choice([one.region for one in line.committees.values()]))

    def _attracted(self, ventures, rng) -> list:
        """Signed within the period by where they came from, a part of them landed; the rest of those that landed were
        signed the year before. Answers those that landed."""
        found, whole = [], self.total("attraction_projects")
        for source, day, key in (("source-cloud", dt.date(2022, 2, 20), "cloud_promo"),
                                 ("source-fair", dt.date(2022, 5, 6), "fair")):  # fmt: skip
            number = self.total(f"{key}_projects")
            for count, amount in enumerate(shares(self.total(f"{key}_amount"), number, rng)):
                days = self.steps(day + dt.timedelta(days=rng.randrange(20)), 4 if count % 3 else 3, rng)
                name = f"{'云上推介' if key == 'cloud_promo' else '节会'}签约项目{count + 1:03}"
                row = ventures.project(name, "project-attraction", self._somewhere(rng), days, amount=amount,
                                       source=source, investor=f"示范投资公司{count % 9 + 1}")  # fmt: skip
                found += [row] if row.landed_on else []
        for count in range(whole - len(found)):
            days = self.steps(dt.date(2021, 6, 1) + dt.timedelta(days=rng.randrange(60)), 4, rng)
            found.append(
                ventures.project(f"续建招商项目{count + 1:03}", "project-attraction", self._somewhere(rng), days,
                                 amount=rng.randrange(2000, 60000), source="source-trip")
            )  # fmt: skip
        return found

    def _listed(self, ventures, rng, kind: str, number: int, started: int) -> None:
        """Projects on the year's list, the first of them started."""
        word = "重大项目" if kind == "project-major" else "清单项目"
        works = [*ChainWork.values, ""]
        for count in range(number):
            days = self.steps(dt.date(2021, 7, 1) + dt.timedelta(days=rng.randrange(90)), 5, rng)
            days[4] = dt.date(2022, 2, 15) + dt.timedelta(days=rng.randrange(150))
            amount = rng.randrange(1000, 90000)
            ventures.project(
                f"{word}{count + 1:03}", kind, self._somewhere(rng), days[: 5 if count < started else 4], amount=amount,
                planned_investment=amount, listed_on=dt.date(2022, 1, 20), work=works[count % 5], source="source-local",
            )  # fmt: skip

    def meetings(self) -> None:
        """A committee meeting and a progress meeting in each quarter for every committee, joint conferences for the
        city's, and as many decisions as published."""
        plan: list[tuple[Line, object, dt.date, str]] = []
        quarters = [dt.date(2022, 1, 5), dt.date(2022, 4, 1), dt.date(2022, 7, 1)]
        for line in self.place.lines:
            for committee in line.committees.values():
                city = committee.region_id == self.home.pk
                for quarter in quarters:
                    plan.append((line, committee, self.day(quarter, 45), MeetingClass.COMMITTEE))
                    for kind in (MeetingClass.JOINT, MeetingClass.PROGRESS):
                        if city or kind == MeetingClass.PROGRESS or self.random.random() < 0.35:
                            plan.append((line, committee, self.day(quarter, 55), kind))
        self.hold(plan, self._even(shares(self.total("matters_decided"), len(plan), self.random, least=0)))

    def _even(self, numbers: list[int]) -> list[int]:
        """No meeting decides more than six matters: what is above goes to those with least."""
        over = sum(max(0, number - 6) for number in numbers)
        found = [min(number, 6) for number in numbers]
        while over:
            smallest = min(range(len(found)), key=found.__getitem__)
            found[smallest] += 1
            over -= 1
        return found

    def activities(self) -> None:
        """Trips of inspection go to enterprises that were visited as well, so that none is counted beside them."""
        for code, key in [
            ("theory_study", "theory_study"), ("policy_lecture", "policy_lectures"),
            ("party_lesson", "party_lessons_by_secretary"),
        ]:  # fmt: skip
            self.gather(code, self.total(key))
        days = self.workdays()
        branches = [one for one in self.place.organisations if one.founded_on <= days[0]]
        holders = self.random.sample(branches, 60)
        held = sorted(self.random.choices(days, k=self.total("theme_party_days")))
        self.gather_branches("theme_party_day", [(holders[n % 60], day) for n, day in enumerate(held)])
        self._works()
        visited = self.random.sample(self.place.firms, self.total("enterprises_visited"))
        self.visit(visited, 3)
        self.visit(visited[: self.total("inspections")], 1, "inspection")

    def _works(self) -> None:
        """Plans for enterprises, innovation led by members, model projects of each committee, and the city's rounds:
        dispatch by the week, analysis by ten days."""
        given = self.random.sample(self.place.firms, self.total("enterprises_given_plans"))
        self.serve("plan_service", self.total("plans_provided"), given)
        led = self.random.sample(self.place.firms, self.total("member_led_innovation"))
        self.serve("member_innovation", len(led), led)
        committees = sum(len(line.committees) for line in self.place.lines)
        least, most = published.band(self.slug, "demo_projects_per_year")
        self.gather("demo_project", committees * least + self.random.randrange(committees * (most - least)))
        for code, cadence in (("weekly_dispatch", WEEK), ("ten_day_analysis", TEN_DAYS)):
            for cycle in between(cadence, self.first, self.last):
                if cycle.last <= self.last:
                    day = self.calendar.add(max(cycle.first, self.first) - dt.timedelta(days=1), 2)
                    self.deeds.tell(code, day, self.home, self.officers[self.home.pk], people={"cadre": 18})
