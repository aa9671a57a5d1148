"""Two pages: what a figure counts, row by row, and the dictionary of all figures (指标字典)."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.periods import Period, PeriodError
from indicators import declarations, figures, scopes
from indicators.rows import NoRows, resolve, rows, source_of

PAGE = 50
KINDS = {
    "flow": gettext_lazy("期内发生数"),
    "stock": gettext_lazy("期末数"),
    "distinct": gettext_lazy("去重数"),
    "ratio": gettext_lazy("比率"),
    "duration": gettext_lazy("时长"),
}


def readable_scope(params, actor):
    """The scope asked for by `scope` and `chain`. Raises Http404 where there is none that `actor`
    may read: somebody else's and nobody's look the same.
    """
    try:
        scope = scopes.parse(params.get("scope", ""), params.get("chain", ""))
    except (ValueError, LookupError):
        raise Http404 from None
    if not scopes.readable(scope, actor):
        raise Http404
    return scope


@require_safe
def figure_rows(request):
    """The figure in words, and the rows that make it up (指标明细)."""
    params = request.GET
    code = params.get("indicator", "")
    if code not in {one.code for one in declarations.indicators()}:
        raise Http404
    scope = readable_scope(params, request.actor)
    try:
        period = Period.from_query(params)
    except PeriodError:
        raise Http404 from None
    part = "denominator" if params.get("part") == "denominator" else "numerator"
    context = {
        "figure": figures.read([code], scope, period)[code],
        "scope": scope,
        "period": period,
        "part": part,
        "parts": _parts(code, scope, period, part),
        "counting": resolve(code, part),
    }
    try:
        context |= _page(request, code, scope, period, part)
    except NoRows:
        context["no_rows"] = True
    return render(request, "indicators/rows.html", context)


def _parts(code, scope, period, chosen):
    """The switch between a ratio's numerator and denominator."""
    one = declarations.get(code)
    if one.kind != "ratio":
        return []
    names = {"numerator": one.numerator, "denominator": one.denominator}
    labels = {"numerator": _("分子：%(name)s"), "denominator": _("分母：%(name)s")}
    return [
        {
            "label": labels[part] % {"name": declarations.get(name).name},
            "url": figures.rows_url(code, scope, period, part),
            "active": part == chosen,
        }
        for part, name in names.items()
    ]


def _told(value):
    """Dates as everywhere on the pages, whatever the reader's language."""
    return value.isoformat() if isinstance(value, dt.date) else value


def _page(request, code, scope, period, part):
    """Fifty rows by number, newest first, and how many there are in all."""
    found = rows(code, scope, period, request.actor, part)
    source = source_of(code, scope, part)
    kept = ("indicator", "scope", "chain", "from", "to", "period", "part")
    export = reverse("indicators:rows_export")
    return {"amount_name": amount_name(resolve(code, part)), **listing(request, found, source, kept, export)}


def amount_name(counted):
    """The head over what each row adds to the figure; none where each is one."""
    if counted.kind == "duration":
        return counted.unit.label
    return counted.name if getattr(counted, "weight", None) else ""


def listing(request, found, source, kept, export):
    """A page of rows of a source as the rows page shows them; `kept` are the parameters that lead to the next page, and
    from `export`, an address, to all rows as a file."""
    before = request.GET.get("before", "")
    wanted = found
    if before.isascii() and before.isdigit() and len(before) < 19:
        wanted = found.filter(pk__lt=int(before))
    listed = list(wanted[: PAGE + 1])
    query = {k: request.GET[k] for k in kept if k in request.GET}
    first = f"?{urlencode(query)}"
    following = f"?{urlencode({**query, 'before': listed[PAGE - 1].pk})}" if len(listed) > PAGE else ""
    return {
        "source": source,
        "export_url": f"{export}{first}",
        "columns": [column.label for column in source.columns],
        "lines": [
            {
                "url": source.url(row),
                "cells": [{"label": column.label, "value": _told(column.of(row))} for column in source.columns],
                "amount": row.figure_amount,
            }
            for row in listed[:PAGE]
        ],
        "total": found.count(),
        "page": {
            "total": None,
            "previous_url": first if before else "",
            "next_url": following,
        },
    }


# Functions of the actor that answer further lines of the dictionary, {"one", "kind"}: figures that the engine does not
# count. The apps that keep them add theirs when they are ready.
further_lines = []


@require_safe
def dictionary(request):
    """Every figure with its unit, kind and definition."""
    lines = [{"one": one, "kind": KINDS[one.kind]} for one in declarations.indicators()]
    lines += [line for function in further_lines for line in function(request.actor)]
    return render(request, "indicators/dictionary.html", {"indicators": lines})
