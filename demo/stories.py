"""How the lives of problems unfold: plots that lead a `History` through the steps that counties know.

Each plot is plain code; the history itself stops it at the present moment. All chance comes from the generator that
the story is given, so the same seed on the same day tells the same stories.
"""

import datetime as dt
import random
from dataclasses import dataclass, field

from core import clock
from core.actor import Actor
from demo.histories import History, NotYet
from demo.wording import fill, texts
from problems.enums import Outcome, Rating, Urgency

PLOTS = {
    "plain": 50, "late": 9, "returned": 6, "declined": 4, "withdrawn": 3, "objection_granted": 3,
    "objection_refused": 2, "transferred": 3, "extended": 5, "extension_refused": 2, "suspended": 4, "waiting": 4,
    "not_satisfied": 6, "unrated": 4, "reopened": 3, "helped": 5, "escalated": 2,
}  # fmt: skip
RETURNS = ["请补充涉及的具体地点和面积。", "请说明数量和需要的时间。", "请上传相关批复或合同，写明前期已对接的单位。"]
COMPLETIONS = ["已补充具体地点、数量和时间。", "已补充相关材料。"]
DECLINES = ["属企业之间的合同纠纷，建议依法通过仲裁或诉讼解决。", "涉及企业内部管理，不属于受理范围，已电话说明。",
            "该事项正在信访程序中办理，不重复受理。"]  # fmt: skip
WITHDRAWALS = ["企业自行协调解决，申请撤回。", "计划调整，暂不需要协调。"]
GROUNDS = ["按部门职责分工，该事项应由其他单位牵头。", "审批权限不在本单位，建议由主管部门牵头、本单位配合。"]
SUSPENSIONS = ["等待第三方检测报告。", "需待招标采购程序完成。", "冬季停工期，暂不具备施工条件。"]
EXTENSIONS = ["需跨部门会审，原期限内难以完成。", "设备采购周期较长，申请延期。", "现场勘测受天气影响推迟。"]
NOTES = ["已到企业现场核实情况，与负责人面谈。", "已与相关单位会商，形成初步方案。", "材料已收齐，正在审核。",
         "已电话联系企业，告知进展。"]  # fmt: skip
HELPERS = ["已提供相关政策依据和办理建议。", "已派人到现场配合勘察，无不同意见。", "相关数据已核实并移交牵头单位。"]
PRAISE = ["办理及时，感谢。", "问题得到解决，服务很好。", "", "", "主动上门，效率高。"]
SO_SO = ["基本解决，希望后续跟进。", "比预期慢一些，但解决了。", ""]
COMPLAINTS = ["只解决了一部分，问题还在。", "答复与实际情况不符，请重新核实。", "措施没有落实到位。"]
REOPENINGS = ["回访发现措施未真正落实，重新办理。", "问题反弹，企业再次反映。"]
INSTRUCTIONS = ["请相关单位高度重视，限期解决，并举一反三。", "要事一事一商，链党委牵头会商，拿出办法。"]


@dataclass
class Roles:
    """Who acts in a story."""

    raiser: Actor
    raiser_of_firm: Actor
    keeper: Actor
    officer: Actor
    leader: Actor
    unit: object
    other_unit: object
    helper: object
    actors: dict = field(default_factory=dict)

    def of(self, unit) -> Actor:
        """The person who acts for a team or department."""
        return self.actors[unit._meta.model_name, unit.pk]


