"""Help teams and departments side by side (帮办力量)."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from alliances.enums import TeamKind
from alliances.models import Department, HelpTeam
from core import clock
from problems import teams

MOST_UNITS = 200


@require_safe
def team_list(request):
    """Load, time and punctuality of the units in the actor's scope; persons are never compared."""
    today, actor = clock.today(), request.actor
    sort = request.GET.get("sort", "")
    sort = sort if sort in teams.SORTS else "load"
    kind = request.GET.get("kind", "")
    kind = kind if kind in TeamKind.values else ""
    helping = HelpTeam.objects.visible_to(actor).on(today).select_related("region")
    if kind:
        helping = helping.filter(kind=kind)
    units = list(helping[:MOST_UNITS])
    departments = [] if kind else list(Department.objects.visible_to(actor).filter(is_active=True)[:MOST_UNITS])
    works = teams.in_order(teams.work_of([*units, *departments], actor, today), sort)
    context = {
        "groups": [
            {"title": _("帮办团"), "works": [work for work in works if isinstance(work.unit, HelpTeam)], "kinds": True},
            {"title": _("责任单位"), "works": [w for w in works if isinstance(w.unit, Department) and w.cases]},
        ],
        "sorts": [(name, label, name == sort) for name, (label, _by) in teams.SORTS.items()],
        "kinds": [("", _("全部类别"), not kind), *((value, label, value == kind) for value, label in TeamKind.choices)],
        "sort": sort,
        "kind": kind,
        "enough": teams.ENOUGH,
        "as_of": clock.now(),
    }
    return render(request, "problems/team_list.html", context)
