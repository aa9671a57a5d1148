"""梓潼县: a bank head for each area, a manager for each town, finance officers in the centre villages.

The source names the pomelo and fish trades; the other three areas' trades are invented, as are towns and villages.
"""

import datetime as dt

from demo.proof import Proof, place_names, shares
from meetings.enums import MeetingClass

# One industrial area, one main trade (一片区一主业).
CHAINS = {"pomelo": "", "fish": "", "pork": "", "rice": "粮油产业链", "herbs": ""}


class Zitong(Proof):
    """Builds the county in memory."""

    slug, label, code, word, first_code = "zitong", "梓潼县", "510725", "梓示", 5_000_000
    founded, first, last = dt.date(2021, 6, 7), dt.date(2022, 1, 1), dt.date(2022, 8, 31)
    department_key = "finance"

    def frame(self) -> None:
        place = self.place
        self.home = place.root(self.label, "county", self.code)
        self.townships = self.towns(16)
        names = place_names(44, skip=20)
        self.villages = [
            place.region(self.townships[number % 16], f"{name}村", "village") for number, name in enumerate(names)
        ]
        self.teams(self.home, ["金融服务帮办团", "农业产业帮办团", "营商服务帮办团"], self.founded)

    def committees(self) -> None:
        for number, (key, name) in enumerate(CHAINS.items()):
            line = self.place.line(key, self.home, self.founded, "N+1", name)
            self.place.committee(line, self.home, self.founded + dt.timedelta(days=3 * number))

    def enterprises(self) -> None:
        for line in self.place.lines:
            self.firms(line, 7, self.townships, (8, 180))

    def organisations(self) -> None:
        place = self.place
        for firm in place.firms[::3]:
            self.branch_of(firm)
        number = len(place.organisations)
        self.grow(place.organisations, shares(9 * number, number, self.random, least=3), [0] * number)
        place.coverage()

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
