"""合肥经开区: one chain in the zone's own segments, the industrial internet, with titles of its factories.

Nothing was published about Party organisations, problems or meetings; the few here are there to try the pages.
"""

import datetime as dt

from chains.enums import SegmentPosition
from demo.proof import Proof, shares
from meetings.enums import MeetingClass


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
        place.coverage()

    def problems(self) -> None:
        self.tell(20, ["plain", "plain", "late", "extended", "not_satisfied"], early=60)

    def meetings(self) -> None:
        [line] = self.place.lines
        plan = [
            (line, line.committees[self.home.pk], self.day(dt.date(2020, month, 8), 40), MeetingClass.COMMITTEE)
            for month in (1, 4, 7, 10)
        ]
        self.hold(plan, [2] * len(plan))
