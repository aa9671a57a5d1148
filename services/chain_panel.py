"""What the lists add to a chain's page: each link of its map with its firms, what they look for and whom they lack.

A demand and a post stand at the links that their enterprise fills, a project (建链、延链、补链、强链) at the link it is
for, so that a gap (断点) shows whether anybody works on it. Every number opens exactly its rows.
"""

from urllib.parse import urlencode

from django.db.models import Count, F
from django.urls import reverse

from alliances.cards import figure_cards
from chains.models import Link
from core.clock import today
from enterprises.models import ChainMembership, Enterprise
from indicators import scopes
from services.forms.projects import RUNNING
from services.list_enums import DemandState
from services.list_panels import FIGURES
from services.models import Demand, Project, TalentNeed
from services.project_enums import ProjectState


def of_chain(request, chain):
    """The links of the chain as lines, gaps marked. Six statements, whatever the number of links."""
    actor, links = request.actor, Link.objects.filter(segment__chain=chain).select_related("segment")
    links = list(links.order_by("segment__order", "segment_id", "order", "pk"))
    filled = dict(_places(chain).values_list("link").annotate(n=Count("pk")).values_list("link", "n"))
    firms = _by_link(Enterprise.objects.visible_to(actor), chain, "memberships")
    demands = Demand.objects.visible_to(actor).on(today())
    demands = _by_link(demands.filter(state__in=[DemandState.OPEN, DemandState.MATCHED]), chain)
    needs = _by_link(TalentNeed.objects.visible_to(actor).on(today()), chain)
    projects = Project.objects.visible_to(actor).filter(link__segment__chain=chain).exclude(state=ProjectState.STOPPED)
    projects = dict(
        projects.order_by().values_list("link").annotate(n=Count("pk", distinct=True)).values_list("link", "n")
    )
    lines = [
        {
            "link": link,
            "is_gap": not filled.get(link.pk),
            "cells": [
                _cell("enterprises:enterprise_list", firms, link, present="yes"),
                _cell("services:demand_list", demands, link, in_force="yes"),
                _cell("services:talentneed_list", needs, link, in_force="yes"),
                _cell("services:project_list", projects, link, state=RUNNING),
            ],
        }
        for link in links
    ]
    scope = scopes.chain_scope(chain.pk, chain.region_id, chain.name)
    cards = figure_cards(scope, FIGURES, actor)
    if not lines and not cards:
        return None
    gaps = [line["link"] for line in lines if line["is_gap"]]
    context = {"lines": lines, "cards": cards, "gaps": gaps, "bare": [one for one in gaps if not projects.get(one.pk)]}
    return "services/panel_chain.html", context


def _places(chain):
    return ChainMembership.objects.filter(chain=chain, left_on=None, link__isnull=False).order_by()


def _by_link(rows, chain, way="enterprise__memberships") -> dict[int, int]:
    """{link: rows of the enterprises that fill it}."""
    plain = rows.model._base_manager.filter(pk__in=rows.order_by().values("pk"))
    placed = plain.filter(**{f"{way}__in": _places(chain)}).annotate(at=F(f"{way}__link"))
    return dict(placed.order_by().values_list("at").annotate(n=Count("pk", distinct=True)).values_list("at", "n"))


def _cell(view, counted, link, **more) -> dict:
    return {"number": counted.get(link.pk, 0), "url": f"{reverse(view)}?{urlencode({'link': link.pk, **more})}"}
