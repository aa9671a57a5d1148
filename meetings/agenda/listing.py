"""All that should be on a committee's next agenda, each thing once, in order."""

import datetime as dt
from dataclasses import dataclass

from chains.models import Committee
from meetings.agenda import sources
from meetings.agenda.proposal import Proposal


@dataclass
class Listing:
    """What was found, in the order of an agenda."""

    items: list[Proposal]

    @property
    def by_key(self) -> dict[str, Proposal]:
        return {one.key: one for one in self.items}


def proposals(committee: Committee, day: dt.date) -> Listing:
    """What is open on `day` for the committee's next meeting. An entry with several reasons is one item with all of
    them; one that an open decision of the committee is about is discussed with that decision."""
    returning = [*sources.postponed(committee), *sources.unfinished(committee, day), *sources.matters(committee)]
    ledger = [*sources.escalated(committee), *sources.overdue(committee, day), *sources.several_firms(committee)]
    found: dict[str, Proposal] = {}
    decided = {}
    for one in returning:
        _add(found, one)
        if one.decision is not None and one.problem is not None:
            decided.setdefault(one.problem.pk, one)
    for one in ledger:
        about = decided.get(one.problem.pk)
        if about is not None and one.key not in found:
            about.reasons += one.reasons
        else:
            _add(found, one)
    return Listing(sorted(found.values(), key=lambda one: one.place))


def _add(found: dict[str, Proposal], one: Proposal) -> None:
    known = found.get(one.key)
    if known is None:
        found[one.key] = one
    else:
        known.take_in(one)
