"""Writing the tree of categories: a region adds its own below those that hold there, and keeps those in order.

The common tree is shipped: figures are declared by its top categories, so that every county counts alike. A category is
never removed; one that is disabled is offered no more.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alliances.enums import TeamKind
from alliances.models import Region
from audit import trail
from core.actor import Actor, Role
from core.models import Sequence
from core.transitions import Refusal, Refused
from problems.lifecycle.machine import limited, required
from problems.models import Category, CategoryKinds

DEEPEST = 6
STEP = 10


def may_write(region: Region | None, actor: Actor) -> Refusal | None:
    """An officer of the region or above; nobody changes the common categories."""
    if region is None:
        return Refusal("common", _("通用类别随系统提供，不能修改；可以在它下面增加本地区的类别。"))
    if actor.is_system or any(region.path.startswith(path) for path in actor.region_paths(Role.COUNTY_OFFICER)):
        return None
    return Refusal("role", _("本地区的类别由组织部工作人员维护。"), _("本地区组织部工作人员"))


def _demand(region, by: Actor) -> None:
    refusal = may_write(region, by)
    if refusal:
        raise Refused(refusal)


@transaction.atomic
def add(*, by: Actor, region: Region, parent: Category, name: str, kinds: Iterable[str] = ()) -> Category:
    """A category of the region's own, last among its brothers. Raises Refused, ValidationError by field."""
    _demand(region, by)
    _checked(name, kinds)
    above = Category.objects.of_region(region).select_for_update(of=("self",)).filter(pk=parent.pk).first()
    if above is None or not above.is_active:
        raise ValidationError({"parent": _("请选择本地区在用的类别。")})
    if _depth(above) >= DEEPEST:
        raise ValidationError({"parent": _("类别最多 %(n)d 层。") % {"n": DEEPEST}})
    _not_twice(above, region, name)
    last = above.children.order_by("-order").values_list("order", flat=True).first() or 0
    code = f"r{region.pk}-{Sequence.next(f'category:{region.pk}')}"
    made = Category.objects.create(
        region=region, parent=above, name=name.strip(), code=code, order=min(last + STEP, 32000), kinds=in_order(kinds)
    )
    trail.record(by, "category.added", made, region=region, parent=above)
    return made


def _checked(name: str, kinds: Iterable[str]) -> None:
    required(name=name)
    limited(name=(name.strip(), 40))
    if not set(kinds) <= set(TeamKind.values):
        raise ValidationError({"kinds": _("请选择列表中的一项。")})


def in_order(kinds: Iterable[str]) -> list[str]:
    """Kinds of help team as they are kept: each once, in the order in which they are listed."""
    wanted = set(kinds)
    return [kind for kind in TeamKind.values if kind in wanted]


def _depth(category: Category) -> int:
    depth = 1
    while category.parent_id is not None:
        category, depth = category.parent, depth + 1
    return depth


def _not_twice(parent, region, name: str, but: int | None = None) -> None:
    brothers = Category.objects.of_region(region).filter(parent=parent, name=name.strip()).exclude(pk=but)
    if brothers.exists():
        raise ValidationError({"name": _("同一上级下已有同名类别。")})


def _lock(category: Category | int, by: Actor) -> Category:
    pk = category.pk if isinstance(category, Category) else category
    locked = Category.objects.select_for_update(of=("self",)).select_related("region", "parent").get(pk=pk)
    _demand(locked.region, by)
    return locked


@transaction.atomic
def change(
    category: Category | int, *, by: Actor, name: str, is_active: bool, kinds: Iterable[str] | None = None
) -> Category:  # fmt: skip
    """Rename, disable or enable, say which kinds of help team fit (None: as before). Entries keep their category.
    Raises Refused, ValidationError by field."""
    _checked(name, kinds or ())
    row = _lock(category, by)
    _not_twice(row.parent, row.region, name, but=row.pk)
    before = {"name": row.name, "is_active": row.is_active, "kinds": row.kinds}
    row.name, row.is_active = name.strip(), is_active
    row.kinds = row.kinds if kinds is None else in_order(kinds)
    changes = trail.changes(before, {"name": row.name, "is_active": is_active, "kinds": row.kinds})
    if changes:
        row.save(update_fields=["name", "is_active", "kinds"])
        trail.record(by, "category.changed", row, region=row.region, changes=changes)
    return row


@transaction.atomic
def choose_kinds(category: Category, *, by: Actor, region: Region, kinds: Iterable[str]) -> bool:
    """Which kinds of help team fit a category of above in this region; none of them: as it is above again. Answers
    whether anything changed. Raises Refused, ValidationError by field."""
    _demand(region, by)
    if not set(kinds) <= set(TeamKind.values):
        raise ValidationError({"kinds": _("请选择列表中的一项。")})
    if category.region_id == region.pk or not category.holds_in(region):
        raise Refused(Refusal("own", _("本地区自己的类别，请直接修改类别。")))
    # The region's row is what two officers would both write under: the later one waits and sees the first.
    Region.objects.select_for_update(of=("self",), no_key=True).get(pk=region.pk)
    row = CategoryKinds.objects.filter(region=region, category=category).first()
    before, wanted = (row.kinds if row else []), in_order(kinds)
    if wanted == before:
        return False
    if not wanted:
        row.delete()
    else:
        CategoryKinds.objects.update_or_create(region=region, category=category, defaults={"kinds": wanted})
    changes = trail.changes({"kinds": before}, {"kinds": wanted})
    trail.record(by, "category.kinds_chosen", category, region=region, changes=changes)
    return True


@transaction.atomic
def shift(category: Category | int, *, by: Actor, up: bool) -> bool:
    """One place up or down among the region's own brothers; answers whether there was a place to go."""
    row = _lock(category, by)
    own = list(
        Category.objects.select_for_update(of=("self",))
        .filter(parent=row.parent, region=row.region)
        .order_by("order", "pk")
    )
    here = [one.pk for one in own].index(row.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(own):
        return False
    own[here], own[there] = own[there], own[here]
    start = min(one.order for one in own)
    for place, one in enumerate(own):
        one.order = min(start + place * STEP, 32000)
    Category.objects.bulk_update(own, ["order"])
    trail.record(by, "category.shifted", row, region=row.region, up=up)
    return True
