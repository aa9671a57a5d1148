"""Quarterly duty and annual reports: who is on duty when, hand-over to the next, a member's yearly account."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.models import Event
from audit.trail import changes, record
from core.actor import Actor
from core.clock import today
from core.transitions import Conflict, Refusal
from meetings import perms, yearly
from meetings.enums import TOOK_PLACE, ReportState
from meetings.lifecycle.guards import refuse, require
from meetings.models import AnnualReport, DutyTerm

TERM = ("department", "enterprise", "contact", "starts_on")
REPORT = ("duties", "shortfalls", "plans")


def _locked(model, row, version, *related):
    """The row as it is now, locked. Raises Conflict with what happened since when it is no longer `version`."""
    rows = model.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("committee__region", *related).get(pk=row.pk)
    if version is not None and row.version != version:
        events = [event for event in Event.objects.of(row) if event.data.get("version", 0) > version]
        raise Conflict(Refusal("version", _("您打开页面后，这条记录已被他人修改。请核对后再次保存。")), events)
    return row


# --- duty ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def save_term(term: DutyTerm | None, *, by: Actor, committee, version=None, **values) -> DutyTerm:
    """Put a unit on duty for a quarter, or change who is; `values` are TERM. Raises Refused, Conflict,
    ValidationError."""
    refuse(perms.keep(committee, by))
    if term is None:
        term, before = DutyTerm(committee=committee), {}
    else:
        term = _locked(DutyTerm, term, version, "department", "enterprise")
        refuse(_unless_handed_over(term))
        before = {name: getattr(term, name) for name in TERM}
    for name in TERM:
        if name in values:
            setattr(term, name, values[name])
    term.committee, term.region_id, term.chain_id = committee, committee.region_id, committee.chain_id
    if term.starts_on != term.quarter.start:
        raise ValidationError({"starts_on": _("轮值从季度的第一天开始。")})
    fresh = term.pk is None
    term.version = 1 if fresh else term.version + 1
    term.validate_constraints()
    term.save()
    changed = changes(before, {name: getattr(term, name) for name in TERM}) if before else {}
    record(by, "duty.set" if fresh else "duty.edited", term, version=term.version, changes=changed)
    return term


@transaction.atomic
def note_findings(term: DutyTerm, *, by: Actor, findings: str, version=None) -> DutyTerm:
    """What the unit found on its rounds, written by itself or by the committee's keepers."""
    term = _locked(DutyTerm, term, version, "department", "enterprise")
    refuse(perms.keep_duty(term, by) or _unless_handed_over(term))
    term.findings = findings.strip()
    term.version += 1
    term.save()
    record(by, "duty.noted", term, version=term.version)
    return term


@transaction.atomic
def hand_over(term: DutyTerm, *, by: Actor, left_over: str, on: dt.date | None = None, version=None) -> DutyTerm:
    """The unit hands over to the next quarter's. What it did and left stays as it is written."""
    term = _locked(DutyTerm, term, version, "department", "enterprise")
    refuse(may_hand_over(term, by))
    on = on or today()
    if not term.starts_on <= on <= today():
        raise ValidationError({"on": _("交接日期应在轮值开始之后、不晚于今天。")})
    require(left_over, "left_over")
    term.left_over, term.handed_over_on = left_over.strip(), on
    term.version += 1
    term.save()
    record(by, "duty.handed_over", term, version=term.version, on=on, to=str(following(term) or ""))
    return term


def may_hand_over(term: DutyTerm, actor: Actor) -> Refusal | None:
    """By the unit itself or the keepers, once somebody is there to take over."""
    refusal = perms.keep_duty(term, actor) or _unless_handed_over(term)
    if refusal:
        return refusal
    if term.starts_on > today():
        return Refusal("future", _("轮值还没有开始。"))
    if following(term) is None:
        return Refusal("nobody", _("下一季度还没有排定轮值单位，请先排班。"), who_can=perms.KEEPERS)
    return None


def following(term: DutyTerm) -> DutyTerm | None:
    """The committee's term of the next quarter."""
    return DutyTerm.objects.filter(
        committee_id=term.committee_id, starts_on=term.ends_on + dt.timedelta(days=1)
    ).first()


