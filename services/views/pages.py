"""What the pages of the lists share: facts of a row, links to what is in sight, and small forms about one row."""

import datetime as dt

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.records import version
from audit.registers import history
from core.answers import demand, get_or_404
from enterprises.views.deeds import deed, typed
from enterprises.views.records import link


def fact(label, value, url=None) -> dict:
    return {"label": label, "value": value.isoformat() if isinstance(value, dt.date) else value, "url": url}


def linked(label, record, actor) -> dict:
    """A record by its name, with its address where the actor may open it."""
    return fact(label, record and getattr(record, "name", record), link(record, actor))


def place(row, actor) -> list[dict]:
    """Where a row counts."""
    return [
        linked(_("所在区域"), row.region, actor),
        linked(_("产业链"), row.chain, actor),
        linked(_("产业链党委"), row.committee, actor),
    ]


def act(name, row, label, icon) -> dict:
    return {"url": reverse(f"services:{name}", args=[row.pk]), "label": label, "icon": icon}


def row_of(request, register, pk):
    """A row in sight, with what its page shows of it."""
    return get_or_404(register.visible(request.actor).select_related(*register.related), pk)


def kept(request, register, pk):
    """A row in sight that the actor keeps."""
    row = row_of(request, register, pk)
    demand(register.can_edit(row, request.actor))
    return row


def detail(request, register, row, facts, template="services/record_detail.html", acts=(), **more):
    """The page of one row: its facts, what may be done, and for those who keep it what was changed."""
    editable = not register.can_edit(row, request.actor)
    context = {
        "object": row,
        "register": register,
        "facts": facts,
        "acts": acts if editable else (),
        "can_edit": editable,
        "edit_url": register.url("edit", row.pk),
        "events": history(row) if editable else [],
        **more,
    }
    return render(request, template, context)


def ending(request, register, row, *, form, do, title, done, **more):
    """A small form about a row in sight: shows it, does `do(**values)` and goes back to the row's page."""
    filled = form(typed(request), initial={"version": version(row)}) if isinstance(form, type) else form

    def run():
        values = dict(filled.cleaned_data)
        seen = values.pop("version", None) or None
        return do(by=request.actor, seen=seen, **values)

    return deed(
        request, form=filled, act=run, versioned=row, done=lambda: done, back=register.url("detail", row.pk),
        title=title, crumb=row, key=f"{row._meta.model_name}-{row.pk}-{request.resolver_match.url_name}", **more,
    )  # fmt: skip
