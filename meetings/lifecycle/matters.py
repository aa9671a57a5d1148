"""Matters put forward for a committee's next meeting (待议事项): by hand, or by convening on an entry."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audit.trail import record
from chains.models import Committee
from core.actor import Actor
from core.clock import now
from core.transitions import Refusal, Refused
from meetings import perms
from meetings.agenda import committees_for
from meetings.enums import COMING, ItemEnd, ItemSource, MatterState
from meetings.lifecycle.guards import lock_committee, refuse, require
from meetings.models import AgendaItem, Matter
from problems.enums import OPEN_STATES

UNSETTLED = (MatterState.WAITING, MatterState.PLACED)


@transaction.atomic
def put_matter(committee: Committee, *, by: Actor, title: str, text: str = "") -> Matter:
    """Something that the committee should take up, in words."""
    committee = lock_committee(committee.pk)
    refuse(perms.put_matter(committee, by) or _standing(committee))
    require(title, "title")
    return _put(committee, by, ItemSource.HAND, title=title, text=text)


@transaction.atomic
def convene(problem, committee: Committee, *, by: Actor, reason: str) -> Matter:
    """Ask a committee to take up an entry (要事一事一商). Raises ValidationError where it waits there already."""
    committee = lock_committee(committee.pk)
    refuse(may_convene(problem, by) or _standing(committee))
    if committee.pk not in {one.pk for one in committees_for(problem)}:
        raise ValidationError({"committee": _("请选择本事项所属产业链或上级的党委。")})
    require(reason)
    return _put(committee, by, ItemSource.CONVENED, title=problem.title, text=reason, problem=problem)


def may_convene(problem, actor: Actor) -> Refusal | None:
    """Why this person may not ask a committee to take up the entry now, or None."""
    if problem.state not in OPEN_STATES:
        return Refusal("state", _("只有在办的事项可以提请一事一商。"))
    return perms.convene(problem, actor)


def _standing(committee: Committee) -> Refusal | None:
    return Refusal("dissolved", _("该党委已撤销。")) if committee.dissolved_on is not None else None


def _put(committee, by, source, **values) -> Matter:
    matter = Matter(
        committee=committee, region_id=committee.region_id, chain_id=committee.chain_id, source=source,
        put_by_id=by.user_id, put_at=now(), **values,
    )  # fmt: skip
    try:
        with transaction.atomic():
            matter.save()
    except IntegrityError:
        raise ValidationError({"committee": _("这个问题已在该党委的待议事项中。")}) from None
    record(by, "matter.put", matter, committee=committee, text=values.get("text", ""))
    _top_up(committee)
    return matter


@transaction.atomic
def withdraw_matter(matter: Matter, *, by: Actor, reason: str) -> Matter:
    """It is no longer needed; it leaves the agenda that it stands on unless something was said about it there."""
    committee = lock_committee(matter.committee_id)
    matter = Matter.objects.select_for_update(of=("self",), no_key=True).get(pk=matter.pk)
    refuse(may_withdraw(matter, by))
    require(reason)
    items = AgendaItem.objects.filter(matter=matter, meeting__state__in=COMING)
    if items.exclude(end="", note="").exists() or items.filter(decisions__isnull=False).exists():
        raise Refused(Refusal("discussed", _("会议已在办理这个议题，不能撤回。")))
    matter.state, matter.version = MatterState.WITHDRAWN, matter.version + 1
    matter.save()
    for item in items.select_related("meeting"):
        item.delete()
    record(by, "matter.withdrawn", matter, version=matter.version, reason=reason)
    _top_up(committee)
    return matter


def may_withdraw(matter: Matter, actor: Actor) -> Refusal | None:
    if matter.state not in UNSETTLED:
        return Refusal("state", _("这件事已议或已撤回。"))
    return perms.withdraw_matter(matter, actor)


def settle_matters(committee: Committee, also=()) -> None:
    """Bring the matters of a committee that no meeting has ended (and those in `also`) to where its meetings stand: on
    an agenda to come, ended by a meeting, or waiting (again)."""
    matters = Matter.objects.filter(committee=committee).exclude(state=MatterState.WITHDRAWN)
    matters = list(matters.filter(Q(state__in=UNSETTLED) | Q(pk__in=list(also))).order_by("pk"))
    latest = {}
    items = AgendaItem.objects.filter(matter__in=matters).select_related("meeting")
    for item in items.order_by("meeting__starts_at", "pk"):
        if item.meeting.state in COMING:
            latest[item.matter_id] = MatterState.PLACED
        elif item.ended_on is not None:
            ended = item.end in (ItemEnd.DECISION, ItemEnd.NOTED)
            latest[item.matter_id] = MatterState.ENDED if ended else MatterState.WAITING
    for matter in matters:
        state = latest.get(matter.pk, MatterState.WAITING)
        if state != matter.state and not (matter.state == MatterState.ENDED and _again(matter)):
            matter.state, matter.version = state, matter.version + 1
            matter.save(update_fields=["state", "version"])


def _again(matter: Matter) -> bool:
    """Whether the same entry waits a second time: then what has ended stays ended."""
    same = Matter.objects.filter(committee=matter.committee_id, problem=matter.problem_id, state__in=UNSETTLED)
    return matter.problem_id is not None and same.exclude(pk=matter.pk).exists()


def _top_up(committee: Committee) -> None:
    from meetings.lifecycle.agenda import top_up

    top_up(committee)
