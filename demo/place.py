"""Building a place in memory: regions, units, chains with committees, enterprises, Party organisations.

A `Place` knows everything that has been built so far; both demonstrations are told in terms of it. Nothing is written
until `rows.write()`.
"""

import datetime as dt
import itertools
import random
from dataclasses import dataclass, field

from alliances.models import SEGMENT, Alliance, Department, HelpTeam, Region, TeamMember, path_segment
from chains.enums import CommitteeKind, SeatKind, SegmentPosition
from chains.models import Chain, Committee, Link, Seat, Segment
from demo.invented import People, brands, credit_code
from demo.rows import Rows
from demo.wording import texts
from enterprises.enums import Formation, OrganisationKind, Scale
from enterprises.models import (
    ChainMembership,
    CoverageSpell,
    EmployeeCount,
    Enterprise,
    MemberCount,
    PartyOrganisation,
)


@dataclass
class Firm:
    """An enterprise with what the demonstrations need to know of it."""

    enterprise: Enterprise
    line: "Line"
    committee: Committee
    link: Link
    memberships: list = field(default_factory=list)
    secretary: str = ""
    organisations: list = field(default_factory=list)
    # Stretches of time in which somebody was posted here whose work counts as Party work.
    posted: list = field(default_factory=list)


@dataclass
class Line:
    """A chain with its texts, links, committees by region and enterprises."""

    key: str
    spec: dict
    chain: Chain
    links: list
    committees: dict = field(default_factory=dict)
    seats: dict = field(default_factory=dict)
    firms: list = field(default_factory=list)

    @property
    def short(self) -> str:
        return self.chain.name.removesuffix("产业链")


def _endless(words: list[str]):
    """The words, four times over; then numbered, as a synthetic province needs more names than there are words."""
    yield from words * 4
    for number in itertools.count(2):
        yield from (f"{word}{number}" for word in words)


