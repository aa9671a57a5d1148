"""Agendas that write themselves, and what people do to single items. docs/agenda.md tells the rules.

Locks go from the committee to its meetings: two changes of one committee's agendas wait for each other.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.trail import record
from chains.models import Committee
from core.actor import SYSTEM, Actor
from core.clock import today
from core.transitions import Refusal, Refused
from meetings import perms
from meetings.agenda import LEDGER, Proposal, proposals
from meetings.enums import COMING, TOOK_PLACE, DecisionState, ItemEnd, ItemSource, MeetingState
from meetings.lifecycle.guards import lock_committee, locked, refuse, unless_cancelled, unless_filed
from meetings.lifecycle.matters import settle_matters
from meetings.models import AgendaItem, Meeting

# How many items an agenda takes by itself: entries read from the ledger, and all together. The page tells what is left.
MOST_LEDGER, MOST = 20, 60


# --- written by itself ------------------------------------------------------------------------------------------
def top_up_all(day: dt.date | None = None) -> int:
    """Bring the agendas of all meetings to come up to date; answers how many items were put on or taken off."""
    coming = Meeting.objects.filter(state__in=COMING, held_on__gte=day or today())
    numbers = coming.order_by("committee_id").values_list("committee_id", flat=True).distinct()
    return sum(top_up(Committee.objects.get(pk=pk), day) for pk in numbers)


@transaction.atomic
def top_up(committee: Committee, day: dt.date | None = None) -> int:
    """Put what should be on the committee's next agenda there, each thing on one of its meetings to come: the next
    one, or the one after where somebody has taken it off the next. Takes off what has ended meanwhile. Answers how
    many items were put on or taken off; nothing changes where nothing has happened."""
    committee = lock_committee(committee.pk)
    day = day or today()
    rows = Meeting.objects.select_for_update(of=("self",), no_key=True).filter(committee=committee, state__in=COMING)
    coming = list(rows.filter(held_on__gte=day).order_by("starts_at", "pk"))
    if not coming:
        settle_matters(committee)
        return 0
    listing = proposals(committee, day)
    board = _Board(coming)
    board.take_off(set(listing.by_key))
    board.bring_forward(set(listing.by_key))
    for one in listing.items:
        board.place(one)
    for meeting in coming:
        board.tell(meeting)
    settle_matters(committee)
    return board.changed


class _Board:
    """The agendas of a committee's meetings to come, while they are brought up to date."""

    def __init__(self, coming: list[Meeting]):
        self.coming = coming
        rows = (
            AgendaItem.objects.filter(meeting__in=coming)
            .select_related("matter")
            .prefetch_related("decisions")
            .order_by("order", "pk")
        )
        self.items: dict[int, list[AgendaItem]] = {meeting.pk: [] for meeting in coming}
        for row in rows:
            self.items[row.meeting_id].append(row)
        self.put: dict[int, list[str]] = {meeting.pk: [] for meeting in coming}
        self.taken: dict[int, list[str]] = {meeting.pk: [] for meeting in coming}

    @property
    def changed(self) -> int:
        return sum(len(titles) for told in (self.put, self.taken) for titles in told.values())

    def take_off(self, wanted: set[str]) -> None:
        """Items that the agenda wrote itself, nobody has touched, and whose reason has gone."""
        for meeting in self.coming:
            for item in list(self.items[meeting.pk]):
                if is_untouched(item) and item.key not in wanted:
                    self.items[meeting.pk].remove(item)
                    self.taken[meeting.pk].append(item.title)
                    item.delete()

    def bring_forward(self, wanted: set[str]) -> None:
        """What stands on a later draft comes to an earlier meeting, for instance one that was only called now."""
        for number, first in enumerate(self.coming):
            for later in self.coming[number + 1 :]:
                if later.state == MeetingState.DRAFT:
                    self._bring(wanted, first, later)

    def _bring(self, wanted: set[str], first: Meeting, later: Meeting) -> None:
        for item in list(self.items[later.pk]):
            if is_untouched(item) and item.key in wanted and self._takes(first, item.key, item.source):
                self.items[later.pk].remove(item)
                item.meeting, item.order = first, self._end_of(first)
                item.save(update_fields=["meeting", "order"])
                self.items[first.pk].append(item)
                self.taken[later.pk].append(item.title)
                self.put[first.pk].append(item.title)

    def place(self, one: Proposal) -> None:
        known = next((item for items in self.items.values() for item in items if item.key == one.key), None)
        if known is not None:
            self._again(known, one)
            return
        for meeting in self.coming:
            if self._takes(meeting, one.key, one.source):
                item = write_item(meeting, one, self._end_of(meeting))
                self.items[meeting.pk].append(item)
                self.put[meeting.pk].append(item.title)
                return
            if one.key not in meeting.left_out:
                return  # no room: told on the page, and placed as soon as there is

    def _again(self, item: AgendaItem, one: Proposal) -> None:
        """It stands there already: a new reason is kept, and the matter that somebody has put forward since."""
        source = one.source if is_untouched(item) else item.source
        matter = one.matter or item.matter
        if (source, matter) != (item.source, item.matter):
            item.source, item.matter = source, matter
            item.save(update_fields=["source", "matter"])

    def _takes(self, meeting: Meeting, key: str, source: str) -> bool:
        own = [item for item in self.items[meeting.pk] if item.source != ItemSource.HAND or item.key]
        if key in meeting.left_out or any(item.key == key for item in own) or len(own) >= MOST:
            return False
        return source not in LEDGER or sum(item.source in LEDGER for item in own) < MOST_LEDGER

    def _end_of(self, meeting: Meeting) -> int:
        return max((item.order for item in self.items[meeting.pk]), default=0) + 1

    def tell(self, meeting: Meeting) -> None:
        put, taken = self.put[meeting.pk], self.taken[meeting.pk]
        if put or taken:
            if taken:
                renumber(meeting)
            record(
                SYSTEM,
                "meeting.agenda_written",
                meeting,
                added=len(put),
                removed=len(taken),
                put_on=put,
                taken_off=taken,
            )


