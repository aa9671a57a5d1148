from services.models.finance import CreditRating, FinanceProduct, Loan, SocialCapital
from services.models.list_kinds import ServiceKind, TalentKind
from services.models.lists import Demand, Match
from services.models.offers import Policy, PolicyFile, PolicyMeasure, Resource
from services.models.products import Product
from services.models.projects import DispatchNote, EntryKind, FundArrival, Project, ProjectService
from services.models.talent import TalentHire, TalentNeed

__all__ = [
    "CreditRating",
    "Demand",
    "DispatchNote",
    "EntryKind",
    "FinanceProduct",
    "FundArrival",
    "Loan",
    "Match",
    "Policy",
    "PolicyFile",
    "PolicyMeasure",
    "Product",
    "Project",
    "ProjectService",
    "Resource",
    "ServiceKind",
    "SocialCapital",
    "TalentHire",
    "TalentKind",
    "TalentNeed",
]
