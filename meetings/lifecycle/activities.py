"""Everything that changes activities and visits. Each function is atomic, locks the activity, and leaves an event.

Planned -> done, either -> cancelled. The day, class, state and place on the rows of enterprises and people are copies
that are written here and nowhere else.
"""

import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.models import Event
from audit.trail import changes, record
from core.actor import Actor
from core.clock import local_date, now, today
from core.transitions import Conflict, Refusal, Refused
from enterprises.models import Enterprise
from meetings import perms, visits
from meetings.enums import ActivityMode, ActivityState
from meetings.lifecycle.guards import refuse, require
from meetings.models import Activity, ActivityPeople, ActivityProblem, ActivityReach, ActivityUnit
from problems import lifecycle as ledger
from problems.enums import Source

FIELDS = ("kind", "title", "starts_at", "place", "mode", "leader", "leader_title", "text", "organisation")
EARLIEST = dt.date(2000, 1, 1)
FARTHEST = dt.timedelta(days=366)


class NearVisit(Refused):
    """Another visit to the same enterprise is near. `found` are its rows; going on needs a reason, joining does not."""

    def __init__(self, found):
        first = found[0]
        sentence = _("%(date)s 已有“%(title)s”到%(enterprise)s，可以合并参加，或说明理由后另行安排。") % {
            "date": first.held_on.isoformat(),
            "title": first.activity.title,
            "enterprise": first.enterprise,
        }
        super().__init__(Refusal("near", sentence))
        self.found = found


@transaction.atomic
def save_activity(
    activity: Activity | None, *, by: Actor, region, committee=None, done=True, enterprises=(), people=(), units=(),
    problems=(), near_reason="", once_key: uuid.UUID | None = None, version=None, **values,
) -> Activity:  # fmt: skip
    """Log or plan an activity, or change one; `values` are FIELDS.

    `enterprises`, `people` rows {category, number, enterprise} and `units` rows {department, team, committee, name,
    purpose} replace what was there; `problems` rows {enterprise, category, title, text, urgency} become entries of the
    ledger, all or nothing. A form sent twice (`once_key`) answers what the first one made. Raises Refused, NearVisit,
    Conflict, ValidationError.
    """
    if activity is None and once_key is not None:
        made = Activity.objects.filter(once_key=once_key, created_by_id=by.user_id).first()
        if made is not None:
            return made
    refuse(perms.keep_activity(by, region=region, committee=committee, organisation=values.get("organisation")))
    fresh = activity is None
    if fresh:
        activity, before = Activity(created_by_id=by.user_id, once_key=once_key), {}
    else:
        activity = locked_activity(activity, version)
        refuse(may_change(activity, by))
        before = {name: getattr(activity, name) for name in FIELDS}
    for name in FIELDS:
        if name in values:
            setattr(activity, name, values[name])
    _place(activity, region, committee, done)
    firms = _locked_firms(enterprises)
    near = visits.near(firms, activity.held_on, apart_from=activity) if _disturbs(activity) else []
    if near and not near_reason.strip():
        raise NearVisit(near)
    activity.version = 1 if fresh else activity.version + 1
    _store(activity)
    _replace(activity, firms, people, units, by)
    raised = _collect(activity, problems, by)
    verb = "activity.created" if fresh else "activity.edited"
    changed = changes(before, {name: getattr(activity, name) for name in FIELDS}) if before else {}
    record(by, verb, activity, version=activity.version, state=activity.state, changes=changed,
           near_reason=near_reason.strip() if near else "", collected=[one.number for one in raised])  # fmt: skip
    return activity


def _place(activity: Activity, region, committee, done: bool) -> None:
    activity.counts_as, activity.disturbs = activity.kind.counts_as, activity.kind.disturbs
    activity.committee = committee
    activity.chain_id = committee.chain_id if committee else None
    activity.region = committee.region if committee else region
    activity.held_on = local_date(activity.starts_at)
    activity.state = ActivityState.DONE if done else ActivityState.PLANNED
    wrong = wrong_time(activity.starts_at, done=done)
    if wrong:
        raise ValidationError({"starts_at": wrong})


def wrong_time(starts_at: dt.datetime, *, done: bool) -> str:
    """What is wrong with this time, nothing if it is right."""
    if not EARLIEST <= local_date(starts_at) <= today() + FARTHEST:
        return _("活动时间应在 2000 年之后、一年以内。")
    if done and starts_at > now():
        return _("已开展的活动，时间不能晚于现在；还没有开展的请保存为安排。")
    return ""


def _disturbs(activity: Activity) -> bool:
    return activity.disturbs and activity.mode == ActivityMode.ON_SITE


def _locked_firms(enterprises) -> list[Enterprise]:
    """The enterprises in order of their keys, locked: two people who plan a visit to one firm take turns."""
    keys = sorted({one.pk for one in enterprises})
    rows = Enterprise.objects.select_for_update(of=("self",), no_key=True).select_related("region")
    return list(rows.filter(pk__in=keys).order_by("pk"))


