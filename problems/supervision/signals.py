"""What is sent, after the commit, when supervision has acted. Receivers that fail harm nobody else."""

from django.db import transaction
from django.dispatch import Signal

# A threshold was reached and is to be told: `reminder_id` of `problems.Reminder`. Once per message, not per threshold.
fired = Signal()
# Papers by people: `slip_id`. Slips of the ladder come with `fired` alone.
slip_issued = Signal()
slip_answered = Signal()
# A leader's instruction was given, its follow-up was reported: `instruction_id`.
instructed = Signal()
reported = Signal()


def send(signal: Signal, sender, **ids) -> None:
    """Send when the transaction has committed."""
    transaction.on_commit(lambda: signal.send_robust(sender=sender, **ids))
