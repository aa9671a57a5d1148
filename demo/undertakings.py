"""Projects and finance of 云岭县: projects in every state with their money, services, notes; ratings, loans.

It has chances of its own, so that the rest of the county stays as it is.
"""

import datetime as dt
import random
from decimal import Decimal

from demo.place import Place
from demo.ventures import Ventures, on_line
from demo.wording import texts
from services.project_enums import DATES, ChainWork

BANKS = ["云岭农商行", "云岭村镇银行"]


class Undertakings:
    """Writes the projects and the finance of a place with firms; `home` is its county."""

    def __init__(self, place: Place, home):
        self.place, self.home = place, home
        self.random, self.ventures = random.Random("undertakings"), Ventures(place.rows, home)
        self.firms = [firm for firm in place.firms if firm.enterprise.left_on is None]
        self.words = texts("projects")

    def tell(self) -> None:
        for number, one in enumerate(self.words["projects"]):
            self._project(number, one)
        self._finance()

    def _project(self, number: int, one: dict) -> None:
        """The text says how far it got; its last step was some weeks ago."""
        rng, ventures, today = self.random, self.ventures, self.place.today
        reached = list(DATES).index(one["reached"]) + 1
        end = today - dt.timedelta(days=rng.randrange(10, 60))
        days = [end - dt.timedelta(days=32 * back + rng.randrange(9)) for back in range(reached)][::-1]
        line = self.place.lines[number % len(self.place.lines)]
        joined = [firm for firm in self.firms if firm.enterprise.joined_on <= days[0]]
        where = rng.choice(joined) if one.get("firm") and joined else on_line(line, self.home)
        amount = Decimal(one["amount"])
        listed = {"listed_on": dt.date(today.year, 1, 1)} if one.get("listed") else {}
        if "stopped" in one:
            listed |= {"stopped": today - dt.timedelta(days=6), "reason": one["stopped"]}
        row = ventures.project(
            one["name"], one["kind"], where, days, amount=amount, source=one["source"], planned_investment=amount,
            work=ChainWork.values[number % 4], owner=self.place.department(self.home, one["unit"]),
            themes=one.get("themes", ""), investor=one.get("by", ""), note=one["about"], **listed,
        )  # fmt: skip
        if reached > 3:
            for part in range(1, reached - 2):
                ventures.arrive(row, amount / 5, days[2 + part], "企业自筹" if part % 2 else "银行贷款")
        if reached > 1:
            branches = rng.sample(self.place.organisations, 2)
            over = days[3] if reached > 3 else None
            ventures.serve(row, branches[0], "attraction", days[0], over)
            if over:
                ventures.serve(row, branches[1], "landing", over)
            ventures.note(row, days[-1], self.words["notes"][number % len(self.words["notes"])], "组织部工作人员")

    def _finance(self) -> None:
        rng, ventures, today = self.random, self.ventures, self.place.today

        def ago(low: int, high: int) -> dt.date:
            return today - dt.timedelta(days=rng.randrange(low, high))

        products = [
            ventures.product(
                one["name"], BANKS[number % 2], ago(500, 540), cap=Decimal(one["cap"]), rate=str(one["rate"]),
                months=one["months"], audience=one["for"], support=one["support"],
                closed_on=ago(20, 60) if one.get("closed") else None,
            )
            for number, one in enumerate(self.words["products"])
        ]  # fmt: skip
        there = [firm for firm in self.firms if firm.enterprise.joined_on < today - dt.timedelta(days=400)]
        rated = rng.sample(there, len(there) * 2 // 3)
        for number, firm in enumerate(rated):
            line, day = Decimal(rng.randrange(5, 80) * 10), ago(30, 160)
            if number % 4 == 0:
                ventures.rate(firm, BANKS[1], "A", line / 2, ago(380, 395), day)
            ventures.rate(firm, BANKS[number % 2], ("AA", "A", "AAA")[number % 3], line, day)
        for number, firm in enumerate(rng.sample(there, len(there) // 2)):
            kind = ("loan-ordinary", "loan-guaranteed", "loan-gov-bank", "loan-discounted")[number % 4]
            ventures.lend(kind, Decimal(rng.randrange(200, 9000)) / 10, ago(5, 390), BANKS[number % 2], firm=firm,
                          product=products[number % 2])  # fmt: skip
        for number, one in enumerate(self.words["borrowers"]):
            ventures.lend("loan-discounted", Decimal(20 + 7 * number), ago(5, 300), BANKS[number % 2],
                          borrower=one["name"], borrower_kind=one["kind"])  # fmt: skip
        for number, firm in enumerate(rng.sample(there, min(9, len(there)))):
            ventures.draw_in(f"云岭投资合伙企业{number % 3 + 1}", Decimal(rng.randrange(30, 900)), ago(5, 390), firm)
