"""The list of the ledger, its export, and what waits for me."""

from functools import partial
from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from core import clock, listings, workdays
from problems import bulk, columns, inbox, saved_views, workbooks
from problems.enums import BulkStep, Light, State
from problems.filters import ProblemFilter

PAGE = 50
# Up to here a page counts by itself; beyond, and for who sees the many entries of a unit, the page comes first and
# `counts` tells the exact numbers.
COUNTED_AT_ONCE = 2000
STATE_TABS = (
    ("", "all", gettext_lazy("全部")),
    ("open", "open", gettext_lazy("在办")),
    *((str(state), str(state), state.label) for state in (
        State.SUBMITTED, State.ACCEPTED, State.ASSIGNED, State.IN_PROGRESS, State.RESOLVED, State.CLOSED,
    )),
)  # fmt: skip
# The groups that the top of "my work" tells in figures.
DUE_GROUPS = ("overdue", "today", "week")
LIGHT_TABS = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY)


@require_GET
def problem_list(request):
    """The ledger as filtered; HTMX gets the results alone. A bare address opens what the person begins with."""
    offer = saved_views.Offer.to(request.actor)
    fragment = request.htmx and not request.htmx.boosted
    if not request.GET and not fragment and offer.default is not None and offer.default.query:
        return redirect(offer.default.url)
    view = offer.by_key(request.GET.get(saved_views.PARAMETER, ""))
    wanted = columns.chosen(offer.columns(view))
    chosen = ProblemFilter(request.GET, request.actor)
    counts = None if chosen.is_wide else chosen.counts(COUNTED_AT_ONCE)
    joined = partial(columns.joined, columns=wanted)
    page = chosen.page(request, PAGE, joined, total=chosen.total(counts))
    workbooks.dress(page.rows, chosen.today, workdays.everywhere())
    columns.lay_out(page.rows, wanted)
    page.counts_follow = counts is None
    if counts is None and not chosen.is_wide and not {"state", "light"} & set(chosen.values):
        page.more_than = COUNTED_AT_ONCE
    context = {
        "filter_form": chosen.form,
        "page": page,
        **_tabs(request, counts),
        "counts_follow": counts is None,
        "export_query": _query(request),
        "export_url": f"{reverse('problems:export')}?{_query(request)}",
        "columns": wanted,
        "may_bulk": bulk.may(request.actor) is None,
        "bulk_steps": BulkStep,
        **_views(request, offer, view, wanted),
    }
    return render(request, "problems/list.html#results" if fragment else "problems/list.html", context)


def _views(request, offer, view, wanted) -> dict:
    """What the bar above the list shows: the views on offer, which is open, whether it was changed, all columns."""
    here = saved_views.clean_query(request.GET.urlencode())
    shown = {column.key for column in wanted}
    return {
        "views": offer.grouped(),
        "view": view,
        "view_key": request.GET.get(saved_views.PARAMETER, ""),
        "view_changed": view is not None and here != view.query,
        "view_query": here,
        "all_columns": [(column, column.key in shown) for column in columns.COLUMNS.values()],
        "clear_url": f"?{urlencode({saved_views.PARAMETER: saved_views.NONE})}" if offer.default else "",
    }


@require_GET
def counts(request):
    """The exact numbers of a long list's tabs: asked for by its page once it stands, or followed as a link."""
    chosen = ProblemFilter(request.GET, request.actor)
    found = chosen.counts()
    context = {**_tabs(request, found), "total": chosen.total(found)}
    part = "problems/list_tabs.html" if request.htmx and not request.htmx.boosted else "problems/counts.html"
    return render(request, part, context)


def _tabs(request, counts) -> dict:
    return {"state_tabs": _state_tabs(request, counts), "light_tabs": _light_tabs(request, counts)}


def _query(request, **changes) -> str:
    """The present filter as an address, with some fields set or (empty) taken away."""
    kept = [(k, v) for k, vs in request.GET.lists() for v in vs if k not in ("after", "before", *changes) and v]
    return urlencode([*kept, *((k, v) for k, v in changes.items() if v)])


def _state_tabs(request, counts):
    now = request.GET.get("state", "")
    return [
        {
            "label": label,
            "url": f"{reverse('problems:list')}?{_query(request, state=value)}",
            "count": counts and counts[key],
            "active": now == value,
        }
        for value, key, label in STATE_TABS
    ]


def _light_tabs(request, counts):
    now, address = request.GET.get("light", ""), reverse("problems:list")
    return [
        {
            "label": light.label,
            "light": str(light),
            "url": f"{address}?{_query(request, light='' if now == light else str(light), state='')}",
            "count": counts and counts[str(light)],
            "active": now == light,
        }
        for light in LIGHT_TABS
    ]


def ledger_listing(asking):
    """Exactly what is filtered, with the columns that the person saw."""
    offer = saved_views.Offer.to(asking.actor)
    keys = asking.columns or offer.columns(offer.by_key(asking.GET.get(saved_views.PARAMETER, "")))
    return workbooks.listing(ProblemFilter(asking.GET, asking.actor), keys)


export = listings.export(ledger_listing)


@require_GET
def mine(request):
    """What waits for me, the most pressing first."""
    today, calendars = clock.today(), workdays.everywhere()
    groups = inbox.groups(request.actor, today)
    for group in groups:
        workbooks.dress(group.rows, today, calendars)
    due = [group for group in groups if group.kind.key in DUE_GROUPS]
    context = {"groups": [group for group in groups if group.rows], "due": due, "most": inbox.MOST}
    return render(request, "problems/mine.html", context)
