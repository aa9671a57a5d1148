"""Changes of chains, segments, links, committees and seats."""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records, trail
from chains import perms
from chains.enums import SINGLE_SEATS, CommitteeKind
from chains.models import Chain, Committee, Link, Seat, Segment
from core.actor import Actor
from core.transitions import Refusal, Refused

# Called as f(pairs, by=actor) with {(chain_id, region path), ...} wherever a standing committee came, went or moved,
# in the same transaction. The apps below register here what they copy from committees.
committee_followers: list[Callable] = []


def committee_for(chain_id: int, region) -> Committee | None:
    """The standing committee of a chain in the nearest region at or above `region`."""
    return (
        Committee.objects.filter(
            kind=CommitteeKind.CHAIN, chain_id=chain_id, dissolved_on=None, region__path__in=region.ancestor_paths
        )
        .order_by("-region__path")
        .first()
    )


def follow_region(region, *, moved: bool, by: Actor) -> None:
    """Keep the committees' copies of their region's level."""
    Committee.objects.filter(region=region).update(level=region.level)


def _judge_regions(row, values, by, keep):
    places = [values["region"]] if "region" in values else []
    if row.pk:
        places.append(row.region)
    return next((refusal for place in places if (refusal := keep(place, by))), None)


def save_chain(chain: Chain, data: dict, *, by: Actor, seen: str | None = None) -> Chain:
    """Create or change a chain. Raises Refused, Conflict."""

    def judge(row, values):
        return _judge_regions(row, values, by, perms.keep_chain)

    return records.write(chain, data, by=by, noun="chain", seen=seen, judge=judge)[0]


def save_segment(segment: Segment, data: dict, *, by: Actor, seen: str | None = None) -> Segment:
    """Create or change a segment of a chain. Raises Refused, Conflict."""

    def judge(row, values):
        return perms.keep_chain(row.chain.region, by)

    return records.write(segment, data, by=by, noun="segment", seen=seen, judge=judge)[0]


def save_link(link: Link, data: dict, *, by: Actor, seen: str | None = None) -> Link:
    """Create or change a link; it stays within its chain. Raises Refused (`other_chain`), Conflict."""

    def judge(row, values):
        if "segment" in values and row.segment_id and values["segment"].chain_id != row.segment.chain_id:
            return Refusal("other_chain", _("环节只能移到同一产业链的链段。"))
        return perms.keep_chain(row.segment.chain.region, by)

    return records.write(link, data, by=by, noun="link", seen=seen, judge=judge)[0]


@transaction.atomic
def delete_part(part: Segment | Link, *, by: Actor) -> None:
    """Remove an empty segment or link. Raises Refused (`not_empty`) while links or enterprises hang on it."""
    part = records.lock(part)
    chain = part.chain if isinstance(part, Segment) else part.segment.chain
    refusal = perms.keep_chain(chain.region, by) or deletable(part)
    if refusal:
        raise Refused(refusal)
    trail.record(by, f"{part._meta.model_name}.deleted", part, chain=chain)
    part.delete()


def deletable(part: Segment | Link) -> Refusal | None:
    """Why an empty part may go, or may not."""
    if isinstance(part, Segment):
        if part.links.exists():
            return Refusal("not_empty", _("链段下还有环节，请先删除或移走环节。"))
    elif part.memberships.exists():
        return Refusal("not_empty", _("环节上还有（或曾有）企业，不能删除，可以改名。"))
    return None


@transaction.atomic
def save_committee(committee: Committee, data: dict, *, by: Actor, seen: str | None = None) -> Committee:
    """Found, change or dissolve a committee. Enterprises' copies follow. Raises Refused, Conflict."""

    def judge(row, values):
        return _judge_regions(row, values, by, perms.keep_committee)

    places = _places(committee) if committee.pk else set()
    row, changed = records.write(committee, data, by=by, noun="committee", seen=seen, judge=judge)
    if row.dissolved_on:
        _end_seats(row)
    if not places or changed.keys() & {"chain", "region", "dissolved_on", "kind"}:
        _tell(places | _places(row), by)
    return row


def _places(committee) -> set:
    fresh = Committee.objects.select_related("region").get(pk=committee.pk)
    return {(fresh.chain_id, fresh.region.path)} if fresh.chain_id else set()


def _tell(places, by):
    if places:
        for follow in committee_followers:
            follow(places, by=by)


def _end_seats(committee):
    open_seats = committee.seats.filter(ended_on=None)
    for seat in open_seats:
        seat.ended_on = max(seat.started_on, committee.dissolved_on)
        seat.save(update_fields=["ended_on"])


@transaction.atomic
def add_seat(committee: Committee, data: dict, *, by: Actor) -> Seat:
    """Seat a person in a committee. Raises Refused (`dissolved`, `seat_taken`, `twice`)."""
    committee = records.lock(committee)
    seat = Seat(committee=committee, **data)
    refusal = perms.keep_committee(committee.region, by) or _judge_seating(committee, seat)
    if refusal:
        raise Refused(refusal)
    seat.save()
    trail.record(by, "seat.created", seat, committee=committee, values=data)
    return seat


def _judge_seating(committee, seat):
    if committee.dissolved_on:
        return Refusal("dissolved", _("该党委已经撤销，不能再设席位。"))
    if seat.ended_on:
        return None
    current = committee.seats.filter(ended_on=None, kind=seat.kind).exclude(pk=seat.pk)
    holder = current.first() if seat.kind in SINGLE_SEATS else current.filter(person=seat.person).first()
    if holder is None:
        return None
    if holder.person == seat.person:
        return Refusal("twice", _("此人已在任该席位。"))
    return Refusal(
        "seat_taken",
        _("%(seat)s由%(person)s在任，请先填写其离任日期。")
        % {"seat": holder.get_kind_display(), "person": holder.person},
    )


def save_seat(seat: Seat, data: dict, *, by: Actor, seen: str | None = None) -> Seat:
    """Change a seat, for example end it by its date. Raises Refused, Conflict."""

    def judge(row, values):
        changed = Seat(
            pk=row.pk, committee=row.committee, **{f: getattr(row, f) for f in ("kind", "person", "ended_on")}
        )
        for name in ("kind", "person", "ended_on"):
            setattr(changed, name, values.get(name, getattr(row, name)))
        return perms.keep_committee(row.committee.region, by) or _judge_seating(row.committee, changed)

    return records.write(seat, data, by=by, noun="seat", seen=seen, judge=judge)[0]


def end_seat(seat: Seat, *, on, by: Actor, seen: str | None = None) -> Seat:
    """A person leaves a seat on that day. Raises Refused (`dates`, `ended`)."""
    if seat.ended_on:
        raise Refused(Refusal("ended", _("该席位已经结束。")))
    if on < seat.started_on:
        raise Refused(Refusal("dates", _("离任日期不能早于任职日期。")))
    return save_seat(seat, {"ended_on": on}, by=by, seen=seen)
