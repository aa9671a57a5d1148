"""Pairings: agreed, corrected, ended, with the file of the agreement."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records, trail
from core import files
from core.actor import Actor
from core.transitions import Refusal, Refused
from enterprises import perms
from enterprises.enums import PairingClass
from enterprises.lifecycle.guards import follow, judge_kind, judge_owner, lock_enterprises
from enterprises.lifecycle.paired import party_of, place_of, refresh_paired
from enterprises.models import Enterprise, Pairing, PairingFile, PartyOrganisation

ENDS = ("helper_organisation", "helper_enterprise", "helped_organisation", "helped_enterprise")
MOST_FILES = 20


@transaction.atomic
def save_pairing(pairing: Pairing, data: dict, *, by: Actor, seen: str | None = None) -> Pairing:
    """Pair two, or correct a pairing. It counts where the helped end is, else where the helper is.

    Raises Refused (`not_keeper`, `no_end`, `unseen`, `kind`, `households`, `owner_gone`), Conflict.
    """
    old = Pairing.objects.get(pk=pairing.pk) if pairing.pk else None
    ends = {name: data.get(name, getattr(pairing, name) if pairing.pk else None) for name in ENDS}
    before = _parties({name: getattr(old, name) for name in ENDS}) if old else []
    parties = before + [one for one in _parties(ends) if one not in before]
    lock_enterprises([one for one in parties if isinstance(one, Enterprise)])
    kind = data.get("kind") or pairing.kind
    main = ends["helped_organisation"] or ends["helped_enterprise"]
    main = main or ends["helper_organisation"] or ends["helper_enterprise"]
    if main is None:
        raise Refused(Refusal("no_end", _("两方中至少有一方是登记过的党组织或企业。")))
    derived = {**place_of(main), "counts_as": kind.counts_as}

    def judge(row, values):
        refusal = (row.pk and perms.keep_pairing(row, by)) or perms.keep_ends(ends, by) or _judge_seen(row, ends, by)
        refusal = refusal or judge_kind(kind, main.region, row.kind_id == kind.pk)
        refusal = refusal or _judge_households(kind, values, row)
        refusal = refusal or (None if row.pk else _judge_gone(ends))
        return refusal or follow(row, derived)

    row, _changed = records.write(pairing, data, by=by, noun="pairing", seen=seen, judge=judge)
    for party in parties:
        refresh_paired(party)
    return row


def _parties(ends) -> list:
    found = []
    for side in ("helper", "helped"):
        party = party_of(ends[f"{side}_organisation"], ends[f"{side}_enterprise"])
        if party is not None and party not in found:
            found.append(party)
    return found


def _judge_seen(row, ends, by):
    """Whoever pairs two must see both; those that stood there before may stay."""
    for name, end in ends.items():
        model = PartyOrganisation if name.endswith("organisation") else Enterprise
        kept = row.pk and getattr(row, f"{name}_id") == (end and end.pk)
        if end is not None and not kept and not model.objects.visible_to(by).filter(pk=end.pk).exists():
            return Refusal("unseen", _("所选的单位不在您的工作范围内。"))
    return None


def _judge_households(kind, values, row):
    given = [values.get(name, getattr(row, name)) for name in ("members", "households")]
    wanted = kind.counts_as == PairingClass.HOUSEHOLDS
    if any(given) != wanted or (wanted and not all(given)):
        return Refusal("households", _("党员联户的填写党员人数和户数，其他类别不填。"))
    return None


def _judge_gone(ends):
    for name, end in ends.items():
        refusal = judge_owner(**{name.partition("_")[2]: end})
        if refusal:
            return refusal
    return None


@transaction.atomic
def end_pairing(pairing: Pairing, *, on, by: Actor, seen: str | None = None) -> Pairing:
    """The pairing holds no more from that day. Raises Refused (`not_keeper`, `ended`, `dates`), Conflict."""
    parties = _parties({name: getattr(pairing, name) for name in ENDS})
    lock_enterprises([one for one in parties if isinstance(one, Enterprise)])
    row = records.lock(pairing, seen)
    refusal = perms.keep_pairing(row, by)
    if not refusal and row.ended_on:
        refusal = Refusal("ended", _("这一结对已经结束。"))
    if not refusal and on < row.started_on:
        refusal = Refusal("dates", _("结束日期不能早于开始日期。"))
    if refusal:
        raise Refused(refusal)
    row.ended_on = on
    row.save(update_fields=["ended_on"])
    for party in parties:
        refresh_paired(party)
    trail.record(by, "pairing.ended", row, on=on)
    return row


def add_agreement(pairing: Pairing, upload, *, by: Actor) -> PairingFile:
    """Keep the file of an agreement. Raises ValidationError for a file that may not be kept, Refused."""
    kept = files.store(upload, "pairings")
    try:
        with transaction.atomic():
            row = records.lock(pairing)
            refusal = perms.keep_pairing(row, by)
            if not refusal and row.files.count() >= MOST_FILES:
                refusal = Refusal("many", _("一份结对最多 %(n)d 个文件。") % {"n": MOST_FILES})
            if refusal:
                raise Refused(refusal)
            made = PairingFile.objects.create(pairing=row, uploaded_by_id=by.user_id, **vars(kept))
            trail.record(by, "pairing.file_added", row, file=kept.name)
            return made
    except BaseException:
        files.remove(kept.storage_name)
        raise
