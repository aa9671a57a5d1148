"""Office hours by the rulebook and the calendar of a place: outside of them nothing leaves the house."""

import datetime as dt

from core import clock, workdays
from problems.models import Rulebook
from problems.supervision.ladder import book_at, books_in_force, is_open


class Hours:
    """The office hours of every place at one moment, read in three statements."""

    def __init__(self, now: dt.datetime):
        self.now, self.today = now, clock.local_date(now)
        self._books, self._calendars = books_in_force(self.today), workdays.everywhere()

    def book(self, path: str) -> Rulebook:
        return book_at(self._books, path) or Rulebook(valid_from=self.today)

    def calendar(self, path: str) -> workdays.WorkCalendar:
        return self._calendars.at(path)

    def are_open(self, path: str) -> bool:
        """Whether somebody is at work in the place now."""
        return is_open(self.book(path), self.calendar(path), self.now)

    def latest_opening(self) -> dt.datetime:
        """The moment by which every office that opens today is open."""
        latest = max((book.opens_at for book in self._books.values()), default=Rulebook().opens_at)
        return dt.datetime.combine(self.today, latest, tzinfo=clock.SHANGHAI)

    def opening(self, path: str) -> dt.datetime:
        """The moment at which the office opens today."""
        return dt.datetime.combine(self.today, self.book(path).opens_at, tzinfo=clock.SHANGHAI)
