"""Rules of handling as the tests write them: a version of a region made in a few words, before or without its day."""

import datetime as dt

from core import clock
from problems.lifecycle.rulebooks import Draft, make
from problems.models import LadderRung, Rulebook
from problems.rulebook import presets


def past_book(region, valid_from: dt.date, preset: str = "shipped", **values) -> Rulebook:
    """A version that began on a day gone by: what nobody can write any more."""
    book = Rulebook.objects.create(
        region=region, valid_from=valid_from, preset=preset, **{**presets.values_of(preset), **values}
    )
    LadderRung.objects.bulk_create(LadderRung(rulebook=book, **rung._asdict()) for rung in presets.ladder_of(preset))
    return book


def draft(
    region, valid_from: dt.date | None = None, preset: str = "shipped", limits=(), ladder=None, **values
) -> Draft:
    """Rules to be made for a region: a ready set with some values of its own."""
    rungs = presets.ladder_of(preset) if ladder is None else ladder
    day = valid_from or clock.today()
    return Draft(region, day, {**presets.values_of(preset), **values}, list(limits), rungs, "试验修订")


def made(world, region=None, *, by: str = "county_officer", reach: str = "new", **more) -> Rulebook:
    return make(draft(region or world.own.region, **more), by=world.actor(by), reach=reach)
