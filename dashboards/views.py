"""The pages of dashboards."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from closing import entered, perms, targets
from core import listings
from core.actor import Role
from core.periods import Period, PeriodError
from dashboards import cockpit as content
from dashboards import comparison, drill, durations, organisations, picker, row_lists
from dashboards import structure as parts
from indicators import declarations
from indicators.rows import source_of
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
    """How long open entries have been open, how long those resolved took, and the way of those raised from source to
    end."""
    picked, problem = _picked(request)
    shown = [parts.ageing_chart(picked), *durations.shown(picked), parts.flow_chart(picked)]
    context = {"charts": shown, **_pickers(request, picked, problem)}
    context["trail"] = drill.trail(picked, request.actor, "dashboards:structure")
    return render(request, "dashboards/structure.html", context, status=400 if problem else 200)


def _pickers(request, picked, problem) -> dict:
    """What `dashboards/pickers.html` offers."""
    return {
        "picked": picked,
        "period_error": problem,
        "regions": picker.region_choices(request.actor, picked),
        "chains": picker.chain_choices(request.actor, picked),
        "periods": picker.period_choices(picked),
    }


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The chains of a region, or the counties below it, side by side."""
    picked, problem = _picked(request)
    context = comparison.build(picked, request.actor, request.GET.get("by", ""), request.GET.getlist("figure"))
    context |= _pickers(request, picked, problem)
    return render(request, "dashboards/compare.html", context, status=400 if problem else 200)


@require_safe
def organisation_chart(request: HttpRequest) -> HttpResponse:
    """The Party organisations of a scope by committee, kind and enterprise."""
    picked, problem = _picked(request)
    context = {"charts": [organisations.chart(picked)], **_pickers(request, picked, problem)}
    return render(request, "dashboards/organisation_chart.html", context, status=400 if problem else 200)


@require_safe
def structure_rows(request: HttpRequest) -> HttpResponse:
    """The entries behind a bar, box, node or band of the page of that name."""
    chosen = ("band", "box", *parts.STAGES)
    return _rows_of(request, row_lists.structure_cut, chosen, ("dashboards:structure", _("问题结构")))


@require_safe
def organisation_rows(request: HttpRequest) -> HttpResponse:
    """The organisations behind a sector."""
    page = ("dashboards:organisation_chart", _("组织图"))
    return _rows_of(request, row_lists.organisation_cut, organisations.RINGS, page)


@require_safe
def committees_not_met(request: HttpRequest) -> HttpResponse:
    """The committees that have not met in a quarter."""
    return _rows_of(request, row_lists.not_met_cut, (), ("dashboards:cockpit", _("运行驾驶舱")))


structure_rows_export = listings.export(row_lists.listing_of(row_lists.structure_cut))
organisation_rows_export = listings.export(row_lists.listing_of(row_lists.organisation_cut))
committees_not_met_export = listings.export(row_lists.listing_of(row_lists.not_met_cut))
team_rows_export = listings.export(row_lists.team_listing)


def _rows_of(request, cut_of, chosen, page) -> HttpResponse:
    """The rows of a part of a figure; `chosen` are the parameters that name the part, `page` where it is drawn."""
    picked = row_lists.picked_or_404(request.GET, request.actor)
    cut = cut_of(picked, request.GET)
    found = row_lists.found(cut, picked, request.actor)
    name, label = page
    context = {
        "picked": picked,
        "cut": cut,
        "figure": declarations.get(cut.code),
        "back_url": f"{reverse(name)}?{picked.query}",
        "back_label": label,
    }
    kept = ("scope", "chain", "from", "to", "period", *chosen)
    context |= listing(request, found, source_of(cut.code, picked.scope), kept, _export_of(request))
    return render(request, "dashboards/structure_rows.html", context)


def _export_of(request, *args):
    return reverse(f"{request.resolver_match.view_name}_export", args=args)


@require_safe
def team_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The entries behind a month of a help team's chart."""
    team, period, part = row_lists.team_part(request.GET, request.actor, pk)
    found, source = row_lists.team_rows(team, period, part, request.actor)
    context = {"team": team, "period": period, "part": part}
    context |= listing(request, found, source, ("part", "from", "to", "period"), _export_of(request, pk))
    return render(request, "dashboards/team_rows.html", context)


def _report_url(picked) -> str:
    """The report page with this scope and the period's last month chosen; none for an enterprise."""
    if picked.scope.kind == "enterprise":
        return ""
    return f"{reverse('reports:list')}?{urlencode({**picked.scope.query(), 'month': str(picked.period.last)})}"
