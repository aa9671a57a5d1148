"""What pages cost on a small and on a large ledger: the list, its filters and orders, one entry, what waits for me.

Every page is asked for as a county officer and as an officer of the whole city, through the product's own views and
templates. The number of SQL statements is printed as well: it may not differ between the sizes.
"""

import datetime as dt
from urllib.parse import urlencode

from bench.ledgers import median

TITLE = "pages"
LIMIT = 1.5
FILTERS = {
    "ledger": {},
    "state in progress": {"state": "in_progress"},
    "closed": {"state": "closed"},
    "red light": {"light": "red"},
    "category": {"category": None},
    "chain": {"chain": None},
    "township": {"region": None},
    "help team": {"unit": None},
    "period": {"since": "2026-07-01", "until": "2026-07-31"},
    "words": {"q": "冷库"},
    "rare words": {"q": "冷库 不存在的词"},
    "by deadline": {"sort": "due_on", "state": "open"},
    "by light": {"sort": "light", "state": "open"},
}


class _Growth(dict):
    """The same limit for every page; statements may not grow at all."""

    def get(self, name, default=None):
        return 1.0 if name.endswith("statements") else LIMIT


GROWTH = _Growth()


def measure() -> dict[str, float]:
    """Medians in milliseconds by page, and the numbers of statements."""
    from alliances.models import Region
    from problems.models import Problem

    county = Region.objects.filter(level="county", code__startswith="98").order_by("pk").first()
    results = {}
    for place, region in (("county", county), ("city", Region.objects.get(pk=county.parent_id))):
        client = _officer(region)
        for name, query in FILTERS.items():
            _look(results, f"{place}: {name}", client, "/problems/?" + urlencode(_filled(query, county)))
        entry = Problem.objects.filter(region__path__startswith=county.path, state="in_progress").last()
        _look(results, f"{place}: one entry", client, f"/problems/{entry.pk}/")
        _look(results, f"{place}: what waits for me", client, "/problems/mine/")
        _look(results, f"{place}: cockpit", client, "/cockpit/")
    return results


def _officer(region):
    from django.test import Client

    from accounts.models import Post, User

    user, _made = User.objects.get_or_create(username=f"bench.{region.code}", defaults={"name": "测量"})
    Post.objects.get_or_create(
        user=user, role="county_officer", region=region, defaults={"started_on": dt.date(2020, 1, 1)}
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="accounts.backends.AccountBackend")
    return client


def _filled(query, county):
    """The filter with the numbers of this database in the places left open."""
    from alliances.models import HelpTeam, Region
    from chains.models import Committee
    from problems.models import Category

    committee = Committee.objects.filter(region=county).order_by("pk").first()
    found = {
        "category": Category.objects.filter(parent=None).order_by("pk").first().pk,
        "chain": committee.chain_id,
        "region": Region.objects.filter(parent=county).order_by("pk").first().pk,
        "unit": f"team:{HelpTeam.objects.filter(region=county).order_by('pk').first().pk}",
    }
    return {name: found[name] if value is None else value for name, value in query.items()}


def _look(results, name, client, address) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def ask():
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    ask()
    with CaptureQueriesContext(connection) as queries:
        ask()
    # Counted first: the next request empties the log.
    results[f"{name}, statements"] = len(queries)
    results[name] = median(ask)
