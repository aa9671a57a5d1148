"""Party organisations: their copies of the enterprise's place, their counts, the coverage they give."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records
from chains.lifecycle import committee_for
from core.actor import Actor
from core.transitions import Refusal
from enterprises import perms
from enterprises.lifecycle.copies import primary_of
from enterprises.lifecycle.coverage import refresh_coverage
from enterprises.lifecycle.paired import refresh_paired
from enterprises.lifecycle.placing import follow_organisation
from enterprises.models import Enterprise, PartyOrganisation


@transaction.atomic
def save_organisation(
    organisation: PartyOrganisation, data: dict, *, by: Actor, seen: str | None = None
) -> PartyOrganisation:
    """Found, change or dissolve a Party organisation.

    One of an enterprise takes region, chain and committee from it; any other keeps the region and chain it is given.
    Enterprises are locked before the organisation. Raises Refused (`not_keeper`, `cycle`), Conflict.
    """
    touched = _enterprises(organisation, data)
    rows = {
        one.pk: one
        for one in Enterprise.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=touched).order_by("pk")
    }
    data = _placed(organisation, data, rows)

    def judge(row, values):
        wanted = PartyOrganisation(pk=None, **{name: values.get(name, getattr(row, name, None)) for name in _PLACE})
        refusal = row.pk and perms.keep_organisation(row, by)
        return refusal or perms.keep_organisation(wanted, by) or _judge_parent(row, values)

    row, _changed = records.write(organisation, data, by=by, noun="organisation", seen=seen, judge=judge)
    _carry(row)
    follow_organisation(row)
    for enterprise in Enterprise.objects.filter(pk__in=touched | _ids(row)).order_by("pk"):
        refresh_coverage(enterprise)
        refresh_paired(enterprise)
    return row


@transaction.atomic
def withdraw_organisation(organisation: PartyOrganisation, *, by: Actor, seen: str | None = None) -> None:
    """Take back an organisation entered by mistake while nothing refers to it; the coverage it gave goes.

    Raises Refused (`not_keeper`, `gone`, `built_on`), Conflict.
    """
    touched = _ids(organisation)
    list(Enterprise.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=touched).order_by("pk"))
    records.withdraw(
        organisation, by=by, noun="organisation", seen=seen, judge=lambda row: perms.keep_organisation(row, by)
    )
    for enterprise in Enterprise.objects.filter(pk__in=touched).order_by("pk"):
        refresh_coverage(enterprise)
        refresh_paired(enterprise)


_PLACE = ("enterprise", "region", "committee")


def _ids(organisation):
    """Ids of the enterprises an organisation stands for."""
    ids = set(organisation.joint_enterprises.values_list("pk", flat=True)) if organisation.pk else set()
    return ids | ({organisation.enterprise_id} if organisation.enterprise_id else set())


def _enterprises(organisation, data):
    ids = _ids(PartyOrganisation.objects.get(pk=organisation.pk)) if organisation.pk else set()
    if data.get("enterprise"):
        ids.add(data["enterprise"].pk)
    return ids | {one.pk for one in data.get("joint_enterprises") or ()}


def _placed(organisation, data, rows):
    """`data` with region, chain and committee as they must be."""
    data = dict(data)
    enterprise = data.get("enterprise", organisation.enterprise if organisation.pk else None)
    if enterprise is not None:
        enterprise = rows.get(enterprise.pk, enterprise)
        primary = primary_of(enterprise)
        data["region"] = enterprise.region
        data["chain"] = primary.chain if primary else None
        data["committee"] = primary.committee if primary else None
    elif "chain" in data or "region" in data or "enterprise" in data:
        region = data.get("region") or organisation.region
        chain = data.get("chain", organisation.chain if organisation.pk else None)
        data["committee"] = committee_for(chain.pk, region) if chain else None
    return data


def _judge_parent(row, values):
    above = values.get("parent")
    seen = {row.pk} if row.pk else set()
    while above is not None:
        if above.pk in seen:
            return Refusal("cycle", _("上级党组织不能是它自己或它的下级。"))
        seen.add(above.pk)
        above = above.parent
    return None


def _carry(row):
    """Counts carry the organisation's place; a dissolved one's last count ends with it."""
    row.member_counts.update(region_id=row.region_id, chain_id=row.chain_id, committee_id=row.committee_id)
    if row.dissolved_on:
        for count in row.member_counts.filter(until_on=None):
            count.until_on = max(count.from_on, row.dissolved_on)
            count.save(update_fields=["until_on"])
