"""Meetings as a calendar (RFC 5545) that phones and calendar programs read by themselves.

Time, place, title, kind and state; no names, no agenda, no minutes. What is in it is what the address's owner sees on
the day it is read: who loses the post, or is disabled, leaves an empty address behind.
"""

import datetime as dt

from django.utils import translation
from icalendar import Calendar, Event, Timezone, TimezoneStandard

from accounts.actors import build_actor
from core.clock import SHANGHAI, today
from meetings.enums import MeetingState
from meetings.models import CalendarFeed, Meeting

# How far back a calendar reaches; ahead it has no end.
BACK = dt.timedelta(days=92)
STATUS = {MeetingState.DRAFT: "TENTATIVE", MeetingState.CANCELLED: "CANCELLED"}


def meetings_of(feed: CalendarFeed):
    """The meetings that the feed's owner sees today, of one committee or of all."""
    rows = Meeting.objects.visible_to(build_actor(feed.user, today())).filter(held_on__gte=today() - BACK)
    if feed.committee_id:
        rows = rows.filter(committee=feed.committee_id)
    return rows.select_related("kind", "committee").order_by("held_on", "pk")


def calendar(feed: CalendarFeed, name: str) -> bytes:
    """The calendar's text: folded lines, UTF-8. The same meetings give the same bytes."""
    # Whatever language the calendar program asks for: the same bytes, or each reading would look like a change.
    with translation.override("zh-hans"):
        return _made(feed, name)


def _made(feed: CalendarFeed, name: str) -> bytes:
    made = Calendar()
    made.add("prodid", "-//Chain Alliance//Meetings//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", "Asia/Shanghai")
    made.add_component(_shanghai())
    for meeting in meetings_of(feed):
        made.add_component(_event(meeting))
    return made.to_ical()


def _event(meeting: Meeting) -> Event:
    event = Event()
    # Never reused and never changed: a moved meeting moves in the calendar instead of standing there twice.
    event.add("uid", f"meeting-{meeting.pk}@chain-alliance")
    event.add("sequence", meeting.version - 1)
    event.add("dtstamp", meeting.created_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", meeting.starts_at.astimezone(SHANGHAI).replace(microsecond=0))
    event.add("summary", meeting.title)
    if meeting.place:
        event.add("location", meeting.place)
    event.add("categories", [meeting.kind.name])
    event.add("description", f"{meeting.committee.name}，{meeting.get_state_display()}")
    event.add("status", STATUS.get(meeting.state, "CONFIRMED"))
    event.add("transp", "OPAQUE")
    return event


def _shanghai() -> Timezone:
    """UTC+8 all year, since 1991."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Asia/Shanghai")
    standard.add("dtstart", dt.datetime(1991, 9, 15))
    standard.add("tzoffsetfrom", dt.timedelta(hours=8))
    standard.add("tzoffsetto", dt.timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone
