"""What a step will do, in sentences before it is done, and the people of an entry by name of their unit.

The sentences are on the step's page from the start (without scripts, for each choice that matters) and again whenever
a choice changes.
"""

import datetime as dt

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from alliances.enums import RegionLevel
from alliances.models import Department, HelpTeam, Region
from core import clock, workdays
from core.transitions import Refusal
from problems import perms, rules
from problems.enums import CLOCK_STATES, PAUSED_STATES, LimitStep, Outcome, Rating, State, Urgency
from problems.lifecycle import guards
from problems.lifecycle.table import TABLE


# --- people -----------------------------------------------------------------------------------------------------
class Names:
    """Who acts on this entry, each by the name of the unit and the role in it."""

    def __init__(self, problem):
        self.problem = problem

    @property
    def officer(self) -> str:
        kept = self.problem.__dict__
        if "_county" not in kept:
            region = self.problem.region
            rows = Region.objects.filter(path__in=region.ancestor_paths, level=RegionLevel.COUNTY)
            kept["_county"] = region if region.level == RegionLevel.COUNTY else rows.first() or region
        return _("%(region)s组织部工作人员") % {"region": kept["_county"]}

    @property
    def secretary(self) -> str:
        committee = self.problem.committee
        return _("%(committee)s书记（链办）") % {"committee": committee} if committee else self.officer

    @property
    def keepers(self) -> str:
        if self.problem.committee is None:
            return self.officer
        return _("%(secretary)s或%(officer)s") % {"secretary": self.secretary, "officer": self.officer}

    @property
    def enterprise(self) -> str:
        return _("%(enterprise)s的党组织书记（联络员）") % {"enterprise": self.problem.enterprise}

    @property
    def lead(self) -> str:
        leg = guards.lead_leg(self.problem)
        if leg is None:
            return _("%(unit)s的承办人") % {"unit": self.problem.lead} if self.problem.lead else self.officer
        if leg.handler_id:
            return _("%(unit)s的承办人（%(person)s签收）") % {"unit": leg.unit, "person": leg.handler.name}
        return _("%(unit)s的承办人") % {"unit": leg.unit}

    @property
    def helpers(self) -> str:
        units = [str(leg.unit) for leg in self.problem.active_legs if not leg.is_lead]
        return _("%(units)s的承办人") % {"units": _("、").join(units)} if units else str(perms.COHANDLER)

    @property
    def leader(self) -> str:
        return _("%(region)s及以上的领导或本链链长") % {"region": self.problem.region}

    @property
    def last_doer(self) -> str:
        last = getattr(self.problem, "last_step", None)
        return last.by.name if last is not None and last.by_id else str(_("刚办这一步的人"))

    def doer(self, column: str) -> str:
        """Whom the rulebook names for a step (`accepted_by` and the like)."""
        return {"officer": self.officer, "secretary": self.secretary}.get(
            str(perms.doer_of(self.problem, column)), self.keepers
        )


_BY_SENTENCE = {
    "OFFICER": "officer", "KEEPERS": "keepers", "SECRETARY": "secretary", "ENTERPRISE": "enterprise",
    "HANDLER": "lead", "COHANDLER": "helpers", "LEADER": "leader",
}  # fmt: skip


def who_can(problem, refusal: Refusal, name: str = "") -> str:
    """The people of a refusal by name of their unit; the general words where no name is known."""
    if name == "undo" and refusal.code == "doer":
        return Names(problem).last_doer
    general = str(refusal.who_can)
    for constant, attribute in _BY_SENTENCE.items():
        if general and general == str(getattr(perms, constant, "")):
            return str(getattr(Names(problem), attribute))
    return general


# --- what will happen -------------------------------------------------------------------------------------------
def sentences(action, problem, chosen) -> list[str]:
    """What this step will do to the entry. `chosen` answers the fields chosen so far by `get` (a QueryDict)."""
    own = _OWN.get(action.name)
    target = _target(action, problem, chosen)
    found = [_state(problem, target)]
    found += own(problem, chosen, target) if own else []
    told = _told(action, problem, chosen, target)
    return found + ([_("将出现在%(who)s的待办中。") % {"who": told}] if told else [])


