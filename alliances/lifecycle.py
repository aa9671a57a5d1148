"""Changes of regions, departments, alliances and help teams. Nothing else writes a path or a copy of a region."""

from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from alliances import perms
from alliances.models import SEGMENT, Department, HelpTeam, Region, TeamMember, path_segment
from audit import records, trail
from core import clock
from core.actor import Actor
from core.transitions import Refusal, Refused

# Called as f(region, moved=bool, by=actor) in the transaction in which a region's place or level changed. The apps
# below register here what they copy from regions.
followers: list[Callable] = []

# One writer at a time changes the shape of the tree: paths of siblings and ancestors depend on each other.
_TREE_LOCK = 990_100_001


def _lock_tree():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])


@transaction.atomic
def save_region(region: Region, data: dict, *, by: Actor, seen: str | None = None) -> Region:
    """Create or change a region. A new parent moves the whole subtree's paths in one statement.

    Raises Refused (`not_officer`, `cycle`, `too_deep`, `root`), Conflict.
    """
    _lock_tree()
    fresh = region.pk is None
    if fresh:
        data = {"parent": None, **data}
        _judge_place(None, data["parent"], by)
        region.path = _free_path(data["parent"])
        row, _changed = records.write(region, data, by=by, noun="region")
        return row

    def judge(row, values):
        refusal = perms.keep_region(row, by)
        if not refusal and "parent" in values and _pk(values["parent"]) != row.parent_id:
            _judge_place(row, values["parent"], by)
        return refusal

    old = Region.objects.only("path", "level").get(pk=region.pk)
    row, changed = records.write(region, data, by=by, noun="region", seen=seen, judge=judge)
    if "parent" in changed:
        _move(row, old.path)
    if "parent" in changed or "level" in changed:
        for follow in followers:
            follow(row, moved="parent" in changed, by=by)
    return row


def _pk(record):
    return None if record is None else record.pk


def _judge_place(row, parent, by):
    """Raises Refused where `row` (None: a new region) may not stand below `parent`."""
    if parent is None:
        if not (by.is_system or by.has(perms.Role.SYSTEM_ADMIN)):
            raise Refused(Refusal("root", _("请选择上级区域；没有上级的区域只能由系统管理员设立。")))
        return
    parent.refresh_from_db(fields=["path"])
    refusal = perms.keep_region(parent, by)
    if refusal:
        raise Refused(refusal)
    if row is not None and parent.path.startswith(row.path):
        raise Refused(Refusal("cycle", _("上级区域不能是它自己或它的下级。")))
    deepest = 1
    if row is not None:
        longest = max(len(path) for path in Region.objects.below(row).values_list("path", flat=True))
        deepest = (longest - len(row.path)) // SEGMENT + 1
    if len(parent.path) + deepest * SEGMENT > Region._meta.get_field("path").max_length:
        raise Refused(Refusal("too_deep", _("区域层级过深，最多 12 级。")))


def _free_path(parent, moving=None) -> str:
    """The first path after those of the present children; `moving` still has the path of where it was."""
    above = parent.path if parent else ""
    siblings = Region.objects.filter(parent=parent).exclude(pk=_pk(moving))
    last = siblings.order_by("-path").values_list("path", flat=True).first()
    return above + path_segment(int(last[-SEGMENT:], 36) + 1 if last else 1)


def _move(row, old_path):
    new_path = _free_path(row.parent, moving=row)
    Region.objects.filter(path__startswith=old_path).update(
        path=Concat(Value(new_path), Substr("path", len(old_path) + 1))
    )
    row.path = new_path


def _save_in_region(obj, data, *, by, seen, noun, keep=perms.keep_register):
    """Create or change a record of a region; the actor must keep both the region it is in and the one it goes to."""

    def judge(row, values):
        places = [values["region"]] if "region" in values else []
        if row.pk:
            places.append(row.region)
        return next((refusal for place in places if (refusal := keep(place, by))), None)

    return records.write(obj, data, by=by, noun=noun, seen=seen, judge=judge)


def save_department(department, data: dict, *, by: Actor, seen: str | None = None):
    """Create or change a department. Raises Refused, Conflict."""
    return _save_in_region(department, data, by=by, seen=seen, noun="department", keep=perms.keep_department)[0]


