"""What should be on a committee's next agenda (议题自动生成): listed here, written by `meetings.lifecycle.agenda`."""

from meetings.agenda.levels import committees_above, committees_for
from meetings.agenda.listing import Listing, proposals
from meetings.agenda.proposal import LEDGER, ORDER, RETURNED, Proposal, key_of

__all__ = [
    "LEDGER",
    "ORDER",
    "RETURNED",
    "Listing",
    "Proposal",
    "committees_above",
    "committees_for",
    "key_of",
    "proposals",
]
