"""Work of the ledger that nobody clicks."""

from celery import shared_task

from problems import lifecycle


@shared_task(name="problems.escalate_overdue")
def escalate_overdue() -> int:
    """Raise what is overdue beyond the rulebook's working days. Finds its work itself, can be run twice."""
    return lifecycle.escalate_overdue()