def write_item(meeting: Meeting, one: Proposal, order: int) -> AgendaItem:
    return AgendaItem.objects.create(
        meeting=meeting, order=order, title=one.title[:200], source=one.source, key=one.key, problem=one.problem,
        matter=one.matter,
    )  # fmt: skip


def is_untouched(item: AgendaItem) -> bool:
    """Written by the agenda itself, and nobody has said anything about it yet."""
    by_hand = item.source == ItemSource.HAND and not item.matter_id
    return bool(item.key) and not by_hand and not item.end and not item.note and not item.decisions.all()


def renumber(meeting: Meeting) -> None:
    """Items count from one without gaps."""
    moved = []
    for number, item in enumerate(meeting.agenda.order_by("order", "pk"), start=1):
        if item.order != number:
            item.order = number
            moved.append(item)
    AgendaItem.objects.bulk_update(moved, ["order"])


# --- what people do to items ------------------------------------------------------------------------------------
def may_arrange(meeting: Meeting, actor: Actor) -> Refusal | None:
    """The agenda of a meeting to come is arranged by those who keep its meetings."""
    refusal = perms.keep(meeting.committee, actor) or unless_cancelled(meeting)
    if refusal is None and meeting.state not in COMING:
        return Refusal("state", _("会议已召开，议题不再增减和调整顺序。"))
    return refusal


def may_settle(meeting: Meeting, actor: Actor) -> Refusal | None:
    """How items went is written by those who keep the meetings, until it is filed."""
    return perms.keep(meeting.committee, actor) or unless_cancelled(meeting) or unless_filed(meeting)


