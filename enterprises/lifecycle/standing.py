"""Facilities, honours and mass organisations: registered, corrected, closed or revoked."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records, trail
from core.actor import Actor
from core.transitions import Refusal, Refused
from enterprises import perms
from enterprises.enums import AwardedTo
from enterprises.lifecycle.coverage import refresh_coverage
from enterprises.lifecycle.guards import follow, judge_kind, judge_owner, lock_enterprises
from enterprises.lifecycle.paired import place_of
from enterprises.lifecycle.placing import settle
from enterprises.models import Facility, Honour, MassOrganisation


def _save(obj, data, *, by, seen, noun, copies=(), ends="", more=None):
    """Create or change a row of a register whose kind says `copies` of itself."""
    data, place = settle(data, obj)
    kind, region = data.get("kind") or obj.kind, place["region"]
    derived = {**place, **{name: getattr(kind, name) for name in copies}}

    def judge(row, values):
        wanted = {name: values.get(name, getattr(row, name, None)) for name in ("enterprise", "organisation")}
        refusal = row.pk and perms.keep_placed(row, by)
        refusal = refusal or perms.keep_place(by, region=region, **wanted)
        refusal = refusal or judge_kind(kind, region, row.kind_id == kind.pk)
        if not refusal and not values.get(ends, getattr(row, ends)) and not row.pk:
            refusal = judge_owner(**wanted)
        return refusal or (more and more(row, values, wanted)) or follow(row, derived)

    return records.write(obj, data, by=by, noun=noun, seen=seen, judge=judge)[0]


@transaction.atomic
def save_facility(facility: Facility, data: dict, *, by: Actor, seen: str | None = None) -> Facility:
    """Register or change a facility. Raises Refused (`not_keeper`, `kind`, `owner_gone`), Conflict."""
    return _save(facility, data, by=by, seen=seen, noun="facility", copies=("counts_as",), ends="closed_on")


@transaction.atomic
def save_honour(honour: Honour, data: dict, *, by: Actor, seen: str | None = None) -> Honour:
    """Register or change an honour. Raises Refused (`not_keeper`, `kind`, `holder`), Conflict."""
    kind = data.get("kind") or honour.kind

    def more(row, values, wanted):
        given = {name for name in ("enterprise", "organisation") if wanted[name]}
        person = values.get("person", row.person)
        right = {
            AwardedTo.ORGANISATION: given == {"organisation"} and not person,
            AwardedTo.ENTERPRISE: given == {"enterprise"} and not person,
            AwardedTo.PERSON: "organisation" not in given and bool(person),
        }
        if right[kind.awarded_to]:
            return None
        return Refusal(
            "holder", _("“%(kind)s”授予%(who)s，请只填这一项。") % {"kind": kind, "who": kind.get_awarded_to_display()}
        )

    return _save(
        honour, data, by=by, seen=seen, noun="honour", copies=("counts_as", "awarded_to"), ends="awarded_on", more=more
    )


@transaction.atomic
def save_mass_organisation(
    mass: MassOrganisation, data: dict, *, by: Actor, seen: str | None = None
) -> MassOrganisation:
    """Register or change a mass organisation of an enterprise; its work coverage follows. Raises Refused
    (`not_keeper`, `owner_gone`), Conflict."""
    old = MassOrganisation.objects.get(pk=mass.pk).enterprise if mass.pk else None
    wanted = data.get("enterprise") or old
    firms = lock_enterprises({old, wanted})
    firm = firms[wanted.pk]
    data = {**data, "enterprise": firm}

    def judge(row, values):
        refusal = (old and perms.keep_enterprise(old, by)) or perms.keep_enterprise(firm, by)
        refusal = refusal or (None if row.pk else judge_owner(enterprise=firm))
        return refusal or follow(row, place_of(firm))

    row = records.write(mass, data, by=by, noun="mass_organisation", seen=seen, judge=judge)[0]
    for one in firms.values():
        refresh_coverage(one)
    return row


def close_facility(facility: Facility, *, on, by: Actor, seen: str | None = None) -> Facility:
    """The facility is open no more from that day. Raises Refused (`not_keeper`, `ended`, `dates`), Conflict."""
    return _end(facility, "opened_on", "closed_on", on, by, seen, "facility.closed")


def revoke_honour(honour: Honour, *, on, by: Actor, seen: str | None = None) -> Honour:
    """The honour is taken back on that day. Raises Refused (`not_keeper`, `ended`, `dates`), Conflict."""
    return _end(honour, "awarded_on", "revoked_on", on, by, seen, "honour.revoked")


@transaction.atomic
def _end(obj, begins, ends, on, by, seen, verb):
    row = records.lock(obj, seen)
    refusal = perms.keep_placed(row, by)
    if not refusal and getattr(row, ends):
        refusal = Refusal("ended", _("这一条已经结束。"))
    if not refusal and on < getattr(row, begins):
        refusal = Refusal("dates", _("结束日期不能早于开始日期。"))
    if refusal:
        raise Refused(refusal)
    setattr(row, ends, on)
    row.save(update_fields=[ends])
    trail.record(by, verb, row, on=on)
    return row
