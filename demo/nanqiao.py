"""南谯区: functional committees on four chains, the chain's chief as first secretary; rules rather than results.

The source names the four chains and prints no achieved figure.
"""

import datetime as dt

from chains.enums import SeatKind
from demo.proof import Proof, shares
from demo.wording import texts
from enterprises.models import HonourKind, PairingKind, PostingKind
from meetings.enums import MeetingClass, ReportState
from meetings.models import AnnualReport, DutyTerm
from meetings.yearly import figures_of

CHAINS = {"newenergy": "", "semiconductor": "", "equipment": "先进装备制造产业链", "newmaterials": ""}
QUARTERS = [dt.date(2022, 7, 4), dt.date(2022, 10, 8), dt.date(2023, 1, 4)]
# Branch building, product development, supporting orders (三个结对).
ASPECTS = ("branch-building", "product-development", "orders")
TEAM = {"kind": "other", "unit": "industry", "units": ["industry", "reform", "science", "organisation"],
        "duties": "党建指导、产业规划、双招双引和企业服务。"}  # fmt: skip


class Nanqiao(Proof):
    """Builds the district in memory."""

    slug, label, code, word, first_code = "nanqiao", "南谯区", "341103", "南示", 3_000_000
    founded, first, last = dt.date(2022, 5, 16), dt.date(2023, 1, 1), dt.date(2023, 3, 31)
    officer_title, leader_title = "区委组织部工作人员", "区委常委、总链长"
    department_key = "industry"

    def frame(self) -> None:
        self.home = self.place.root(self.label, "county", self.code)
        self.townships = self.towns(8)
        self.teams(self.home, ["项目招引帮办团", "金融服务帮办团", "人才用工帮办团"], self.founded)

    def committees(self) -> None:
        """The chain's chief (链长) is first secretary, its deputy the secretary; each chain has a guidance team."""
        place, home = self.place, self.home
        for number, (key, name) in enumerate(CHAINS.items()):
            line = place.line(key, home, self.founded, "1+X+N", name)
            chief, unit = place.people.name(), place.department(home, texts("chains")[key]["unit"]).name
            office = f"{home.name}党政办公室"
            plan = [
                (SeatKind.CHAIN_CHIEF, "区级领导、链长", office, chief),
                (SeatKind.FIRST_SECRETARY, "区级领导、链长", office, chief),
                (SeatKind.SECRETARY, "副链长", unit, ""),
                (SeatKind.DEPUTY, "链长办公室主任单位负责人", unit, ""),
                (SeatKind.DEPUTY, "链长办公室副主任单位负责人", place.department(home, "reform").name, ""),
                *((SeatKind.MEMBER, "成员单位负责人", place.department(home, key).name, "") for key in
                  ("science", "labour", "finance")),
                *((SeatKind.MEMBER, "企业党组织书记", "", "") for _seat in range(4)),
            ]  # fmt: skip
            place.committee(line, home, self.founded + dt.timedelta(days=4 * number), plan=plan)
            team = f"{line.short}产业链红色智库"
            row = place.team(home, f"{home.name}{team}", TEAM | {"name": team}, self.founded)
            self.rows.link(type(line.chain).help_teams, line.chain, row)

    def enterprises(self) -> None:
        for line in self.place.lines:
            self.firms(line, 8, self.townships, (40, 900))

    def organisations(self) -> None:
        """Every enterprise above scale has one, and two of the small ones of each chain."""
        place = self.place
        for line in place.lines:
            small = [firm for firm in line.firms if not firm.enterprise.is_above_scale]
            for firm in [one for one in line.firms if one.enterprise.is_above_scale] + small[:2]:
                self.branch_of(firm)
        number = len(place.organisations)
        self.grow(place.organisations, shares(14 * number, number, self.random, least=4), [0] * number)

    def registers(self) -> None:
        """One organisation in six is strong and helps about five of the others; an instructor where there is none."""
        books, branches = self.books, self.place.organisations
        strong = len(branches) // 6
        honour, pairing = books.kind(HonourKind, "strong-county"), books.kind(PairingKind, "strong-weak")
        for one in branches[:strong]:
            books.honour(honour, dt.date(2022, 7, 1), one, by=f"{self.label}委组织部")
        for number, weak in enumerate(branches[strong:]):
            day = self.since(weak)
            books.pair(pairing, max(day, dt.date(2022, 7, 4)), branches[number % strong], weak, aspects=ASPECTS)
        for firm in self.place.firms[:3]:
            day, name = dt.date(2023, 3, 8), self.place.people.name()
            books.honour(books.kind(HonourKind, "innovator"), day, firm, person=name, unit=firm.enterprise.name,
                         by=self.label)  # fmt: skip
        instructor = books.kind(PostingKind, "instructor")
        for firm in [one for one in self.place.firms if not one.organisations]:
            unit = self.place.department(self.home, "industry").name
            books.post(instructor, self.place.people.name(), self.since(firm), employer=unit, title="科员", firm=firm)

    def problems(self) -> None:
        self.tell(24, ["plain", "plain", "late", "extended", "helped", "returned"])

    def meetings(self) -> None:
        """One in each quarter since the committees stand."""
        plan = [
            (line, line.committees[self.home.pk], self.day(quarter, 60), MeetingClass.COMMITTEE)
            for line in self.place.lines
            for quarter in QUARTERS
        ]
        plan += [(line, line.committees[self.home.pk], self.day(self.first, 80), MeetingClass.SPECIAL)
                 for line in self.place.lines]  # fmt: skip
        self.hold(plan, [self.random.choice([1, 2]) for _meeting in plan])

    def activities(self) -> None:
        """The year's training reached every secretary, one investor and two of the staff of each enterprise."""
        branches, firms = len(self.place.organisations), len(self.place.firms)
        self.deeds.tell(
            "training", self.day(dt.date(2023, 2, 13), 20), self.home, self.officers[self.home.pk],
            people={"secretary": branches, "investor": firms, "backbone": 2 * firms}, title="链上企业党建工作培训",
            firms=self.place.firms,
        )  # fmt: skip
        self.gather("theme_party_day", len(self.place.lines))
        self.gather("site_learning", len(self.place.lines))
        for line in ("policy_line", "factor_line", "problem_line"):
            self.serve(line, len(self.place.lines), self.place.firms)
        fair = self.day(dt.date(2023, 2, 20), 10)
        self.deeds.tell("fair", fair, self.home, self.officers[self.home.pk], people={"other": 180}, title="春季招聘会")
        self.visit(self.place.firms, 2)
        self._duty()

    def _duty(self) -> None:
        """Units of the chain's office take turns by the quarter (季度轮值)."""
        home, units = self.home, ("industry", "reform", "science")
        for line in self.place.lines:
            for start, end, key in zip(QUARTERS, [*QUARTERS[1:], dt.date(2023, 4, 1)], units, strict=True):
                first, last = start.replace(day=1), end.replace(day=1) - dt.timedelta(days=1)
                department = self.place.department(home, key)
                self.rows.add(
                    DutyTerm(
                        committee=line.committees[home.pk], region=home, chain=line.chain, department=department,
                        contact=department.contact_name, starts_on=first, ends_on=last,
                        handed_over_on=last if last < self.last else None,
                    )
                )  # fmt: skip

    def afterwards(self) -> None:
        """Each member of a committee gave account of the year 2022 (述职), with the figures that the records give."""
        day = dt.date(2023, 1, 13)
        for line in self.place.lines:
            for seat in line.seats[line.committees[self.home.pk].pk]:
                if seat.kind == SeatKind.CHAIN_CHIEF:
                    continue  # The same person as the first secretary.
                AnnualReport.objects.create(
                    committee=seat.committee, region=self.home, chain=line.chain, seat=seat, year=2022,
                    state=ReportState.SUBMITTED, submitted_on=day, figures=figures_of(seat, 2022),
                    duties="按分工参加产业链党委会议，联系链上企业，督促议定事项落实。",
                    shortfalls="到企业一线的次数还不够多。", plans="每季度至少到联系企业一次，问题随收随交。",
                )  # fmt: skip
