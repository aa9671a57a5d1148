"""Kinds of the registers and rules of staffing: a region keeps its own beside the common ones.

A kind is never removed; one that is disabled is offered no more. What figures go by is fixed once a row has it.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records
from core.actor import Actor
from core.models import Sequence
from core.transitions import Refusal, Refused
from enterprises import perms
from enterprises.enums import StaffingScope
from enterprises.models import Kind, StaffingRule

STEP = 10
# What rows copy from their kind, or are judged by; it may be put right while no row has the kind.
FIXED = ("counts_as", "posted_to", "level", "is_party_work", "is_single", "awarded_to", "unit", "places")


def in_use(kind: Kind) -> bool:
    """Whether any row has the kind."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: kind.pk}).exists()
        for relation in kind._meta.related_objects
        if not relation.related_model.__name__.endswith("Event")
    )


@transaction.atomic
def save_kind(kind: Kind, data: dict, *, by: Actor, seen: str | None = None) -> Kind:
    """Add a region's own kind, rename it, order it, disable or enable it.

    Raises Refused (`common`, `not_officer`, `in_use`), Conflict.
    """
    region = data.get("region", kind.region)
    if kind.pk is None and region is not None:
        refusal = perms.keep_kind(region, by)
        if refusal:
            raise Refused(refusal)
        name = kind._meta.model_name
        kind.code = f"r{region.pk}-{Sequence.next(f'{name}:{region.pk}')}"
        if not data.get("order"):
            last = type(kind).objects.order_by("-order").values_list("order", flat=True).first() or 0
            data = {**data, "order": min(last + STEP, 32000)}

    def judge(row, values):
        refusal = perms.keep_kind(row.region if row.pk else region, by)
        changed = [name for name in FIXED if name in values and row.pk and values[name] != getattr(row, name)]
        if not refusal and "region" in values and row.pk and values["region"] != row.region:
            refusal = Refusal("in_use", _("类别的适用区域不能改，可以停用后另建。"))
        if not refusal and changed and in_use(row):
            refusal = Refusal("in_use", _("这一类别已有登记，统计口径和对象不能再改，可以停用后另建。"))
        return refusal

    return records.write(kind, data, by=by, noun="register_kind", seen=seen, judge=judge)[0]


@transaction.atomic
def save_staffing(rule: StaffingRule, data: dict, *, by: Actor, seen: str | None = None) -> StaffingRule:
    """Set or change a rule of staffing. Raises Refused (`not_officer`, `kind`, `places`), Conflict."""

    def judge(row, values):
        region = values.get("region") or row.region
        refusal = (row.pk and perms.keep_rule(row.region, by)) or perms.keep_rule(region, by)
        kind = values.get("posting_kind") or values.get("facility_kind")
        if not refusal and kind is not None and not kind.holds_in(region):
            refusal = Refusal("kind", _("类别“%(kind)s”在这里不能使用。") % {"kind": kind})
        if not refusal and "scope" in values:
            listed = bool(values.get("places"))
            if listed != (values["scope"] == StaffingScope.LISTED):
                refusal = Refusal("places", _("对象为名单内的区域时才选名单，且至少选一个。"))
        return refusal

    return records.write(rule, data, by=by, noun="staffing", seen=seen, judge=judge)[0]