class Story:
    """One problem's story: a cursor in working time over a history."""

    def __init__(self, history: History, roles: Roles, rng: random.Random, words: dict, category: str):
        self.history, self.roles, self.random, self.words = history, roles, rng, words
        self.resolutions = texts("resolutions")[category]
        self.calendar = history.scene.calendar
        self.cursor: dt.datetime | None = None

    def tell(self, plot: str, start: dt.datetime) -> History:
        """Run the plot as far as today (or the step at which the history is to stop)."""
        self.cursor = start
        try:
            self._raise(start)
            getattr(self, plot)()
        except NotYet:
            pass
        return self.history

    # --- time ---

    def later(self, days: int) -> dt.datetime:
        """The cursor moved on by working days, to some minute of office hours."""
        local = self.cursor.astimezone(clock.SHANGHAI)
        if days == 0:
            minutes = local.hour * 60 + local.minute + self.random.randrange(12, 95)
            if minutes < 18 * 60 and self.calendar.is_workday(local.date()):
                self.cursor = clock.at_local(local.date(), minutes // 60, minutes % 60)
                return self.cursor
            days = 1
        day = self.calendar.add(local.date(), days)
        self.cursor = clock.at_local(day, self.random.randrange(8, 12), self.random.randrange(30, 60))
        return self.cursor

    def soon(self) -> dt.datetime:
        """The same day or the next working day."""
        return self.later(self.random.choice([0, 0, 1]))

    def pick(self, choices: list[str]) -> str:
        return fill(self.random.choice(choices), self.words)

    # --- stretches that plots share ---

    def _raise(self, at: dt.datetime) -> None:
        self.history.raised(at, self.roles.raiser)

    def _accept(self) -> None:
        self.history.accept(self.soon(), self.roles.keeper)

    def _assign(self, unit=None, helpers=()) -> None:
        instruction = fill(self.resolutions["instruction"], self.words)
        self.history.assign(self.soon(), self.roles.officer, unit or self.roles.unit, helpers, instruction)

    def _sign(self) -> None:
        self.history.sign(self.soon(), self._handler())

    def _handler(self) -> Actor:
        problem = self.history.problem
        return self.roles.of(problem.lead_team or problem.lead_department)

    def _work(self, late: int = 0) -> None:
        """Days pass until shortly before the deadline, or `late` working days after it; sometimes a note."""
        left = self.calendar.between(clock.local_date(self.cursor), self.history.problem.due_on)
        days = left + late if late else max(1, left - self.random.choice([0, 1, 1, 2, 2, 3, 4]))
        if days > 2 and self.random.random() < 0.4:
            middle = self.random.randrange(1, days - 1)
            self.history.add_note(self.later(middle), self._handler(), self.random.choice(NOTES))
            days -= middle
        self.later(max(1, days))

    def _resolve(self, outcome: str = "") -> None:
        outcome = outcome or self._outcome()
        self.history.resolve(self.cursor, self._handler(), outcome, self.pick(self.resolutions[outcome]))

    def _outcome(self) -> str:
        chosen = self.random.choices([Outcome.SOLVED, Outcome.PARTLY, Outcome.EXPLAINED], [74, 15, 11])[0]
        return chosen if chosen in self.resolutions else Outcome.SOLVED

    def _rate(self, days: int | None = None) -> None:
        days = self.random.choice([0, 1, 1, 2, 3, 4]) if days is None else days
        if self.random.random() < 0.78:
            self.history.rate(self.later(days), self.roles.raiser_of_firm, Rating.SATISFIED, self.pick(PRAISE))
        else:
            self.history.rate(self.later(days), self.roles.raiser_of_firm, Rating.BASICALLY, self.pick(SO_SO))

    def _close(self) -> None:
        self.history.close(self.later(self.random.choice([0, 1, 1, 2])), self.roles.keeper)

    def _ending(self, late: int = 0, outcome: str = "") -> None:
        self._work(late)
        self._resolve(outcome)
        self._rate()
        self._close()

    def _begin(self, helpers=()) -> None:
        self._accept()
        self._assign(helpers=helpers)
        self._sign()

    # --- plots ---

    def plain(self) -> None:
        self._begin()
        self._ending()

    def late(self) -> None:
        self._begin()
        self._ending(late=self.random.choice([1, 1, 2, 3, 4, 6]))

    def solved(self) -> None:
        """As plainly as can be, and wholly solved."""
        self._begin()
        self._ending(outcome=Outcome.SOLVED)

    def explained(self) -> None:
        """Answered, for nothing more could be done."""
        self._begin()
        self._ending(outcome=Outcome.EXPLAINED)

    def overdue(self) -> None:
        """Nothing has come of it yet."""
        self._begin()
        self._ending(late=60)

    def returned(self) -> None:
        self.history.return_for_completion(self.soon(), self.roles.keeper, self.pick(RETURNS))
        at = self.later(self.random.randrange(1, 5))
        self.history.resubmit(at, self.roles.raiser_of_firm, self.pick(COMPLETIONS))
        self.plain()

    def declined(self) -> None:
        self.history.decline(self.soon(), self.roles.keeper, self.pick(DECLINES))

    def withdrawn(self) -> None:
        self._accept()
        if self.random.random() < 0.5:
            self._assign()
        self.history.withdraw(self.later(1), self.roles.raiser_of_firm, self.pick(WITHDRAWALS))

    def merged(self) -> None:
        """Ends in an entry of the same enterprise, if the teller found one; else plainly."""
        if self.merge_target is None:
            return self.plain()
        self.history.merge_into(self.soon(), self.roles.keeper, self.merge_target, "与已受理事项内容重复。")

    merge_target: History | None = None

    def objection_granted(self) -> None:
        self._accept()
        self._assign(unit=self.roles.other_unit)
        self.history.object_to(self.soon(), self._handler(), self.pick(GROUNDS))
        self.history.rule_on_objection(self.soon(), self.roles.officer, True, "异议成立，另行交办。")
        self._assign(unit=self.roles.unit)
        self._sign()
        self._ending()

    def objection_refused(self) -> None:
        self._accept()
        self._assign()
        self.history.object_to(self.soon(), self._handler(), self.pick(GROUNDS))
        ruling = "该事项属你单位职责范围，异议不成立，请继续牵头办理。"
        self.history.rule_on_objection(self.soon(), self.roles.officer, False, ruling)
        self._sign()
        self._ending()

    def transferred(self) -> None:
        self._accept()
        self._assign(unit=self.roles.other_unit)
        self._sign()
        reason = "经核实由另一单位牵头更为合适。"
        self.history.transfer(self.later(self.random.randrange(1, 4)), self.roles.officer, self.roles.unit, reason)
        self._sign()
        self._ending()

    def _ask_extension(self) -> None:
        problem = self.history.problem
        left = self.calendar.between(clock.local_date(self.cursor), problem.due_on)
        at = self.later(max(1, left - 2)) if left > 2 else self.later(0)
        new = self.calendar.add(problem.due_on, self.random.choice([5, 7, 10]))
        self.history.ask_extension(at, self._handler(), new, self.pick(EXTENSIONS))

    def extended(self) -> None:
        self._begin()
        self._ask_extension()
        self.history.decide_extension(self.later(0), self.roles.officer, True, "同意，抓紧办理。")
        self._ending()

    def extension_refused(self) -> None:
        self._begin()
        self._ask_extension()
        self.history.decide_extension(self.later(0), self.roles.officer, False, "企业急需，请按原期限办结。")
        self._ending()

    def suspended(self) -> None:
        self._begin()
        reason = self.pick(SUSPENSIONS)
        self.history.ask_suspension(self.later(self.random.randrange(1, 3)), self._handler(), reason)
        at = self.soon()
        next_on = self.calendar.add(clock.local_date(at), 20)
        self.history.suspend(at, self.roles.officer, reason, next_on)
        self.history.resume(self.later(self.random.randrange(8, 20)), self.roles.officer, "条件具备，恢复办理。")
        self._ending()

    def waiting(self) -> None:
        self._begin()
        self._work()
        wanted = "waiting" if "waiting" in self.resolutions else "explained"
        text = self.pick(self.resolutions[wanted])
        at = self.cursor
        day = clock.local_date(at)
        self.history.resolve(at, self._handler(), Outcome.WAITING, text, self.calendar.add(day, 28))
        for _time in range(self.random.choice([1, 2, 2, 3])):
            at = self.later(27)
            next_on = self.calendar.add(clock.local_date(at), 28)
            self.history.set_waiting_date(at, self._handler(), next_on, "政策尚未印发，继续跟踪。")
        self.history.resume(self.later(20), self.roles.officer, "政策已经明确，恢复办理。")
        self._ending(outcome=Outcome.SOLVED)

    def not_satisfied(self) -> None:
        self._begin()
        self._work()
        self._resolve()
        at = self.later(self.random.randrange(1, 4))
        self.history.rate(at, self.roles.raiser_of_firm, Rating.NOT_SATISFIED, self.pick(COMPLAINTS))
        if self.random.random() < 0.5:
            self._ending(outcome=Outcome.SOLVED)
            return
        # Done again, and no better word came: the complaint stands.
        self._work()
        self._resolve(Outcome.EXPLAINED)
        self._close_unrated()

    def unrated(self) -> None:
        """The enterprise says nothing; closed after the rating window."""
        self._begin()
        self._work()
        self._resolve()
        self._close_unrated()

    def _close_unrated(self) -> None:
        window = self.history.scene.rulebook.rating_days
        self.history.close(self.later(window + 1), self.roles.keeper, "评价期限已过，审核后销号。")

    def reopened(self) -> None:
        self._begin()
        self._ending()
        self.history.reopen(self.later(self.random.randrange(5, 25)), self.roles.officer, self.pick(REOPENINGS))
        self._ending(outcome=Outcome.SOLVED)

    def helped(self) -> None:
        if self.roles.helper.pk == getattr(self.roles.unit, "pk", None):
            return self.plain()
        self._begin(helpers=[self.roles.helper])
        self.history.report_as_cohandler(self.later(1), self.roles.of(self.roles.helper), self.pick(HELPERS))
        self._ending()

    def escalated(self) -> None:
        self._begin()
        self.history.escalate(self.later(1), self.roles.keeper, "涉及多个部门，提请上一级党委研究。")
        self.history.instruct(self.later(1), self.roles.leader, self.pick(INSTRUCTIONS))
        self._ending()


def urgency(rng: random.Random, category: str) -> str:
    """Most are ordinary; land, environment and construction matters are often complex."""
    hard = category in ("land", "environment", "road", "water", "policy")
    return rng.choices([Urgency.ORDINARY, Urgency.URGENT, Urgency.COMPLEX], [60, 10, 30] if hard else [74, 14, 12])[0]