def _of(item: AgendaItem) -> tuple[AgendaItem, Meeting]:
    """The item as it is now, with its meeting locked. Raises Refused for one that is gone."""
    meeting = locked(item.meeting, None)
    now = meeting.agenda.select_related("problem", "matter").filter(pk=item.pk).first()
    if now is None:
        raise Refused(Refusal("gone", _("这个议题已不在议程上，请刷新页面。")))
    return now, meeting


@transaction.atomic
def leave_out(item: AgendaItem, *, by: Actor) -> Meeting:
    """Take an item off this agenda. What the agenda had written itself is not put there again: it comes back at the
    next meeting."""
    item, meeting = _of(item)
    refuse(may_arrange(meeting, by))
    if item.decisions.exists():
        raise Refused(Refusal("decided", _("这个议题已有议定事项，请先在编辑页删去。")))
    drop(meeting, item)
    meeting.version += 1
    meeting.save()
    renumber(meeting)
    record(by, "meeting.item_left_out", meeting, version=meeting.version, item=item.title)
    top_up(meeting.committee)
    return meeting


def drop(meeting: Meeting, item: AgendaItem) -> None:
    """Delete the item, remembering what it was about; the caller saves the meeting."""
    if item.key and item.key not in meeting.left_out:
        meeting.left_out = [*meeting.left_out, item.key]
    item.delete()


@transaction.atomic
def put_on(meeting: Meeting, key: str, *, by: Actor) -> AgendaItem:
    """Put something that waits on this agenda: what had no room, was left out, or stands on another coming one."""
    meeting = locked(meeting, None)
    refuse(may_arrange(meeting, by))
    one = proposals(meeting.committee, today()).by_key.get(key)
    if one is None:
        raise Refused(Refusal("gone", _("这件事已了结或已不需要上会。")))
    if meeting.agenda.filter(key=key).exists():
        raise Refused(Refusal("placed", _("这件事已在本次议程上。")))
    elsewhere = AgendaItem.objects.filter(
        key=key, meeting__committee=meeting.committee_id, meeting__state__in=COMING, meeting__held_on__gte=today()
    ).prefetch_related("decisions")
    for other in elsewhere.select_related("meeting"):
        if not is_untouched(other):
            words = {"meeting": other.meeting}
            raise Refused(Refusal("elsewhere", _("“%(meeting)s”已在办理这个议题，不能移过来。") % words))
        other.delete()
        renumber(other.meeting)
    meeting.left_out = [one for one in meeting.left_out if one != key]
    meeting.version += 1
    meeting.save()
    last = meeting.agenda.order_by("-order").values_list("order", flat=True).first() or 0
    item = write_item(meeting, one, last + 1)
    record(by, "meeting.item_put_on", meeting, version=meeting.version, item=item.title)
    settle_matters(meeting.committee)
    return item


@transaction.atomic
def move_item(item: AgendaItem, step: int, *, by: Actor) -> Meeting:
    """One place up (-1) or down (1); nothing at the edge."""
    item, meeting = _of(item)
    refuse(may_arrange(meeting, by))
    renumber(meeting)
    items = list(meeting.agenda.order_by("order", "pk"))
    here = next(number for number, one in enumerate(items) if one.pk == item.pk)
    there = here + step
    if 0 <= there < len(items):
        items[here].order, items[there].order = there + 1, here + 1
        AgendaItem.objects.bulk_update([items[here], items[there]], ["order"])
        meeting.version += 1
        meeting.save()
        record(by, "meeting.item_moved", meeting, version=meeting.version, item=item.title, to=there + 1)
    return meeting


