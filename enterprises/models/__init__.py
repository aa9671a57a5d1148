"""Enterprises, their Party organisations, and the registers that refer to both (see ADR 9)."""

from enterprises.models.coverage import CoverageSpell, MassOrganisation
from enterprises.models.derived import OfficerSpell, PairedSpell
from enterprises.models.enterprise import ChainMembership, EmployeeCount, Enterprise, validate_credit_code
from enterprises.models.facilities import Facility, Honour
from enterprises.models.kinds import FacilityKind, HonourKind, Kind, PairingAspect, PairingKind, PostingKind
from enterprises.models.organisation import MemberCount, PartyOrganisation
from enterprises.models.pairings import Pairing, PairingFile
from enterprises.models.postings import Posting
from enterprises.models.staffing import StaffingRule

__all__ = [
    "ChainMembership", "CoverageSpell", "EmployeeCount", "Enterprise", "Facility", "FacilityKind", "Honour",
    "HonourKind", "Kind", "MassOrganisation", "MemberCount", "OfficerSpell", "PairedSpell", "Pairing", "PairingAspect",
    "PairingFile", "PairingKind", "PartyOrganisation", "Posting", "PostingKind", "StaffingRule",
    "validate_credit_code",
]  # fmt: skip