def _unless_handed_over(term: DutyTerm) -> Refusal | None:
    return Refusal("state", _("已经交接，不能再修改。")) if term.handed_over_on else None


# --- annual reports -------------------------------------------------------------------------------------------------
@transaction.atomic
def open_report(seat, year: int, *, by: Actor) -> AnnualReport:
    """The draft of a seat's report, filled in with the year's own figures when it is looked at. Raises Refused."""
    refuse(perms.write_report(seat, by) or _judge_year(seat, year))
    report, fresh = AnnualReport.objects.get_or_create(
        seat=seat, year=year,
        defaults={
            "committee_id": seat.committee_id, "region_id": seat.committee.region_id,
            "chain_id": seat.committee.chain_id, "created_by_id": by.user_id,
        },
    )  # fmt: skip
    if fresh:
        record(by, "annual.opened", report, version=report.version)
    return report


def _judge_year(seat, year: int) -> Refusal | None:
    if year > today().year:
        return Refusal("future", _("不能提前撰写以后年度的述职报告。"))
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    if seat.started_on > last or (seat.ended_on and seat.ended_on <= first):
        return Refusal("seat", _("该年度没有在任这个席位，不需要述职。"))
    return None


@transaction.atomic
def write_report(report: AnnualReport, *, by: Actor, version=None, **values) -> AnnualReport:
    """Change the texts of a draft; `values` are REPORT."""
    report = _locked(AnnualReport, report, version, "seat__committee__region")
    refuse(perms.write_report(report.seat, by) or _unless(report, ReportState.DRAFT))
    for name in REPORT:
        if name in values:
            setattr(report, name, values[name].strip())
    report.version += 1
    report.save()
    record(by, "annual.written", report, version=report.version)
    return report


@transaction.atomic
def submit_report(report: AnnualReport, *, by: Actor, version=None) -> AnnualReport:
    """Hand the report in: its figures are frozen as of today."""
    report = _locked(AnnualReport, report, version, "seat__committee__region")
    refuse(perms.write_report(report.seat, by) or _unless(report, ReportState.DRAFT))
    for name in ("duties", "shortfalls", "plans"):
        require(getattr(report, name), name)
    report.figures = yearly.figures_of(report.seat, report.year)
    report.state, report.submitted_on = ReportState.SUBMITTED, today()
    report.version += 1
    report.save()
    record(by, "annual.submitted", report, version=report.version)
    return report


@transaction.atomic
def receive_report(report: AnnualReport, *, by: Actor, meeting=None, version=None) -> AnnualReport:
    """The committee has heard it, at one of its meetings where that is said."""
    report = _locked(AnnualReport, report, version, "seat__committee__region")
    refuse(perms.keep(report.committee, by) or _unless(report, ReportState.SUBMITTED))
    if meeting is not None and (meeting.committee_id != report.committee_id or meeting.state not in TOOK_PLACE):
        raise ValidationError({"meeting": _("请选择本党委已召开的会议。")})
    report.state, report.received_on, report.meeting = ReportState.RECEIVED, today(), meeting
    report.version += 1
    report.save()
    record(by, "annual.received", report, version=report.version, meeting=meeting)
    return report


@transaction.atomic
def give_back_report(report: AnnualReport, *, by: Actor, reason: str, version=None) -> AnnualReport:
    """Not received yet: the member writes on."""
    report = _locked(AnnualReport, report, version, "seat__committee__region")
    refuse(perms.keep(report.committee, by) or _unless(report, ReportState.SUBMITTED))
    require(reason)
    report.state, report.submitted_on, report.figures = ReportState.DRAFT, None, []
    report.version += 1
    report.save()
    record(by, "annual.given_back", report, version=report.version, reason=reason.strip())
    return report


def _unless(report: AnnualReport, state: str) -> Refusal | None:
    if report.state == state:
        return None
    word = report.get_state_display()
    return Refusal("state", _("述职报告%(state)s，不能这样办理。") % {"state": word})


__all__ = [
    "following", "give_back_report", "hand_over", "may_hand_over", "note_findings", "open_report",
    "receive_report", "save_term", "submit_report", "write_report",
]  # fmt: skip
