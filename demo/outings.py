"""云岭县's activities and visits of two years, who was on duty, and last year's annual reports."""

import datetime as dt
import random

from core import clock
from core.periods import Period
from demo.deeds import Deeds
from meetings import yearly
from meetings.enums import TOOK_PLACE, ActivityMode, ActivityState, ReportState
from meetings.models import AnnualReport, DutyTerm

# One of these each month and committee, in turn, with whom it reached by number.
TURN = [
    ("theory_study", {"member": (12, 30)}), ("policy_lecture", {"manager": (15, 40)}),
    ("theme_party_day", {"member": (10, 35)}), ("inspection", {}), ("party_lesson", {"member": (20, 60)}),
    ("training", {"backbone": (10, 25), "staff": (20, 60)}), ("dispatch", {"cadre": (6, 15)}),
    ("observation", {"secretary": (8, 20), "investor": (3, 8)}), ("fair", {"worker": (60, 200)}),
    ("analysis", {"cadre": (5, 12)}), ("contest", {"staff": (20, 50)}), ("agency", {}),
    ("promotion", {"manager": (10, 30), "other": (20, 60)}), ("attraction_trip", {"cadre": (3, 6)}),
    ("other", {"other": (10, 30)}),
]  # fmt: skip
AT_FIRMS = ("inspection", "party_lesson", "agency")
NOTES = [
    "企业订单稳定，原料收购资金周转偏紧，已告知可用的贷款贴息政策。",
    "生产线满负荷运行，企业希望增加熟练工，已转人才用工帮办团。",
    "上次反映的道路问题已解决，企业表示满意。",
    "企业计划明年扩建厂房，询问用地手续，已说明办理顺序。",
    "电话了解近期经营情况，企业没有新的困难。",
]
FINDINGS = "轮值期间走访链上企业，集中反映的是用工和原料储备；已分别交办，并向链党委报告。"
LEFT = "未办结的企业问题继续跟进；与企业约定的回访按日历进行。"
DUTIES = "按照产业链党委分工，参加党委会和联席会，带队走访联系企业，推动议定事项落实。"
SHORT = "走访小微企业不够，个别议定事项推进慢。"
PLANS = "每季度走访联系企业一遍，议定事项逐项销账。"