def _save_many_in_region(model, entries, *, by, noun, keep=perms.keep_register):
    """Many new records of regions; each region is judged once."""
    judged: dict = {}

    def judge(_row, values):
        place = values["region"]
        if place.pk not in judged:
            judged[place.pk] = keep(place, by)
        return judged[place.pk]

    return records.write_many(model, [values for values, _options in entries], by=by, noun=noun, judge=judge)


def save_departments(entries, *, by: Actor) -> list[Department]:
    """Create many departments as `save_department` does one. Raises Refused, and none is created."""
    return _save_many_in_region(Department, entries, by=by, noun="department", keep=perms.keep_department)


def withdraw_department(department, *, by: Actor, seen: str | None = None) -> None:
    """Take back a department entered by mistake while nothing refers to it. Raises Refused, Conflict."""
    records.withdraw(
        department, by=by, noun="department", seen=seen, judge=lambda row: perms.keep_department(row.region, by)
    )


def withdraw_team(team, *, by: Actor, seen: str | None = None) -> None:
    """Take back a help team entered by mistake while it has no members and nothing refers to it. Raises Refused,
    Conflict."""
    records.withdraw(team, by=by, noun="team", seen=seen, judge=lambda row: perms.keep_register(row.region, by))


def save_alliance(alliance, data: dict, *, by: Actor, seen: str | None = None):
    """Create or change an alliance. Raises Refused, Conflict."""
    return _save_in_region(alliance, data, by=by, seen=seen, noun="alliance")[0]


@transaction.atomic
def save_team(team: HelpTeam, data: dict, *, by: Actor, seen: str | None = None) -> HelpTeam:
    """Create or change a help team; its members' copies of the region follow. A dissolved team's members end with it.

    Raises Refused, Conflict.
    """
    row, changed = _save_in_region(team, data, by=by, seen=seen, noun="team")
    if "region" in changed:
        row.members.update(region=row.region)
    if row.dissolved_on:
        row.members.filter(left_on=None, joined_on__gt=row.dissolved_on).update(left_on=clock.today())
        row.members.filter(left_on=None).update(left_on=row.dissolved_on)
    return row


def save_teams(entries, *, by: Actor) -> list[HelpTeam]:
    """Create many help teams as `save_team` does one: a new one has no members to follow it. Raises Refused."""
    return _save_many_in_region(HelpTeam, entries, by=by, noun="team")


def _judge_member(member, by):
    return perms.keep_register(member.team.region, by)


@transaction.atomic
def add_member(team: HelpTeam, data: dict, *, by: Actor) -> TeamMember:
    """Let a person join a help team. Raises Refused (`not_officer`, `dissolved`, `lead_taken`, `twice`)."""
    team = records.lock(team)
    member = TeamMember(team=team, region=team.region, **data)
    refusal = _judge_member(member, by) or _judge_joining(team, member)
    if refusal:
        raise Refused(refusal)
    member.save()
    trail.record(by, "team.member_added", team, member=member.name, lead=member.is_lead, on=member.joined_on)
    return member


def _judge_joining(team, member):
    if team.dissolved_on:
        return Refusal("dissolved", _("帮办团已经撤销，不能再加入成员。"))
    current = team.members.filter(left_on=None)
    if member.is_lead and current.filter(is_lead=True).exists():
        return Refusal("lead_taken", _("帮办团已有现任团长，请先结束其任职。"))
    if current.filter(name=member.name, department=member.department).exists():
        return Refusal("twice", _("此人已是帮办团现任成员。"))
    return None


@transaction.atomic
def remove_member(member: TeamMember, *, on, by: Actor) -> TeamMember:
    """End a person's membership in a help team on that day. Raises Refused (`ended`, `dates`)."""
    member = records.lock(member)
    refusal = _judge_member(member, by)
    if not refusal and member.left_on:
        refusal = Refusal("ended", _("此人已经退出帮办团。"))
    if not refusal and on < member.joined_on:
        refusal = Refusal("dates", _("退出日期不能早于加入日期。"))
    if refusal:
        raise Refused(refusal)
    member.left_on = on
    member.save(update_fields=["left_on"])
    trail.record(by, "team.member_left", member.team, member=member.name, on=on)
    return member
