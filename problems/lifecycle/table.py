"""The table of the ledger's transitions, and what may be done to an entry now (状态流转表).

docs/statuses.md is printed from this table; a test keeps them equal.
"""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from core import clock
from core.actor import Actor
from core.transitions import Refusal, Transition
from problems import perms
from problems.enums import OPEN_STATES, Outcome, State
from problems.lifecycle import guards

S = State
_HANDLING = frozenset({S.ASSIGNED, S.IN_PROGRESS})
_HELD = _HANDLING | {S.SUSPENDED}


def _row(name, label, sources, target, allowed, meaning):
    return name, Transition(name, label, frozenset(sources), target, allowed, meaning)


TABLE: dict[str, Transition] = dict(
    [
        _row("submit", _("提交"), [S.DRAFT], S.SUBMITTED, perms.as_author, _("草稿提交后进入台账，等待受理。")),
        _row(
            "accept", _("受理"), [S.SUBMITTED], S.ACCEPTED, perms.as_accepter,
            _("确认问题属实、要素齐全，进入待交办。"),
        ),
        _row(
            "return_for_completion", _("退回补正"), [S.SUBMITTED, S.ACCEPTED, *_HANDLING], S.RETURNED,
            perms.as_accepter,
            _("要素不全，退回企业补充；已填内容保留，时钟停走，补充后回到退回前的环节。"),
        ),
        _row(
            "resubmit", _("补正后重新提交"), [S.RETURNED], S.SUBMITTED, perms.as_raiser,
            _("补充完整后再次提交，回到退回它的环节；办理中退回的，期限顺延。"),
        ),
        _row(
            "decline", _("不予受理"), [S.SUBMITTED, S.ACCEPTED], S.DECLINED, perms.as_accepter,
            _("不属于受理范围的，说明理由后终结。"),
        ),
        _row(
            "merge_into", _("并入重复事项"), [S.SUBMITTED, S.RETURNED, S.ACCEPTED], S.DECLINED, perms.as_accepter,
            _("与已有事项重复的，并入该事项后终结，结果记为“并入其他事项”。"),
        ),
        _row(
            "join_root", _("归入一类事"), OPEN_STATES, None, perms.as_keeper,
            _("由一件事到一类事：归到同类问题的根事项之下，状态不变。"),
        ),
        _row(
            "settle_by_root", _("随一类事办结"), guards.SETTLED_BY_ROOT, S.RESOLVED, perms.as_settler,
            _("所属一类事的结果也解决了本事项：用它的结果办结，等待企业评价。"),
        ),
        _row(
            "not_by_root", _("未随一类事解决"), guards.SETTLED_BY_ROOT, None, perms.as_settler,
            _("所属一类事的结果没有解决本事项：说明理由，继续单独办理。"),
        ),
        _row(
            "assign", _("交办"), [S.ACCEPTED], S.ASSIGNED, perms.as_assigner,
            _("确定牵头单位、协办单位和期限；办理时钟从交办起走。"),
        ),
        _row(
            "sign", _("签收"), [S.ASSIGNED], S.IN_PROGRESS, perms.as_handler,
            _("牵头单位签收，开始办理；时钟不因签收重新计算。"),
        ),
        _row(
            "object_to", _("提出异议"), _HANDLING, None, perms.as_handler,
            _("认为不属本单位职责的，在期限内提出一次异议；裁定前时钟照走。"),
        ),
        _row(
            "grant_objection", _("裁定异议成立"), _HELD, S.ACCEPTED, perms.as_ruler,
            _("异议成立，本单位办理段结束，退回待交办，记一次退转。"),
        ),
        _row(
            "refuse_objection", _("裁定异议不成立"), _HELD, None, perms.as_ruler,
            _("异议不成立，裁定有约束力，本单位继续办理。"),
        ),
        _row(
            "transfer", _("改派"), _HANDLING, S.ASSIGNED, perms.as_assigner,
            _("改由另一单位牵头，重新计算该单位的期限，记一次退转。"),
        ),
        _row(
            "add_note", _("登记进展"), OPEN_STATES, None, perms.as_anyone_involved,
            _("在时间线上写下进展，状态和期限不变。"),
        ),
        _row(
            "add_helpers", _("加签协办"), _HANDLING, None, perms.as_handler_or_officer,
            _("增加协办单位，各有自己的期限；牵头单位和总期限不变。"),
        ),
        _row(
            "hand_over_leg", _("交接承办人"), _HELD, None, perms.as_unit_or_officer,
            _("岗位变动时换由同一单位的另一人承办；单位、期限和时钟不变。"),
        ),
        _row(
            "report_as_cohandler", _("协办反馈"), _HELD, None, perms.as_cohandler,
            _("协办单位向牵头单位反馈办理意见，本段办理结束。"),
        ),
        _row(
            "ask_suspension", _("申请挂起"), _HANDLING, None, perms.as_handler,
            _("牵头单位说明理由申请挂起；同意前时钟照走。"),
        ),
        _row(
            "suspend", _("挂起"), _HANDLING, S.SUSPENDED, perms.as_suspender,
            _("因等待外部条件暂停办理，时钟停走，灯号转灰。"),
        ),
        _row(
            "resume", _("恢复办理"), [S.SUSPENDED, S.RESOLVED], S.IN_PROGRESS, perms.as_suspender,
            _("恢复办理，期限顺延暂停的工作日；挂账事项条件具备时由此重新办理。"),
        ),
        _row(
            "ask_extension", _("申请延期"), _HANDLING, None, perms.as_handler,
            _("期限届满前提出新的期限和理由，由交办人决定。"),
        ),
        _row("grant_extension", _("同意延期"), _HELD, None, perms.as_ruler, _("同意后按新的期限办理。")),
        _row("refuse_extension", _("不同意延期"), _HELD, None, perms.as_ruler, _("不同意的，按原期限办理。")),
        _row(
            "escalate", _("提级"), OPEN_STATES - {S.RESOLVED}, None, perms.as_keeper,
            _("提请县产业党委或市级研究，列入下一次会议议题；提到县级的还可以再提一次。"),
        ),
        _row(
            "urge", _("催办"), OPEN_STATES, None, perms.as_urger,
            _("催办写入时间线，状态和期限不变；每人每个工作日最多一次。"),
        ),
        _row(
            "set_waiting_date", _("更新挂账回访日期"), [S.RESOLVED], None, perms.as_anyone_involved,
            _("挂账事项须定下次回访日期，最远不超过规定的工作日。"),
        ),
        _row(
            "resolve", _("办结"), [S.IN_PROGRESS], S.RESOLVED, perms.as_handler,
            _("牵头单位报告办理结果，等待企业评价；挂账的须写明下次回访日期。"),
        ),
        _row(
            "rate", _("评价"), [S.RESOLVED], None, perms.as_enterprise,
            _("企业评价办理结果；满意或基本满意即为企业确认。"),
        ),
        _row(
            "rate_not_satisfied", _("评价不满意"), [S.RESOLVED], S.IN_PROGRESS, perms.as_enterprise,
            _("企业不满意，由原牵头单位重新办理，重新计算期限。"),
        ),
        _row(
            "say_not_solved", _("回访未解决"), [S.RESOLVED, S.CLOSED], S.IN_PROGRESS, perms.as_caller,
            _("回访时企业说没有解决：由原牵头单位重新办理，重新计算期限。"),
        ),
        _row(
            "close", _("销号"), [S.RESOLVED], S.CLOSED, perms.as_reviewer,
            _("办理单位以外的人审核后销号，取得销号编号；未评价的须过评价期限。"),
        ),
        _row(
            "reopen", _("重新办理"), [S.CLOSED], S.IN_PROGRESS, perms.as_officer,
            _("销号后发现未解决的，说明理由重新办理；首次销号保留，销号期间不计时。"),
        ),
        _row(
            "restore", _("恢复受理"), [S.DECLINED, S.WITHDRAWN], S.SUBMITTED, perms.as_officer,
            _("不予受理、并入或撤回的事项，说明理由恢复到待受理。"),
        ),
        _row(
            "withdraw", _("撤回"), [S.SUBMITTED, S.RETURNED, S.ACCEPTED, *_HELD], S.WITHDRAWN, perms.as_raiser,
            _("企业撤回，事项终结，已有办理记录保留。"),
        ),
        _row(
            "instruct", _("批示"), OPEN_STATES, None, perms.as_leader,
            _("领导批示写入时间线，状态和期限不变。"),
        ),
        _row(
            "edit", _("修改"), [S.DRAFT, *OPEN_STATES], None, perms.as_editor,
            _("修改事项、类别、来源等，修改前后都留在时间线上。"),
        ),
        _row(
            "move", _("调整产业链"), [S.DRAFT, *OPEN_STATES, S.CLOSED, S.DECLINED, S.WITHDRAWN], None, perms.as_officer,
            _("调整所属产业链和产业链党委，历史数字随之归到新的链上。"),
        ),
        _row(
            "correct_dates", _("更正提交日期"), [*OPEN_STATES, S.CLOSED, S.DECLINED, S.WITHDRAWN], None,
            perms.as_officer, _("补录的事项按实际提交日期更正，须说明理由。"),
        ),
        _row(
            "attach", _("上传附件"), [S.DRAFT, *OPEN_STATES], None, perms.as_contributor,
            _("上传照片、文件；只作佐证，从不必填。"),
        ),
        _row(
            "note_decided", _("记录议定"), OPEN_STATES, None, perms.as_decider,
            _("会议研究议定，由会议记录自动写入。"),
        ),
        _row(
            "extend_by_meeting", _("会议议定延期"), _HANDLING, None, perms.as_ruler,
            _("会议议定延期的，按新的期限办理，最远不超过规定的最长时间；不占用单位申请延期的次数。"),
        ),
        _row(
            "wait_by_meeting", _("会议议定挂账"), _HANDLING, S.RESOLVED, perms.as_ruler,
            _("会议议定等待政策的，挂账并定下次回访日期，条件具备后恢复办理。"),
        ),
        _row(
            "undo", _("撤销上一步"), list(S), None, perms.as_last_doer,
            _("刚办的一步办错了：在规定的分钟内、没有新变化时，恢复到这一步之前。"),
        ),
    ]
)  # fmt: skip


