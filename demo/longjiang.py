"""龙江县: 1+17+N, the county's industry committee above a joint committee for each of seventeen chains.

The source names cattle, rice and mutton among its chains; the other fourteen are invented, as is who sits where.
"""

import datetime as dt
import random

from chains.enums import SeatKind
from demo.proof import Proof, shares
from demo.ventures import on_line
from demo.wording import texts
from enterprises.enums import Formation
from enterprises.models import FacilityKind, PostingKind
from meetings.enums import MeetingClass

CHAINS = ["cattle", "rice", "mutton", "maize", "soybean", "grains", "dairy", "pork", "poultry", "potato", "vegetable",
          "herbs", "energy", "equipment", "materials", "tourism", "cold"]  # fmt: skip
# Along the life of a project (1+1+X) and of the firm that has settled (N+1).
SERVICE = ["招商党支部", "服务企业落地党支部", "土地代办党支部", "政策服务党支部", "技术指导党支部"]
CONFLICTS = frozenset({"labour", "land", "other"})
PRACTICAL = frozenset({"market", "park", "talent", "logistics", "technology", "environment", "construction", "finance"})


class Longjiang(Proof):
    """Builds the county in memory."""

    slug, label, code, word, first_code = "longjiang", "龙江县", "230221", "龙示", 2_000_000
    founded, first, last = dt.date(2021, 3, 15), dt.date(2022, 1, 1), dt.date(2022, 8, 31)
    leader_title = "县委书记、县产业党委书记"

    def frame(self) -> None:
        self.home = self.place.root(self.label, "county", self.code)
        self.townships = self.towns(14)
        names = ["项目招引帮办团", "营商服务帮办团", "规划建设帮办团", "金融服务帮办团", "人才用工帮办团",
                 "科技创新帮办团"]  # fmt: skip
        self.teams(self.home, names, self.founded)

    def committees(self) -> None:
        """The responsible county leader leads a chain's joint committee and sits in the county's."""
        place, home, name = self.place, self.home, self.place.people.name
        office = f"{home.name}党政办公室"
        chains = [(key, texts("chains")[key]["unit"], name(), name()) for key in CHAINS]
        chiefs = [(SeatKind.MEMBER, "县级领导、产业链负责人", office, chief) for _key, _unit, chief, _head in chains]
        heads = [
            (SeatKind.MEMBER, "责任单位主要负责人", place.department(home, u).name, head) for _k, u, _c, head in chains
        ]
        top = [(SeatKind.SECRETARY, "县委书记", office, ""), (SeatKind.DEPUTY, "县委副书记", office, "")]
        self.industry = place.committee(None, home, self.founded, plan=[*top, *chiefs, *heads])
        for number, (key, employer, chief, head) in enumerate(chains):
            line = place.line(key, home, self.founded, "1+17+N")
            plan = [
                (SeatKind.SECRETARY, "县级领导、产业链负责人", office, chief),
                (SeatKind.DEPUTY, "责任单位主要负责人", employer, head),
                (SeatKind.MEMBER, "责任单位班子成员", employer, ""),
                (SeatKind.MEMBER, "企业党组织书记", "", ""),
                (SeatKind.MEMBER, "企业党组织书记", "", ""),
                *((SeatKind.MEMBER, "乡镇主要负责人", self.townships[(number + n) % 14].name, "") for n in (0, 5)),
            ]
            founded = self.founded + dt.timedelta(days=2 * number + 5)
            title = f"{home.name}{line.short}产业链联合党委"
            place.committee(line, home, founded, self.industry, name=title, plan=plan)
        self.link_teams()

    def enterprises(self) -> None:
        for line in self.place.lines:
            self.firms(line, 4, self.townships, (18, 420))

    def organisations(self) -> None:
        place, total = self.place, self.total("chain_party_orgs")
        for name in SERVICE:
            place.organisation(f"{self.home.name}{name}", self.home, self.founded, formation=Formation.ATTACHED)
        for firm in self.random.sample(place.firms, total - len(SERVICE)):
            self.branch_of(firm)
        before = shares(620, total, self.random, least=3)
        self.grow(place.organisations, before, shares(self.total("new_party_members"), total, self.random, least=0))

    def registers(self) -> None:
        """Pioneer posts, the county leaders' contact enterprises, and science advisers from the bureau."""
        books, rng, firms = self.books, self.random, self.place.firms
        post = books.kind(FacilityKind, "pioneer-post")
        for firm in rng.sample(firms, self.total("pioneer_posts")):
            books.open(post, f"{firm.enterprise.name}党员先锋岗", self.since(firm), firm=firm)
        contact = books.kind(PostingKind, "leader-liaison")
        leaders = [self.place.people.name() for _leader in range(self.total("leaders_liaison"))]
        for number, firm in enumerate(rng.sample(firms, self.total("enterprises_liaised"))):
            leader = leaders[number % len(leaders)]
            books.post(contact, leader, self.first, employer=f"{self.label}党政办公室", title="县级领导", firm=firm)
        adviser = books.kind(PostingKind, "adviser")
        bureau = self.place.department(self.home, "industry").name
        for line in self.place.lines[::3]:
            name = self.place.people.name()
            books.post(adviser, name, self.since(line.firms[0]), employer=bureau, firm=line.firms[0])

    def lists(self, shelves) -> None:
        """Talent hired in the first half of the year, and posts that are still short."""
        rng = random.Random("longjiang talent")
        firms = rng.sample(self.place.firms, self.total("enterprises_given_talent"))
        people = shares(self.total("talent_recruited"), len(firms), rng)
        kinds = ("graduate", "technician", "engineer")
        for number, (firm, count) in enumerate(zip(firms, people, strict=True)):
            day = dt.date(2022, 1, 10) + dt.timedelta(days=rng.randrange(165))
            shelves.hire(firm, kinds[number % 3], count, day, way="人才引进")
        for firm in rng.sample(self.place.firms, 9):
            shelves.need(firm, "engineer", "食品加工工程师", rng.choice([1, 2]), self.first, qualification="相关专业")

    def projects(self, ventures, rng) -> None:
        """Agreements signed, of which a part has settled; those that are followed have not settled yet."""
        signed, settled = self.total("agreements_signed"), self.total("projects_settled")
        followed = self.total("projects_followed")
        attraction, landing, local = (
            self.place.organisations[0],
            self.place.organisations[1],
            self.place.organisations[5],
        )
        amounts = shares(self.total("agreements_amount"), signed, rng)
        for number in range(settled + followed):
            line = self.place.lines[number % len(self.place.lines)]
            reached = 4 if number < settled else 3 if number < signed else 1 + number % 2
            days = self.steps(self.first + dt.timedelta(days=rng.randrange(120)), reached, rng)
            amount = amounts[number] if number < signed else None
            project = ventures.project(
                f"{line.short}产业招商项目{number + 1}", "project-attraction", on_line(line, self.home), days,
                amount=amount, source="source-trip", investor=f"示范投资公司{number % 6 + 1}",
            )  # fmt: skip
            ventures.serve(project, attraction, "attraction", days[0], days[3] if reached == 4 else None)
            if reached == 4:
                ventures.serve(project, landing, "landing", days[3])
                ventures.serve(project, local, "local", days[3])

    def problems(self) -> None:
        self.tell(self.total("labour_land_conflict_solved"), "solved", CONFLICTS, early=90)
        self.tell(self.total("practical_problems_solved"), "solved", PRACTICAL, early=90)
        self.tell(12, ["declined", "withdrawn", "explained"])

    def meetings(self) -> None:
        """Three of the county's committee; the joint committees' spread so that each met twice, and one once more."""
        plan = [
            (None, self.industry, self.day(dt.date(2022, month, 8), 12), MeetingClass.COMMITTEE) for month in (2, 5, 8)
        ]
        count = self.total("joint_committee_meetings")
        for number in range(count):
            line = self.place.lines[number % len(self.place.lines)]
            first = dt.date(2022, 1 + 3 * (number // len(self.place.lines)), 6)
            plan.append((line, line.committees[self.home.pk], self.day(first, 60), MeetingClass.COMMITTEE))
        self.hold(plan, [self.random.choice([1, 1, 2]) for _meeting in plan])

    def activities(self) -> None:
        """Trainings, trips to attract firms, and the county leaders' visits and calls: each helped with one problem."""
        self.gather("attraction_trip", self.total("attraction_trips"), "cadre")
        for key, category, sessions in (("staff_trained", "staff", 12), ("technicians_trained", "other", 8)):
            days = sorted(self.random.sample(self.workdays(), sessions))
            for day, people in zip(days, shares(self.total(key), sessions, self.random, least=15), strict=True):
                title = "链上企业职工技能培训" if category == "staff" else "产业技术人才培训"
                self.deeds.tell("training", day, self.home, self.officers[self.home.pk], people={category: people},
                                title=title)  # fmt: skip
        self.deeds.tell(
            "named_class", self.day(dt.date(2022, 3, 1), 20), self.home, self.officers[self.home.pk],
            people={"other": self.total("students_enrolled")}, title="畜牧专业冠名班招录开班",
        )  # fmt: skip
        leaders = [self.place.people.name() for _leader in range(self.total("leaders_serving"))]
        firms = self.random.sample(self.place.firms, self.total("enterprises_served"))
        days = sorted(self.random.sample(self.workdays(), self.total("problems_helped")))
        for number, day in enumerate(days):
            firm = firms[number % len(firms)]
            self.deeds.tell(
                "visit", day, self.home, self.officers[self.home.pk], line=firm.line, committee=firm.committee,
                firms=[firm], mode="phone" if number % 5 == 4 else "on_site", leader=leaders[number % len(leaders)],
                leader_title="县级领导",
            )  # fmt: skip
