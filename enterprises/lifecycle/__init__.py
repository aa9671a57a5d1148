"""Changes of enterprises, their places on chains, their Party organisations, the counts over time and the registers.

Every function locks the enterprise (or organisation) first, then what hangs on it, and keeps the copies that figures
count by. Other apps that copy an enterprise's region, chain or committee add a function to `followers`.
"""

from enterprises.lifecycle.copies import follow_committees, follow_region, followers, primary_of, refresh_copies
from enterprises.lifecycle.counts import record_employees, record_members
from enterprises.lifecycle.coverage import refresh_coverage
from enterprises.lifecycle.kinds import in_use, save_kind, save_staffing
from enterprises.lifecycle.many import save_enterprises
from enterprises.lifecycle.merging import merge, what_moves
from enterprises.lifecycle.organisations import save_organisation, withdraw_organisation
from enterprises.lifecycle.pairings import add_agreement, end_pairing, save_pairing
from enterprises.lifecycle.placing import follow_enterprise
from enterprises.lifecycle.postings import end_posting, replace_posting, save_posting
from enterprises.lifecycle.register import (
    change_region,
    join_chain,
    leave_chain,
    save_enterprise,
    save_membership,
    withdraw_enterprise,
)
from enterprises.lifecycle.standing import (
    close_facility,
    revoke_honour,
    save_facility,
    save_honour,
    save_mass_organisation,
)

__all__ = [
    "add_agreement",
    "change_region",
    "close_facility",
    "end_pairing",
    "end_posting",
    "follow_committees",
    "follow_enterprise",
    "follow_region",
    "followers",
    "in_use",
    "join_chain",
    "leave_chain",
    "merge",
    "primary_of",
    "record_employees",
    "record_members",
    "refresh_copies",
    "refresh_coverage",
    "replace_posting",
    "revoke_honour",
    "save_enterprise",
    "save_enterprises",
    "save_facility",
    "save_honour",
    "save_kind",
    "save_mass_organisation",
    "save_membership",
    "save_organisation",
    "save_pairing",
    "save_posting",
    "save_staffing",
    "what_moves",
    "withdraw_enterprise",
    "withdraw_organisation",
]
