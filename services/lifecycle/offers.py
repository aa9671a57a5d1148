"""Resources and policies: registered, changed, stopped; a policy's measures and its file."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records, trail
from chains.lifecycle import committee_for
from core import files
from core.actor import Actor
from core.transitions import Refusal, Refused
from enterprises.lifecycle.guards import follow, judge_kind
from services import list_perms as perms
from services.models import Policy, PolicyFile, PolicyMeasure, Resource
from services.models.offers import Offer

MOST_FILES = 5


@transaction.atomic
def _save(offer: Offer, data: dict, *, by: Actor, seen, noun) -> Offer:
    region = data.get("region") or offer.region
    chain = data.get("chain", offer.chain if offer.pk else None)
    committee = committee_for(chain.pk, region) if chain else None
    kind = data.get("kind") or offer.kind

    def judge(row, values):
        refusal = row.pk and perms.edit_offer(row, by)
        refusal = refusal or perms.keep_offer(by, region=region, committee_id=committee and committee.pk)
        refusal = refusal or judge_kind(kind, region, row.kind_id == kind.pk)
        return refusal or follow(row, {"committee": committee})

    return records.write(offer, data, by=by, noun=noun, seen=seen, judge=judge)[0]


def save_resource(resource: Resource, data: dict, *, by: Actor, seen: str | None = None) -> Resource:
    """Register or change a resource. Raises Refused (`not_keeper`, `kind`), Conflict."""
    return _save(resource, data, by=by, seen=seen, noun="resource")


@transaction.atomic
def save_policy(policy: Policy, data: dict, *, by: Actor, seen: str | None = None) -> Policy:
    """Register or change a policy; its measures follow. Raises Refused (`not_keeper`, `kind`), Conflict."""
    row = _save(policy, data, by=by, seen=seen, noun="policy")
    follow_policy(row)
    return row


@transaction.atomic
def close_offer(offer: Offer, *, on, by: Actor, seen: str | None = None) -> Offer:
    """A resource or policy holds no more from that day. Raises Refused (`not_keeper`, `ended`, `dates`), Conflict."""
    row = records.lock(offer, seen)
    refusal = perms.edit_offer(row, by)
    if not refusal and row.closed_on:
        refusal = Refusal("ended", _("这一条已经停止。"))
    if not refusal and on < row.from_on:
        refusal = Refusal("dates", _("停止日期不能早于开始日期。"))
    if refusal:
        raise Refused(refusal)
    row.closed_on = on
    row.save(update_fields=["closed_on"])
    trail.record(by, f"{row._meta.model_name}.closed", row, on=on)
    if isinstance(row, Policy):
        follow_policy(row)
    return row


def copies_of(policy: Policy) -> dict:
    """What a measure copies from its policy."""
    return {name: getattr(policy, name) for name in ("region", "chain", "committee", "from_on", "ends_on")}


def follow_policy(policy: Policy) -> None:
    """The measures count where and as long as their policy does. Only rows that differ are written."""
    for measure in policy.measures.all():
        wanted = copies_of(policy)
        if any(getattr(measure, name) != value for name, value in wanted.items()):
            follow(measure, wanted)
            measure.save(update_fields=list(wanted))


@transaction.atomic
def save_measure(
    policy: Policy, measure: PolicyMeasure, data: dict, *, by: Actor, seen: str | None = None
) -> PolicyMeasure:
    """Add or change a measure of a policy. Raises Refused (`not_keeper`, `kind`), Conflict."""
    row = records.lock(policy)
    refusal = perms.edit_offer(row, by)
    if refusal:
        raise Refused(refusal)
    fresh, kind = measure.pk is None, data.get("kind") or measure.kind
    if fresh:
        measure.policy = row

    def judge(one, values):
        refused = judge_kind(kind, row.region, one.kind_id == kind.pk)
        return refused or follow(one, copies_of(row))

    return records.write(measure, data, by=by, noun="measure", seen=seen, judge=judge)[0]


def add_file(policy: Policy, upload, *, by: Actor) -> PolicyFile:
    """Keep the text of a policy. Raises ValidationError for a file that may not be kept, Refused."""
    kept = files.store(upload, "policies")
    try:
        with transaction.atomic():
            row = records.lock(policy)
            refusal = perms.edit_offer(row, by)
            if not refusal and row.files.count() >= MOST_FILES:
                refusal = Refusal("many", _("一项政策最多 %(n)d 个文件。") % {"n": MOST_FILES})
            if refusal:
                raise Refused(refusal)
            made = PolicyFile.objects.create(policy=row, uploaded_by_id=by.user_id, **vars(kept))
            trail.record(by, "policy.file_added", row, file=kept.name)
            return made
    except BaseException:
        files.remove(kept.storage_name)
        raise
