"""合肥经开区: one chain in the zone's own segments, the industrial internet, with titles of its factories.

Nothing was published about Party organisations, problems or meetings; the few here are there to try the pages.
"""

import datetime as dt

from chains.enums import SegmentPosition
from demo.proof import Proof, shares
from enterprises.enums import AwardedTo
from enterprises.models import HonourKind
from meetings.enums import MeetingClass

FACTORY, PLATFORM = "5G+、智能工厂", "产业集聚+、平台"


class Hefei(Proof):
    """Builds the zone in memory, below its city."""

    slug, label, code, word, first_code = "hefei", "合肥市", "340100", "合示", 6_000_000
    founded, first, last = dt.date(2019, 3, 11), dt.date(2020, 1, 1), dt.date(2020, 12, 31)
    officer_title, leader_title, department_key = "市委组织部工作人员", "市级领导、总链长", "industry"

    def frame(self) -> None:
        self.top = self.place.root(self.label, "city", self.code)
        self.home = self.place.region(self.top, "合肥经开区", "county")
        self.teams(self.home, ["项目招引帮办团", "科技创新帮办团", "工业运行帮办团"], self.founded)

    def committees(self) -> None:
        line = self.place.line("internet", self.home, self.founded)
        self.place.committee(line, self.home, self.founded)
        self.link_teams()

    def enterprises(self) -> None:
        """In every link that is no gap; those in the three layers of the midstream are the service providers."""
        [line] = self.place.lines
        providers = iter(shares(self.total("service_providers"), 3, self.random, least=3))
        for row, spec in line.links:
            if spec.get("gap"):
                continue
            middle = row.segment.position == SegmentPosition.MIDSTREAM
            self.firms(line, next(providers) if middle else 2 if row.segment.position == "upstream" else 4,
                       [self.home], (60, 1800), link=(row, spec))  # fmt: skip

    def organisations(self) -> None:
        place = self.place
        for firm in place.firms[::2]:
            self.branch_of(firm)
        number = len(place.organisations)
        self.grow(place.organisations, shares(21 * number, number, self.random, least=5), [0] * number)

    def registers(self) -> None:
        """Titles of factories; the workshops are those of the downstream industries."""
        books, firms = self.books, [one for one in self.place.firms if one.link.segment.position == "downstream"]
        smart, digital = (books.kind(HonourKind, code) for code in ("smart-factory-province", "digital-workshop"))
        linked = books.own_kind(HonourKind, "interconnected-factory", "互联工厂", level="city",
                                awarded_to=AwardedTo.ENTERPRISE)  # fmt: skip
        plan = [(smart, "smart_factories"), (digital, "digital_workshops"), (linked, "interconnected_factories")]
        for kind, key in plan:
            for number, firm in enumerate(firms[: self.total(key)]):
                day = dt.date(2019 + number % 2, 11, 20)
                books.honour(kind, day, firm, by="安徽省经济和信息化部门" if kind is not linked else self.label)

    def projects(self, ventures, rng) -> None:
        """The factory and the platform whose investment was told, by their themes; others of the same themes."""
        firms = [one for one in self.place.firms if one.link.segment.position == "downstream"]
        plan = [("智能工厂建设项目", FACTORY, "invest_fab", firms[0]), ("工业互联网平台项目", PLATFORM,
                "platform_investment", firms[1])]  # fmt: skip
        for name, themes, key, firm in plan:
            days = self.steps(firm.enterprise.joined_on, 5, rng)
            ventures.project(
                name, "project-major", firm, days, amount=self.total(key), planned_investment=self.total(key),
                listed_on=days[3], themes=themes, work="strengthen", source="source-local",
            )  # fmt: skip
        for number, firm in enumerate(firms[2:8]):
            days = self.steps(firm.enterprise.joined_on, 3 + number % 3, rng)
            ventures.project(f"数字化改造项目{number + 1}", "project-other", firm, days, amount=400 + 100 * number,
                             themes="共性技术+", source="source-local")  # fmt: skip

    def problems(self) -> None:
        self.tell(20, ["plain", "plain", "late", "extended", "not_satisfied"], early=60)

    def meetings(self) -> None:
        [line] = self.place.lines
        plan = [
            (line, line.committees[self.home.pk], self.day(dt.date(2020, month, 8), 40), MeetingClass.COMMITTEE)
            for month in (1, 4, 7, 10)
        ]
        self.hold(plan, [2] * len(plan))