def _target(action, problem, chosen) -> str:
    """The state after the step, as far as it is known."""
    name = action.name
    if name in ("rule_on_objection", "decide_extension"):
        granted = name == "rule_on_objection" and chosen.get("granted") == "yes"
        return State.ACCEPTED if granted else problem.state
    if name == "rate":
        return State.IN_PROGRESS if chosen.get("rating") == Rating.NOT_SATISFIED else problem.state
    if name == "resume":
        leg = guards.lead_leg(problem)
        return State.ASSIGNED if leg is not None and leg.signed_at is None else State.IN_PROGRESS
    if name == "resubmit":
        return _before_pause(problem)
    if name == "undo":
        return problem.last_step.before["own"].get("state", problem.state)
    return TABLE[action.guard].target or problem.state


def _before_pause(problem) -> str:
    span = problem.spans.filter(ended_at__isnull=False).order_by("-id").first()
    return span.state if span else State.SUBMITTED


def _state(problem, target) -> str:
    if target == problem.state:
        return _("状态不变，仍为“%(state)s”。") % {"state": problem.get_state_display()}
    return _("状态由“%(before)s”变为“%(after)s”。") % {
        "before": problem.get_state_display(), "after": State(target).label,
    }  # fmt: skip


def _told(action, problem, chosen, target) -> str:
    """Whose turn it is afterwards; nobody's where the step only adds to the record."""
    names = Names(problem)
    asked = {"object_to": "decided_by", "ask_extension": "decided_by", "ask_suspension": "decided_by"}
    if action.name in asked:
        return names.doer(asked[action.name])
    if action.name == "add_helpers":
        return ""
    if action.name == "urge" or target != problem.state or action.name in ("transfer", "decide_extension"):
        return {
            State.SUBMITTED: lambda: names.doer("accepted_by"),
            State.RETURNED: lambda: names.enterprise,
            State.ACCEPTED: lambda: names.doer("assigned_by"),
            State.ASSIGNED: lambda: _chosen_lead(chosen) or names.lead,
            State.IN_PROGRESS: lambda: names.lead,
            State.SUSPENDED: lambda: names.doer("decided_by"),
            State.RESOLVED: lambda: names.enterprise if problem.outcome != Outcome.WAITING else "",
        }.get(target, lambda: "")()
    return ""


def _chosen_lead(chosen) -> str:
    kind, _colon, pk = (chosen.get("lead") or "").partition(":")
    model = {"team": HelpTeam, "department": Department}.get(kind)
    if model is None or not pk.isascii() or not pk.isdigit() or len(pk) > 18:
        return _("所选的牵头单位")
    unit = model.objects.filter(pk=int(pk)).first()
    return _("%(unit)s的承办人") % {"unit": unit} if unit else _("所选的牵头单位")


def _day(chosen, name: str) -> dt.date | None:
    try:
        return parse_date(chosen.get(name) or "")
    except ValueError:
        return None


def _clock(problem):
    today = clock.today()
    return today, workdays.current(problem.region.path), rules.rulebook_of(problem, today)


def _deadline(day: dt.date, start: dt.date, calendar) -> str:
    return _("办理期限为 %(day)s（%(days)d 个工作日）。") % {
        "day": day.isoformat(), "days": calendar.between(start, day),
    }  # fmt: skip


def _by_rules(problem, urgency: str) -> str:
    today, calendar, book = _clock(problem)
    return _deadline(rules.deadline(book, urgency, today, calendar, problem.category), today, calendar)


def _handing(problem, chosen, target) -> list[str]:
    """Assignment and transfer: the deadline that is written, that of the urgency chosen, or those of every urgency."""
    today, calendar, book = _clock(problem)
    written = _day(chosen, "due_on")
    if written:
        return [_deadline(written, today, calendar)]
    urgency = chosen.get("urgency")
    if urgency in Urgency.values:
        return [_by_rules(problem, urgency)]
    if "due_on" in chosen or target != State.ASSIGNED or problem.state != State.ACCEPTED:
        return [_by_rules(problem, problem.urgency)]
    days = [
        f"{one.label} {rules.deadline(book, one, today, calendar, problem.category).isoformat()}" for one in Urgency
    ]
    return [_("办理期限按缓急：%(days)s。") % {"days": _("；").join(days)}, _("时钟从交办起走，不从签收起走。")]


def _again(problem, chosen, target) -> list[str]:
    """The same lead begins again with a new deadline."""
    if target != State.IN_PROGRESS:
        return []
    return [_("由原牵头单位重新办理。"), _by_rules(problem, problem.urgency)]