def _store(activity: Activity) -> None:
    try:
        with transaction.atomic():
            activity.save()
    except IntegrityError as error:
        if "once_key" in str(error):
            raise Refused(Refusal("twice", _("这条记录刚刚已经保存，请刷新页面查看。"))) from error
        raise


def _copies(activity: Activity) -> dict:
    return {"held_on": activity.held_on, "counts_as": activity.counts_as, "state": activity.state}


def _replace(activity: Activity, firms, people, units, by: Actor) -> None:
    touched = {*activity.reached.values_list("enterprise_id", flat=True), *(firm.pk for firm in firms)}
    activity.reached.all().delete()
    copies = _copies(activity)
    reached = []
    for firm in firms:
        memberships = list(firm.memberships.filter(left_on=None).select_related("chain", "committee"))
        chain, committee = ledger.place_of(firm.region, memberships, by=by)
        reached.append(
            ActivityReach(
                activity=activity, enterprise=firm, region=firm.region, chain=chain, committee=committee,
                disturbs=activity.disturbs, mode=activity.mode, **copies,
            )
        )  # fmt: skip
    ActivityReach.objects.bulk_create(reached)
    visits.keep_first_visits(touched)
    activity.people.all().delete()
    ActivityPeople.objects.bulk_create(
        ActivityPeople(
            activity=activity, region_id=activity.region_id, chain_id=activity.chain_id,
            committee_id=activity.committee_id, **copies, **row,
        )
        for row in people
    )  # fmt: skip
    kept = {(one.department_id, one.team_id, one.committee_id, one.name): one for one in activity.units.all()}
    for row in units:
        key = tuple(getattr(row.get(name), "pk", None) for name in ("department", "team", "committee"))
        if kept.pop((*key, row.get("name", "")), None) is None:
            ActivityUnit.objects.create(activity=activity, joined_by_id=by.user_id, joined_at=now(), **row)
    for one in kept.values():
        one.delete()


def _collect(activity: Activity, rows, by: Actor) -> list:
    """What was collected on the spot, each an entry of the ledger from the day of the activity."""
    raised = []
    for row in rows:
        problem = ledger.raise_problem(by=by, source=Source.VISIT, at=min(activity.starts_at, now()), **row)
        ActivityProblem.objects.create(activity=activity, problem=problem)
        raised.append(problem)
    return raised


@transaction.atomic
def join_activity(activity: Activity, *, by: Actor, unit: dict, purpose: str = "") -> Activity:
    """A unit takes part in a planned visit instead of coming again. `unit` is {department}, {team} or {committee}."""
    activity = locked_activity(activity, None)
    refuse(perms.join_activity(unit, by))
    if activity.state != ActivityState.PLANNED:
        raise Refused(Refusal("state", _("只能参加已安排、尚未开展的走访。")))
    if activity.units.filter(**unit).exists():
        raise Refused(Refusal("joined", _("本单位已在参加单位中。")))
    joined = ActivityUnit(activity=activity, joined_by_id=by.user_id, joined_at=now(), purpose=purpose.strip(), **unit)
    joined.save()
    activity.version += 1
    activity.save(update_fields=["version"])
    record(by, "activity.joined", activity, version=activity.version, unit=str(joined), purpose=joined.purpose)
    return activity


@transaction.atomic
def cancel_activity(activity: Activity, *, by: Actor, reason: str, version=None) -> Activity:
    """It does not take place, or was logged by mistake: it no longer counts. The record stays."""
    activity = locked_activity(activity, version)
    refuse(may_change(activity, by))
    require(reason)
    activity.state = ActivityState.CANCELLED
    activity.version += 1
    activity.save()
    for rows in (activity.reached, activity.people):
        rows.update(state=activity.state)
    visits.keep_first_visits(activity.reached.values_list("enterprise_id", flat=True))
    record(by, "activity.cancelled", activity, version=activity.version, reason=reason.strip())
    return activity


def may_change(activity: Activity, actor: Actor) -> Refusal | None:
    """Kept by whoever keeps activities of its place, or logged it for the own unit; cancelled ones stay as they are."""
    refusal = perms.keep_activity(
        actor, region=activity.region, committee=activity.committee, organisation=activity.organisation
    )
    if refusal and activity.created_by_id != actor.user_id:
        return refusal
    if activity.state == ActivityState.CANCELLED:
        return Refusal("state", _("活动已取消，不能再修改。"))
    return None


def locked_activity(activity: Activity, version: int | None) -> Activity:
    """The activity as it is now, locked. Raises Conflict with what happened since when it is no longer `version`."""
    rows = Activity.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("kind", "region", "committee__region", "organisation").get(pk=activity.pk)
    if version is not None and row.version != version:
        events = [event for event in Event.objects.of(row) if event.data.get("version", 0) > version]
        raise Conflict(Refusal("version", _("您打开页面后，这条记录已被他人修改。请核对后再次保存。")), events)
    return row
