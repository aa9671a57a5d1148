"""What this app adds to pages: who is joined to a committee, and what the registers hold of whom the page is about."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances import figure_scopes
from alliances.cards import figure_cards
from core.registers import Register
from enterprises import perms
from enterprises.models import ChainMembership
from enterprises.registers import FACILITIES, HONOURS, MASS, ORGANISATIONS, PAIRINGS, POSTINGS
from indicators import scopes

SHOWN = 30


def committee(request, obj):
    joined = ChainMembership.objects.visible_to(request.actor).filter(committee=obj, left_on=None)
    rows = joined.select_related("enterprise__region", "link").order_by("-is_master", "pk")
    organisations = ORGANISATIONS.visible(request.actor).filter(committee=obj, dissolved_on=None)
    context = {
        "places": list(rows[:SHOWN]),
        "total": joined.count(),
        "organisations": list(organisations.select_related("enterprise").order_by("pk")[:SHOWN]),
        "organisation_total": organisations.count(),
        "enterprises_url": f"{reverse('enterprises:enterprise_list')}?chain={obj.chain_id or ''}&present=yes",
        "organisations_url": f"{reverse('enterprises:organisation_list')}?committee={obj.pk}&standing=yes",
    }
    return "enterprises/committee_panel.html", context


FIGURES = ["work_coverage", "officers", "pairings", "venues", "pioneer_units", "strong_organisations"]


def _figures(scope, request):
    cards = figure_cards(scope, FIGURES, request.actor)
    return ("enterprises/figures_panel.html", {"cards": cards}) if cards else None


def region_figures(request, obj):
    """What the registers hold of a region and all below it."""
    return _figures(figure_scopes.scope_of(obj), request)


def committee_figures(request, obj):
    return _figures(scopes.committee_scope(obj.pk, obj.name), request)


@dataclass(frozen=True)
class _Part:
    """One register in the panel: its dates, what is said of a row, and what the form of a new one begins with."""

    register: Register
    begins: str
    ends: str
    about: Callable


def _kind(row):
    return row.kind.spoken


def _posted(row):
    return "、".join(filter(None, (row.post_title, row.employer, row.phone)))


_PARTS = {
    "postings": _Part(POSTINGS, "started_on", "ended_on", _posted),
    "pairings": _Part(PAIRINGS, "started_on", "ended_on", _kind),
    "facilities": _Part(FACILITIES, "opened_on", "closed_on", _kind),
    "honours": _Part(HONOURS, "awarded_on", "ends_on", lambda row: row.granted_by),
    "mass": _Part(MASS, "founded_on", "dissolved_on", lambda row: row.get_kind_display()),
}


def enterprise_records(request, obj):
    """What the registers hold of an enterprise and of its organisations."""
    own = Q(enterprise=obj) | Q(organisation__enterprise=obj)
    ends = Q()
    for side in ("helper", "helped"):
        ends |= Q(**{f"{side}_enterprise": obj}) | Q(**{f"{side}_organisation__enterprise": obj})
    where = {"postings": own, "pairings": ends, "facilities": own, "honours": own, "mass": Q(enterprise=obj)}
    may_add = not obj.left_on and not perms.keep_enterprise(obj, request.actor)
    return _records(request, where, obj, "enterprise", may_add)


def organisation_records(request, obj):
    """What the registers hold of a Party organisation."""
    own, ends = Q(organisation=obj), Q(helper_organisation=obj) | Q(helped_organisation=obj)
    where = {"postings": own, "pairings": ends, "facilities": own, "honours": own}
    may_add = not obj.dissolved_on and not perms.keep_organisation(obj, request.actor)
    return _records(request, where, obj, "organisation", may_add)


def _records(request, where, obj, field, may_add):
    sections = [_section(request, _PARTS[name], condition, obj) for name, condition in where.items()]
    adds = []
    for name in where if may_add else ():
        known = {f"helped_{field}" if name == "pairings" else field: obj.pk}
        register = _PARTS[name].register
        url = f"{register.url('create')}?{urlencode(known)}"
        adds.append({"url": url, "label": _("新增%(noun)s") % {"noun": register.noun}})
    context = {"sections": [one for one in sections if one["rows"]], "adds": adds}
    return "enterprises/records_panel.html", context


def _section(request, part, condition, obj):
    register = part.register
    rows = register.model.objects.visible_to(request.actor).filter(condition).select_related(*register.related)
    shown = list(rows[: SHOWN + 1])
    return {
        "title": register.noun,
        "rows": [
            {
                "url": register.url("detail", one.pk),
                "name": str(one),
                "about": part.about(one),
                "begins": getattr(one, part.begins),
                "ends": getattr(one, part.ends),
            }
            for one in shown[:SHOWN]
        ],
        "more": rows.count() - SHOWN if len(shown) > SHOWN else 0,
        "list_url": f"{register.url('list')}?{urlencode({'q': obj.name})}",
    }
