"""梓潼县: a bank head for each area, a manager for each town, finance officers in the centre villages.

The source names the pomelo and fish trades; the other three areas' trades are invented, as are towns and villages.
"""

import datetime as dt
from decimal import Decimal

from demo import published
from demo.proof import Proof, place_names, shares
from demo.ventures import BANKS
from enterprises.enums import AwardedTo, StaffingScope
from enterprises.models import FacilityKind, HonourKind, PostingKind
from meetings.enums import MeetingClass

# One industrial area, one main trade (一片区一主业).
CHAINS = {"pomelo": "", "fish": "", "pork": "", "rice": "粮油产业链", "herbs": ""}


LEVELS = {"province": ("省级", "reserve_provincial"), "city": ("市级", "reserve_city"),
          "county": ("县级", "reserve_county")}  # fmt: skip


class Zitong(Proof):
    """Builds the county in memory."""

    slug, label, code, word, first_code = "zitong", "梓潼县", "510725", "梓示", 5_000_000
    founded, first, last = dt.date(2021, 6, 7), dt.date(2022, 1, 1), dt.date(2022, 8, 31)
    department_key = "finance"

    def frame(self) -> None:
        place = self.place
        self.home = place.root(self.label, "county", self.code)
        signs = "一二三四五六七八"[: self.total("area_heads")]
        self.areas = [place.region(self.home, f"第{sign}产业片区", "area") for sign in signs]
        names = place_names(self.total("town_managers"))
        self.townships = [
            place.region(self.areas[number % len(self.areas)], f"{name}镇", "township")
            for number, name in enumerate(names)
        ]
        names = place_names(self.total("village_officers"), skip=20)
        self.villages = [
            place.region(self.townships[number % len(self.townships)], f"{name}村", "village")
            for number, name in enumerate(names)
        ]
        self.teams(self.home, ["金融服务帮办团", "农业产业帮办团", "营商服务帮办团"], self.founded)

    def committees(self) -> None:
        for number, (key, name) in enumerate(CHAINS.items()):
            line = self.place.line(key, self.home, self.founded, "N+1", name)
            self.place.committee(line, self.home, self.founded + dt.timedelta(days=3 * number))
        self.link_teams()

    def enterprises(self) -> None:
        for line in self.place.lines:
            self.firms(line, 7, self.townships, (8, 180))

    def organisations(self) -> None:
        place = self.place
        for firm in place.firms[::3]:
            self.branch_of(firm)
        number = len(place.organisations)
        self.grow(place.organisations, shares(9 * number, number, self.random, least=3), [0] * number)

    def registers(self) -> None:
        """Finance officers by area, town and village with the rules that ask for them; parks with their stars."""
        books, name = self.books, self.place.people.name
        bank = "梓禾农商行"
        posts = [("area-head", self.areas, "area_heads", "行长"),
                 ("town-manager", self.townships, "town_managers", "经理"),
                 ("village-officer", self.villages, "village_officers", "金融村官"),
                 ("village-client-manager", self.villages, "client_managers", "客户经理")]  # fmt: skip
        for code, regions, key, title in posts:
            for number in range(self.total(key)):
                employer = bank if number < len(regions) else f"{bank}{1 + number // len(regions)}部"
                kind, region = books.kind(PostingKind, code), regions[number % len(regions)]
                books.post(kind, name(), self.since(), employer=employer, title=title, region=region)
        for rule, code, level in [("一片一行长", "area-head", "area"), ("一镇一经理", "town-manager", "township"),
                                  ("中心村金融村官", "village-officer", "village")]:  # fmt: skip
            kind = books.kind(PostingKind, code)
            books.rule(rule, kind, self.founded, scope=StaffingScope.LEVEL, level=level)
        self._parks()

    def _parks(self) -> None:
        books, firms = self.books, self.place.firms[:: len(self.place.firms) // self.total("parks")]
        park = books.own_kind(FacilityKind, "park", "现代农业产业园区")
        parks = firms[: self.total("parks")]
        for firm in parks:
            books.open(park, f"{firm.enterprise.name}现代农业产业园区", self.since(firm), firm=firm)
        stars = [("provincial_3star", "省三星级园区", "province"), ("city_5star", "市五星级园区", "city")]
        for key, name, level in stars:
            kind = books.own_kind(HonourKind, key.replace("_", "-"), name, level=level, awarded_to=AwardedTo.ENTERPRISE)
            for number in range(self.total(key)):
                day = self.first + dt.timedelta(days=60 + number)
                books.honour(kind, day, parks[number + (3 if level == "city" else 0)], by=self.label)

    def projects(self, ventures, rng) -> None:
        """Credit products, every enterprise rated, loans by class of borrower, projects in reserve and planned ones."""
        cap, months = self.total("loan_cap"), 12 * self.total("term_cap")
        rate = published.printed(self.slug, "rate_floor")
        for number in range(self.total("credit_products")):
            ventures.product(
                f"示范信贷产品{number + 1}", BANKS[number % len(BANKS)], self.since(),
                audience="新型农业经营主体、农户", cap=cap if number == 0 else cap // (number + 2),
                rate=rate + Decimal(number) / 10,
                months=months if number == 0 else 36, support="财政贴息、降低担保费率" if number % 3 == 0 else "",
            )  # fmt: skip
        for number, firm in enumerate(self.place.firms):
            ventures.rate(firm, BANKS[0], "AA" if number % 3 else "AAA", 50 + 10 * number, self.since(firm))
        self.lend_out(ventures, rng, "loans_new_operators", "loan-ordinary", 240, borrower="示范家庭农场{n}",
                      borrower_kind="borrower-operator")  # fmt: skip
        self.lend_out(ventures, rng, "loans_collectives", "loan-discounted", 30, borrower="示范村集体经济组织{n}",
                      borrower_kind="borrower-collective")  # fmt: skip
        self.lend_out(ventures, rng, "gov_bank_guarantee_loans", "loan-gov-bank", 24)
        self.draw_in(ventures, rng, "leveraged_capital", 26)
        for level, (word, key) in LEVELS.items():
            for number in range(self.total(key)):
                ventures.project(f"{word}储备致富项目{number + 1}", f"project-reserve-{level}",
                                 rng.choice(self.townships), [self.since()])  # fmt: skip
        agri = ventures.own_kind("agri", "涉农项目", "project")
        planned = shares(self.total("planned_investment"), self.total("planned_agri_projects"), rng)
        for number, amount in enumerate(planned, start=1):
            ventures.project(f"计划落地涉农项目{number}", agri, rng.choice(self.townships), [self.first],
                             planned_investment=amount, listed_on=self.first)  # fmt: skip

    def problems(self) -> None:
        self.tell(self.total("finance_problems_solved"), "solved", frozenset({"finance"}), early=90)
        self.tell(16, ["explained", "declined", "withdrawn"])

    def meetings(self) -> None:
        quarters = [dt.date(2022, 1, 5), dt.date(2022, 4, 6), dt.date(2022, 7, 4)]
        plan = [
            (line, line.committees[self.home.pk], self.day(quarter, 50), MeetingClass.COMMITTEE)
            for line in self.place.lines
            for quarter in quarters
        ]
        self.hold(plan, [2] * len(plan))
