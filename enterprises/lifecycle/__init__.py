"""Changes of enterprises, their places on chains, their Party organisations and the counts over time.

Every function locks the enterprise (or organisation) first, then what hangs on it, and keeps the copies that figures
count by. Other apps that copy an enterprise's region, chain or committee add a function to `followers`.
"""

from enterprises.lifecycle.copies import follow_committees, follow_region, followers, primary_of, refresh_copies
from enterprises.lifecycle.counts import record_employees, record_members
from enterprises.lifecycle.coverage import refresh_coverage
from enterprises.lifecycle.merging import merge, what_moves
from enterprises.lifecycle.organisations import save_organisation
from enterprises.lifecycle.register import change_region, join_chain, leave_chain, save_enterprise, save_membership

__all__ = [
    "change_region",
    "follow_committees",
    "follow_region",
    "followers",
    "join_chain",
    "leave_chain",
    "merge",
    "primary_of",
    "record_employees",
    "record_members",
    "refresh_copies",
    "refresh_coverage",
    "save_enterprise",
    "save_membership",
    "save_organisation",
    "what_moves",
]
