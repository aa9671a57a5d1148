"""What the pages of chains, committees, enterprises and help teams show about their problems."""

from urllib.parse import urlencode

from django.urls import reverse

from core import clock, workdays
from core.actor import Role
from problems import teams, workbooks
from problems.enums import Light
from problems.filters import ProblemFilter

SHOWN = 8
LIGHTS = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY)


def _panel(request, **where):
    """Open problems of one place by light, the most pressing first; every number opens its rows."""
    chosen = ProblemFilter({**where, "state": "open", "sort": "light"}, request.actor)
    counts = chosen.counts()
    rows = list(chosen.queryset().order_by(*chosen.order)[:SHOWN])
    workbooks.dress(rows, chosen.today, workdays.everywhere())
    address = reverse("problems:list")

    def link(**more):
        return f"{address}?{urlencode({**where, **more})}"

    tabs = [{"light": str(light), "count": counts[str(light)], "url": link(light=str(light))} for light in LIGHTS]
    return "problems/panel.html", {
        "rows": rows,
        "tabs": tabs,
        "open_total": counts["open"],
        "all_url": link(state="open"),
        "wide": "enterprise" not in where,
    }


def of_chain(request, chain):
    return _panel(request, chain=chain.pk)


def of_committee(request, committee):
    return _panel(request, committee=committee.pk)


def of_enterprise(request, enterprise):
    return _panel(request, enterprise=enterprise.pk)


def of_unit(request, unit):
    """A help team's or a department's work: load, time, open entries, and what each of its people holds.

    Nothing for the system administrator, who keeps departments and does not read the ledger.
    """
    if not request.actor.has(*Role.BUSINESS):
        return None
    _template, context = _panel(request, unit=teams.key_of(unit))
    today = clock.today()
    [work] = teams.work_of([unit], request.actor, today)
    people, unsigned = teams.people_of(unit, request.actor, today)
    return "problems/team_panel.html", {**context, "work": work, "people": people, "unsigned": unsigned}
