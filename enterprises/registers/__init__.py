"""The registers of enterprises, Party organisations, and of what refers to both."""

from enterprises.registers.firms import ENTERPRISES, ORGANISATIONS
from enterprises.registers.records import FACILITIES, HONOURS, MASS, PAIRINGS, POSTINGS, RECORDS, STAFFING

__all__ = [
    "ENTERPRISES", "FACILITIES", "HONOURS", "MASS", "ORGANISATIONS", "PAIRINGS", "POSTINGS", "RECORDS", "STAFFING",
]  # fmt: skip
