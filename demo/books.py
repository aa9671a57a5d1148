"""The registers of a place: postings, pairings, facilities and honours, with the stretches of time derived from them.

It writes what `enterprises.lifecycle` would have written, in memory: places copied from the owner, people and parties
counted once.
"""

import datetime as dt
from collections import defaultdict

from alliances.models import Region
from core import search
from demo.invented import phone
from demo.place import Firm, Line, Place
from enterprises.enums import Side
from enterprises.lifecycle import officers
from enterprises.models import (
    Facility,
    FacilityKind,
    Honour,
    HonourKind,
    OfficerSpell,
    PairedSpell,
    Pairing,
    PairingAspect,
    PairingKind,
    PartyOrganisation,
    Posting,
    PostingKind,
    StaffingRule,
)
from enterprises.spells import union

KINDS = (PostingKind, PairingKind, PairingAspect, FacilityKind, HonourKind)


class Books:
    """Keeps the registers of one place, whose county (or city) is `home`."""

    def __init__(self, place: Place, home: Region):
        self.place, self.rows, self.home = place, place.rows, home
        self._kinds = {model: {one.code: one for one in model.objects.filter(region=None)} for model in KINDS}
        self._people: dict[str, list[Posting]] = defaultdict(list)
        self._parties: dict[tuple, list] = defaultdict(list)
        self._firms = {firm.enterprise.pk: firm for firm in place.firms}

    def kind(self, model, code: str):
        return self._kinds[model][code]

    def own_kind(self, model, code: str, name: str, **about):
        """A kind of the place's own beside the common ones; its code is the place's as well."""
        code = f"{self.home.code or self.place.word}-{code}"
        row = self._kinds[model][code] = self.rows.add(
            model(region=self.home, code=code, name=name, order=200, **about)
        )
        return row

    # --- entries ---

    def post(
        self, kind: PostingKind, person: str, day: dt.date, *, employer: str, title: str = "", region=None,
        firm: Firm | None = None,
    ) -> Posting:  # fmt: skip
        """Somebody posted to an enterprise or a region."""
        key = f"{self.home.pk}|{search.normalise(person)}|{search.normalise(employer)}"
        row = self.rows.add(
            Posting(
                kind=kind, counts_as=kind.counts_as, is_single=kind.is_single, posted_to=kind.posted_to, person=person,
                employer=employer, post_title=title, started_on=day, person_key=key, phone=phone(key),
                enterprise=firm.enterprise if firm else None, initials=search.initials(person),
                **_where(firm or region),
            )
        )  # fmt: skip
        self._people[key].append(row)
        if firm and kind.is_party_work:
            firm.posted.append((day, None))
        return row

    def pair(
        self, kind: PairingKind, day: dt.date, helper, helped=None, *, aspects=(), members=None, households=None
    ) -> Pairing:  # fmt: skip
        """Two that build together; each end is an organisation, a firm or the name of an outside party."""
        ends = {**self._end("helper", helper), **self._end("helped", helped or "")}
        main = helped if helped and not isinstance(helped, str) else helper
        text = f"{_text(helper)}{_text(helped)}"
        row = self.rows.add(
            Pairing(
                kind=kind, counts_as=kind.counts_as, started_on=day, signed_on=day, members=members,
                households=households, initials=search.initials(text)[:400], **ends, **_where(main),
            )
        )  # fmt: skip
        for code in aspects:
            self.rows.link(Pairing.aspects, row, self.kind(PairingAspect, code))
        for side, end in ((Side.HELPER, helper), (Side.HELPED, helped)):
            if end and not isinstance(end, str):
                self._parties[self._party(end), side, kind.counts_as].append((day, None))
        return row

    def open(
        self, kind: FacilityKind, name: str, day: dt.date, *, region=None, line: Line | None = None, committee=None,
        firm: Firm | None = None, brand: str = "", address: str = "",
    ) -> Facility:  # fmt: skip
        """A facility of an enterprise or of a region."""
        where = _where(firm or region)
        if line and not firm:
            where |= {"chain": line.chain, "committee": committee}
        return self.rows.add(
            Facility(
                kind=kind, counts_as=kind.counts_as, name=name, address=address, brand=brand, opened_on=day,
                enterprise=firm.enterprise if firm else None, initials=search.initials(f"{name}{brand}"), **where,
            )
        )  # fmt: skip

    def honour(
        self, kind: HonourKind, day: dt.date, holder, *, person: str = "", unit: str = "", by: str = ""
    ) -> Honour:  # fmt: skip
        """An honour of an organisation, of a firm, or of a person at a firm."""
        firm = holder.enterprise if isinstance(holder, Firm) else None
        organisation = holder if isinstance(holder, PartyOrganisation) else None
        return self.rows.add(
            Honour(
                kind=kind, counts_as=kind.counts_as, awarded_to=kind.awarded_to, organisation=organisation,
                enterprise=firm, person=person, unit=unit, granted_by=by, year=day.year, awarded_on=day,
                initials=search.initials(person or holder_name(holder)), **_where(holder),
            )
        )  # fmt: skip

    def rule(self, name: str, kind: PostingKind, day: dt.date, *, scope: str, level: str = "") -> None:
        """Who must have somebody (配备要求): each region of a level, each enterprise of a sort."""
        self.rows.add(
            StaffingRule(region=self.home, name=name, posting_kind=kind, scope=scope, level=level, started_on=day)
        )

    # --- what follows ---

    def finish(self) -> None:
        """The stretches of time in which people and parties count, each once."""
        fields = officers._FIELDS
        for postings in self._people.values():
            ordered = sorted(postings, key=lambda one: (one.started_on, one.pk))
            for values in officers.wanted_of(ordered):
                self.rows.add(OfficerSpell(**dict(zip(fields, values, strict=True))))
        for (party, side, counts_as), spans in self._parties.items():
            owner, where = self._owner(party)
            for start, end in union(spans):
                self.rows.add(
                    PairedSpell(side=side, counts_as=counts_as, from_on=start, until_on=end, **owner, **where)
                )

    def _party(self, end) -> tuple[str, int]:
        """The enterprise where there is one, else the organisation."""
        if isinstance(end, Firm):
            return "enterprise", end.enterprise.pk
        return ("enterprise", end.enterprise_id) if end.enterprise_id else ("organisation", end.pk)

    def _owner(self, party) -> tuple[dict, dict]:
        model, key = party
        if model == "enterprise":
            return {"enterprise_id": key}, _where(self._firms[key])
        found = next(one for one in self.place.organisations if one.pk == key)
        return {"organisation": found}, _where(found)

    def _end(self, side: str, end) -> dict:
        if isinstance(end, str):
            return {f"{side}_name": end}
        if isinstance(end, Firm):
            return {f"{side}_enterprise": end.enterprise}
        return {f"{side}_organisation": end}


def _where(owner) -> dict:
    """Region, chain and committee of a firm, an organisation or a region."""
    if isinstance(owner, Firm):
        return {"region": owner.enterprise.region, "chain": owner.line.chain, "committee": owner.committee}
    if isinstance(owner, Region):
        return {"region": owner}
    return {"region": owner.region, "chain": owner.chain, "committee": owner.committee}


def holder_name(holder) -> str:
    return holder.enterprise.name if isinstance(holder, Firm) else holder.name


def _text(end) -> str:
    return end if isinstance(end, str) else holder_name(end) if end else ""


ORDER = [*KINDS, StaffingRule, Posting, OfficerSpell, Pairing, PairedSpell, Facility, Honour]
