"""The supervision list (重点督办清单): the entries that make up the figures of the lights, on the day that these tell.

A tab's number, its figure and its entries are one and the same; a test holds them together. A period that is over is
shown as it stood on its last day, with the state, unit, deadline and light of that day.
"""

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, workdays
from core.actor import Actor
from dashboards.picker import Picked
from indicators import declarations, scopes
from indicators.rows import NoRows, scope_filter
from problems.enums import CLOCK_STATES, Light, State
from problems.models import Problem
from problems.supervision import past

# The figure of each light, in the order of urgency.
LIGHTS = past.FIGURES
LISTED = 8


def build(picked: Picked, actor: Actor, figures: dict, chosen: str = "") -> dict:
    """What the section shows. `figures` are the cockpit's, read already; `chosen` is a light, or nothing for all."""
    chosen = chosen if chosen in LIGHTS else ""
    tabs = _tabs(picked, figures, chosen)
    day = picked.period.as_of()
    over = picked.period.end < clock.today()
    return {
        "tabs": tabs,
        "chosen": chosen,
        "day": day if over else None,
        "rows": _listed(picked, actor, [chosen] if chosen else list(LIGHTS), day, over=over),
        "total": next(tab["number"] for tab in tabs if tab["active"]),
        "all_url": _all_url(picked, figures, chosen, over),
    }


def _tabs(picked: Picked, figures: dict, chosen: str) -> list[dict]:
    words = dict(Light.choices)
    numbers = {light: figures[code].value or 0 for light, code in LIGHTS.items()}
    tabs = [("", _("全部"), sum(numbers.values()))]
    tabs += [(light.value, words[light], number) for light, number in numbers.items()]
    return [
        {
            "light": light,
            "label": label,
            "number": number,
            "url": f"?{picked.query}{'&' + urlencode({'light': light}) if light else ''}",
            "active": light == chosen,
        }
        for light, label, number in tabs
    ]


def _listed(picked: Picked, actor: Actor, shown: list[str], day: dt.date, *, over: bool) -> list[dict]:
    """The first entries under these lights, the most urgent light and the earliest deadline first."""
    calendars, found = workdays.everywhere(), []
    stood = _stood if over else _stand
    for light in shown:
        if len(found) == LISTED:
            break
        for problem, span in stood(picked, actor, light, day, LISTED - len(found)):
            found.append(_row(problem, span, light, day, calendars.at(problem.region.path)))
    return found


def _stood(picked: Picked, actor: Actor, light: str, day: dt.date, most: int):
    """(entry, its span of that day): what stood under the light at the end of a period that is over, as the board of
    that day has it."""
    try:
        inside = scope_filter(declarations.get(LIGHTS[Light(light)]), picked.scope)
    except NoRows:
        return []
    spans = past.stood(light, day, actor).filter(inside)
    spans = spans.select_related("problem__chain", "problem__region", "team", "department")
    return [(span.problem, span) for span in spans.order_by("due_on", "problem_id")[:most]]


def _stand(picked: Picked, actor: Actor, light: str, day: dt.date, most: int):
    """(entry, itself): what stands under the light now. The same entries as the figure's rows, found by the
    entries' own indexes; those waiting for a policy (挂账) are resolved, and no backlog of a unit."""
    entries = Problem.objects.visible_to(actor).with_light(light, day).exclude(state=State.RESOLVED)
    scope = picked.scope
    if scope.kind == "committee":
        entries = entries.filter(committee_id=scope.committee_id)
    elif scope.kind == "enterprise":
        entries = entries.filter(enterprise_id=scope.entity_id)
    else:
        entries = entries.filter(region_id__in=scopes.tree().below(scope.region_id))
        entries = entries.filter(chain_id=scope.chain_id) if scope.chain_id else entries
    entries = entries.select_related("chain", "region", "lead_team", "lead_department")
    return [(entry, entry) for entry in entries.defer("text", "tokens", "resolution").order_by("due_on", "id")[:most]]


def _row(problem: Problem, then, light: str, day: dt.date, calendar) -> dict:
    """`then` is the entry's span of the day told, or the entry itself."""
    runs = then.state in CLOCK_STATES and then.due_on is not None
    return {
        "problem": problem,
        "unit": problem.lead if then is problem else then.team or then.department,
        "state": then.state,
        "state_label": then.get_state_display(),
        "due_on": then.due_on,
        "light": light,
        "days_left": calendar.remaining(then.due_on, day) if runs else None,
        "url": problem.get_absolute_url(),
    }


def _all_url(picked: Picked, figures: dict, chosen: str, over: bool) -> str:
    """The rows of the chosen light's figure, else the ledger as it is now; the past has no such page for all lights."""
    if chosen:
        return figures[LIGHTS[Light(chosen)]].rows_url
    return "" if over else f"{reverse('problems:list')}?{urlencode(ledger_scope(picked))}"


def ledger_scope(picked: Picked) -> dict:
    """The ledger's filter that shows the same scope as the dashboard."""
    scope = picked.scope
    if scope.kind == "committee":
        return {"committee": scope.committee_id}
    if scope.kind == "enterprise":
        return {"enterprise": scope.entity_id}
    found = {"region": scope.region_id} if scope.kind == "region" else {}
    return {**found, **({"chain": scope.chain_id} if scope.chain_id else {})}