def state_refusal(problem, transition: Transition) -> Refusal:
    """The sentence for a transition that does not start from the present state."""
    names = str(_("、")).join(str(State(s).label) for s in State.values if s in transition.sources)
    return Refusal(
        "state",
        _("当前为“%(state)s”，“%(step)s”只能在%(sources)s时进行。")
        % {"state": problem.get_state_display(), "step": transition.label, "sources": names},
    )


def waiting_refusal(problem, name: str) -> Refusal | None:
    """What an entry waiting for a policy (挂账) allows: it is resumed or given a new date, not rated or closed."""
    waits = problem.state == State.RESOLVED and problem.outcome == Outcome.WAITING
    if waits and name in ("rate", "rate_not_satisfied", "say_not_solved", "close"):
        return Refusal("waiting", _("本事项正在挂账等待政策，条件具备后先恢复办理。"), perms.OFFICER)
    if not waits and (name == "set_waiting_date" or (name == "resume" and problem.state == State.RESOLVED)):
        return Refusal("not_waiting", _("本事项不是挂账事项。"))
    return None


def refusal_for(name: str, problem, actor: Actor, day: dt.date | None = None) -> Refusal | None:
    """Why this actor may not do this to the entry on `day` (today), or None: table, people, standing rules."""
    transition = TABLE[name]
    if problem.state not in transition.sources:
        return state_refusal(problem, transition)
    refusal = transition.allowed(problem, actor) or waiting_refusal(problem, name)
    if refusal is None and name in guards.GUARDS:
        refusal = guards.GUARDS[name](problem, day or clock.today())
    if refusal is None and name in guards.PERSONAL:
        refusal = guards.PERSONAL[name](problem, actor, day or clock.today())
    return refusal


def can(problem, actor: Actor) -> dict[str, Refusal | None]:
    """For the page: every transition with its refusal for this actor now, or None where it may be done."""
    return {name: refusal_for(name, problem, actor) for name in TABLE}
