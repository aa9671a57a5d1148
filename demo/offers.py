"""The lists of 云岭县: demands in every state with what met them, resources, policies, products, talent.

It has chances of its own, so that the rest of the county stays as it is.
"""

import datetime as dt
import random

from demo.place import Place
from demo.shelves import Shelves
from demo.wording import texts


class Offers:
    """Writes the lists of a place with firms; `home` is its county."""

    def __init__(self, place: Place, home, since: dt.date):
        self.place, self.home, self.since = place, home, since
        self.random, self.shelves = random.Random("offers"), Shelves(place.rows)
        self.firms = [firm for firm in place.firms if firm.enterprise.left_on is None]
        self.words = texts("lists")

    def tell(self) -> None:
        self._offers()
        self._demands()
        self._products()
        self._talent()

    def _day(self, firm=None) -> dt.date:
        """Some day since the lists began, not before the firm was there."""
        day = self.since + dt.timedelta(days=self.random.randrange((self.place.today - self.since).days - 40))
        return max(day, firm.enterprise.joined_on) if firm else day

    def _offers(self) -> None:
        """Resources of units and institutions, policies with measures; one of each has run out."""
        self.resources, self.policies = {}, {}
        for number, one in enumerate(self.words["resources"]):
            unit = self.place.department(self.home, one["unit"]) if "unit" in one else None
            provider = {"department": unit} if unit else {"provider_name": one["by"]}
            until = self.place.today - dt.timedelta(days=30) if number == 0 else None
            row = self.shelves.resource(
                one["kind"], one["title"], self.home, self.since, text=one["text"], valid_until=until, **provider
            )
            self.resources[one["kind"]] = row
        for number, one in enumerate(self.words["policies"]):
            line = self.place.lines[number] if one.get("of_chain") else None
            measures = [(one["kind"], text, self.place.department(self.home, unit)) for text, unit in one["measures"]]
            self.policies[one["kind"]] = self.shelves.policy(
                one["kind"], one["title"], self.home, self.since, line=line, measures=measures, gives=one["gives"],
                issued_by=self.place.department(self.home, one["unit"]).name, audience=one.get("for", "all"),
                document_number=f"云岭发〔{self.since.year}〕{11 + number}号", valid_until=dt.date(
                    self.place.today.year, 12, 31
                ),
            )  # fmt: skip

    def _demands(self) -> None:
        """One firm in four wants something; of these some are matched, met, withdrawn."""
        for number, firm in enumerate(self.firms[::4]):
            one = self.words["demands"][number % len(self.words["demands"])]
            day, kind = self._day(firm), one["kind"]
            state = ("open", "matched", "met", "open", "withdrawn", "met")[number % 6]
            ended = min(day + dt.timedelta(days=20), self.place.today) if state in ("met", "withdrawn") else None
            outcome = {"met": "已与提供方办妥。", "withdrawn": "企业已自行解决。"}.get(state, "")
            row = self.shelves.demand(firm, kind, one["title"], day, text=one["text"], state=state, ended=ended,
                                      outcome=outcome)  # fmt: skip
            if state in ("matched", "met"):
                target = self.policies.get(kind) or self.resources.get(kind) or self.resources["other"]
                self.shelves.match(row, target, min(day + dt.timedelta(days=8), self.place.today))

    def _products(self) -> None:
        for line in self.place.lines:
            mine = [firm for firm in line.firms if firm.enterprise.left_on is None]
            made = self.words["products"].get(line.key, self.words["products"]["other"])
            for number, (name, quantity) in enumerate(made):
                maker, buyer = mine[number % len(mine)], mine[(number + 3) % len(mine)]
                self.shelves.product(maker, name, "makes", self._day(maker), quantity)
                if number % 2 == 0 and buyer is not maker:
                    self.shelves.product(buyer, name, "buys", self._day(buyer))
            self.shelves.product(mine[-1], "冷藏运输服务", "buys", self._day(mine[-1]))

    def _talent(self) -> None:
        for number, firm in enumerate(self.firms[::6]):
            kind, post, wants = self.words["posts"][number % len(self.words["posts"])]
            need = self.shelves.need(firm, kind, post, 1 + number % 4, self._day(firm), qualification=wants)
            if number % 2:
                day = min(need.from_on + dt.timedelta(days=25), self.place.today)
                self.shelves.hire(firm, kind, 1 + number % 2, day, need=need, way="校园招聘")
        for firm in self.firms[3::29]:
            self.shelves.hire(firm, "doctor", 1, self._day(firm), way="柔性引进")
