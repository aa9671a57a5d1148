"""Entries that a unit works on under a yellow and under a red light, whatever the day of loading and however its
working days lie."""

import datetime as dt
from collections.abc import Iterator

from demo.ledger import Ledger
from demo.place import Firm
from problems import lights
from problems.enums import Light, LimitStep, Urgency
from problems.rules import limit_days

# Some more than people look for: a meeting gives two of them more time.
WANTED, TRIES = 6, 60


def shine(ledger: Ledger, firms: Iterator[Firm], today: dt.date) -> None:
    """Chance gives each entry its category, and that its limit: they are told until there are enough."""
    usual = limit_days(ledger.scene.rulebook, LimitStep.RESOLVE, None, Urgency.ORDINARY)
    for light, plot, ago in ((Light.YELLOW, "plain", usual), (Light.RED, "overdue", usual + 5)):
        lit, tries = 0, 0
        while lit < WANTED and tries < TRIES:
            # On a day off the working days since then are one fewer than those that are counted.
            days = ago + (tries % 2 if not ledger.calendar.is_workday(today) else 0)
            history = ledger.tell(next(firms), ledger.workdays_ago(days), plot, "sign")
            lit += lights.light(history.problem, today) == light
            tries += 1
