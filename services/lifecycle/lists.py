"""Demands: raised, matched by a person's word, met or withdrawn, and raised in the ledger.

Every function is atomic, locks the demand and leaves an event. Open and matched follow from the confirmed matches.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records, trail
from core.actor import Actor
from core.clock import today
from core.transitions import Refusal, Refused
from enterprises.lifecycle.guards import follow, judge_kind, judge_owner, lock_enterprises
from enterprises.lifecycle.paired import place_of
from problems import lifecycle as ledger
from problems.enums import Source
from services import list_perms as perms
from services.list_enums import DemandState, MatchState
from services.models import Demand, Match

TARGETS = ("resource", "policy", "solved")


@transaction.atomic
def save_demand(demand: Demand, data: dict, *, by: Actor, seen: str | None = None) -> Demand:
    """Raise or change a demand of an enterprise. Raises Refused (`not_keeper`, `kind`, `owner_gone`, `ended`,
    `enterprise`), Conflict."""
    wanted = data.get("enterprise") or demand.enterprise
    firm = lock_enterprises([wanted])[wanted.pk]
    data = {**data, "enterprise": firm}
    kind = data.get("kind") or demand.kind

    def judge(row, values):
        refusal = perms.keep_of_firm(row.enterprise if row.pk else firm, by)
        if not refusal and row.pk and row.enterprise_id != firm.pk:
            refusal = Refusal("enterprise", _("需求登记后不能改为另一家企业的，请另行登记。"))
        if not refusal and row.pk and row.is_ended:
            refusal = _ended()
        refusal = refusal or judge_kind(kind, firm.region, row.kind_id == kind.pk)
        if not refusal and not row.pk:
            refusal = judge_owner(enterprise=firm)
        return refusal or follow(row, place_of(firm))

    return records.write(demand, data, by=by, noun="demand", seen=seen, judge=judge)[0]


def _ended() -> Refusal:
    return Refusal("ended", _("这项需求已经办结，不能再改；需要时可以重新打开。"))


def may_act(demand: Demand, by: Actor) -> Refusal | None:
    """Whether this actor may match, meet or withdraw the demand as it stands."""
    return perms.keep_of_firm(demand.enterprise, by) or (_ended() if demand.is_ended else None)


def may_reopen(demand: Demand, by: Actor) -> Refusal | None:
    refusal = perms.keep_of_firm(demand.enterprise, by)
    if not refusal and not demand.is_ended:
        refusal = Refusal("open", _("这项需求还没有办结。"))
    return refusal


def may_hand_over(demand: Demand, by: Actor) -> Refusal | None:
    """Whether the demand may become an entry of the ledger: once, while it is open."""
    refusal = may_act(demand, by)
    if not refusal and demand.problem_id:
        refusal = Refusal("handed_over", _("这项需求已经转为问题。"))
    return refusal


def _locked(demand: Demand, seen, judge) -> Demand:
    row = records.lock(demand, seen)
    refusal = judge(row)
    if refusal:
        raise Refused(refusal)
    return row


@transaction.atomic
def confirm(demand: Demand, target, *, by: Actor, grounds=(), seen: str | None = None) -> Match:
    """A person says that this resource, policy or solved problem meets the demand. Raises Refused (`not_keeper`,
    `ended`, `unseen`), Conflict."""
    return _decide(demand, target, MatchState.CONFIRMED, "", by, grounds, seen)


@transaction.atomic
def set_aside(demand: Demand, target, *, reason: str, by: Actor, grounds=(), seen: str | None = None) -> Match:
    """A person says that it does not, and why; also of what was confirmed before. Raises Refused (also `reason`)."""
    if not reason.strip():
        raise Refused(Refusal("reason", _("请说明为什么不合适。")))
    return _decide(demand, target, MatchState.SET_ASIDE, reason.strip(), by, grounds, seen)


def _decide(demand, target, state, reason, by, grounds, seen) -> Match:
    row = _locked(demand, seen, lambda row: may_act(row, by))
    if not type(target).objects.visible_to(by).filter(pk=target.pk).exists():
        raise Refused(Refusal("unseen", _("没有找到要对接的这一项。")))
    field = "solved" if target._meta.model_name == "problem" else target._meta.model_name
    match = Match.objects.filter(demand=row, **{field: target}).first()
    match = match or Match(demand=row, enterprise=row.enterprise, **{field: target})
    if match.state == state:
        return match
    match.state, match.reason, match.decided_on = state, reason, today()
    match.confirmed_on = today() if state == MatchState.CONFIRMED else None
    match.grounds = list(grounds) or match.grounds
    match.region, match.chain, match.committee = row.region, row.chain, row.committee
    match.save()
    verb = "demand.match_confirmed" if state == MatchState.CONFIRMED else "demand.match_set_aside"
    trail.record(by, verb, row, target=str(target), reason=reason)
    _settle(row)
    return match


def _settle(demand: Demand) -> None:
    """Matched while there is a confirmed match, open else."""
    confirmed = demand.matches.filter(state=MatchState.CONFIRMED).exists()
    state = DemandState.MATCHED if confirmed else DemandState.OPEN
    if demand.state != state:
        demand.state = state
        demand.save(update_fields=["state"])


@transaction.atomic
def meet(demand: Demand, *, on: dt.date, outcome: str, by: Actor, seen: str | None = None) -> Demand:
    """The demand is met: the enterprise or whoever keeps it says so. Raises Refused (`dates`, ...), Conflict."""
    return _end(demand, DemandState.MET, "met_on", on, outcome, by, seen)


@transaction.atomic
def withdraw(demand: Demand, *, on: dt.date, outcome: str, by: Actor, seen: str | None = None) -> Demand:
    """The demand is taken back, with the reason. Raises Refused (`dates`, ...), Conflict."""
    return _end(demand, DemandState.WITHDRAWN, "withdrawn_on", on, outcome, by, seen)


def _end(demand, state, field, on, outcome, by, seen) -> Demand:
    row = _locked(demand, seen, lambda row: may_act(row, by))
    if not row.raised_on <= on <= today():
        raise Refused(Refusal("dates", _("日期应在提出日期和今天之间。")))
    row.state, row.outcome = state, outcome.strip()
    setattr(row, field, on)
    row.save(update_fields=["state", "outcome", field])
    trail.record(by, f"demand.{state}", row, on=on, outcome=row.outcome)
    return row


@transaction.atomic
def reopen(demand: Demand, *, reason: str, by: Actor, seen: str | None = None) -> Demand:
    """Take back that a demand was met or withdrawn, with the reason. Raises Refused (`open`, `reason`), Conflict."""
    row = _locked(demand, seen, lambda row: may_reopen(row, by))
    if not reason.strip():
        raise Refused(Refusal("reason", _("请说明重新打开的理由。")))
    row.met_on = row.withdrawn_on = None
    row.outcome, row.state = "", DemandState.OPEN
    row.save(update_fields=["met_on", "withdrawn_on", "outcome", "state"])
    trail.record(by, "demand.reopened", row, reason=reason.strip())
    _settle(row)
    return row


@transaction.atomic
def hand_over(demand: Demand, *, by: Actor, seen: str | None = None, category, title: str, text: str):
    """The demand becomes an entry of the ledger, and both know of each other. Raises Refused, Conflict."""
    row = _locked(demand, seen, lambda row: may_hand_over(row, by))
    problem = ledger.raise_problem(
        by=by, enterprise=row.enterprise, category=category, title=title, text=text, source=Source.ONLINE,
        chain=row.chain,
    )  # fmt: skip
    row.problem = problem
    row.save(update_fields=["problem"])
    trail.record(by, "demand.became_problem", row, problem=problem.number)
    return problem
