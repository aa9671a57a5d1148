"""Regions as scopes of figures: how they nest, how they are found, who may read them."""

from alliances.models import SEGMENT, Region
from core.actor import Actor, Role
from indicators import scopes

GOVERNING = (Role.COUNTY_OFFICER, Role.LEADER)

# Every region with itself and each region above it: the paths of its ancestors are prefixes of its own.
ANCESTORS = f"""
    SELECT low.id AS region_id, high.id AS ancestor_id
    FROM alliances_region low
    CROSS JOIN LATERAL generate_series({SEGMENT}, length(low.path), {SEGMENT}) AS upto
    JOIN alliances_region high ON high.path = left(low.path, upto)
"""  # noqa: S608 - a constant of this module


def below(region_id: int):
    """Ids of a region and all below it."""
    path = Region.objects.filter(pk=region_id).values_list("path", flat=True).first()
    return Region.objects.filter(path__startswith=path).values("pk") if path else []


def find_region(code: str):
    """By code; `id` and the number for a region (a village, a station) that has none."""
    if code.startswith("id") and code[2:].isascii() and code[2:].isdigit() and len(code) < 20:
        region = Region.objects.filter(pk=int(code[2:])).first()
    else:
        region = Region.objects.filter(code=code).first()
    return scope_of(region) if region else None


def scope_of(region: Region) -> scopes.Scope:
    """The scope of figures of a region with all below it; by number where it has no code."""
    return scopes.region_scope(region.pk, region.code or f"id{region.pk}", region.name)


def governs(actor: Actor, region_id: int, chain_id: int = 0) -> bool:
    """Whether a duty as officer or leader covers the whole region (of that chain, if given)."""
    if actor.is_system:
        return True
    path = Region.objects.filter(pk=region_id).values_list("path", flat=True).first()
    return bool(path) and any(
        duty.region_path and path.startswith(duty.region_path) and duty.chain_id in (None, chain_id)
        for duty in actor.duties_as(*GOVERNING)
    )


def may_read_region(scope: scopes.Scope, actor: Actor) -> bool:
    return governs(actor, scope.region_id, scope.chain_id)


def register() -> None:
    scopes.register_tree(table="alliances_region", path_column="path", relation=ANCESTORS, below=below)
    scopes.register_kind("region", find=find_region, readable=may_read_region)