def _going_on(problem, chosen, target) -> list[str]:
    """After a pause: the deadline moves on by it; a waiting entry begins again."""
    if problem.state == State.RESOLVED:
        return _again(problem, chosen, target)
    if problem.state not in PAUSED_STATES or target not in CLOCK_STATES:
        return []
    today, calendar, _book = _clock(problem)
    day = calendar.shift(problem.due_on, [(problem.since_on, today)])
    return [_("期限顺延停表的工作日，由 %(before)s 到 %(after)s。") % {
        "before": problem.due_on.isoformat(), "after": day.isoformat(),
    }]  # fmt: skip


def _asking_extension(problem, chosen, target) -> list[str]:
    _today, calendar, book = _clock(problem)
    leg = guards.lead_leg(problem)
    if leg is None:
        return []
    wanted = _day(chosen, "new_due_on")
    start = clock.local_date(leg.assigned_at)
    found = [_("答复之前仍按原期限 %(day)s 办理。") % {"day": problem.due_on.isoformat()}]
    if wanted:
        more = calendar.between(problem.due_on, wanted)
        found.append(_("同意后，期限推迟 %(days)d 个工作日，到 %(day)s。") % {"days": more, "day": wanted.isoformat()})
    else:
        farthest = calendar.add(start, book.longest_days)
        found.append(_("最远可申请到 %(day)s，须等待答复。") % {"day": farthest.isoformat()})
    return found


def _answering_extension(problem, chosen, target) -> list[str]:
    asked = guards.pending_extension(problem)
    if asked is None:
        return []
    words = {"before": problem.due_on.isoformat(), "after": max(asked.new_due_on, problem.due_on).isoformat()}
    if chosen.get("granted") == "no":
        return [_("期限不变，仍为 %(before)s。") % words]
    if chosen.get("granted") == "yes":
        return [_("期限由 %(before)s 推迟到 %(after)s。") % words]
    return [_("同意：期限由 %(before)s 推迟到 %(after)s；不同意：期限不变。") % words]


def _helping(problem, chosen, target) -> list[str]:
    today, calendar, book = _clock(problem)
    days = rules.limit_days(book, LimitStep.COHANDLE, problem.category, problem.urgency)
    day = max(today, min(calendar.add(today, days), problem.due_on))
    return [_("协办单位须在 %(day)s 前反馈；总期限不变。") % {"day": day.isoformat()}]


def _pausing(problem, chosen, target) -> list[str]:
    if problem.state not in CLOCK_STATES:
        return []
    return [_("时钟停走，灯号转灰；恢复时期限顺延。")]


def _closing(problem, chosen, target) -> list[str]:
    found = [_("取得销号编号，内容冻结。")]
    parts = list(problem.parts.exclude(state__in=[State.CLOSED, State.DECLINED, State.WITHDRAWN]))
    ready = [one for one in parts if one.state == State.RESOLVED and one.rating in ("satisfied", "basically")]
    if parts:
        found.append(
            _("下面的事项中，%(closed)d 件企业已确认的一并销号，%(asked)d 件逐件确认是否随之解决。")
            % {"closed": len(ready), "asked": len(parts) - len(ready)}
        )
    return found


def _undoing(problem, chosen, target) -> list[str]:
    last = problem.last_step
    label = TABLE[last.name].label if last.name in TABLE else last.name
    found = [_("撤销“%(step)s”，各项内容恢复到这一步之前；时间线上两步都保留。") % {"step": label}]
    if problem.closing_number and "closing_number" in last.before["own"]:
        found.append(_("销号编号 %(number)s 作废，不再使用。") % {"number": problem.closing_number})
    if last.name == "submit":
        found.append(_("回到草稿，只有您自己看得到；编号 %(number)s 作废，不再使用。") % {"number": problem.number})
    if last.name == "attach":
        found.append(_("这个附件不再显示，文件和上传记录仍然保留。"))
    return found


def _settling(problem, chosen, target) -> list[str]:
    root = guards.pending_root(problem)
    if root is None:
        return []
    return [_("办理结果：%(outcome)s。%(text)s") % {"outcome": root.get_outcome_display(), "text": root.resolution}]


_OWN = {
    "assign": _handing, "transfer": _handing, "rate": _again, "reopen": _again, "resume": _going_on,
    "resubmit": _going_on, "ask_extension": _asking_extension, "decide_extension": _answering_extension,
    "add_helpers": _helping, "suspend": _pausing, "return_for_completion": _pausing, "close": _closing,
    "undo": _undoing, "settle_by_root": _settling,
}  # fmt: skip
