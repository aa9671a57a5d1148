"""What projects and finance add to pages of enterprises, committees and regions."""

from urllib.parse import urlencode

from alliances import figure_scopes
from alliances.cards import figure_cards
from indicators import scopes
from services import project_perms as perms
from services.registers.projects import CAPITAL, LOANS, PROJECTS, RATINGS

SHOWN = 8
FIGURES = ["agreements", "agreements_amount", "funds_in_place", "project_start_rate", "credit_issued", "social_capital"]


def _rows(request, register, **where):
    rows = register.visible(request.actor).filter(**where).select_related(*register.related).order_by(*register.order)
    return list(rows[:SHOWN])


def of_enterprise(request, obj):
    """Its projects, ratings, loans and the capital drawn in, newest first."""
    parts = [
        {"register": register, "rows": _rows(request, register, enterprise=obj),
         "list_url": f"{register.url('list')}?{urlencode({'q': obj.name})}"}
        for register in (PROJECTS, RATINGS, LOANS, CAPITAL)
    ]  # fmt: skip
    may_add = not obj.left_on and not perms.create(request.actor)
    adds = [f"{part['register'].url('create')}?{urlencode({'enterprise': obj.pk})}" for part in parts]
    context = {
        "parts": [part for part in parts if part["rows"]],
        "adds": [{"url": url, "noun": part["register"].noun} for url, part in zip(adds, parts, strict=True)]
        if may_add
        else [],
    }
    return ("services/panel_projects.html", context) if context["parts"] or may_add else None


def of_committee(request, obj):
    cards = figure_cards(scopes.committee_scope(obj.pk, obj.name), FIGURES, request.actor)
    parts = [{"register": PROJECTS, "rows": _rows(request, PROJECTS, committee=obj),
              "list_url": f"{PROJECTS.url('list')}?{urlencode({'committee': obj.pk})}"}]  # fmt: skip
    return "services/panel_projects.html", {"cards": cards, "parts": [one for one in parts if one["rows"]]}


def of_region(request, obj):
    cards = figure_cards(figure_scopes.scope_of(obj), FIGURES, request.actor)
    return ("services/panel_projects.html", {"cards": cards}) if cards else None
