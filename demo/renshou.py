"""仁寿县: branches of migrant workers outside the county, and units on five levels down to the village group.

The source names five of the outside places; the others, the towns and villages, and the two chains are invented.
"""

import datetime as dt

from alliances.enums import RegionLevel
from core.cycles import between
from core.periods import QUARTER
from demo.proof import Proof, place_names, shares
from enterprises.enums import Formation, PostedTo
from enterprises.models import FacilityKind, PairingKind, PostingKind
from meetings.enums import MeetingClass

STATIONS = ["北京", "成都", "上海", "昆明", "西宁", "广州", "深圳", "东莞", "杭州", "宁波", "苏州", "重庆", "西安",
            "贵阳", "福州"]  # fmt: skip
CHAINS = ["vegetable", "equipment"]


class Renshou(Proof):
    """Builds the county in memory."""

    slug, label, code, word, first_code = "renshou", "仁寿县", "511421", "仁示", 4_000_000
    founded, first, last = dt.date(2018, 6, 4), dt.date(2019, 1, 1), dt.date(2021, 12, 31)

    def frame(self) -> None:
        """Towns, villages and groups evenly; a station lies elsewhere and belongs to the county."""
        place = self.place
        self.home = place.root(self.label, "county", self.code)
        self.townships = self.towns(self.total("townships"))
        self.villages, each = [], shares_evenly(self.total("villages"), len(self.townships))
        for number, (town, count) in enumerate(zip(self.townships, each, strict=True)):
            names = place_names(count, skip=number * 7)
            self.villages += [place.region(town, f"{name}村", "village") for name in names]
        self.groups = []
        for village, count in zip(
            self.villages, shares_evenly(self.total("village_groups"), len(self.villages)), strict=True
        ):
            self.groups += [place.region(village, f"第{one + 1}组", "group") for one in range(count)]
        wanted = STATIONS[: self.total("outside_stations")]
        self.stations = [place.region(self.home, f"驻{city}工作站", "station") for city in wanted]
        self.teams(self.home, ["营商服务帮办团", "金融服务帮办团", "人才用工帮办团"], self.founded)

    def committees(self) -> None:
        for number, key in enumerate(CHAINS):
            line = self.place.line(key, self.home, self.founded, "five")
            self.place.committee(line, self.home, self.founded + dt.timedelta(days=6 * number))
        self.link_teams()

    def enterprises(self) -> None:
        for line in self.place.lines:
            self.firms(line, 8, self.townships, (12, 260))

    def organisations(self) -> None:
        """Floating branches stand where the workers are; those who joined the Party did so in them."""
        place, branches = self.place, self.total("floating_branches")
        for station in self.stations[:branches]:
            city = station.name.removeprefix("驻").removesuffix("工作站")
            name = f"{self.home.name}农民工驻{city}流动党支部"
            place.organisation(name, station, dt.date(2018, 11, 5), formation=Formation.ATTACHED)
        for firm in place.firms[::4]:
            self.branch_of(firm)
        own = len(place.organisations) - branches
        more = shares(self.total("members_developed"), branches, self.random, least=8)
        before = [*shares(330, branches, self.random, least=9), *shares(40, own, self.random, least=4)]
        self.grow(place.organisations, before, [*more, *[0] * own])

    def registers(self) -> None:
        """A specialist for every unit and a second one for some; stations outside; members and two households each."""
        books, place = self.books, self.place
        station = books.kind(FacilityKind, "station")
        for one in self.stations:
            books.open(station, one.name, self.since(), region=one)
        kind = books.kind(PostingKind, "specialist")
        units = [self.home, *self.townships, *self.stations, *self.villages, *self.groups]
        more = self.total("specialists") - len(units)
        for number, unit in enumerate([*units, *units[:more]]):
            employer = f"{unit.name}便民服务点" if number < len(units) else f"{unit.name}服务专班"
            books.post(kind, place.people.name(), self.first, employer=employer, region=unit)
        households, each = books.kind(PairingKind, "households"), self.total("pair_ratio")
        for branch in place.organisations[: self.total("floating_branches")]:
            members = self.random.randrange(4, 9)
            day = self.since(branch)
            books.pair(households, day, branch, members=members, households=each * members)
        point = books.kind(FacilityKind, "service-point")
        for town in self.townships:
            books.open(point, f"{town.name}农民工服务站", self.since(), region=town)
        self._partners()

    def _partners(self) -> None:
        """Schools that train with the branches, by name; officers of the villages who came out of them."""
        books, place = self.books, self.place
        branches = place.organisations[: self.total("floating_branches")]
        schools = [("colleges", "college", "培训合作（大专院校）", "职业学院"),
                   ("vocational_schools", "vocational", "培训合作（职业学校）", "职业技术学校"),
                   ("private_training", "private-training", "培训合作（民办机构）", "职业培训学校")]  # fmt: skip
        names = iter(place_names(sum(self.total(key) for key, *_rest in schools), skip=50))
        for key, code, label, word in schools:
            kind = books.own_kind(PairingKind, code, label)
            for number in range(self.total(key)):
                branch = branches[number % len(branches)]
                books.pair(kind, self.since(branch), f"{next(names)}{word}", branch, aspects=["talent"])
        kind = books.own_kind(PostingKind, "revitalisation", "乡村振兴书记或主任", posted_to=PostedTo.REGION,
                              level=RegionLevel.VILLAGE)  # fmt: skip
        for village in self.villages[: self.total("revitalisation_secretaries")]:
            day = self.day(self.first, (self.last - self.first).days)
            books.post(kind, place.people.name(), day, employer=village.name, title="乡村振兴书记", region=village)

    def lists(self, shelves) -> None:
        """The county's measures for people who come home to start a business: talent, funds, policy."""
        kinds = ("talent", "capital", "policy")
        units = [self.place.department(self.home, key) for key in ("labour", "finance", "reform")]
        measures = [
            (kinds[n % 3], f"返乡创业扶持措施第 {n + 1} 条", units[n % 3]) for n in range(self.total("measures"))
        ]
        shelves.policy(
            "policy", "促进返乡下乡创业若干措施", self.home, self.first, measures=measures,
            gives="人才、资金、政策扶持", issued_by=units[0].name,
        )  # fmt: skip

    def projects(self, ventures, rng) -> None:
        """Guaranteed loans to people who came home to start a business."""
        self.lend_out(ventures, rng, "guaranteed_loans", "loan-guaranteed", 140, borrower="返乡创业者{n}",
                      borrower_kind="borrower-household")  # fmt: skip

    def problems(self) -> None:
        self.tell(24, ["plain", "plain", "unrated", "helped", "extended"], early=60)

    def meetings(self) -> None:
        """One in each quarter of the three years."""
        quarters = [dt.date(year, month, 6) for year in (2019, 2020, 2021) for month in (1, 4, 7, 10)]
        plan = [
            (line, line.committees[self.home.pk], self.day(quarter, 70), MeetingClass.COMMITTEE)
            for line in self.place.lines
            for quarter in quarters
        ]
        self.hold(plan, [1] * len(plan))

    def activities(self) -> None:
        """Those who come to trainings are counted by number, not by name; of those whose wages were got back, nothing
        is written down but that it was done."""
        officer = self.officers[self.home.pk]
        for day in sorted(self.random.choices(self.workdays(), k=self.total("startup_trainings"))):
            people = {"worker": self.random.randrange(30, 90)}
            self.deeds.tell("startup_training", day, self.home, officer, people=people)
        sessions = 40
        days = sorted(self.random.sample(self.workdays(), sessions))
        for day, people in zip(days, shares(self.total("trained"), sessions, self.random, least=200), strict=True):
            self.deeds.tell("skill_training", day, self.home, officer, people={"worker": people})
        branches = self.place.organisations[: self.total("floating_branches")]
        days = sorted(self.random.choices(self.workdays(), k=self.total("rights_cases")))
        for number, day in enumerate(days):
            branch = branches[number % len(branches)]
            self.deeds.tell("rights_help", day, branch.region, officer, organisation=branch)
        self._quarters(branches)

    def _quarters(self, branches: list) -> None:
        """A theme Party day and a short lesson of each branch in each quarter, but for one in ten."""
        for code in ("theme_party_day", "micro_lesson"):
            plan = [
                (branch, self.day(quarter.first, 80))
                for quarter in between(QUARTER, self.first, self.last)
                for branch in branches
                if self.random.random() < 0.9
            ]
            self.gather_branches(code, plan)


def shares_evenly(amount: int, parts: int) -> list[int]:
    """`amount` in whole numbers that differ by one at most."""
    least, more = divmod(amount, parts)
    return [least + (number < more) for number in range(parts)]
