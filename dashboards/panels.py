"""What dashboards add to the pages of chains, committees, regions and help teams."""

from urllib.parse import urlencode

from django.urls import reverse

from alliances.cards import figure_cards
from alliances.figure_scopes import scope_of
from dashboards import teams
from indicators import scopes

# The ledger of a place at a glance: this year's flow, its time and quality, and what is late now.
LEDGER = [
    "problems_raised",
    "problems_resolved",
    "on_time_rate",
    "handling_days",
    "satisfaction_rate",
    "problems_overdue",
]


def _ledger(request, scope):
    """Figures of the ledger, each open onto its rows, and the way to the cockpit, for who may read them."""
    if not scopes.readable(scope, request.actor):
        return None
    return "dashboards/panel_ledger.html", {
        "cards": figure_cards(scope, LEDGER, request.actor),
        "cockpit_url": f"{reverse('dashboards:cockpit')}?{urlencode(scope.query())}",
    }


def of_chain(request, chain):
    return _ledger(request, scopes.chain_scope(chain.pk, chain.region_id, chain.name))


def of_committee(request, committee):
    return _ledger(request, scopes.committee_scope(committee.pk, committee.name))


def of_region(request, region):
    return _ledger(request, scope_of(region))


def of_team(request, team):
    if teams.reads(request.actor):
        return None
    return "dashboards/panel_team.html", teams.build(team, request.actor)
