"""The pages of dashboards."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alliances.models import HelpTeam
from closing import entered, perms, targets
from core.actor import Role
from core.answers import demand, get_or_404
from core.periods import Period, PeriodError
from dashboards import cockpit as content
from dashboards import drill, picker
from dashboards import structure as parts
from dashboards import teams as work
from indicators import declarations
from indicators.rows import resolve, rows, rows_of, source_of
from indicators.views import listing

# Those who act on entries all day begin with their own work, whatever figures they may read.
ACTING = (Role.CHAIN_SECRETARY, Role.TEAM_MEMBER, Role.DEPARTMENT_OFFICER, Role.BRANCH_SECRETARY)
# Where people without figures of their own begin, by role.
START_PAGES = [
    ({Role.AUDITOR}, "audit:list"),
    ({Role.SYSTEM_ADMIN}, "accounts:user_list"),
]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The page a person starts with: their own work for those who act, the cockpit for those who govern."""
    if request.actor.has(*ACTING) and not request.actor.has(Role.COUNTY_OFFICER, Role.LEADER):
        return redirect("problems:mine")
    for roles, name in START_PAGES:
        if request.actor.has(*roles) and not picker.home_scope(request.actor)[0]:
            return redirect(name)
    if not picker.home_scope(request.actor)[0]:
        return redirect("accounts:password_change")
    return redirect("dashboards:cockpit")


@require_safe
def cockpit(request: HttpRequest) -> HttpResponse:
    """The cockpit of one scope and period. A period that cannot be read is said beside the picker, and the running
    month is shown instead."""
    picked, problem = _picked(request)
    below = drill.below(picked, request.actor, request.GET.get("units", ""))
    context = {
        **content.build(picked, request.actor, request.GET.get("light", "")),
        "period_error": problem,
        "regions": picker.region_choices(request.actor, picked),
        "chains": picker.chain_choices(request.actor, picked),
        "periods": picker.period_choices(picked),
        "report_url": _report_url(picked),
        "trail": drill.trail(picked, request.actor),
        "below": below,
        **_entered(picked, request.actor),
        "unit_page": next((one.page["number"] for one in below if one.page), 0),
    }
    template = "dashboards/cockpit.html#figures" if request.htmx else "dashboards/cockpit.html"
    return render(request, template, context, status=400 if problem and not request.htmx else 200)


def _entered(picked, actor) -> dict:
    """The figures that the unit shown has entered, told for the period's last month; a chain has none of its own."""
    place = targets.place_of(picked.scope)
    if place is None:
        return {}
    told = entered.of_place(place, picked.period.last)
    return {"entered_place": place, "entered": told, "may_enter": perms.enter(place, actor) is None}


def _picked(request):
    """(what is shown, what is wrong with the period asked for)."""
    params = request.GET
    try:
        return picker.pick(params, request.actor), ""
    except PeriodError as error:
        kept = {name: params[name] for name in ("scope", "chain") if name in params}
        return picker.pick({**kept, "period": Period.current_month().code}, request.actor), str(error)


@require_safe
def structure(request: HttpRequest) -> HttpResponse:
    """How long open entries have been open, and the way of those raised from source to end."""
    picked, problem = _picked(request)
    context = {
        "picked": picked,
        "period_error": problem,
        "trail": drill.trail(picked, request.actor, "dashboards:structure"),
        "charts": [parts.ageing_chart(picked), parts.flow_chart(picked)],
        "regions": picker.region_choices(request.actor, picked),
        "chains": picker.chain_choices(request.actor, picked),
        "periods": picker.period_choices(picked),
    }
    return render(request, "dashboards/structure.html", context, status=400 if problem else 200)


@require_safe
def structure_rows(request: HttpRequest) -> HttpResponse:
    """The entries behind a bar, node or band of the page above."""
    try:
        picked = picker.pick(request.GET, request.actor)
    except PeriodError as error:
        raise Http404 from error
    cut = parts.find(picked, request.GET)
    found = rows(cut.code, picked.scope, picked.period, request.actor).filter(cut.condition)
    kept = ("scope", "chain", "from", "to", "period", "band", *parts.STAGES)
    context = {"picked": picked, "cut": cut, "figure": declarations.get(cut.code)}
    context |= listing(request, found, source_of(cut.code, picked.scope), kept)
    return render(request, "dashboards/structure_rows.html", context)


@require_safe
def team_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The entries behind a month of a help team's chart."""
    demand(work.reads(request.actor))
    team = get_or_404(HelpTeam.objects.visible_to(request.actor), pk)
    try:
        period = Period.from_query(request.GET)
    except PeriodError as error:
        raise Http404 from error
    part = work.PARTS.get(request.GET.get("part", ""))
    if part is None:
        raise Http404
    found = rows_of(part.code, part.of(team), period, request.actor)
    context = {"team": team, "period": period, "part": part}
    context |= listing(request, found, resolve(part.code).part("region").source, ("part", "from", "to"))
    return render(request, "dashboards/team_rows.html", context)


def _report_url(picked) -> str:
    """The report page with this scope and the period's last month chosen; none for an enterprise."""
    if picked.scope.kind == "enterprise":
        return ""
    return f"{reverse('reports:list')}?{urlencode({**picked.scope.query(), 'month': str(picked.period.last)})}"
