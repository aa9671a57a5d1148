"""Meetings that recur (例会): the rule is kept by the committee's keepers, drafts come from it by themselves."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records
from core import workdays
from core.actor import SYSTEM, Actor
from core.clock import SHANGHAI, today
from core.transitions import Refusal
from meetings import perms, recurrence
from meetings.lifecycle.meetings import save_meeting
from meetings.models import Meeting, MeetingSeries


@transaction.atomic
def save_series(series: MeetingSeries, values: dict, *, by: Actor, seen: str | None = None) -> MeetingSeries:
    """Create or change a rule. Drafts made before stay as they are. Raises Refused (`role`, `committee`), Conflict."""
    committee = values["committee"]
    values = values | {"region": committee.region}

    def judge(row, data):
        refusal = perms.keep(committee, by)
        if refusal or row.pk is None or row.committee_id == committee.pk:
            return refusal
        return Refusal("committee", _("例会不能改到另一个产业链党委，请停止它，另设一个。"))

    row, _changed = records.write(series, values, by=by, noun="series", seen=seen, judge=judge)
    return row


def make_drafts(series: MeetingSeries, day: dt.date | None = None) -> list[Meeting]:
    """The drafts that are due on that day: of every date at most `days_ahead` days ahead that has none yet.

    Safe to run twice, at once, and to kill anywhere: each draft is one transaction under the lock of its series, and
    the database holds one meeting for each series and period.
    """
    day = day or today()
    calendar = workdays.current(series.committee.region.path)
    until = day + dt.timedelta(days=series.days_ahead)
    made = [_draft(series, period, date) for period, date in recurrence.dates(series, calendar, day, until)]
    return [meeting for meeting in made if meeting is not None]


@transaction.atomic
def _draft(series: MeetingSeries, period: recurrence.Span, date: dt.date) -> Meeting | None:
    series = (
        MeetingSeries.objects.select_for_update(of=("self",), no_key=True)
        .select_related("committee__region", "kind")
        .get(pk=series.pk)
    )
    if series.meetings.filter(series_period=period.key).exists():
        return None
    meeting = save_meeting(
        None,
        by=SYSTEM,
        committee=series.committee,
        kind=series.kind,
        title=f"{series.title}（{period.name}）",
        starts_at=dt.datetime.combine(date, series.starts_time, SHANGHAI),
        place=series.place,
        chair=series.chair,
        minutes="",
        decisions=[],
    )
    meeting.series, meeting.series_period = series, period.key
    meeting.save(update_fields=["series", "series_period"])
    return meeting
