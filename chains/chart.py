"""The map of a chain (产业链图谱): its links in three columns, who fills each, and the gaps.

`enterprises` stands below this app, so its memberships are reached by the relations' names only.
"""

from dataclasses import dataclass, field

from chains.enums import SegmentPosition
from chains.models import Committee, Link, Segment


@dataclass
class Box:
    """One link of the map: its enterprises in sight, and how many it has in all."""

    link: Link
    places: list = field(default_factory=list)
    total: int = 0

    @property
    def is_gap(self):
        return self.total == 0


@dataclass
class Lane:
    """One column: upstream, midstream or downstream, with its segments."""

    position: str
    label: str
    segments: list = field(default_factory=list)


def chain_map(chain, actor) -> dict:
    """Lanes of (segment, boxes), enterprises without a link, and the number of gaps; four queries."""
    places_of = chain.memberships.model.objects
    current = places_of.filter(chain=chain, left_on=None).order_by("-is_master", "pk")
    boxes, lanes = {}, {value: Lane(value, label) for value, label in SegmentPosition.choices}
    parts = {one.pk: (one, []) for one in Segment.objects.filter(chain=chain).order_by("order", "pk")}
    for link in Link.objects.filter(segment__chain=chain).order_by("order", "pk"):
        boxes[link.pk] = Box(link)
        parts[link.segment_id][1].append(boxes[link.pk])
    for segment, inside in parts.values():
        lanes[segment.position].segments.append((segment, inside))
    for link_id in current.values_list("link_id", flat=True):
        if link_id in boxes:
            boxes[link_id].total += 1
    loose = []
    for place in current.visible_to(actor).select_related("enterprise"):
        (boxes[place.link_id].places if place.link_id in boxes else loose).append(place)
    return {
        "lanes": list(lanes.values()),
        "loose": loose,
        "links": len(boxes),
        "gaps": sum(box.is_gap for box in boxes.values()),
    }


def masters_of(committee: Committee) -> list:
    """The chain-master enterprises (链主企业) joined to a committee."""
    current = committee.memberships.filter(is_master=True, left_on=None)
    return list(current.select_related("enterprise").order_by("pk"))
