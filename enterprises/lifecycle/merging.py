"""Merging a duplicate enterprise (重复登记) into the one that stays.

A row of the duplicate that a rule of its table keeps from moving, because the one that stays has its like, joins that
one where the app that owns the table says how (`joiners`); other rows stay with the duplicate.
"""

from collections.abc import Callable

import pghistory.models
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from audit import records, trail
from core.actor import Actor
from core.transitions import Refusal, Refused
from enterprises import perms
from enterprises.lifecycle.copies import refresh_copies
from enterprises.lifecycle.register import end_stays, join_chain
from enterprises.models import (
    ChainMembership,
    CoverageSpell,
    EmployeeCount,
    Enterprise,
    PairedSpell,
    PartyOrganisation,
)

# These say what was true of the duplicate up to the day of the merger; they stay with it, ended.
_OWN_PAST = (ChainMembership, EmployeeCount, CoverageSpell, PairedSpell)

# {model: function(row, target)}: let the row join its like of `target` and go; answers whether it did. Filled by the
# apps that own the tables, in `ready()`.
joiners: dict[type[models.Model], Callable] = {}


def _relations():
    """(model, field name) of every foreign key to an enterprise whose rows a merger moves, in every app."""
    for relation in Enterprise._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one) and not relation.concrete):
            continue
        model = relation.related_model
        if issubclass(model, pghistory.models.Event) or model in _OWN_PAST or is_worked_out(relation.field):
            continue
        yield model, relation.field.name


def is_worked_out(field) -> bool:
    """Whether rows with this foreign key are worked out from others (verdicts of the radar, say) and written by their
    own engine alone: they would go with the enterprise. Links of a many-to-many go too, but are facts."""
    return field.remote_field.on_delete is models.CASCADE and not field.model._meta.auto_created


def what_moves(enterprise) -> list[tuple[str, int]]:
    """(name of the records, how many) that a merger would move."""
    found: dict[str, int] = {}
    for model, name in _relations():
        count = model._base_manager.filter(**{name: enterprise}).count()
        if count:
            label = _("联合组建的党组织") if model._meta.auto_created else model._meta.verbose_name
            found[str(label)] = found.get(str(label), 0) + count
    places = enterprise.memberships.filter(left_on=None).count()
    if places:
        found[_("所在产业链")] = places
    return list(found.items())


@transaction.atomic
def merge(
    enterprise: Enterprise, into: Enterprise, *, by: Actor, on, seen: str | None = None, into_seen: str | None = None
) -> Enterprise:
    """Move what refers to `enterprise` to `into`, from day `on` count them once, and end the duplicate.

    Places on chains, employee counts and coverage of the duplicate end on that day; `into` joins the chains that it
    was not yet on, and was first visited when the first of the two was. What moved, joined and stayed is kept in the
    trail, what joined with all that it said. `seen` and `into_seen` are the versions of the two that the person looked
    at. Raises Refused (`not_keeper`, `itself`,
    `merged`, `left`, `dates`), Conflict.
    """
    pair = sorted((enterprise, into), key=lambda one: one.pk)
    versions = {enterprise.pk: seen, into.pk: into_seen}
    locked = {one.pk: records.lock(one, versions[one.pk]) for one in pair}
    duplicate, target = locked[enterprise.pk], locked[into.pk]
    refusal = _judge(duplicate, target, on) or perms.merge(duplicate, target, by)
    if refusal:
        raise Refused(refusal)
    current = list(duplicate.memberships.filter(left_on=None).select_related("chain", "link__segment"))
    moved, joined, kept = _move_rows(duplicate, target)
    end_stays(duplicate, on)
    duplicate.left_on, duplicate.merged_into = on, target
    duplicate.save(update_fields=["left_on", "merged_into"])
    _first_visit(duplicate, target)
    have = set(target.memberships.filter(left_on=None).values_list("chain_id", flat=True))
    for place in current:
        if place.chain_id not in have:
            join_chain(
                target, place.chain, by=by, on=max(on, place.joined_on), link=place.link, is_master=place.is_master
            )
    refresh_copies(duplicate, by=by)
    refresh_copies(target, by=by)
    trail.record(by, "enterprise.merged", duplicate, into=target, on=on, moved=moved, joined=joined, kept=kept)
    trail.record(by, "enterprise.absorbed", target, duplicate=duplicate, on=on, moved=moved)
    return target


def _first_visit(duplicate, target) -> None:
    """The earlier of both: the visits themselves have moved. What the duplicate has stays, for its own past."""
    known = [day for day in (duplicate.first_visited_on, target.first_visited_on) if day]
    if known and min(known) != target.first_visited_on:
        target.first_visited_on = min(known)
        target.save(update_fields=["first_visited_on"])


def _judge(duplicate, target, on):
    if duplicate.pk == target.pk:
        return Refusal("itself", _("不能把企业并入它自己。"))
    if duplicate.merged_into_id or target.merged_into_id:
        return Refusal("merged", _("其中一家企业已经并入其他企业。"))
    if duplicate.left_on or target.left_on:
        return Refusal("left", _("其中一家企业已经退出，不能合并。"))
    if on < duplicate.joined_on:
        return Refusal("dates", _("合并日期不能早于被并企业的入链日期。"))
    return None


def _move_rows(duplicate, target):
    """Point every foreign key at `target`; answers ({label: ids moved}, {label: rows that joined their like, as they
    were}, {label: ids that a rule kept back})."""
    moved: dict[str, list[int]] = {}
    joined: dict[str, list[dict]] = {}
    kept: dict[str, list[int]] = {}
    for model, name in _relations():
        rows = model._base_manager.select_for_update(of=("self",), no_key=True).filter(**{name: duplicate})
        label = f"{model._meta.label_lower}.{name}"
        for row in list(rows.order_by("pk")):
            if _point(model, row.pk, name, target):
                moved.setdefault(label, []).append(row.pk)
                continue
            was = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
            if _join(row, target):
                joined.setdefault(label, []).append(was)
            else:
                kept.setdefault(label, []).append(row.pk)
    return moved, joined, kept


def _point(model, pk, name, target) -> bool:
    """Whether the row could be moved; a rule of the table may forbid it."""
    try:
        with transaction.atomic():
            model._base_manager.filter(pk=pk).update(**{name: target})
    except IntegrityError:
        return False
    return True


def _join(row, target) -> bool:
    """Whether the row became one with its like of `target`: a mere link goes (`target` has it already), for others
    the app that owns them says what happens."""
    model = type(row)
    if model._meta.auto_created is PartyOrganisation:
        row.delete()
        return True
    return model in joiners and joiners[model](row, target)
