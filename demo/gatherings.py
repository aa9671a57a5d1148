"""Meetings of committees (会议): roll, agenda out of the ledger, decisions followed up."""

import datetime as dt
import random

from audit import trail
from audit.models import Event
from chains.models import Committee
from core import clock
from core.actor import Actor
from demo.histories import History
from demo.ledger import Ledger
from demo.place import Line, Place
from meetings.enums import DecisionState, ItemEnd, ItemSource, MeetingClass, MeetingState, Presence
from meetings.models import AgendaItem, Attendance, Decision, Meeting, MeetingKind, MeetingSeries
from problems.enums import OPEN_STATES

TITLES = {
    MeetingClass.COMMITTEE: "{name}第{quarter}季度党委会议",
    MeetingClass.JOINT: "{short}产业链联席会议",
    MeetingClass.PROGRESS: "{short}产业链重点工作推进会",
    MeetingClass.SPECIAL: "{matter}专题会",
    MeetingClass.OTHER: "{short}产业链工作调度会",
}
TOPICS = [
    "传达学习上级党组织关于产业链党建工作的部署要求",
    "听取联盟成员单位近期工作情况汇报",
    "研究建链延链补链强链重点项目推进计划",
    "研究党建联盟年度活动安排",
    "听取帮办团服务企业情况",
    "研究链上企业党组织组建和党员发展工作",
    "研究产销对接和品牌推介活动方案",
    "通报上次会议议定事项落实情况",
]
DECISIONS = [
    ("由牵头单位一周内拿出产业链断点清单和补链招引方案。", "已形成断点清单，列出招引线索并分工到人。"),
    ("组织链上企业开展一次供需对接活动。", "活动已举办，达成一批本地配套意向。"),
    ("联合组建两个新建企业党组织，选派党建指导员。", "党组织已批复成立，指导员到位。"),
    ("帮办团对重点企业逐户走访，建立问题台账。", "走访完成，问题全部录入台账。"),
    ("开展技能人才联合培训，结业后推荐就业。", "培训班如期结业，学员到企业上岗。"),
    ("链主企业牵头制定本地配套目录，优先采购县内产品。", "目录已印发，首批采购合同签订。"),
]  # fmt: skip
MATTERS = ["请{unit}牵头，会同相关单位限期解决“{title}”。", "就“{title}”一事一商，由{unit}拿出办理方案并报链党委。",
           "“{title}”列入重点事项，{unit}每周报告进展。"]  # fmt: skip
NOTES = [
    "会议听取了责任单位汇报，企业补充了实际情况。",
    "与会单位交换意见后形成一致意见。",
    "责任单位说明了难点和下一步打算。",
]
PLACES = ["县政务中心二楼会议室", "产业园区党群服务中心", "链主企业会议室", "联盟议事厅"]