@transaction.atomic
def settle_item(item: AgendaItem, *, by: Actor, end: str, note: str) -> AgendaItem:
    """What was said about an item and how it ended. Raises ValidationError for an end that does not fit."""
    item, meeting = _of(item)
    refuse(may_settle(meeting, by))
    decided = item.decisions.exclude(state=DecisionState.CANCELLED).exists()
    if end not in ("", *ItemEnd.values) or (not end and meeting.state in TOOK_PLACE and not decided):
        raise ValidationError({"end": _("请选择这个议题的结果：议定、知悉或暂缓。")})
    if decided and end not in ("", ItemEnd.DECISION):
        raise ValidationError({"end": _("这个议题有议定事项，结果只能是“议定”。")})
    if decided and meeting.state in TOOK_PLACE:
        end = ItemEnd.DECISION
    if (end, note) == (item.end, item.note):
        return item
    was, item.end, item.note = item.end, end, note
    item.save(update_fields=["end", "note"])
    meeting.version += 1
    meeting.save()
    if end != was and end:
        record(by, "meeting.item_ended", meeting, version=meeting.version, item=item.title, end=end)
    else:
        record(by, "meeting.item_noted", meeting, version=meeting.version, item=item.title)
    if meeting.state in TOOK_PLACE:
        settle_after(meeting)
    return item


def settle_after(meeting: Meeting) -> None:
    """What has ended with this meeting has ended; what it put off goes to the next."""
    settle_matters(meeting.committee, meeting.agenda.exclude(matter=None).values_list("matter_id", flat=True))
    top_up(meeting.committee)


# --- with the meeting's own form --------------------------------------------------------------------------------
def replace_agenda(meeting: Meeting, rows, by: Actor) -> dict[int, AgendaItem]:
    """The agenda as listed; answers the items by their number in the list. A row names its item by `item`, or (for
    callers without a form) by its place. A row without a title takes its item off. What the agenda has written itself
    since the form was opened stays. After the meeting, an end that is put right leaves an event."""
    rows = list(rows)
    by_form = any(row.get("item") for row in rows)
    kept = {item.pk: item for item in meeting.agenda.order_by("order", "pk")}
    by_place = dict(enumerate(kept.values(), start=1))
    items: dict[int, AgendaItem] = {}
    for place, row in enumerate(rows, start=1):
        known = kept.get(row.get("item")) if by_form else by_place.get(place)
        if known is not None:
            kept.pop(known.pk, None)
        if not row.get("title"):
            if known is not None:
                drop(meeting, known)
            continue
        number = len(items) + 1
        items[number] = _write_row(meeting, known or AgendaItem(meeting=meeting), row, number, by)
    for item in kept.values():
        if by_form and is_untouched(item):
            continue
        drop(meeting, item)
    _key_by_hand(meeting)
    order = len(items)
    for item in kept.values():
        if item.pk:
            order += 1
            AgendaItem.objects.filter(pk=item.pk).update(order=order)
    return items


def _write_row(meeting, item: AgendaItem, row, number: int, by: Actor) -> AgendaItem:
    was, item.end = item.end, row.get("end", item.end)
    item.order, item.title, item.note = number, row["title"], row.get("note", item.note)
    typed = item.source == ItemSource.HAND and not item.matter_id
    if typed and "problem" in row and row["problem"] != item.problem:
        item.problem, item.key = row["problem"], ""
    item.save()
    if meeting.state in TOOK_PLACE and item.end != was:
        record(by, "meeting.item_ended", meeting, item=item.title, end=item.end)
    return item


def _key_by_hand(meeting: Meeting) -> None:
    """An item that was typed about an entry stands for that entry, so that the agenda does not bring it again."""
    used = set(meeting.agenda.exclude(key="").values_list("key", flat=True))
    for item in meeting.agenda.filter(key="", problem__isnull=False).order_by("order"):
        key = f"problem:{item.problem_id}"
        if key not in used:
            used.add(key)
            AgendaItem.objects.filter(pk=item.pk).update(key=key)


def settle_unfinished(meeting: Meeting) -> None:
    """Items about an earlier decision that was carried out meanwhile: the meeting took note of it."""
    for item in meeting.agenda.filter(end="", key__startswith="decision:"):
        if not meeting.decisions.model.objects.filter(pk=item.decision_id, state=DecisionState.OPEN).exists():
            item.end = ItemEnd.NOTED
            item.save(update_fields=["end"])
