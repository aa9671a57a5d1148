"""The register of enterprises and their places on chains."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records, trail
from audit.models import Event
from chains.lifecycle import committee_for
from core.actor import Actor
from core.transitions import Refusal, Refused
from enterprises import perms
from enterprises.lifecycle.copies import refresh_copies
from enterprises.models import ChainMembership, CoverageSpell, Enterprise, PairedSpell, validate_credit_code


@transaction.atomic
def save_enterprise(
    enterprise: Enterprise, data: dict, *, by: Actor, seen: str | None = None, chain=None, link=None
) -> Enterprise:
    """Register or change an enterprise; with `chain`, a new one joins that chain on its first day.

    Its copies follow a change of region or dates; leaving ends its places on chains and its employee count. Raises
    Refused (`not_keeper`, `no_chain`, `merged`), Conflict, ValidationError for a wrong credit code.
    """
    fresh = enterprise.pk is None
    if "credit_code" in data:
        validate_credit_code(data["credit_code"])

    def judge(row, values):
        if not fresh:
            return _judge_change(row, values, by)
        return perms.register_in(values["region"], by, chain)

    row, changed = records.write(enterprise, data, by=by, noun="enterprise", seen=seen, judge=judge)
    if fresh and chain is not None:
        join_chain(row, chain, by=by, on=row.joined_on, link=link)
    elif not fresh and changed.keys() & {"region", "joined_on", "left_on"}:  # nothing is a copy of a new one yet
        if row.left_on:
            end_stays(row, row.left_on)
        refresh_copies(row, by=by)
    return row


def withdraw_enterprise(enterprise: Enterprise, *, by: Actor, seen: str | None = None) -> None:
    """Take back an enterprise entered by mistake, with its places on chains, while nothing else refers to it.

    Raises Refused (`not_keeper`, `gone`, `built_on`), Conflict.
    """

    def judge(row):
        refusal = perms.keep_enterprise(row, by)
        places = row.memberships.values_list("pk", flat=True)
        changed = Event.objects.filter(object_type=ChainMembership._meta.label_lower, object_id__in=list(places))
        if not refusal and changed.exists():
            refusal = Refusal("built_on", _("该企业在产业链上的位置已经改动。"))
        return refusal

    records.withdraw(
        enterprise, by=by, noun="enterprise", seen=seen, judge=judge, own=(ChainMembership, CoverageSpell, PairedSpell)
    )


def _judge_change(row, values, by):
    refusal = perms.keep_enterprise(row, by)
    if not refusal and row.merged_into_id:
        refusal = Refusal("merged", _("该企业已并入其他企业，不能再修改。"))
    if not refusal and "region" in values and values["region"].pk != row.region_id:
        place = row.memberships.filter(left_on=None).order_by("-is_primary", "pk").select_related("chain").first()
        refusal = perms.register_in(values["region"], by, place and place.chain)
    return refusal


def end_stays(enterprise, on) -> None:
    """Close what is open about an enterprise that leaves on that day: places on chains, the employee count."""
    for place in enterprise.memberships.filter(left_on=None):
        place.left_on = max(place.joined_on, on)
        place.save(update_fields=["left_on"])
    for count in enterprise.employee_counts.filter(until_on=None):
        count.until_on = max(count.from_on, on)
        count.save(update_fields=["until_on"])


def change_region(enterprise: Enterprise, region, *, by: Actor) -> Enterprise:
    """Move an enterprise to another region; every copy follows. Raises Refused."""
    return save_enterprise(enterprise, {"region": region}, by=by)


@transaction.atomic
def join_chain(
    enterprise: Enterprise, chain, *, by: Actor, on, link=None, is_master: bool = False, is_primary: bool | None = None
) -> ChainMembership:
    """Place an enterprise on a chain from day `on`. The first chain becomes the primary one unless told otherwise.

    Raises Refused (`not_keeper`, `left`, `twice`, `other_chain`).
    """
    row = records.lock(enterprise)
    refusal = perms.join_chain(row, chain, by) or judge_joining(row, chain, link)
    if refusal:
        raise Refused(refusal)
    current = row.memberships.filter(left_on=None)
    if is_primary is None:
        is_primary = not current.filter(is_primary=True).exists()
    if is_primary:
        current.filter(is_primary=True).update(is_primary=False)
    place = ChainMembership.objects.create(
        enterprise=row,
        chain=chain,
        link=link,
        region_id=row.region_id,
        committee=committee_for(chain.pk, row.region),
        is_master=is_master,
        is_primary=is_primary,
        joined_on=on,
    )
    refresh_copies(row, by=by)
    trail.record(
        by, "enterprise.chain_joined", row, chain=chain, link=link, on=on, master=is_master, primary=is_primary
    )
    return place


def judge_joining(enterprise, chain, link, *, fresh: bool = False) -> Refusal | None:
    """Why the enterprise may not join the chain at this link; a `fresh` one is on no chain yet."""
    if enterprise.left_on:
        return Refusal("left", _("该企业已经退出，不能再加入产业链。"))
    if link is not None and link.segment.chain_id != chain.pk:
        return Refusal("other_chain", _("所选环节不属于这条产业链。"))
    if not fresh and enterprise.memberships.filter(left_on=None, chain=chain).exists():
        return Refusal("twice", _("该企业已在这条产业链上。"))
    return None


@transaction.atomic
def save_membership(place: ChainMembership, data: dict, *, by: Actor, seen: str | None = None) -> ChainMembership:
    """Change the link, master flag, dates or primary flag of a place on a chain. Raises Refused, Conflict."""
    enterprise = records.lock(place.enterprise)

    def judge(row, values):
        if values.get("link") is not None and values["link"].segment.chain_id != row.chain_id:
            return Refusal("other_chain", _("所选环节不属于这条产业链。"))
        return perms.keep_membership(row, by)

    if data.get("is_primary"):
        others = enterprise.memberships.filter(left_on=None, is_primary=True).exclude(pk=place.pk)
        others.update(is_primary=False)
    row, changed = records.write(place, data, by=by, noun="membership", seen=seen, judge=judge)
    if changed.keys() & {"is_primary", "joined_on", "left_on"}:
        _promote(enterprise)
        refresh_copies(enterprise, by=by)
    return row


@transaction.atomic
def leave_chain(place: ChainMembership, *, on, by: Actor) -> ChainMembership:
    """End an enterprise's place on a chain; the oldest remaining one becomes primary where the primary one ended.

    Raises Refused (`not_keeper`, `left`, `dates`).
    """
    enterprise = records.lock(place.enterprise)
    place = records.lock(place)
    refusal = perms.keep_membership(place, by)
    if not refusal and place.left_on:
        refusal = Refusal("left", _("该企业已经退出这条产业链。"))
    if not refusal and on < place.joined_on:
        refusal = Refusal("dates", _("退出日期不能早于入链日期。"))
    if refusal:
        raise Refused(refusal)
    place.left_on = on
    place.save(update_fields=["left_on"])
    _promote(enterprise)
    refresh_copies(enterprise, by=by)
    trail.record(by, "enterprise.chain_left", enterprise, chain=place.chain, on=on)
    return place


def _promote(enterprise):
    current = enterprise.memberships.filter(left_on=None)
    if not current.filter(is_primary=True).exists():
        heir = current.order_by("joined_on", "pk").first()
        if heir is not None:
            heir.is_primary = True
            heir.save(update_fields=["is_primary"])
