"""Registers of 云岭县: postings, pairings, facilities and honours of nearly every class.

Some of what should be there is missing, so that vacancies, ratios and the radar have something to say.

It has a row of people and chances of its own, so that the rest of the county stays as it is.
"""

import datetime as dt
import random

from demo.books import Books
from demo.invented import People
from demo.place import Firm, Place
from enterprises.enums import StaffingScope
from enterprises.models import FacilityKind, HonourKind, PairingKind, PostingKind

BANK, COUNTY_OFFICE = "云岭农商行", "云岭县党政办公室"
ASPECTS = ("branch-building", "product-development", "orders")
# Of towns with a manager, and firms with a leader, so many in ten.
FILLED = 8
# How many each strong organisation helps; about five is right.
HELPED = (5, 6, 4, 2)


class Staffing:
    """Writes the registers of a place with towns, firms and organisations; `home` is its county."""

    def __init__(self, place: Place, home, towns: list, since: dt.date):
        self.place, self.home, self.towns, self.since = place, home, towns, since
        self.books, self.random, self.people = Books(place, home), random.Random("staffing"), People("staffing")
        self.firms = [firm for firm in place.firms if firm.enterprise.left_on is None]

    def tell(self) -> None:
        self._postings()
        self._rules()
        self._pairings()
        self._facilities()
        self._honours()
        self.books.finish()

    def _day(self, owner=None) -> dt.date:
        """Some day since the registers began, not before the owner was there."""
        day = self.since + dt.timedelta(days=self.random.randrange((self.place.today - self.since).days - 20))
        there = owner.enterprise.joined_on if isinstance(owner, Firm) else owner.founded_on if owner else day
        return max(day, there)

    def _post(self, code: str, employer: str, title: str, **where) -> None:
        kind = self.books.kind(PostingKind, code)
        day = self._day(where.get("firm"))
        self.books.post(kind, self.people.name(), day, employer=employer, title=title, **where)

    def _some(self, rows: list) -> list:
        return [row for number, row in enumerate(rows) if number % 10 < FILLED]

    def _postings(self) -> None:
        bare = [firm for firm in self.firms if not firm.organisations]
        bureau = self.place.department(self.home, "industry").name
        for town in self._some(self.towns):
            self._post("town-manager", BANK, "乡镇金融经理", region=town)
        for town in self.towns:
            self._post("specialist", f"{town.name}便民服务中心", "服务专员", region=town)
        for firm in bare[:8]:
            self._post("instructor", bureau, "党建指导员", firm=firm)
        for firm in bare[8:14]:
            self._post("union-instructor", "云岭县总工会", "工会指导员", firm=firm)
        for number, code in enumerate(("client-manager", "adviser", "deputy-technical-manager")):
            for firm in self.firms[number::23][:4]:
                self._post(code, BANK if number == 0 else bureau, "", firm=firm)
        liaison = self.books.kind(PostingKind, "leader-liaison")
        leaders = [self.people.name() for _leader in range(9)]
        above = [firm for firm in self.firms if firm.enterprise.is_above_scale]
        for number, firm in enumerate(self._some(above)):
            leader = leaders[number % len(leaders)]
            self.books.post(liaison, leader, self._day(firm), employer=COUNTY_OFFICE, title="县级领导", firm=firm)

    def _rules(self) -> None:
        for name, code, scope, level in [
            ("一镇一经理", "town-manager", StaffingScope.LEVEL, "township"),
            ("规上企业有县级领导对接", "leader-liaison", StaffingScope.ABOVE_SCALE, ""),
        ]:
            self.books.rule(name, self.books.kind(PostingKind, code), self.since, scope=scope, level=level)

    def _pairings(self) -> None:
        books, branches = self.books, [one for one in self.place.organisations if one.enterprise_id]
        honour, kind = books.kind(HonourKind, "strong-county"), books.kind(PairingKind, "strong-weak")
        strong, others = branches[: len(HELPED)], iter(branches[len(HELPED) :])
        for one, number in zip(strong, HELPED, strict=True):
            books.honour(honour, self._day(one), one, by="云岭县委组织部")
            for _weak in range(number):
                weak = next(others)
                books.pair(kind, max(self._day(weak), one.founded_on), one, weak, aspects=ASPECTS)
        for number, branch in enumerate(branches[::5]):
            finance = books.kind(PairingKind, "finance")
            books.pair(finance, self._day(branch), (BANK, "禾岭村镇银行")[number % 2], branch, aspects=["finance"])
        for branch in branches[::9]:
            members = self.random.randrange(3, 8)
            homes = books.kind(PairingKind, "households")
            books.pair(homes, self._day(branch), branch, members=members, households=2 * members)
        for kind, step in (("enterprises", 19), ("branches", 17)):
            ends = self.firms if kind == "enterprises" else branches
            for one, two in zip(ends[::step], ends[1::step], strict=False):
                books.pair(books.kind(PairingKind, kind), max(self._day(one), self._day(two)), one, two)

    def _facilities(self) -> None:
        books = self.books
        for code, word, step in [
            ("activity-room", "党员活动室", 5), ("model-workshop", "党员示范车间", 9),
            ("pioneer-post", "党员先锋岗", 7),
            ("expert-workstation", "专家工作站", 41), ("talent-station", "引才工作站", 61),
        ]:  # fmt: skip
            for firm in self.firms[::step]:
                name = f"{firm.enterprise.name}{word}"
                books.open(books.kind(FacilityKind, code), name, self._day(firm), firm=firm)
        for code, name in (
            ("service-centre", "云岭县产业园区党群服务中心"), ("incubation-centre", "云岭县党建孵化中心"),
            ("station", "云岭县驻外工作站"),
        ):  # fmt: skip
            books.open(books.kind(FacilityKind, code), name, self._day(), region=self.home)
        for town in self.towns[::2]:
            books.open(books.kind(FacilityKind, "service-point"), f"{town.name}服务站", self._day(), region=town)

    def _honours(self) -> None:
        books = self.books
        for number, firm in enumerate(self.firms[::10]):
            kind = books.kind(HonourKind, ("post-model", "innovator", "skill-pioneer")[number % 3])
            unit = firm.enterprise.name
            books.honour(kind, self._day(firm), firm, person=self.people.name(), unit=unit, by="云岭县")
        large = [firm for firm in self.firms if firm.enterprise.scale == "large"]
        for code, firms in (("smart-factory-province", large[:2]), ("digital-workshop", large[2:6])):
            kind = books.kind(HonourKind, code)
            for firm in firms:
                books.honour(kind, self._day(firm), firm, by="云州市")
