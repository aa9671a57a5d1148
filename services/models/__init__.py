from services.models.list_kinds import ServiceKind, TalentKind
from services.models.lists import Demand, Match
from services.models.offers import Policy, PolicyFile, PolicyMeasure, Resource
from services.models.products import Product
from services.models.talent import TalentHire, TalentNeed

__all__ = [
    "Demand",
    "Match",
    "Policy",
    "PolicyFile",
    "PolicyMeasure",
    "Product",
    "Resource",
    "ServiceKind",
    "TalentHire",
    "TalentKind",
    "TalentNeed",
]
