"""Walking over the dashboards: what each page says and where its numbers lead, and whether that is so."""

import contextlib
import itertools
import json
import re
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse
from lxml import html

from accounts.actors import build_actor
from accounts.models import Post, User
from alliances.models import SEGMENT, Region
from chains.models import Chain, Committee
from core import clock
from core.actor import SYSTEM, Role
from core.periods import Period
from dashboards import durations, meeting_rule, organisations, picker, structure
from enterprises.models import Enterprise
from indicators import declarations, figures, scopes
from indicators.rows import rows
from tests.indicators.opened import counted, disagreement, one_look_at_the_tree, open_links
from tests.indicators.truth import Truth

PAGES = ("dashboards:cockpit", "dashboards:structure", "dashboards:compare", "dashboards:organisation_chart")
DASH = "—"
NUMBER = re.compile(rf"-?[0-9][0-9,]*(\.[0-9]+)?|{DASH}$")
FIGURE_ROWS = "indicators:rows"
# Pages of rows that are a part of a figure's, and what finds the part.
CUTS = {
    "dashboards:structure_rows": lambda picked, params: (
        durations.find(picked, params["box"]) if "box" in params else structure.find(picked, params)
    ),
    "dashboards:organisation_rows": lambda picked, params: organisations.Rings(picked).find(params),
    "dashboards:committees_not_met": lambda picked, params: meeting_rule.cut(picked),
}
# Charts that draw the counted numbers themselves; of the others the table beside them is read.
DRAWN = {f"chart-{one}" for one in ("trend", "lights", "category", "steps", "red", "meetings", "ageing")}
ROWS = tuple(reverse(name) for name in (FIGURE_ROWS, *CUTS))


def places():
    """Every scope that a picker can offer to somebody, as an address asks for it."""
    regions = [f"region:{code}" for code in Region.objects.exclude(code=None).values_list("code", flat=True)]
    chains = list(Chain.objects.values_list("pk", flat=True))
    found = [{"scope": region} for region in regions]
    found += [{"scope": region, "chain": pk} for region in regions for pk in chains]
    found += [{"scope": f"committee:{pk}"} for pk in Committee.objects.values_list("pk", flat=True)]
    return found + [{"scope": f"enterprise:{pk}"} for pk in Enterprise.objects.values_list("pk", flat=True)]


def periods(actor, place) -> list[str]:
    """The codes of all periods that the picker offers."""
    picked = picker.pick(place, actor)
    return list(dict.fromkeys(choice.value for _label, group in picker.period_choices(picked) for choice in group))


def officer_above(county):
    """(client, actor) of an officer who reads the county, what lies in it and what lies above it."""
    top = Region.objects.get(path=county.path[:SEGMENT])
    user = User.objects.create_user("walker", password=None, name="巡视员甲")
    Post.objects.create(user=user, role=Role.COUNTY_OFFICER, region=top, started_on=clock.today())
    client = Client()
    client.force_login(user, backend="accounts.backends.AccountBackend")
    return client, build_actor(user, clock.today())


def walked(county, *, whole: bool):
    """(the Walk, scopes looked at) over a loaded demonstration.

    The county in every period that its picker offers, every second one on the cockpit and the others on the other pages
    in turn; every other region and every committee in one period each, and so some crossings of a region with a chain
    and some enterprises, again with the pages in turn. `whole`: every page of everything in every period.
    """
    walk, chosen = Walk(), places()
    if not whole:
        crossings, firms = ([one for one in chosen if sort(one)] for sort in (_crosses, _of_firm))
        left_out = [one for few, step in ((crossings, 20), (firms, 20)) for n, one in enumerate(few) if n % step]
        chosen = [one for one in chosen if one not in left_out]
    with transaction.atomic():
        client, actor = officer_above(county)
        for number, place in enumerate(chosen):
            own = place == {"scope": f"region:{county.code}"}
            offered = periods(actor, place)
            for turn, period in enumerate(offered if whole or own else [offered[number % len(offered)]], number):
                for page in _pages(place, turn, whole=whole, own=own):
                    walk.read(client, f"{reverse(page)}?{urlencode({**place, 'period': period})}")
        transaction.set_rollback(True)
    return walk, chosen


