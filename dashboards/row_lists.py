"""The rows behind a bar, box, node, band, sector or month, as the pages show them and as they are handed out."""

from django.http import Http404

from alliances.models import HelpTeam
from core.answers import demand, get_or_404
from core.listings import Asking, Listing
from core.periods import Period, PeriodError
from dashboards import durations, meeting_rule, organisations, picker
from dashboards import structure as parts
from dashboards import teams as work
from indicators.listings import of_source
from indicators.rows import NoRows, resolve, rows, rows_of, source_of


def picked_or_404(query, actor):
    try:
        return picker.pick(query, actor)
    except PeriodError as error:
        raise Http404 from error


def structure_cut(picked, query):
    box = query.get("box", "")
    return durations.find(picked, box) if box else parts.find(picked, query)


def organisation_cut(picked, query):
    return organisations.Rings(picked).find(query)


def not_met_cut(picked, query):
    return meeting_rule.cut(picked)


def found(cut, picked, actor):
    """The rows of a part of a figure. Raises Http404 where the scope cannot have such rows."""
    try:
        return rows(cut.code, picked.scope, picked.period, actor).filter(cut.condition)
    except NoRows as error:
        raise Http404 from error


def listing_of(cut_of):
    """The builder of the list behind the pages of one sort of cut."""

    def build(asking: Asking) -> Listing:
        picked = picked_or_404(asking.GET, asking.actor)
        cut = cut_of(picked, asking.GET)
        conditions = f"{picked.scope.name} · {picked.period.name}"
        return of_source(cut.name, source_of(cut.code, picked.scope), found(cut, picked, asking.actor), conditions)

    return build


def team_part(query, actor, pk):
    """(help team, period, part) of the page of a team's month. Raises Http404, PermissionDenied."""
    demand(work.reads(actor))
    team = get_or_404(HelpTeam.objects.visible_to(actor), pk)
    try:
        period = Period.from_query(query)
    except PeriodError as error:
        raise Http404 from error
    part = work.PARTS.get(query.get("part", ""))
    if part is None:
        raise Http404
    return team, period, part


def team_rows(team, period, part, actor):
    return rows_of(part.code, part.of(team), period, actor), resolve(part.code).part("region").source


def team_listing(asking: Asking, pk) -> Listing:
    team, period, part = team_part(asking.GET, asking.actor, pk)
    shown, source = team_rows(team, period, part, asking.actor)
    return of_source(part.name, source, shown, f"{team.name} · {period.name}")
