"""The time of day in the county: stored in UTC, counted in Asia/Shanghai."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> dt.datetime:
    """This moment, aware."""
    return timezone.now()


def today() -> dt.date:
    """Today's date in Asia/Shanghai, whatever time zone the process or the request is in."""
    return now().astimezone(SHANGHAI).date()


def local_date(moment: dt.datetime | None) -> dt.date | None:
    """The Shanghai date of an aware moment; None stays None."""
    return None if moment is None else moment.astimezone(SHANGHAI).date()


def at_local(day: dt.date, hour: int = 9, minute: int = 0) -> dt.datetime:
    """The aware moment of a wall-clock time in Shanghai on that day."""
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=SHANGHAI)
