"""Units on the roll of a meeting (列席单位) that the product knows by their names.

A roll names units in words, for many of them are in no register. Where a department, a help team or an enterprise of
that name is in the meeting's region, above or below it, it is that one.
"""

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from alliances.models import SEGMENT, Department, HelpTeam
from core.actor import NOTHING, Actor, Role, under
from enterprises.models import Enterprise

# Whose people come for which unit: {role: (the unit's table, the id on a duty)}.
UNITS = {
    Role.TEAM_MEMBER: (HelpTeam, "team_id"),
    Role.DEPARTMENT_OFFICER: (Department, "department_id"),
    Role.BRANCH_SECRETARY: (Enterprise, "enterprise_id"),
}


def in_line(path: str) -> Q:
    """Rows whose region is this one, above or below it."""
    above = [path[:end] for end in range(SEGMENT, len(path) + 1, SEGMENT)]
    return under([path], "region__path") | Q(region__path__in=above)


def units_of(meeting) -> list:
    """The departments, help teams and enterprises that the roll names."""
    lines = meeting.attendances.filter(seat=None).exclude(unit="")
    names = set(lines.values_list("unit", flat=True))
    if not names:
        return []
    near = in_line(meeting.region.path)
    return [
        *Department.objects.filter(near, name__in=names).order_by("pk"),
        *HelpTeam.objects.filter(near, name__in=names, dissolved_on=None).order_by("pk"),
        *Enterprise.objects.filter(near, name__in=names, left_on=None).order_by("pk"),
    ]


def known_names(committee) -> list[str]:
    """Names that a roll of this committee is likely to need: help teams of its region, enterprises on it."""
    teams = HelpTeam.objects.filter(region=committee.region_id, dissolved_on=None)
    firms = Enterprise.objects.filter(memberships__committee=committee, memberships__left_on=None, left_on=None)
    return [name for rows in (teams, firms) for name in rows.order_by("name").values_list("name", flat=True)]


def comes_for_a_unit(actor: Actor) -> Q:
    """Meetings whose roll names a unit in which the actor has a post."""
    lines, found = apps.get_model("meetings", "Attendance").objects.filter(meeting=OuterRef("pk"), seat=None), NOTHING
    for role, (table, attribute) in UNITS.items():
        for duty in actor.duties_as(role):
            own = table.objects.filter(pk=getattr(duty, attribute)).order_by().values("name")
            found |= Q(Exists(lines.filter(unit__in=own))) & in_line(duty.region_path)
    return found
