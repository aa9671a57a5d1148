"""Postings: begun, corrected, ended, and taken over by a successor."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records, trail
from core.actor import Actor
from core.transitions import Refusal, Refused
from enterprises import perms
from enterprises.enums import PostedTo
from enterprises.lifecycle.coverage import refresh_coverage
from enterprises.lifecycle.guards import follow, judge_kind, judge_owner, lock_enterprises
from enterprises.lifecycle.officers import key_of, refresh_officers
from enterprises.lifecycle.placing import settle
from enterprises.models import Posting


@transaction.atomic
def save_posting(posting: Posting, data: dict, *, by: Actor, seen: str | None = None) -> Posting:
    """Post somebody, or correct a posting; work coverage and the count of people follow.

    Raises Refused (`not_keeper`, `kind`, `place`, `level`, `owner_gone`, `taken`, `twice`), Conflict.
    """
    old = Posting.objects.select_related("enterprise").get(pk=posting.pk) if posting.pk else None
    touched = {one.enterprise for one in (old,) if one} | {data.get("enterprise")}
    firms = lock_enterprises(touched)
    if data.get("enterprise"):
        data = {**data, "enterprise": firms[data["enterprise"].pk]}
    data, place = settle(data, posting)
    kind, region = data.get("kind") or posting.kind, place["region"]
    person, employer = (data.get(name, getattr(posting, name)) for name in ("person", "employer"))
    derived = {
        **place,
        **{name: getattr(kind, name) for name in ("counts_as", "is_single", "posted_to")},
        "person_key": key_of(person, employer, region),
    }

    def judge(row, values):
        wanted = {name: values.get(name, getattr(row, name, None)) for name in ("enterprise", "organisation")}
        refusal = row.pk and perms.keep_placed(row, by)
        refusal = refusal or perms.keep_place(by, region=region, **wanted)
        refusal = refusal or judge_kind(kind, region, row.kind_id == kind.pk) or _judge_place(kind, region, wanted)
        refusal = refusal or _judge_dates(row, values, wanted) or _judge_holder(row, values, derived, wanted)
        return refusal or follow(row, derived)

    row, _changed = records.write(posting, data, by=by, noun="posting", seen=seen, judge=judge)
    for enterprise in firms.values():
        refresh_coverage(enterprise)
    refresh_officers({row.person_key} | ({old.person_key} if old else set()))
    return row


def _judge_place(kind, region, wanted):
    """The kind says what it is posted to."""
    needs = {PostedTo.ENTERPRISE: {"enterprise"}, PostedTo.ORGANISATION: {"organisation"}, PostedTo.REGION: set()}
    if needs[kind.posted_to] != {name for name, value in wanted.items() if value}:
        return Refusal(
            "place",
            _("“%(kind)s”派驻到%(where)s，请只选这一项。") % {"kind": kind, "where": kind.get_posted_to_display()},
        )
    if kind.level and region.level != kind.level:
        return Refusal("level", _("“%(kind)s”只派驻到%(level)s。") % {"kind": kind, "level": kind.get_level_display()})
    return None


def _judge_dates(row, values, wanted):
    started, ended = (values.get(name, getattr(row, name)) for name in ("started_on", "ended_on"))
    if ended and ended < started:
        return Refusal("dates", _("离岗日期不能早于到岗日期。"))
    return None if ended else judge_owner(**wanted)


def _judge_holder(row, values, derived, wanted):
    if values.get("ended_on", row.ended_on):
        return None
    here = Posting.objects.filter(
        kind=values.get("kind") or row.kind, region=derived["region"], ended_on=None, **wanted
    ).exclude(pk=row.pk)
    if here.filter(person_key=derived["person_key"]).exists():
        return Refusal("twice", _("此人已在这里任同一职务。"))
    holder = here.first() if derived["is_single"] else None
    if holder:
        return Refusal("taken", _("这里由%(person)s在岗，请先办理离岗或接替。") % {"person": holder.person})
    return None


@transaction.atomic
def end_posting(posting: Posting, *, on, by: Actor, reason: str = "", seen: str | None = None) -> Posting:
    """The person leaves on that day. Raises Refused (`not_keeper`, `ended`, `dates`), Conflict."""
    lock_enterprises({posting.enterprise})
    row = records.lock(posting, seen)
    refusal = perms.keep_placed(row, by)
    if not refusal and row.ended_on:
        refusal = Refusal("ended", _("此人已经离岗。"))
    if not refusal and on < row.started_on:
        refusal = Refusal("dates", _("离岗日期不能早于到岗日期。"))
    if refusal:
        raise Refused(refusal)
    row.ended_on, row.end_reason = on, reason
    row.save(update_fields=["ended_on", "end_reason"])
    if row.enterprise:
        refresh_coverage(row.enterprise)
    refresh_officers({row.person_key})
    trail.record(by, "posting.ended", row, on=on, reason=reason, member=row.person)
    return row


@transaction.atomic
def replace_posting(
    posting: Posting,
    *,
    on,
    by: Actor,
    person: str,
    employer: str = "",
    post_title: str = "",
    phone: str = "",
    reason: str = "",
    seen: str | None = None,
) -> Posting:
    """Succession (接替): one leaves and the next begins in the same place on the same day; answers the new posting.

    Raises Refused as `end_posting` and `save_posting` do, Conflict.
    """
    old = end_posting(posting, on=on, by=by, reason=reason, seen=seen)
    place = {"region": old.region} if old.posted_to == PostedTo.REGION else {}
    return save_posting(
        Posting(),
        {
            "kind": old.kind,
            "enterprise": old.enterprise,
            "organisation": old.organisation,
            **place,
            "person": person,
            "employer": employer,
            "post_title": post_title,
            "phone": phone,
            "started_on": on,
        },
        by=by,
    )
