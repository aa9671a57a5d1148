"""Where matters for an agenda come from. Each function answers proposals and reads only."""

import datetime as dt
from collections import defaultdict

from django.db.models import Q
from django.utils.translation import gettext as _

from chains.models import Committee
from core import workdays
from core.clock import local_date
from meetings.agenda.levels import escalated_to
from meetings.agenda.proposal import Proposal, key_of
from meetings.enums import DecisionState, ItemEnd, ItemSource, MatterState
from meetings.models import AgendaItem, Decision, Matter
from problems import memory
from problems.enums import CLOCK_STATES, OPEN_STATES
from problems.models import Problem

# How many entries of the ledger are looked through for each reason, the most pressing or the newest first.
MOST = 300


def own(committee: Committee) -> Q:
    """The entries that are this committee's to care for: of an industry committee those on no chain in its region."""
    if committee.chain_id:
        return Q(committee=committee)
    return Q(committee=None, region__path__startswith=committee.region.path)


# --- what comes back --------------------------------------------------------------------------------------------
def postponed(committee: Committee) -> list[Proposal]:
    """Items that an earlier meeting put off and no later one has ended, unless what they are about has ended."""
    rows = AgendaItem.objects.filter(committee=committee, ended_on__isnull=False)
    related = ("meeting", "problem", "matter")
    put_off = {row.thread: row for row in _in_order(rows.filter(end=ItemEnd.POSTPONED).select_related(*related))}
    ended = rows.filter(key__in=list(put_off)).exclude(end=ItemEnd.POSTPONED).select_related("meeting")
    for later in ended:
        row = put_off.get(later.key)
        if row is not None and _moment(later) > _moment(row):
            del put_off[later.key]
    still = _running(put_off.values())
    return [
        Proposal(
            key=row.thread, source=ItemSource.POSTPONED, title=row.title, problem=row.problem, matter=row.matter,
            day=row.ended_on,
            reasons=[_("%(day)s 的会议暂缓") % {"day": row.ended_on.isoformat()}],
        )
        for row in put_off.values() if row.thread in still
    ]  # fmt: skip


def _in_order(rows) -> list[AgendaItem]:
    return sorted(rows, key=_moment)


def _moment(item: AgendaItem) -> tuple:
    return item.meeting.starts_at, item.pk


def _running(items) -> set[str]:
    """The threads whose entry, decision or matter has not ended meanwhile."""
    items = list(items)
    decisions = [item.decision_id for item in items if item.decision_id]
    open_ones = set(Decision.objects.filter(pk__in=decisions, state=DecisionState.OPEN).values_list("pk", flat=True))
    found = set()
    for item in items:
        if item.decision_id:
            running = item.decision_id in open_ones
        elif item.matter_id and item.matter.state == MatterState.WITHDRAWN:
            running = False
        else:
            running = item.problem_id is None or item.problem.state in OPEN_STATES
        if running:
            found.add(item.thread)
    return found


def unfinished(committee: Committee, day: dt.date) -> list[Proposal]:
    """Decisions of earlier meetings that are still to be carried out."""
    rows = Decision.objects.filter(committee=committee, state=DecisionState.OPEN).select_related("problem")
    calendar = workdays.current(committee.region.path)
    return [
        Proposal(
            key=f"decision:{row.pk}", source=ItemSource.UNFINISHED, title=row.text[:200], decision=row,
            problem=row.problem, day=row.due_on, reasons=[_how_late(row.due_on, day, calendar)],
        )
        for row in rows.order_by("due_on", "pk")
    ]  # fmt: skip


def _how_late(due_on: dt.date, day: dt.date, calendar) -> str:
    words = {"day": due_on.isoformat(), "n": calendar.between(due_on, day)}
    if due_on < day and not words["n"]:
        return _("议定事项未落实，已超期（期限 %(day)s）") % words
    if due_on < day:
        return _("议定事项未落实，超期 %(n)s 个工作日（期限 %(day)s）") % words
    return _("议定事项未落实，期限 %(day)s") % words


# --- what somebody put forward ----------------------------------------------------------------------------------
def matters(committee: Committee) -> list[Proposal]:
    """Matters put forward by hand or convened on an entry that no meeting has ended."""
    rows = Matter.objects.filter(committee=committee, state__in=[MatterState.WAITING, MatterState.PLACED])
    return [
        Proposal(
            key=key_of(row.problem) if row.problem_id else f"matter:{row.pk}", source=row.source, title=row.title,
            problem=row.problem, matter=row, day=local_date(row.put_at), reasons=[_who_asked(row)],
        )
        for row in rows.select_related("problem", "put_by").order_by("pk")
    ]  # fmt: skip


