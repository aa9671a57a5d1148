"""The lists of a place: demands with what met them, resources, policies with measures, products, talent.

It writes what `services.lifecycle` would have written, in memory.
"""

import datetime as dt

from core import search
from demo.books import _where
from demo.place import Firm
from demo.rows import Rows
from problems.models import Problem
from services.models import (
    Demand,
    Match,
    Policy,
    PolicyMeasure,
    Product,
    Resource,
    ServiceKind,
    TalentHire,
    TalentKind,
    TalentNeed,
)
from services.models.offers import lapses

ORDER = [Resource, Policy, PolicyMeasure, Demand, Match, Product, TalentNeed, TalentHire]


class Shelves:
    """Keeps the lists of one place."""

    def __init__(self, rows: Rows):
        self.rows = rows
        self._kinds = {one.code: one for one in ServiceKind.objects.filter(region=None)}
        self._talent = {one.code: one for one in TalentKind.objects.filter(region=None)}

    def _offer(self, model, kind, title, region, day, line, text, valid_until, about):
        where = {"region": region}
        if line is not None:
            where |= {"chain": line.chain, "committee": line.committees[region.pk]}
        row = self.rows.add(
            model(
                kind=self._kinds[kind], title=title, text=text, from_on=day, valid_until=valid_until,
                ends_on=lapses(valid_until), tokens=search.tokens(title, text), initials=search.initials(title),
                **where, **about,
            )
        )  # fmt: skip
        if line is not None:
            self.rows.link(model.chains, row, line.chain)
        return row

    def resource(self, kind, title, region, day, *, line=None, text="", valid_until=None, **about) -> Resource:
        return self._offer(Resource, kind, title, region, day, line, text, valid_until, about)

    def policy(self, kind, title, region, day, *, line=None, text="", valid_until=None, measures=(), **about) -> Policy:
        """A policy; `measures` are (code of the kind, text, department or None)."""
        row = self._offer(Policy, kind, title, region, day, line, text, valid_until, about)
        for number, (code, words, department) in enumerate(measures, start=1):
            self.rows.add(
                PolicyMeasure(
                    policy=row, number=number, kind=self._kinds[code], text=words, department=department,
                    region=row.region, chain=row.chain, committee=row.committee, from_on=day, ends_on=row.ends_on,
                )
            )  # fmt: skip
        return row

    def demand(
        self, firm: Firm, kind: str, title: str, day: dt.date, *, text="", state="open", ended=None, outcome="",
        needed_by=None, valid_until=None, problem: Problem | None = None,
    ) -> Demand:  # fmt: skip
        dates = {"met": {"met_on": ended}, "withdrawn": {"withdrawn_on": ended}}.get(state, {})
        return self.rows.add(
            Demand(
                enterprise=firm.enterprise, kind=self._kinds[kind], title=title, text=text, raised_on=day, state=state,
                outcome=outcome, needed_by=needed_by, valid_until=valid_until, problem=problem,
                ends_on=lapses(valid_until, ended), tokens=search.tokens(title, text),
                initials=search.initials(title), **dates, **_where(firm),
            )
        )  # fmt: skip

    def match(self, demand: Demand, target, day: dt.date, *, reason="") -> Match:
        """Confirmed, or set aside where there is a reason."""
        field = target._meta.model_name
        return self.rows.add(
            Match(
                demand=demand, enterprise=demand.enterprise, state="set_aside" if reason else "confirmed",
                decided_on=day, confirmed_on=None if reason else day, reason=reason, region=demand.region,
                chain=demand.chain, committee=demand.committee, grounds=[["kind", 40, demand.kind.name]],
                **{field: target},
            )
        )  # fmt: skip

    def product(self, firm: Firm, name: str, role: str, day: dt.date, quantity="") -> Product:
        return self.rows.add(
            Product(
                enterprise=firm.enterprise, name=name, key=search.normalise(name), role=role, quantity=quantity,
                listed_on=day, tokens=search.tokens(name), initials=search.initials(name), **_where(firm),
            )
        )  # fmt: skip

    def need(self, firm: Firm, kind: str, post: str, number: int, day: dt.date, **about) -> TalentNeed:
        return self.rows.add(
            TalentNeed(
                enterprise=firm.enterprise, kind=self._talent[kind], post=post, number=number, from_on=day,
                ends_on=lapses(None, about.get("closed_on")), initials=search.initials(post), **_where(firm), **about,
            )
        )  # fmt: skip

    def hire(self, firm: Firm, kind: str, number: int, day: dt.date, **about) -> TalentHire:
        of = self._talent[kind]
        return self.rows.add(
            TalentHire(
                enterprise=firm.enterprise, kind=of, counts_as=of.counts_as, number=number, hired_on=day,
                **_where(firm), **about,
            )
        )  # fmt: skip
