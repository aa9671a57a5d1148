"""The rows behind a verdict (依据): which acts counted for an obligation, and which are planned."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from alliances.models import Region
from core.actor import Actor
from mechanisms import acts
from mechanisms.models import Obligation

SHOWN = 60


@dataclass(frozen=True)
class Shown:
    """One act as a page lists it."""

    title: str
    url: str | None
    day: dt.date


def _rows(duty: Obligation, first, last, *, planned=False):
    act = acts.get(duty.version.act)
    rows = act.rows(duty.version.act_filters, first, last, planned=planned)
    column = act.actors[duty.actor_kind]
    if duty.actor_kind == "region" and not act.here_alone:
        inside = Region.objects.filter(path__startswith=duty.region.path)
        return act, rows.filter(**{f"{column}__in": inside.values("pk")})
    return act, rows.filter(**{column: duty.actor_id})


def counted(duty: Obligation, actor: Actor, today: dt.date) -> tuple[list[Shown], int]:
    """(the acts that counted and that this reader may see, newest first; how many more there are)."""
    act, rows = _rows(duty, None if duty.is_standing else duty.first_on, min(duty.last_on or today, today))
    if duty.is_standing:
        rows = rows.filter(Q(**{act.until: None}) | Q(**{f"{act.until}__gt": today}))
    found = _seen(act, rows, actor)
    return found, max(0, duty.count - len(found))


def planned(duty: Obligation, actor: Actor, today: dt.date) -> list[Shown]:
    """What is planned for the rest of the period."""
    if duty.is_standing or acts.get(duty.version.act).planned is None:
        return []
    act, rows = _rows(duty, max(duty.first_on, today), duty.last_on, planned=True)
    return _seen(act, rows, actor)


def _seen(act, rows, actor) -> list[Shown]:
    visible = rows.filter(pk__in=act.visible(actor).order_by().values("pk"))
    return [Shown(act.title(row), act.url(row), row.radar_day) for row in visible.order_by("-radar_day", "-pk")[:SHOWN]]


def deed(duty: Obligation) -> tuple[str, str] | None:
    """(address, label) of the form that does it; None where the act has none."""
    try:
        act = acts.get(duty.version.act)
    except KeyError:
        return None
    address = act.do_url(duty) if act.do_url else ""
    return (address, str(act.do_label or act.label)) if address else None