class Place:
    """A region tree under construction."""

    def __init__(self, seed: str, rows: Rows, today: dt.date, word: str):
        self.rows, self.today, self.word = rows, today, word
        self.random = random.Random(seed)
        self.people = People(seed)
        self.brands = _endless(brands(seed))
        self.departments: dict[tuple[int, str], Department] = {}
        self.teams: dict[tuple[int, str], HelpTeam] = {}
        self.lines: list[Line] = []
        self.firms: list[Firm] = []
        self.organisations: list[PartyOrganisation] = []
        self.codes = 0
        self._children: dict[int, int] = {}
        self._names: set = set()

    # --- frame ---

    def root(self, name: str, level: str, code: str | None = None) -> Region:
        """A region at the top of the tree; one of the same code that exists already is used as it stands."""
        found = Region.objects.filter(code=code).first() if code else None
        if found:
            self._children[found.pk] = _highest(found)
            return found
        number = max((int(p[:SEGMENT], 36) for p in Region.objects.values_list("path", flat=True)), default=0) + 1
        return self.rows.add(Region(name=name, code=code, level=level, path=path_segment(number)))

    def region(self, parent: Region, name: str, level: str, code: str | None = None) -> Region:
        number = self._children[parent.pk] = self._children.get(parent.pk, 0) + 1
        path = parent.path + path_segment(number)
        return self.rows.add(Region(parent=parent, name=name, code=code, level=level, path=path))

    def department(self, region: Region, key: str) -> Department:
        """The region's department of this key (see texts/units.yaml), made at its first mention."""
        found = self.departments.get((region.pk, key))
        if found is None:
            name, short = texts("units")["departments"][key]
            if key == "organisation":
                name = {"city": "市", "county": ""}.get(region.level, "") + name
                name = f"{region.name}{name.removeprefix('市')}"
            else:
                name = f"{region.name}{name}"
            found = self.departments[region.pk, key] = self.rows.add(
                Department(
                    region=region,
                    name=name,
                    short_name=short if region.level == "county" else "",
                    contact_name=self.people.name(),
                    contact_phone=self.people.phone(),
                )
            )
        return found

    def team(self, region: Region, name: str, spec: dict, founded_on: dt.date, size: int = 6) -> HelpTeam:
        """A help team (帮办团) with a lead and members out of its departments."""
        team = self.rows.add(
            HelpTeam(
                region=region,
                name=name,
                kind=spec["kind"],
                lead_department=self.department(region, spec["unit"]),
                duties=spec["duties"],
                founded_on=founded_on,
            )
        )
        self.teams[region.pk, spec["name"]] = team
        for number in range(size):
            key = spec["units"][number % len(spec["units"])]
            joined = founded_on + dt.timedelta(days=60 * max(0, number - 3))
            self.rows.add(
                TeamMember(
                    team=team,
                    region=region,
                    name=self.people.name(),
                    department=self.department(region, key),
                    phone=self.people.phone(),
                    is_lead=number == 0,
                    joined_on=min(joined, self.today),
                )
            )
        return team

    # --- chains ---

    def line(self, key: str, region: Region, founded_on: dt.date, scheme: str = "1+X+N", name: str = "") -> Line:
        """A chain (产业链) with its alliance, segments and links."""
        spec = texts("chains")[key]
        name = name or spec["name"]
        alliance = self.rows.add(
            Alliance(
                region=region,
                name=f"{region.name}{name}党建联盟",
                scheme=scheme,
                founded_on=founded_on,
                articles="联盟由牵头部门党组织引领、链主企业党组织带动、链上企业党组织协同，一季一议，要事一事一商。",
            )
        )
        chain = self.rows.add(
            Chain(region=region, alliance=alliance, name=name, description=spec["description"], founded_on=founded_on)
        )
        links = []
        for order, (position, called, inside) in enumerate(_segments(spec)):
            segment = self.rows.add(Segment(chain=chain, position=position, name=called, order=order))
            for place, link in enumerate(inside):
                row = self.rows.add(Link(segment=segment, name=link["name"], description=link["business"], order=place))
                links.append((row, link))
        line = Line(key, spec, chain, links)
        self.lines.append(line)
        return line

    def committee(
        self, line: Line | None, region: Region, founded_on: dt.date, parent=None, *, name: str = "", plan=None
    ) -> Committee:
        """The committee of a chain in a region (产业链党委), or with no line its industry committee (产业党委).

        `plan` names its seats: (kind, post title, employer, person or nothing); left out, the usual ones.
        """
        unit = line.spec["unit"] if line else "organisation"
        committee = self.rows.add(
            Committee(
                kind=CommitteeKind.CHAIN if line else CommitteeKind.INDUSTRY,
                chain=line.chain if line else None,
                region=region,
                level=region.level,
                parent=parent,
                name=name or f"{region.name}{line.short if line else ''}产业{'链' if line else ''}党委",
                leading_unit=self.department(region, unit),
                founded_on=founded_on,
            )
        )
        seats = self._seats(committee, plan or self._usual_seats(region, unit), founded_on)
        if line:
            line.committees[region.pk] = committee
            line.seats[committee.pk] = seats
        else:
            self.industry_seats = seats
        return committee

    def _usual_seats(self, region, unit) -> list[tuple]:
        employer = self.department(region, unit).name
        return [
            (SeatKind.CHAIN_CHIEF, "分管领导", f"{region.name}党政办公室", ""),
            (SeatKind.FIRST_SECRETARY, "组织部副部长", self.department(region, "organisation").name, ""),
            (SeatKind.SECRETARY, "党组书记、主要负责人", employer, ""),
            (SeatKind.DEPUTY, "党组成员、副职", employer, ""),
            (SeatKind.DEPUTY, "链主企业党组织书记", "", ""),
            (SeatKind.MEMBER, "企业党组织书记", "", ""),
            (SeatKind.MEMBER, "企业党组织书记", "", ""),
            (SeatKind.MEMBER, "部门党组成员", self.department(region, "market").name, ""),
        ]

    def _seats(self, committee, plan, founded_on) -> list[Seat]:
        return [
            self.rows.add(
                Seat(
                    committee=committee,
                    kind=kind,
                    person=person or self.people.name(),
                    post_title=title,
                    employer=employer_name,
                    phone=self.people.phone(),
                    started_on=founded_on,
                )
            )
            for kind, title, employer_name, person in plan
        ]

    # --- enterprises ---

    def firm(self, line: Line, committee: Committee, region: Region, joined_on: dt.date, **about) -> Firm:
        """An enterprise on the chain, in the `link` given or the next one that is no gap."""
        open_links = [(row, spec) for row, spec in line.links if not spec.get("gap")]
        link, spec = about.pop("link", None) or open_links[len(line.firms) % len(open_links)]
        brand = next(self.brands)
        kind = "有限公司" if self.random.random() < 0.86 else "有限责任公司"
        name = f"{self.word}{brand}{spec['word']}{kind}"
        while name in self._names:
            brand = next(self.brands)
            name = f"{self.word}{brand}{spec['word']}{kind}"
        self._names.add(name)
        self.codes += 1
        scale = (
            about.pop("scale", None)
            or self.random.choices([Scale.LARGE, Scale.MEDIUM, Scale.SMALL, Scale.MICRO], [4, 18, 56, 22])[0]
        )
        secretary = self.people.name()
        enterprise = self.rows.add(
            Enterprise(
                name=name,
                short_name=f"{brand}{spec['word']}",
                credit_code=credit_code(self.first_code + self.codes),
                region=region,
                address=f"{region.name}产业大道{self.random.randrange(1, 200)}号",
                scale=scale,
                is_above_scale=scale in (Scale.LARGE, Scale.MEDIUM),
                is_leading=scale == Scale.LARGE or self.random.random() < 0.08,
                contact_name=secretary,
                contact_phone=self.people.phone(),
                business=spec["business"],
                joined_on=joined_on,
                left_on=about.get("left_on"),
            )
        )
        membership = self.rows.add(
            ChainMembership(
                enterprise=enterprise,
                chain=line.chain,
                link=link,
                region=region,
                committee=committee,
                is_master=about.get("is_master", False),
                is_primary=True,
                joined_on=joined_on,
                left_on=about.get("left_on"),
            )
        )
        found = Firm(enterprise, line, committee, link, [membership], secretary)
        line.firms.append(found)
        self.firms.append(found)
        return found

    first_code = 0

    def also_on(self, firm: Firm, line: Line, committee: Committee, joined_on: dt.date) -> ChainMembership:
        """The enterprise's second chain."""
        link = next(row for row, spec in line.links if not spec.get("gap"))
        membership = self.rows.add(
            ChainMembership(
                enterprise=firm.enterprise,
                chain=line.chain,
                link=link,
                region=firm.enterprise.region,
                committee=committee,
                joined_on=joined_on,
            )
        )
        firm.memberships.append(membership)
        return membership

    def employees(self, firm: Firm, counts: list[tuple[dt.date, int]]) -> None:
        """Numbers of employees, each from its date until the next."""
        enterprise = firm.enterprise
        for number, (day, value) in enumerate(counts):
            until = counts[number + 1][0] if number + 1 < len(counts) else enterprise.left_on
            self.rows.add(
                EmployeeCount(
                    enterprise=enterprise,
                    region=enterprise.region,
                    chain=firm.line.chain,
                    committee=firm.committee,
                    employees=value,
                    from_on=day,
                    until_on=until,
                )
            )

    # --- Party organisations ---

    def organisation(self, name: str, region: Region, founded_on: dt.date, **about) -> PartyOrganisation:
        """A Party organisation; `firms` are those that it belongs to or was formed by jointly."""
        firms = about.pop("firms", [])
        line, committee = about.pop("line", None), about.pop("committee", None)
        if firms:
            line, committee = firms[0].line, firms[0].committee
        joint = len(firms) > 1
        row = self.rows.add(
            PartyOrganisation(
                name=name,
                kind=about.pop("kind", OrganisationKind.JOINT_BRANCH if joint else OrganisationKind.BRANCH),
                formation=about.pop("formation", Formation.JOINT if joint else Formation.ALONE),
                enterprise=firms[0].enterprise if len(firms) == 1 else None,
                region=region,
                chain=line.chain if line else None,
                committee=committee,
                secretary_name=firms[0].secretary if firms else self.people.name(),
                secretary_phone=self.people.phone(),
                founded_on=founded_on,
                **about,
            )
        )
        self.organisations.append(row)
        for firm in firms:
            firm.organisations.append(row)
            if joint:
                self.rows.link(PartyOrganisation.joint_enterprises, row, firm.enterprise)
        return row

    def members(self, organisation: PartyOrganisation, counts: list[tuple[dt.date, int]]) -> None:
        """Numbers of Party members, each from its date until the next."""
        for number, (day, value) in enumerate(counts):
            until = counts[number + 1][0] if number + 1 < len(counts) else organisation.dissolved_on
            self.rows.add(
                MemberCount(
                    organisation=organisation,
                    region=organisation.region,
                    chain=organisation.chain,
                    committee=organisation.committee,
                    members=value,
                    from_on=day,
                    until_on=until,
                )
            )


def _segments(spec: dict) -> list[tuple]:
    """(position, name, links) of the chain's segments: its own wording, or one for each position."""
    if "segments" in spec:
        return [(SegmentPosition(one["position"]), one["name"], one["links"]) for one in spec["segments"]]
    return [(one, f"{one.label}环节", spec["links"][one.value]) for one in SegmentPosition]


def _highest(region: Region) -> int:
    paths = Region.objects.filter(parent=region).values_list("path", flat=True)
    return max((int(path[-SEGMENT:], 36) for path in paths), default=0)


# In the order of writing: what is referred to comes first. PEOPLE refer to accounts as well.
ORDER = [
    Region, Department, Alliance, HelpTeam, Chain, Segment, Link, Committee,
    Enterprise, ChainMembership, EmployeeCount, PartyOrganisation, MemberCount, CoverageSpell,
]  # fmt: skip
PEOPLE = [TeamMember, Seat]
