"""The supervision list (重点督办清单): the entries that make up the figures of the lights, on the day that these tell.

A tab's number, its figure and its entries are one and the same: all come from the declarations of the figures. A period
that is over is shown as it stood on its last day, with the state, unit, deadline and light of that day.
"""

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, workdays
from core.actor import Actor
from dashboards.picker import Picked
from indicators.rows import NoRows, rows
from problems.enums import CLOCK_STATES, Light

# The figure of each light, in the order of urgency.
LIGHTS = {
    Light.RED: "problems_overdue",
    Light.YELLOW: "problems_near_limit",
    Light.GREEN: "problems_in_time",
    Light.GREY: "problems_paused",
}
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
        "rows": _listed(picked, actor, [chosen] if chosen else list(LIGHTS), day),
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


def _listed(picked: Picked, actor: Actor, lights: list[str], day: dt.date) -> list[dict]:
    """The first entries under these lights, the most urgent light and the earliest deadline first."""
    calendars, found = workdays.everywhere(), []
    for light in lights:
        if len(found) == LISTED:
            break
        try:
            spans = rows(LIGHTS[Light(light)], picked.scope, picked.period, actor)
        except NoRows:
            continue
        spans = spans.select_related("problem__chain", "problem__region").order_by("due_on", "problem_id")
        found += [_row(span, light, day, calendars) for span in spans[: LISTED - len(found)]]
    return found


def _row(span, light: str, day: dt.date, calendars) -> dict:
    runs = span.state in CLOCK_STATES and span.due_on is not None
    return {
        "problem": span.problem,
        "unit": span.team or span.department,
        "state": span.state,
        "state_label": span.get_state_display(),
        "due_on": span.due_on,
        "light": light,
        "days_left": calendars.at(span.problem.region.path).remaining(span.due_on, day) if runs else None,
        "url": span.problem.get_absolute_url(),
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
