"""The inbox of one person: rows, the bell, marking as read."""

from django.db.models import Q
from django.urls import reverse

from core import clock
from core.actor import Actor, Role
from notices import words
from notices.enums import Kind
from notices.models import Notice

MOST_COUNTED = 99


def rows(actor: Actor, kind: str = ""):
    """The notices that the actor sees, unread first."""
    found = Notice.objects.visible_to(actor).with_records()
    return found.filter(kind=kind) if kind in Kind.values else found


def unread_count(actor: Actor) -> int:
    """How many wait to be read, at most one more than is shown; bounded whatever has piled up.

    Every page asks this, and most often nothing waits, or notices of one kind of record: only those kinds are looked
    at whose records are still in sight.
    """
    waiting = Notice.objects.filter(user_id=actor.user_id).unread().order_by()
    kinds = waiting.columns_in_use()
    return waiting.leading_to_seen(actor, kinds)[: MOST_COUNTED + 1].count() if kinds else 0


def bell(actor: Actor) -> dict | None:
    """What the top bar shows; None for those who have no inbox."""
    if actor.user_id is None or not actor.has(*Role.BUSINESS):
        return None
    count = unread_count(actor)
    shown = f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
    return {"count": count, "shown": shown, "url": reverse("notices:inbox"), "poll_url": reverse("notices:bell")}


def dress(notices) -> list[Notice]:
    """Sentence, reason and icon beside each."""
    found = list(notices)
    for notice in found:
        notice.sentence = words.sentence(notice.code, notice.data)
        notice.why = words.why(notice)
        notice.icon = words.icon(notice.kind)
        notice.title = title_of(notice)
        notice.number = notice.problem.number if notice.problem_id else ""
    return found


def title_of(notice: Notice) -> str:
    """The record that it is about, as it is called now."""
    if notice.problem_id:
        return notice.problem.title
    if notice.activity_id:
        return notice.activity.title
    if notice.meeting_id:
        return notice.meeting.title
    return notice.decision.text if notice.decision_id else notice.data.get("record_title", "")


def mark_read(notices) -> int:
    """Mark these rows (a queryset of the own ones) as read; answers how many were not."""
    keys = list(notices.filter(Q(is_read=False)).order_by().values_list("pk", flat=True))
    return Notice.objects.filter(pk__in=keys, is_read=False).update(is_read=True, read_at=clock.now())