class Gatherings:
    """Tells the meetings of a place, drawing on the histories that its ledger holds."""

    def __init__(self, place: Place, ledger: Ledger, rng: random.Random):
        self.place, self.ledger, self.random = place, ledger, rng
        self.meetings = 0
        self._kinds = {one.counts_as: one for one in MeetingKind.objects.filter(region=None).order_by("-order")}
        self.decisions: list[Decision] = []
        self._told: list[tuple] = []
        self._by_committee: dict[int, list[History]] = {}
        for history in ledger.histories:
            self._by_committee.setdefault(history.problem.committee_id, []).append(history)

    def hold(
        self, committee: Committee, line: Line | None, seats, by: Actor, day: dt.date, kind: str, *,
        matter: History | None = None, decisions: int | None = None, state: str = MeetingState.HELD,
    ) -> Meeting:  # fmt: skip
        """One meeting with its roll and agenda; `decisions` fixes how many matters it decides."""
        starts = clock.at_local(day, self.random.choice([9, 10, 14, 15]), self.random.choice([0, 30]))
        short = line.short if line else "产业"
        words = {
            "name": committee.name,
            "short": f"{committee.region.name}{short}",
            "quarter": "一二三四"[(day.month - 1) // 3],
            "matter": f"“{matter.problem.title}”" if matter else short,
        }
        chair = next(seat for seat in seats if seat.kind == "secretary")
        meeting = self.place.rows.add(
            Meeting(
                committee=committee,
                region=committee.region,
                chain=committee.chain,
                kind=self._kinds[kind],
                counts_as=kind,
                state=state,
                title=TITLES[kind].format_map(words)[:120],
                starts_at=starts,
                held_on=day,
                place=self.random.choice(PLACES),
                chair=chair.person,
                created_by_id=by.user_id,
                created_at=starts,
            )
        )
        self.meetings += 1
        if state == MeetingState.NOTIFIED:
            meeting.notified_on = self.place.today
        if state != MeetingState.HELD:
            return meeting
        # Who holds two seats (a chain's chief who is first secretary) sits in the meeting once.
        seats = list({(seat.person, seat.employer): seat for seat in seats}.values())
        self._roll(meeting, seats)
        texts = self._agenda(meeting, starts, by, matter, decisions)
        meeting.minutes = f"会议由{chair.person}主持。\n" + "\n".join(texts)
        meeting.version = 2
        meeting.seats_due = len(seats)
        meeting.seats_present = self._present
        self._write_up(meeting, by, starts)
        self._event(by, "meeting.created", meeting, starts + dt.timedelta(minutes=100), version=1, changes={})
        self._event(by, "meeting.held", meeting, starts + dt.timedelta(minutes=125), version=2, held_on=meeting.held_on)
        return meeting

    def _write_up(self, meeting: Meeting, by: Actor, starts: dt.datetime) -> None:
        """Minutes go out some days later, and after a month the meeting is filed."""
        for state, column, after, verb in [
            (MeetingState.MINUTED, "minuted_on", 3, "meeting.minuted"),
            (MeetingState.FILED, "filed_on", 15, "meeting.filed"),
        ]:
            day = self.ledger.calendar.add(meeting.held_on, after)
            if day >= self.place.today:
                break
            meeting.state, meeting.version = state, meeting.version + 1
            setattr(meeting, column, day)
            self._event(by, verb, meeting, clock.at_local(day, 16), version=meeting.version)

    def recur(self, committee: Committee, kind: MeetingKind, title: str, chair: str, **rule) -> MeetingSeries:
        """A meeting that recurs; its drafts come by themselves once the product runs."""
        return self.place.rows.add(
            MeetingSeries(
                committee=committee, region=committee.region, kind=kind, title=title, chair=chair, place=PLACES[0],
                starts_on=self.place.today.replace(day=1), **rule,
            )
        )  # fmt: skip

    def kind_of(self, counts_as: str) -> MeetingKind:
        return self._kinds[counts_as]

    def own_kind(self, region, name: str, counts_as: str) -> MeetingKind:
        """A kind that the county set up beside the common ones."""
        return self.place.rows.add(
            MeetingKind(region=region, code="own_1", name=name, counts_as=counts_as, notice_days=1, order=100)
        )

    def finish(self) -> None:
        """Tell each entry of the first standing decision on it."""
        first: dict[int, tuple] = {}
        for history, decision, by, at in self._told:
            if decision.state == DecisionState.CANCELLED:
                continue
            known = first.get(history.problem.pk)
            if known is None or decision.decided_on < known[1].decided_on:
                first[history.problem.pk] = (history, decision, by, at)
        for history, decision, by, at in first.values():
            history.note_decided(at, by, decision.decided_on, meeting=decision.meeting, decision=decision)

    def _event(self, by: Actor, verb: str, subject, at: dt.datetime, **data) -> None:
        self.place.rows.add(Event(at=at, **trail.fields(by, verb, subject, **data)))

    def _roll(self, meeting: Meeting, seats) -> None:
        self._present, left = 0, len(seats)
        for seat in seats:
            presence = self.random.choices([Presence.PRESENT, Presence.EXCUSED, Presence.ABSENT], [88, 9, 3])[0]
            left -= 1
            # More than half were there, or it would not have been held.
            if seat.kind == "secretary" or (self._present + left) * 2 <= len(seats):
                presence = Presence.PRESENT
            self._present += presence == Presence.PRESENT
            self.place.rows.add(
                Attendance(meeting=meeting, seat=seat, name=seat.person, unit=seat.employer, presence=presence)
            )
        if self.random.random() < 0.5:
            guest = self.place.people.name()
            unit = self.random.choice(["商业银行云端支行", "供电服务中心", "职业教育中心"])
            self.place.rows.add(Attendance(meeting=meeting, name=guest, unit=unit, presence=Presence.INVITED))

    def _agenda(self, meeting, starts, by, matter, decisions) -> list[str]:
        found = [matter] if matter else self._open_at(meeting.committee_id, starts)
        wanted = self.random.choice([1, 2, 2, 3, 3]) if decisions is None else decisions
        lines, order = [], 0
        for topic in self.random.sample(TOPICS, 1 if matter else 2):
            order += 1
            self.place.rows.add(AgendaItem(meeting=meeting, order=order, title=topic, end=ItemEnd.NOTED))
            lines.append(f"{order}. {topic}：会议听取了汇报。")
        matters = self.random.sample(found, min(len(found), max(1, wanted - 1))) if wanted else []
        for history in matters:
            order += 1
            decided = wanted > 0
            item = self._item(meeting, order, history.problem.title, history, ItemEnd.DECISION)
            text = self._decide(meeting, item, starts, by, history, decisions is None)
            wanted -= decided
            lines.append(f"{order}. {history.problem.title}：{text}")
        while wanted > 0:
            order, wanted = order + 1, wanted - 1
            text, done = self.random.choice(DECISIONS)
            item = self._item(meeting, order, text.rstrip("。"), None, ItemEnd.DECISION)
            self._decision(meeting, item, text, done, None, may_lapse=decisions is None)
            lines.append(f"{order}. {text}")
        if decisions is None and self.random.random() < 0.15:
            self._item(meeting, order + 1, "研究联盟品牌标识设计方案", None, ItemEnd.POSTPONED)
            lines.append(f"{order + 1}. 联盟品牌标识设计方案：缓议。")
        return lines

    def _item(self, meeting, order, title, history, end) -> AgendaItem:
        problem = history.problem if history else None
        return self.place.rows.add(
            AgendaItem(
                meeting=meeting,
                order=order,
                title=title[:200],
                problem=problem,
                end=end,
                source=self._source(meeting, history),
                note=NOTES[order % len(NOTES)] if history else "",
            )
        )

    def _source(self, meeting: Meeting, history: History | None) -> str:
        """Why an entry was on the agenda: it had risen, it was late by then, or somebody asked for it."""
        if history is None:
            return ItemSource.HAND
        problem = history.problem
        if problem.escalated_on and problem.escalated_on <= meeting.held_on:
            return ItemSource.ESCALATED
        if meeting.counts_as == MeetingClass.SPECIAL:
            return ItemSource.CONVENED
        return ItemSource.OVERDUE if problem.due_on and problem.due_on < meeting.held_on else ItemSource.HAND

    def _open_at(self, committee_id: int, at: dt.datetime) -> list[History]:
        found = self._by_committee.get(committee_id, [])
        return [h for h in found if h.state_at(at) in OPEN_STATES - {"resolved", "returned"}]

    def _decide(self, meeting, item, starts, by, history: History, may_lapse: bool) -> str:
        problem = history.problem
        unit = self._unit(meeting, problem)
        text = self.random.choice(MATTERS).format(unit=unit, title=problem.title)
        done = f"{unit}已按要求落实，企业确认。"
        decision = self._decision(meeting, item, text, done, problem, unit, may_lapse=may_lapse)
        # Minutes after the meeting, so that the event does not share a moment with a step of the entry.
        at = starts + dt.timedelta(minutes=self.random.randrange(70, 110), seconds=self.random.randrange(1, 59))
        self._told.append((history, decision, by, at))
        self._event(by, "decision.made", decision, at, text=text, owner=str(unit), due_on=decision.due_on)
        return text

    def _unit(self, meeting, problem):
        if problem.lead_department:
            return problem.lead_department
        return problem.lead_team.lead_department if problem.lead_team else meeting.committee.leading_unit

    def _decision(self, meeting, item, text, done_text, problem, unit=None, *, may_lapse=True) -> Decision:
        calendar, today = self.ledger.calendar, self.place.today
        due = calendar.add(meeting.held_on, self.random.choice([5, 7, 10, 15, 20]))
        done_on = calendar.add(due, self.random.choice([-3, -2, -1, 0, 0, 2, 5]))
        done_on = max(done_on, calendar.add(meeting.held_on, 1))
        state = DecisionState.DONE if done_on <= today else DecisionState.OPEN
        if state == DecisionState.DONE and (today - due).days < 60 and self.random.random() < 0.2:
            state = DecisionState.OPEN  # left over: overdue today
        elif may_lapse and self.random.random() < 0.03:
            state = DecisionState.CANCELLED
        done = state == DecisionState.DONE
        decision = self.place.rows.add(
            Decision(
                meeting=meeting,
                item=item,
                problem=problem,
                region=meeting.region,
                chain=meeting.chain,
                committee=meeting.committee,
                text=text[:500],
                owner_department=unit or meeting.committee.leading_unit,
                decided_on=meeting.held_on,
                due_on=due,
                overdue_from=due + dt.timedelta(days=1),
                yellow_on=max(calendar.add(due, -2), meeting.held_on),
                state=state,
                ended_on=None if state == DecisionState.OPEN else min(done_on, today),
                done_on=done_on if done else None,
                done_text=done_text if done else "",
            )
        )
        self.decisions.append(decision)
        return decision


ORDER = [MeetingKind, MeetingSeries, Meeting, Attendance, AgendaItem, Decision]
