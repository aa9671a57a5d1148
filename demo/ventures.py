"""Projects and finance of a place: projects with their steps and money, credit products, ratings, loans, capital.

It writes what `services.lifecycle` would have written, in memory. Amounts are in 万元.
"""

import datetime as dt
from decimal import Decimal

from demo.books import _where
from demo.place import Firm, Line
from demo.rows import Rows
from services.models import (
    CreditRating,
    DispatchNote,
    EntryKind,
    FinanceProduct,
    FundArrival,
    Loan,
    Project,
    ProjectService,
    SocialCapital,
)
from services.project_enums import DATES, ProjectState

ORDER = [EntryKind, Project, FundArrival, ProjectService, DispatchNote, FinanceProduct, CreditRating, Loan,
         SocialCapital]  # fmt: skip
BANKS = ["示范农商行", "示范村镇银行", "示范农信社"]


def on_line(line: Line, region) -> dict:
    """Where something of a chain that is of no enterprise counts."""
    committee = line.committees.get(region.pk) or next(iter(line.committees.values()))
    return {"region": region, "chain": line.chain, "committee": committee}


class Ventures:
    """Keeps the projects and the finance of one place."""

    def __init__(self, rows: Rows, home):
        self.rows, self.home = rows, home
        self._kinds = {one.code: one for one in EntryKind.objects.filter(region=None)}

    def own_kind(self, code: str, name: str, of: str) -> str:
        """A kind of the place's own; answers its code."""
        row = EntryKind(region=self.home, code=f"{self.home.code}-{code}", name=name, of=of, order=500)
        self._kinds[row.code] = self.rows.add(row)
        return row.code

    def project(
        self, name: str, kind: str, where, days: list[dt.date], *, amount=None, source: str = "", stopped=None,
        reason: str = "", **about,
    ) -> Project:  # fmt: skip
        """A project that reached as many states as there are days; `where` is a firm, a region or columns of a place.

        `amount` is what was agreed, `stopped` the day on which it came to nothing.
        """
        of = self._kinds[kind]
        state = ProjectState.STOPPED if stopped else list(DATES)[len(days) - 1]
        place = where if isinstance(where, dict) else _where(where)
        row = Project(
            name=name, kind=of, counts_as=of.counts_as, level=of.level, source=self._kinds.get(source), state=state,
            enterprise=where.enterprise if isinstance(where, Firm) else None, stopped_on=stopped, stop_reason=reason,
            agreement_amount=amount if len(days) > 2 else None, **dict(zip(DATES.values(), days, strict=False)),
            **place, **about,
        )  # fmt: skip
        row.derive()
        return self.rows.add(row)

    def arrive(self, project: Project, amount, day: dt.date, origin: str = "企业自筹", note: str = "") -> FundArrival:
        place = {name: getattr(project, name) for name in ("region", "chain", "committee")}
        return self.rows.add(
            FundArrival(project=project, amount=amount, arrived_on=day, origin=origin, note=note, **place)
        )

    def serve(self, project: Project, organisation, part: str, day: dt.date, until=None) -> ProjectService:
        return self.rows.add(
            ProjectService(project=project, organisation=organisation, part=part, from_on=day, until_on=until)
        )

    def note(self, project: Project, day: dt.date, text: str, author: str) -> DispatchNote:
        return self.rows.add(DispatchNote(project=project, held_on=day, text=text, author=author))

    def product(self, name: str, institution: str, day: dt.date, *, cap, rate, months, **about) -> FinanceProduct:
        return self.rows.add(
            FinanceProduct(
                region=self.home, name=name, institution=institution, offered_on=day, cap=cap, rate=Decimal(rate),
                months=months, **about,
            )
        )  # fmt: skip

    def rate(self, firm: Firm, institution: str, grade: str, line, day: dt.date, until=None) -> CreditRating:
        return self.rows.add(
            CreditRating(
                enterprise=firm.enterprise, institution=institution, grade=grade, credit_line=line, rated_on=day,
                until_on=until, **_where(firm),
            )
        )  # fmt: skip

    def lend(
        self, kind: str, amount, day: dt.date, institution: str, *, firm: Firm | None = None, borrower: str = "",
        borrower_kind: str = "", region=None, product=None,
    ) -> Loan:  # fmt: skip
        """A loan to a firm, or to a named borrower of a class."""
        of = self._kinds[kind]
        return self.rows.add(
            Loan(
                kind=of, counts_as=of.counts_as, amount=amount, issued_on=day, institution=institution,
                enterprise=firm.enterprise if firm else None, borrower=borrower, product=product,
                borrower_kind=self._kinds[borrower_kind] if borrower_kind else None,
                **_where(firm or region or self.home),
            )
        )  # fmt: skip

    def draw_in(self, investor: str, amount, day: dt.date, firm: Firm, project: Project | None = None) -> SocialCapital:
        return self.rows.add(
            SocialCapital(
                investor=investor, amount=amount, attracted_on=day, enterprise=firm.enterprise, project=project,
                **_where(firm),
            )
        )  # fmt: skip