class Outings:
    """Tells them of a county (`demo.yunling.Yunling`) whose ledger and meetings have been told."""

    def __init__(self, county):
        self.county, self.place, self.today = county, county.place, county.today
        # Numbers of its own: what the county tells of the ledger does not change with the activities.
        self.random = random.Random(f"outings {county.today}")
        self.deeds = Deeds(county.place, self.random)
        self._seen: dict[int, list[dt.date]] = {}

    def tell(self) -> None:
        self._collected()
        for number, line in enumerate(self.place.lines):
            committee = line.committees[self.county.county.pk]
            self._months(number, line, committee)
            self._duty(number, line, committee)
            self._reports(number, line, committee)
        self._ahead()

    # --- activities and visits ---

    def _tell(self, code, day, line, committee, **more):
        seat = next(seat for seat in line.seats[committee.pk] if seat.kind == "secretary")
        named = {"leader": seat.person, "leader_title": f"{line.short}产业链党委书记"}
        by = self.county.secretaries[committee.pk]
        return self.deeds.tell(code, day, committee.region, by, line=line, committee=committee, **(named | more))

    def _collected(self) -> None:
        """Visits on which entries of the ledger were collected."""
        found = [h.problem for h in self.county.ledger.histories if h.problem.source == "visit"]
        firms = {firm.enterprise.pk: firm for firm in self.place.firms}
        for problem in self.random.sample(found, min(40, len(found))):
            firm, day = firms[problem.enterprise_id], problem.submitted_on
            if day is None or day >= self.today or problem.committee_id != firm.committee.pk:
                continue
            if self._free(firm, day):
                self._tell("visit", day, firm.line, firm.committee, firms=[firm], problems=[problem],
                           text=self.random.choice(NOTES[:4]))  # fmt: skip

    def _months(self, number: int, line, committee) -> None:
        """Each month a visit and one activity in turn; some by phone or on line, a few called off."""
        month = self.county.start
        while month <= self.today:
            for code, people, offset in [("visit", {}, 6), (*TURN[self._turn(number, month)], 14)]:
                day = self.county._workday(month + dt.timedelta(days=offset + self.random.randrange(0, 8)))
                if not max(committee.founded_on, self.county.start) <= day < self.today:
                    continue
                firms = self._firms(line, day) if code in ("visit", *AT_FIRMS) else []
                if code in ("visit", *AT_FIRMS) and not firms:
                    continue
                on_site = [ActivityMode.ON_SITE] * 5
                modes = [*on_site, ActivityMode.PHONE] if code == "visit" else [*on_site, ActivityMode.ONLINE]
                state = ActivityState.CANCELLED if self.random.random() < 0.02 else ActivityState.DONE
                counted = {name: self.random.randint(*span) for name, span in people.items()}
                text = self.random.choice(NOTES) if code == "visit" else ""
                told = self._tell(code, day, line, committee, firms=firms, people=counted, text=text, state=state,
                                  mode=self.random.choice(modes))  # fmt: skip
                if state == ActivityState.CANCELLED:
                    told.version, by = 2, self.county.secretaries[committee.pk]
                    at = clock.at_local(day, 18)
                    self.deeds.event(told, by, at, "activity.cancelled", version=2, reason="因故未能开展")
            month = (month + dt.timedelta(days=32)).replace(day=1)

    def _turn(self, number: int, month: dt.date) -> int:
        return (month.year * 12 + month.month + number * 2) % len(TURN)

    def _firms(self, line, day: dt.date) -> list:
        """One to three enterprises that were not disturbed shortly before or after; a few are never visited."""
        there = [
            firm for firm in line.firms[:-3]
            if firm.enterprise.joined_on <= day and (firm.enterprise.left_on or dt.date.max) > day
        ]  # fmt: skip
        self.random.shuffle(there)
        return [firm for firm in there[:3] if self._free(firm, day)][: self.random.choice([1, 1, 2])]

    def _free(self, firm, day: dt.date) -> bool:
        days = self._seen.setdefault(firm.enterprise.pk, [])
        if any(abs((day - other).days) < 10 for other in days):
            return False
        days.append(day)
        return True

    def _ahead(self) -> None:
        """What is planned: one that another unit joined, one near it with its reason, one by phone."""
        line = self.place.lines[0]
        committee = line.committees[self.county.county.pk]
        master, second, third = line.firms[:3]
        lately = self.county.calendar.add(self.today, -1)
        soon = self.county._workday(self.today + dt.timedelta(days=5))
        department = self.place.department(self.county.county, "agriculture")
        joined = self._tell(
            "visit",
            soon,
            line,
            committee,
            firms=[master],
            state=ActivityState.PLANNED,
            made_on=lately,
            title=f"走访{master.enterprise.short_name}，了解冬季生产",
            units=[{"committee": committee}, {"department": department, "purpose": "了解饲草储备"}],
        )
        joined.version = 2
        officer = self.county.unit_actors["department", department.pk]
        self.deeds.event(joined, officer, clock.at_local(lately, 16, 30), "activity.joined", version=2,
                         unit=department.name, purpose="了解饲草储备")  # fmt: skip
        near = self.county._workday(soon + dt.timedelta(days=2))
        team = self.county.teams["金融服务帮办团"]
        self.deeds.tell("visit", near, committee.region, self.county.officer, firms=[master], made_on=lately,
                        state=ActivityState.PLANNED, title=f"到{master.enterprise.short_name}办理续贷尽调",
                        units=[{"team": team}], near_reason="贷款到期日临近，须现场尽调")  # fmt: skip
        for firm, mode in ((second, ActivityMode.PHONE), (third, ActivityMode.ON_SITE)):
            self._tell("visit", self.county._workday(self.today + dt.timedelta(days=12)), line, committee, firms=[firm],
                       state=ActivityState.PLANNED, mode=mode, made_on=lately)  # fmt: skip

    # --- duty and annual reports ---

    def _duty(self, number: int, line, committee) -> None:
        """A unit each quarter; one committee has nobody this quarter, two have the next quarter's already."""
        units = [self.place.department(self.county.county, key) for key in ("agriculture", "market", "organisation")]
        first = self.county.start
        quarter = Period.quarter(first.year, (first.month + 2) // 3)
        turn = number
        while quarter.start <= self.today or (number < 2 and quarter.start <= self.today + dt.timedelta(days=92)):
            running = quarter.start <= self.today <= quarter.end
            if quarter.start >= committee.founded_on and not (running and number == 5):
                self._term(committee, line, units, quarter, turn)
            after = quarter.end + dt.timedelta(days=1)
            quarter, turn = Period.quarter(after.year, (after.month + 2) // 3), turn + 1

    def _term(self, committee, line, units, quarter, turn: int) -> None:
        unit = {"enterprise": line.firms[0].enterprise} if turn % 4 == 3 else {"department": units[turn % len(units)]}
        if "enterprise" in unit and unit["enterprise"].joined_on > quarter.start:
            unit = {"department": units[0]}
        contact = line.firms[0].secretary if "enterprise" in unit else unit["department"].contact_name
        term = self.place.rows.add(
            DutyTerm(
                committee=committee, region=committee.region, chain=committee.chain, contact=contact,
                starts_on=quarter.start, ends_on=quarter.end, **unit,
            )
        )  # fmt: skip
        by = self.county.secretaries[committee.pk]
        set_on = max(min(quarter.start, self.county.calendar.add(self.today, -1)), committee.founded_on)
        self.deeds.event(term, by, clock.at_local(set_on, 9), "duty.set", changes={})
        handed = self.county._workday(quarter.end + dt.timedelta(days=2))
        if handed < self.today:
            term.findings, term.left_over, term.handed_over_on, term.version = FINDINGS, LEFT, handed, 3
            self.deeds.event(term, by, clock.at_local(handed, 10), "duty.noted", version=2)
            self.deeds.event(term, by, clock.at_local(handed, 11), "duty.handed_over", version=3, on=handed, to="")

    def _reports(self, number: int, line, committee) -> None:
        """Last year's: received at a meeting, handed in, begun, or missing."""
        year = self.today.year - 1
        if number > 3 or committee.founded_on.year > year:
            return
        seats = line.seats[committee.pk]
        by = self.county.secretaries[committee.pk]
        told_on = self.county._workday(dt.date(year + 1, 1, 8))
        held = [
            row for row in self.place.rows.of("meetings.Meeting")
            if row.committee_id == committee.pk and row.state in TOOK_PLACE and row.held_on > told_on
        ]  # fmt: skip
        meeting = min(held, key=lambda row: (row.held_on, row.pk), default=None)
        states = [ReportState.RECEIVED if meeting else ReportState.SUBMITTED, ReportState.SUBMITTED, ReportState.DRAFT]
        for seat, state in zip((seats[2], seats[3], seats[-1]), states, strict=True):
            if told_on >= self.today:
                state = ReportState.DRAFT
            report = self.place.rows.add(
                AnnualReport(
                    committee=committee, region=committee.region, chain=committee.chain, seat=seat, year=year,
                    state=state, duties=DUTIES, created_by_id=by.user_id,
                )
            )  # fmt: skip
            written = min(told_on, self.county.calendar.add(self.today, -1))
            self.deeds.event(report, by, clock.at_local(written, 9), "annual.opened")
            if state == ReportState.DRAFT:
                continue
            report.shortfalls, report.plans, report.submitted_on, report.version = SHORT, PLANS, told_on, 3
            self.deeds.event(report, by, clock.at_local(told_on, 10), "annual.submitted", version=3)
            if state == ReportState.RECEIVED:
                report.meeting, report.received_on, report.version = meeting, meeting.held_on, 4
                at = clock.at_local(meeting.held_on, 17)
                self.deeds.event(report, by, at, "annual.received", version=4, meeting=meeting)


def freeze_figures(region) -> None:
    """The figures of the reports handed in, worked out from the records as handing in does."""
    reports = AnnualReport.objects.filter(region=region).exclude(state=ReportState.DRAFT)
    for report in reports.select_related("seat"):
        report.figures = yearly.figures_of(report.seat, report.year)
        report.save(update_fields=["figures"])
