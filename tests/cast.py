"""The cast: a small county with one person in each role, and a stranger county beside it.

`world` (fixture) builds it once per test with factories. People are found by name: `world.people["county_officer"]`;
`client_of("county_officer")` (fixture) is a test client signed in as that person that also checks every page it gets.
"""

import re
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from django.test import Client

from accounts.actors import build_actor
from core.actor import Actor, Role
from core.clock import today
from tests import factories as make
from tests import snapshot

ROLES = (
    Role.COUNTY_OFFICER,
    Role.LEADER,
    Role.CHAIN_SECRETARY,
    Role.TEAM_MEMBER,
    Role.DEPARTMENT_OFFICER,
    Role.BRANCH_SECRETARY,
    Role.AUDITOR,
    Role.SYSTEM_ADMIN,
)
STRANGERS = ("stranger_officer", "stranger_secretary")
NAMES = {
    "county_officer": "林知远",
    "leader": "高远山",
    "chain_secretary": "牛立群",
    "team_member": "唐助企",
    "department_officer": "安办文",
    "branch_secretary": "苗支书",
    "auditor": "审明",
    "system_admin": "管系统",
    "stranger_officer": "外县官员",
    "stranger_secretary": "外县支书",
}


@dataclass
class World:
    """Everything the cast stands on: `own` is the county Yunling (云岭县), `other` the stranger county, `village`
    a region below a township; both counties have the same parts."""

    city: object
    own: SimpleNamespace
    other: SimpleNamespace
    category: object
    people: dict = field(default_factory=dict)

    def actor(self, person: str) -> Actor:
        return build_actor(self.people[person], today())


def build_county(city, name: str, code: str) -> SimpleNamespace:
    """A county with two townships, two departments, a help team, two chains with committees, three enterprises."""
    county = make.RegionFactory(name=name, parent=city, code=code)
    towns = [make.RegionFactory(name=f"{name}{part}乡", parent=county, level="township") for part in ("东", "西")]
    departments = [make.DepartmentFactory(region=county, name=f"{name}{part}局") for part in ("农业", "工信")]
    team = make.HelpTeamFactory(region=county, name=f"{name}营商帮办团", lead_department=departments[1])
    chains = [
        make.ChainFactory(
            region=county,
            name=f"{name}{part}产业链",
            alliance=make.AllianceFactory(region=county, name=f"{name}{part}产业链党建联盟"),
        )
        for part in ("肉牛", "果蔬")
    ]
    committees = [make.CommitteeFactory(chain=chain, leading_unit=departments[0]) for chain in chains]
    seats = [
        make.SeatFactory(committee=committees[0], kind=kind, person=f"{name}{word}")
        for kind, word in (("secretary", "书记"), ("chain_chief", "链长"), ("member", "委员"))
    ]
    segment = make.SegmentFactory(chain=chains[0])
    link = make.LinkFactory(segment=segment)
    enterprises = [
        make.EnterpriseFactory(region=towns[index % 2], name=f"{name}{part}有限公司", short_name=f"{name}{part}")
        for index, part in enumerate(("金牛牧业", "青禾食品", "红果冷链"))
    ]
    memberships = [
        make.ChainMembershipFactory(
            enterprise=enterprise,
            chain=chains[index // 2],
            committee=committees[index // 2],
            link=None if index else link,
        )
        for index, enterprise in enumerate(enterprises)
    ]
    organisation = make.PartyOrganisationFactory(
        name=f"{name}金牛牧业党支部",
        region=towns[0],
        enterprise=enterprises[0],
        chain=chains[0],
        committee=committees[0],
    )
    return SimpleNamespace(
        region=county,
        towns=towns,
        departments=departments,
        team=team,
        chains=chains,
        committees=committees,
        seats=seats,
        segment=segment,
        link=link,
        enterprises=enterprises,
        memberships=memberships,
        organisation=organisation,
    )


def build_world() -> World:
    province = make.RegionFactory(name="试验省", level="province")
    city = make.RegionFactory(name="试验市", level="city", parent=province)
    own, other = build_county(city, "云岭县", "990100"), build_county(city, "望川县", "990200")
    world = World(city=city, own=own, other=other, category=make.CategoryFactory(name="融资", code="finance-test"))
    posts = {
        "county_officer": (Role.COUNTY_OFFICER, {"region": own.region}),
        "leader": (Role.LEADER, {"region": own.region}),
        "chain_secretary": (Role.CHAIN_SECRETARY, {"committee": own.committees[0]}),
        "team_member": (Role.TEAM_MEMBER, {"team": own.team}),
        "department_officer": (Role.DEPARTMENT_OFFICER, {"department": own.departments[0]}),
        "branch_secretary": (Role.BRANCH_SECRETARY, {"enterprise": own.enterprises[0]}),
        "auditor": (Role.AUDITOR, {}),
        "system_admin": (Role.SYSTEM_ADMIN, {}),
        "stranger_officer": (Role.COUNTY_OFFICER, {"region": other.region}),
        "stranger_secretary": (Role.BRANCH_SECRETARY, {"enterprise": other.enterprises[0]}),
    }
    for person, (role, scope) in posts.items():
        user = make.UserFactory(username=f"{person}.yunling", name=NAMES[person])
        make.PostFactory(user=user, role=role, **scope)
        world.people[person] = user
    return world


@pytest.fixture
def world(db) -> World:
    return snapshot.of(build_world, key=today())


class CheckedClient(Client):
    """A test client that looks at every HTML answer: see `check_page`."""

    signed_in = False

    def request(self, **request):
        response = super().request(**request)
        check_page(response, signed_in=self.signed_in)
        return response


_INLINE = re.compile(r"<style\b|\sstyle=|\son[a-z]+\s*=\s*[\"']|\shx-on", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.IGNORECASE | re.DOTALL)
_TEXT = re.compile(r"<(textarea|script|pre)\b.*?</\1>|\svalue=\"[^\"]*\"", re.IGNORECASE | re.DOTALL)


def check_page(response, *, signed_in: bool) -> None:
    """No inline script or style, nothing unrendered, a content security policy, and no copy kept of private pages."""
    if signed_in and response.status_code == 200:
        assert "no-store" in response.headers.get("Cache-Control", ""), (
            f"may be cached: {response.request['PATH_INFO']}"
        )
    if (
        not response.headers.get("Content-Type", "").startswith("text/html")
        or response.streaming
        or not response.content
    ):
        return
    where, html = response.request["PATH_INFO"], response.content.decode()
    assert "script-src 'self'" in response.headers.get("Content-Security-Policy", ""), f"no policy: {where}"
    for script in _SCRIPT.finditer(html):
        data = "application/json" in script["attributes"]
        assert data or not script["body"].strip(), f"inline script: {where}"
    found = _INLINE.search(_TEXT.sub("", html))
    assert not found, f"inline code: {where} {found}"
    seen = _TEXT.sub("", html)
    assert "{{" not in seen and "{%" not in seen, f"unrendered template code: {where}"


@pytest.fixture
def client_of(world):
    """A function: the checked client of one of the cast, signed in (without the sign-in page)."""

    def signed_in(person: str, **options) -> CheckedClient:
        client = CheckedClient(**options)
        client.force_login(world.people[person], backend="accounts.backends.AccountBackend")
        client.signed_in = True
        return client

    return signed_in


@pytest.fixture
def stranger() -> CheckedClient:
    """Somebody who has not signed in."""
    return CheckedClient()
