"""Projects and finance as people make them, through their lifecycles."""

from decimal import Decimal

from core.actor import SYSTEM
from services.lifecycle import finance, projects
from services.models import CreditRating, EntryKind, FinanceProduct, Loan, Project, SocialCapital
from tests.lists.makers import ago


def kind(code) -> EntryKind:
    return EntryKind.objects.get(region=None, code=code)


def project(firm=None, by=SYSTEM, code="project-attraction", steps=0, amount="1500.5", **values) -> Project:
    """A project that took so many steps, ten days each, the first a hundred days ago."""
    data = {"name": f"果汁加工项目{Project.objects.count()}", "kind": kind(code), "lead_on": ago(100)}
    row = projects.save_project(Project(), {"enterprise": firm, **data, **values}, by=by)
    for number, name in enumerate(list(projects.STEPS)[:steps], start=1):
        money = {"amount": Decimal(amount)} if name == "sign" else {}
        row = projects.step(row, name, on=ago(100 - 10 * number), by=by, **money)
    return row


def product(region, by=SYSTEM, **values) -> FinanceProduct:
    data = {"institution": "云岭农商行", "name": "牧兴贷", "cap": Decimal(1000), "rate": Decimal("3.7"), "months": 60}
    return finance.save_product(FinanceProduct(), {"region": region, "offered_on": ago(90), **data, **values}, by=by)


def rating(firm, by=SYSTEM, **values) -> CreditRating:
    data = {"institution": "云岭农商行", "grade": "AA", "credit_line": Decimal(200), "rated_on": ago(60)}
    return finance.save_rating(CreditRating(), {"enterprise": firm, **data, **values}, by=by)


def loan(firm=None, by=SYSTEM, code="loan-ordinary", amount="300", **values) -> Loan:
    data = {"kind": kind(code), "institution": "云岭农商行", "amount": Decimal(amount), "issued_on": ago(30)}
    return finance.save_loan(Loan(), {"enterprise": firm, **data, **values}, by=by)


def capital(firm=None, by=SYSTEM, **values) -> SocialCapital:
    data = {"investor": "某投资公司", "amount": Decimal("800.0001"), "attracted_on": ago(20)}
    return finance.save_capital(SocialCapital(), {"enterprise": firm, **data, **values}, by=by)
