"""The list of the ledger, its export, and what waits for me."""

import tempfile
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from audit import trail
from core import clock, keyset, workdays
from exchange.responses import file_response
from exchange.writer import TooManyRows
from problems import inbox, workbooks
from problems.enums import Light, State
from problems.filters import ProblemFilter

PAGE = 50
# Up to here a page counts by itself; beyond, the page comes first and `counts` tells the exact numbers.
COUNTED_AT_ONCE = 2000
STATE_TABS = (
    ("", "all", gettext_lazy("全部")),
    ("open", "open", gettext_lazy("在办")),
    *((str(state), str(state), state.label) for state in (
        State.SUBMITTED, State.ACCEPTED, State.ASSIGNED, State.IN_PROGRESS, State.RESOLVED, State.CLOSED,
    )),
)  # fmt: skip
LIGHT_TABS = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY)


@require_GET
def problem_list(request):
    """The ledger as filtered; HTMX gets the results alone."""
    chosen = ProblemFilter(request.GET, request.actor)
    counts = chosen.counts(COUNTED_AT_ONCE)
    page = keyset.page(chosen.queryset(), request, chosen.order, size=PAGE, total=chosen.total(counts))
    workbooks.dress(page.rows, chosen.today, workdays.everywhere())
    page.counts_follow = counts is None
    if counts is None and not {"state", "light"} & set(chosen.values):
        page.more_than = COUNTED_AT_ONCE
    context = {
        "filter_form": chosen.form,
        "page": page,
        **_tabs(request, counts),
        "more_than": COUNTED_AT_ONCE if counts is None else None,
        "export_query": _query(request),
        "heads": [label for label, _kind, _width in workbooks.COLUMNS],
    }
    part = "problems/list.html#results" if request.htmx and not request.htmx.boosted else "problems/list.html"
    return render(request, part, context)


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


@require_GET
def export(request):
    """Exactly what is filtered, as Excel, streamed from disk; the trail says who took it and by which filter."""
    chosen = ProblemFilter(request.GET, request.actor)
    target = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    try:
        with transaction.atomic():
            count = workbooks.export(target, chosen, request.actor)
            trail.record(request.actor, "problem.exported", None, count=count, conditions=chosen.words())
    except TooManyRows as error:
        target.close()
        return HttpResponseBadRequest(str(error), content_type="text/plain; charset=utf-8")
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return file_response(target, _("问题台账 %(day)s.xlsx") % {"day": clock.today().isoformat()})


@require_GET
def mine(request):
    """What waits for me, the most pressing first."""
    today, calendars = clock.today(), workdays.everywhere()
    groups = inbox.groups(request.actor, today)
    for group in groups:
        workbooks.dress(group.rows, today, calendars)
    context = {"groups": [group for group in groups if group.rows], "total": sum(group.count for group in groups)}
    return render(request, "problems/mine.html", context)