def _who_asked(matter: Matter) -> str:
    who = matter.put_by.name if matter.put_by_id else _("系统")
    if matter.source == ItemSource.CONVENED:
        return _("%(who)s提请一事一商") % {"who": who}
    return _("%(who)s提出") % {"who": who}


# --- what the ledger says ---------------------------------------------------------------------------------------
def overdue(committee: Committee, day: dt.date) -> list[Proposal]:
    """Entries of the committee under a red light."""
    rows = Problem.objects.filter(own(committee), state__in=CLOCK_STATES, due_on__lt=day)
    calendars = workdays.everywhere()
    found = rows.select_related("region").defer("text", "tokens", "resolution").order_by("due_on", "pk")[:MOST]
    return [
        Proposal(
            key=key_of(row), source=ItemSource.OVERDUE, title=row.title, problem=row, day=row.due_on,
            reasons=[_entry_late(row.due_on, calendars.at(row.region.path).between(row.due_on, day))],
        )
        for row in found
    ]  # fmt: skip


def _entry_late(due_on: dt.date, days: int) -> str:
    words = {"n": days, "day": due_on.isoformat()}
    if not days:
        return _("办理已超期（期限 %(day)s）") % words
    return _("办理超期 %(n)s 个工作日（期限 %(day)s）") % words


def escalated(committee: Committee) -> list[Proposal]:
    """Entries that have risen to this committee and that no meeting of it has taken up since."""
    rows = escalated_to(committee).defer("text", "tokens", "resolution").order_by("escalated_on", "pk")[:MOST]
    found = [
        Proposal(
            key=key_of(row), source=ItemSource.ESCALATED, title=row.title, problem=row, day=row.escalated_on,
            reasons=[
                _("%(day)s 提级到%(level)s")
                % {"day": row.escalated_on.isoformat(), "level": row.get_escalated_to_display()}
            ],
        )
        for row in rows
    ]  # fmt: skip
    return _not_taken_up(committee, found, lambda one: one.problem.escalated_on)


def several_firms(committee: Committee) -> list[Proposal]:
    """One trouble of three enterprises or more: under a root matter (一类事), or in nearly the same words. It comes
    again only when another enterprise has joined since a meeting took it up."""
    rows = Problem.objects.filter(own(committee), state__in=OPEN_STATES).select_related("root")
    open_ones = list(rows.defer("text", "resolution", "tokens", "root__text", "root__tokens").order_by("-pk")[:MOST])
    by_root = defaultdict(list)
    for row in open_ones:
        if row.root_id:
            by_root[row.root].append(row)
    kinds = [(root, [root, *parts] if root.state in OPEN_STATES else parts) for root, parts in by_root.items()]
    kinds = [pair for pair in kinds if len({row.enterprise_id for row in pair[1]}) >= memory.FIRMS_OF_A_KIND]
    alone = [row for row in open_ones if row.root_id is None and row not in by_root]
    kinds += [(rows[0], rows) for rows in memory.kinds_among(alone)]
    newest = {}
    found = []
    for first, entries in kinds:
        key = f"root:{first.pk}"
        newest[key] = max(row.submitted_on for row in entries)
        firms = len({row.enterprise_id for row in entries})
        found.append(
            Proposal(
                key=key, source=ItemSource.FIRMS, title=first.title, problem=first, day=first.submitted_on,
                reasons=[_("%(n)s 家企业反映同类问题") % {"n": firms}],
            )
        )  # fmt: skip
    return _not_taken_up(committee, found, lambda one: newest[one.key])


def _not_taken_up(committee: Committee, found: list[Proposal], since) -> list[Proposal]:
    """Those that no meeting of the committee has decided on or noted since that day."""
    taken = {}
    rows = AgendaItem.objects.filter(
        committee=committee, ended_on__isnull=False, key__in=[one.key for one in found],
        end__in=[ItemEnd.DECISION, ItemEnd.NOTED],
    )  # fmt: skip
    for key, day in rows.values_list("key", "ended_on"):
        taken[key] = max(day, taken.get(key, day))
    return [one for one in found if one.key not in taken or since(one) > taken[one.key]]
