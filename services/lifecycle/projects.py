"""The life of a project: each step is one guarded function. Amounts are in 万元."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import records, trail
from core.actor import Actor
from core.clock import today
from core.transitions import Refusal, Refused, Transition
from enterprises.lifecycle.guards import follow, judge_kind, judge_owner, lock_enterprises
from enterprises.lifecycle.placing import settle
from meetings.lifecycle.matters import put_matter
from services import project_perms as perms
from services.models import DispatchNote, FundArrival, Project, ProjectService
from services.project_enums import DATES, KindOf, ProjectState

_ORDER = list(DATES)
_LIVING = frozenset(_ORDER)


def _step(name, source, target, label):
    return Transition(name, label, frozenset({source}), target, perms.keep)


STEPS = {
    "negotiate": _step("negotiate", ProjectState.LEAD, ProjectState.NEGOTIATION, gettext_lazy("进入洽谈")),
    "sign": _step("sign", ProjectState.NEGOTIATION, ProjectState.SIGNED, gettext_lazy("签约")),
    "land": _step("land", ProjectState.SIGNED, ProjectState.LANDED, gettext_lazy("落地")),
    "start": _step("start", ProjectState.LANDED, ProjectState.STARTED, gettext_lazy("开工")),
    "produce": _step("produce", ProjectState.STARTED, ProjectState.PRODUCING, gettext_lazy("投产")),
    "reach": _step("reach", ProjectState.PRODUCING, ProjectState.CAPACITY, gettext_lazy("达产")),
}
_STOP = Transition("stop", gettext_lazy("终止"), _LIVING, ProjectState.STOPPED, perms.keep)
_BACK = Transition("back", gettext_lazy("退回上一步"), frozenset(_ORDER[1:]) | {ProjectState.STOPPED}, None, perms.keep)


def may_step_back(project: Project) -> bool:
    return project.state in _BACK.sources


def next_step(project: Project) -> str | None:
    """The name of the step that comes next; None at full capacity or once stopped."""
    return next((name for name, one in STEPS.items() if project.state in one.sources), None)


@transaction.atomic
def save_project(project: Project, data: dict, *, by: Actor, seen: str | None = None) -> Project:
    """Register a lead, or change a project; its state is moved by the steps alone.

    Raises Refused (`not_keeper`, `kind`, `owner_gone`, `link`, `dates`), Conflict.
    """
    if data.get("enterprise"):
        data = {**data, "enterprise": lock_enterprises({data["enterprise"]})[data["enterprise"].pk]}
    data, place = settle({**data, "organisation": None}, project)
    data.pop("organisation", None)
    kind = data.get("kind") or project.kind

    def judge(row, values):
        refusal = (row.pk and perms.keep(row, by)) or perms.keep_at(
            by, region=place["region"], committee=place["committee"]
        )
        refusal = refusal or _kinds(row, values, kind, place["region"])
        if not refusal and not row.pk:
            refusal = judge_owner(enterprise=values.get("enterprise"))
        refusal = refusal or _link(values.get("link", row.link), place["chain"]) or _first_day(row, values)
        return refusal or follow(row, {**place, "counts_as": kind.counts_as, "level": kind.level})

    row, changed = records.write(project, data, by=by, noun="project", seen=seen, judge=judge)
    if changed:
        _carry(row)
    return row


def _kinds(row, values, kind, region):
    source = values.get("source", row.source)
    for one, of, kept in ((kind, KindOf.PROJECT, row.kind_id), (source, KindOf.SOURCE, row.source_id)):
        if one is not None:
            refusal = Refusal("kind", _("请选择项目的类别和来源。")) if one.of != of else None
            refusal = refusal or judge_kind(one, region, kept == one.pk)
            if refusal:
                return refusal
    return None


def _link(link, chain):
    if link is not None and (chain is None or link.segment.chain_id != chain.pk):
        return Refusal("link", _("所选环节不属于项目所在的产业链。"))
    return None


def _first_day(row, values):
    first = values.get("lead_on", row.lead_on)
    if first > today():
        return Refusal("dates", _("日期不能晚于今天。"))
    if row.pk and any(day and day < first for day in (row.negotiated_on, row.stopped_on)):
        return Refusal("dates", _("获得线索的日期不能晚于后面的步骤。"))
    return None


def _carry(project) -> None:
    """What is counted of a project stands where the project stands."""
    place = {name: getattr(project, name) for name in ("region", "chain", "committee")}
    same = Q(**{name if value is not None else f"{name}__isnull": value or True for name, value in place.items()})
    project.arrivals.exclude(same).update(**place)


def _locked(project, transition: Transition, by: Actor, seen) -> Project:
    row = records.lock(project, seen)
    sentence = _("项目现在是“%(state)s”，不能这样办理。") % {"state": row.get_state_display()}
    refusal = transition.check(row, by, state_sentence=sentence)
    if refusal:
        raise Refused(refusal)
    return row


def _reached(project) -> list[str]:
    return [state for state, name in DATES.items() if getattr(project, name)]


def _judge_day(row, on: dt.date) -> None:
    last = getattr(row, DATES[_reached(row)[-1]])
    if on > today():
        raise Refused(Refusal("dates", _("日期不能晚于今天。")))
    if on < last:
        raise Refused(Refusal("dates", _("日期不能早于上一步的 %(day)s。") % {"day": last}))


@transaction.atomic
def step(project: Project, name: str, *, on: dt.date, by: Actor, seen: str | None = None, amount=None) -> Project:
    """Take the step `name` of STEPS on that day; signing says the amount agreed.

    Raises Refused (`state`, `not_keeper`, `dates`, `amount`), Conflict.
    """
    transition = STEPS[name]
    row = _locked(project, transition, by, seen)
    _judge_day(row, on)
    if name == "sign":
        if amount is None or amount <= 0:
            raise Refused(Refusal("amount", _("签约请填写协议金额，应大于 0。")))
        row.agreement_amount = amount
    row.state = transition.target
    setattr(row, DATES[transition.target], on)
    row.save()
    trail.record(by, "project.stepped", row, state=row.state, on=on, **({"amount": amount} if amount else {}))
    return row


@transaction.atomic
def stop(project: Project, *, on: dt.date, reason: str, by: Actor, seen: str | None = None) -> Project:
    """The project comes to nothing from that day.

    Raises Refused (`state`, `not_keeper`, `dates`, `reason`), Conflict.
    """
    row = _locked(project, _STOP, by, seen)
    _judge_day(row, on)
    _demand_reason(reason)
    row.state, row.stopped_on, row.stop_reason = ProjectState.STOPPED, on, reason
    row.save()
    trail.record(by, "project.stopped", row, on=on, reason=reason)
    return row


@transaction.atomic
def step_back(project: Project, *, reason: str, by: Actor, seen: str | None = None) -> Project:
    """The last step was a mistake: its day goes, and the project stands where it stood before.

    Raises Refused (`state`, `not_keeper`, `reason`), Conflict.
    """
    row = _locked(project, _BACK, by, seen)
    _demand_reason(reason)
    was, reached = row.state, _reached(row)
    if was == ProjectState.STOPPED:
        row.stopped_on, row.stop_reason = None, ""
    else:
        setattr(row, DATES[reached.pop()], None)
        if was == ProjectState.SIGNED:
            row.agreement_amount = None
    row.state = reached[-1]
    row.save()
    trail.record(by, "project.stepped_back", row, was=was, state=row.state, reason=reason)
    return row


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(Refusal("reason", _("请写明原因。")))


def _kept(project, by, seen=None) -> Project:
    row = records.lock(project, seen)
    refusal = perms.keep(row, by)
    if refusal:
        raise Refused(refusal)
    return row


@transaction.atomic
def add_arrival(project: Project, data: dict, *, by: Actor, seen: str | None = None) -> FundArrival:
    """Money arrived. Raises Refused (`not_keeper`, `dates`, `amount`), Conflict."""
    row = _kept(project, by, seen)
    if data["arrived_on"] > today():
        raise Refused(Refusal("dates", _("日期不能晚于今天。")))
    if not data["amount"] or (data["amount"] < 0 and not data.get("note")):
        raise Refused(Refusal("amount", _("金额不能为 0；冲减的请写明原因。")))
    place = {name: getattr(row, name) for name in ("region", "chain", "committee")}
    arrival = FundArrival.objects.create(project=row, **place, **data)
    trail.record(by, "project.funds_arrived", row, amount=arrival.amount, on=arrival.arrived_on, origin=arrival.origin)
    return arrival


@transaction.atomic
def attach(project: Project, data: dict, *, by: Actor, seen: str | None = None) -> ProjectService:
    """An organisation takes over a stretch of the way; with `hands_over`, the one that it takes over from ends its own.

    Raises Refused (`not_keeper`, `twice`), Conflict.
    """
    row = _kept(project, by, seen)
    data = dict(data)
    before = data.pop("hands_over", None)
    if row.services.filter(until_on=None, organisation=data["organisation"], part=data["part"]).exists():
        raise Refused(Refusal("twice", _("这个党组织已在这一阶段服务。")))
    if before is not None:
        if before.project_id != row.pk or before.until_on or data["from_on"] < before.from_on:
            raise Refused(Refusal("dates", _("交接日期不能早于前一个党组织开始服务的日期。")))
        before.until_on = data["from_on"]
        before.save(update_fields=["until_on"])
    service = ProjectService.objects.create(project=row, **data)
    trail.record(
        by, "project.service_attached", row, organisation=service.organisation, part=service.part, on=service.from_on
    )
    return service


@transaction.atomic
def add_note(project: Project, *, held_on: dt.date, text: str, by: Actor, seen: str | None = None) -> DispatchNote:
    """What was found when the project was looked into. Raises Refused (`not_keeper`, `dates`), Conflict."""
    row = _kept(project, by, seen)
    if held_on > today():
        raise Refused(Refusal("dates", _("日期不能晚于今天。")))
    note = DispatchNote.objects.create(project=row, held_on=held_on, text=text, author=by.name[:80])
    trail.record(by, "project.dispatched", row, on=held_on, text=text)
    return note


@transaction.atomic
def convene(project: Project, *, reason: str, by: Actor, seen: str | None = None):
    """Ask the project's committee to take it up; answers the matter. Raises Refused (`no_committee`, ...), Conflict."""
    row = _kept(project, by, seen)
    if row.committee is None:
        raise Refused(Refusal("no_committee", _("项目没有产业链党委，请先登记产业链。")))
    matter = put_matter(row.committee, by=by, title=_("项目：%(name)s") % {"name": row.name}, text=reason)
    trail.record(by, "project.convened", row, committee=row.committee, reason=reason)
    return matter
