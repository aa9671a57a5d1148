"""What pages cost on a small and on a large ledger: the list with its filters, orders and depths, one entry, what waits
for me, boards, calendar, views.

Every page is asked for by four people, from the whole city to one help team, through the product's own views and
templates. The number of SQL statements may not differ between the sizes.

On the small ledger some people see so little that a page shows fewer rows; such a page is held against the fullest of
the same name there, and a list that nobody fills against the whole list of one page. Boards, teams and what waits count
what is open or was resolved in a year: their growth is printed, none is promised.
"""

import datetime as dt
from functools import cache, partial
from urllib.parse import urlencode

from bench.work import Work

TITLE = "pages"
LIMIT = 1.5
# Filters of the list by name; None stands for a number of this database.
FILTERS = {
    "ledger": {},
    **{f"state {one}": {"state": one} for one in ("open", "submitted", "in_progress", "resolved", "closed", "ended")},
    **{f"light {light}": {"light": light} for light in ("red", "yellow", "green", "grey")},
    "category": {"category": None},
    "chain": {"chain": None},
    "committee": {"committee": None},
    "township": {"region": None},
    "unit": {"unit": None},
    "enterprise": {"enterprise": None},
    "urgency": {"urgency": "urgent", "state": "open"},
    "period": {"since": None, "until": None},
    "due this week": {"due": "week"},
    "step ends": {"step": "resolve", "step_until": None},
    "escalated": {"escalated": "1"},
    "word": {"q": "冷库"},
    "word of several pairs": {"q": "冷库用电价格"},
    "two words": {"q": "冷库 用电"},
    "no such word": {"q": "冷库 不存在的词"},
    "number": {"q": None},
    "initials": {"q": "hcqy"},
    "word, open": {"q": "冷库用电价格", "state": "open"},
    "chain, red, by deadline": {"chain": None, "light": "red", "sort": "due_on"},
}  # fmt: skip
SORTS = ("-number", "number", "due_on", "-due_on", "light", "-light")
WAITING = ("overdue", "week", "accept", "assign", "window_over", "close", "call_backs", "sign", "working", "look_again")
OTHER = {
    "what waits for me": "/problems/mine/",
    "board": "/problems/board/",
    "calendar of deadlines": "/problems/deadlines/",
    "board of lights": "/problems/supervision/",
    "views": "/problems/views/",
    "teams": "/problems/teams/",
    "cockpit": "/cockpit/",
}

COUNTING = {"what waits for me", "board", "board of lights", "teams"}


def works() -> list[Work]:
    """A work for each page and person."""
    found = []
    for name, client, actor in people():
        chosen = _numbers(actor)
        for what, address in _addresses(client, actor, chosen):
            limit, like = None if what in COUNTING else LIMIT, "" if what in OTHER else "ledger"
            found.append(page(f"{name}: {what}", client, address, limit, like))
    return found


def _addresses(client, actor, chosen):
    """(name, address) of each page of one person."""
    from problems.models import Problem
    from problems.saved_views import shipped

    for name, query in FILTERS.items():
        yield name, _list(_filled(query, name, chosen))
    for sort in SORTS:
        for name, query in (("all", {}), ("open", {"state": "open"})):
            sorted_ = query | {"sort": sort}
            yield f"{name} by {sort}", _list(sorted_)
            yield f"{name} by {sort}, deep", partial(_deep, sorted_, actor)
    for key in WAITING:
        yield f"waiting: {key}", _list({"todo": key})
    for view in shipped(actor):
        yield f"view {view.key}", view.url
    # Not everybody may read every page.
    yield from ((name, address) for name, address in OTHER.items() if client.get(address).status_code == 200)
    entry = Problem.objects.visible_to(actor).filter(state="closed").order_by("id").last()
    yield "one entry", f"/problems/{entry.pk}/"


def _list(query) -> str:
    return "/problems/?" + urlencode(query)


def _filled(query, name: str, chosen) -> dict:
    return {key: chosen[key] if value is None else value for key, value in query.items()}


def _deep(query, actor) -> str:
    """The page in the middle of a list."""
    from core import keyset
    from problems.filters import ProblemFilter

    chosen = ProblemFilter(query, actor)
    rows = chosen.queryset().order_by(*chosen.order)
    number = rows.order_by().count() // 2
    return _list(query | {"after": keyset.mark_of(rows[number], chosen.order)})


def people():
    """(name, signed-in client, actor): officers of the city and of its first county, a secretary and a member there."""
    from alliances.models import HelpTeam, Region
    from chains.models import Committee

    county = Region.objects.filter(level="county", code__startswith="98").order_by("pk").first()
    committee = Committee.objects.filter(region=county).order_by("pk").first()
    team = HelpTeam.objects.filter(region=county).order_by("pk").first()
    yield "city", *_signed_in("county_officer", region=Region.objects.get(pk=county.parent_id))
    yield "county", *_signed_in("county_officer", region=county)
    yield "chain", *_signed_in("chain_secretary", committee=committee)
    yield "team", *_signed_in("team_member", team=team)


def _signed_in(role: str, **scope):
    from django.test import Client

    from accounts.actors import build_actor
    from accounts.models import Post, User
    from core import clock

    user, _made = User.objects.get_or_create(
        username=f"bench.{role}.{next(iter(scope.values())).pk}", defaults={"name": "测量"}
    )
    Post.objects.get_or_create(user=user, role=role, defaults={"started_on": dt.date(2020, 1, 1)}, **scope)
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="accounts.backends.AccountBackend")
    return client, build_actor(user, clock.today())


def _numbers(actor) -> dict:
    """Values of this database for the filters left open: those of an entry that the person sees."""
    from core import clock
    from problems.models import Problem

    entry = Problem.objects.visible_to(actor).exclude(lead_team=None).order_by("id").last()
    last_month = clock.today().replace(day=1) - dt.timedelta(days=1)
    return {
        "category": entry.category_id,
        "chain": entry.chain_id,
        "committee": entry.committee_id,
        "region": entry.region_id,
        "unit": f"team:{entry.lead_team_id}",
        "enterprise": entry.enterprise_id,
        "q": entry.number,
        "since": last_month.replace(day=1),
        "until": last_month,
        "step_until": clock.today(),
    }


def page(name: str, client, address, limit: float | None = LIMIT, like: str = "") -> Work:
    """A page as a work; `address` may be a function, when it has to be looked up first."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    @cache
    def found() -> str:
        return address() if callable(address) else address

    def ask() -> None:
        answer = client.get(found())
        assert answer.status_code == 200, (found(), answer.status_code)

    def look() -> dict:
        weight = len(client.get(found()).content)
        with CaptureQueriesContext(connection) as queries:
            ask()
            return {"statements": len(queries), "weight": weight}

    return Work(name, ask, limit, first=look, like=like)