def _pages(place, turn, *, whole, own):
    if _of_firm(place):
        return PAGES[:1]
    if whole:
        return PAGES
    other = PAGES[1 + turn // 2 % (len(PAGES) - 1)]
    return (PAGES[0] if turn % 2 == 0 else other,) if own else (PAGES[turn % len(PAGES)],)


def _crosses(place) -> bool:
    return "chain" in place


def _of_firm(place) -> bool:
    return place["scope"].startswith("enterprise:")


class Walk:
    """The numbers met so far: address of the rows -> what pages print over it."""

    def __init__(self):
        self.pages, self.met = 0, defaultdict(set)

    def read(self, client, address: str) -> None:
        """Open a page and keep every number on it that leads to rows."""
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        self.pages += 1
        page = html.fromstring(answer.content)
        for link in page.iter("a"):
            self._keep(link.get("href", ""), _printed(link))
        for card in page.find_class("chart"):
            if card.get("id") in DRAWN:
                for href, number in _drawn(json.loads(page.get_element_by_id(card.get("data-chart")).text)):
                    self._keep(href, number)

    def _keep(self, href: str, text: str) -> None:
        shown = NUMBER.match(text)
        if href.startswith(ROWS) and shown:
            self.met[href].add(shown[0].replace(",", ""))

    def wrong(self, actor=SYSTEM) -> list[str]:
        """One sentence for each number that is not what a straight count gives, or whose link opens other rows."""
        return [*self._figures(actor), *self._cuts(actor)]

    def _figures(self, actor):
        truth, links = Truth(), {}
        for href in self.met:
            if _page(href) == FIGURE_ROWS:
                links[href] = _asked(href)
        told = _read(links.values())
        opened = dict(zip(links, open_links(list(links.values()), actor), strict=True))
        for href, (code, scope, period, part) in links.items():
            figure = told[code, scope, period]
            right = {_number(*one) for one in self._right(truth, figure, part)}
            said = {_plain(one, figure) for one in self.met[href]}
            if not said <= right:
                yield f"{href}: printed {said}, counted {right}"
            said = disagreement(figure, part, opened[href])
            if said:
                yield f"{href}: {said}"

    @staticmethod
    def _right(truth, figure, part):
        """What may be printed over these rows: the figure, or of a ratio or duration also how many rows there are."""
        declared, where = figure.declared, (figure.scope, figure.period)
        if part == "numerator":
            yield truth.value(figure.code, *where), declared
        if declared.kind == "ratio":
            counted = declarations.get(getattr(declared, part))
            yield truth.value(counted.code, *where) or 0, counted
        if declared.kind == "duration":
            yield figure.cases or 0, declarations.get("problems_raised")

    def _cuts(self, actor):
        links, found = [href for href in self.met if _page(href) in CUTS], []
        with looked_up_once():
            for href in links:
                params = {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}
                picked = picker.pick(params, actor)
                cut = CUTS[_page(href)](picked, params)
                found.append(rows(cut.code, picked.scope, picked.period, actor).filter(cut.condition))
        for href, opened in zip(links, counted(found), strict=True):
            if self.met[href] != {str(opened.number)}:
                yield f"{href}: printed {self.met[href]}, it opens {opened.number} rows"


@contextlib.contextmanager
def looked_up_once():
    """What the pages of parts look up for a scope and period is looked up once for all their links."""
    with pytest.MonkeyPatch.context() as patched, one_look_at_the_tree():
        patched.setattr(structure, "Flow", cache(structure.Flow))
        patched.setattr(structure, "bands", cache(structure.bands))
        patched.setattr(durations, "groups", cache(durations.groups))
        patched.setattr(organisations, "Rings", cache(organisations.Rings))
        yield


@cache
def _page(href: str) -> str:
    path = urlsplit(href).path
    return resolve(path).view_name if path else ""


def _printed(link) -> str:
    """The number that a link shows: what is big or bold in it, else its words."""
    big = [one for one in link.iter("strong", "span") if one.tag == "strong" or one.get("class") == "val"]
    return ((big[0].text if big else "".join(link.itertext())) or "").strip()


def _drawn(figure):
    """(address, number) of each bar, point and field of a chart that leads to rows."""
    for trace in figure["data"]:
        values = trace.get("z") or trace.get("x" if trace.get("orientation") == "h" else "y") or []
        addresses = trace.get("customdata") or []
        if trace.get("z"):
            values, addresses = itertools.chain(*values), itertools.chain(*addresses)
        for value, address in zip(values, addresses, strict=False):
            if isinstance(address, str) and value is not None:
                yield address, f"{value}"


_scope = cache(scopes.parse)


def _asked(href):
    params = {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}
    scope = _scope(params["scope"], params.get("chain") or None)
    return params["indicator"], scope, Period.from_query(params), params.get("part", "numerator")


def _read(links) -> dict:
    """{(code, scope, period): Figure}, one reading for each scope and period."""
    wanted, found = defaultdict(set), {}
    for code, scope, period, _part in links:
        wanted[scope, period].add(code)
    for (scope, period), codes in wanted.items():
        for code, figure in figures.read(sorted(codes), scope, period).items():
            found[code, scope, period] = figure
    return found


def _plain(text: str, figure):
    """A number as printed; one of a chart is rounded to the places of its figure."""
    return text if text == DASH else _number(text, figure.declared) if "." in text else Decimal(text)


def _number(value, declared):
    """A straight count as it has to be printed."""
    return DASH if value is None else Decimal(value).quantize(Decimal(1).scaleb(-declared.places), ROUND_HALF_UP)
