"""Limits for entries that lived before limits were kept, or that were written in bulk without them."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from core.models import Sequence
from problems.enums import OPEN_STATES
from problems.lifecycle import limits
from problems.lifecycle.machine import lock
from problems.models import Problem, StepLimit

DONE = "limits:filled"
BATCH = 200


def fill_once() -> int:
    """Fill after the version that began to keep limits; afterwards one look at one row."""
    if Sequence.objects.filter(name=DONE).exists():
        return 0
    count = fill()
    Sequence.objects.get_or_create(name=DONE)
    return count


def fill() -> int:
    """Give every open entry without a running limit those that its state asks for; answers how many rows were
    written. In batches, each committed, so that it may be killed anywhere and run again."""
    count, last = 0, 0
    running = StepLimit.objects.filter(problem=OuterRef("pk"), met_on=None, dropped_on=None)
    bare = Problem.objects.filter(~Exists(running), state__in=OPEN_STATES).order_by("pk")
    while keys := list(bare.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            count += sum(limits.rebuild(lock(key), past=True) for key in keys)
        last = keys[-1]
    return count
