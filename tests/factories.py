"""One factory per model, for all tests. Defaults make a valid record in a small invented county.

Records of the organisation are made directly, as the demo does: the lifecycles have tests of their own. Problems in a
state beyond draft are made by their lifecycle (`tests/problems`), never by writing columns.
"""

import datetime as dt

import factory
from factory.django import DjangoModelFactory
from stdnum.cn import uscc

from accounts.models import Post, User
from alliances.models import Alliance, Department, HelpTeam, Region, TeamMember, path_segment
from chains.models import Chain, Committee, Link, Seat, Segment
from core.actor import Role
from core.clock import at_local
from enterprises.models import (
    ChainMembership,
    Enterprise,
    Facility,
    FacilityKind,
    Honour,
    HonourKind,
    MassOrganisation,
    Pairing,
    PairingKind,
    PartyOrganisation,
    Posting,
    PostingKind,
    StaffingRule,
)
from meetings.enums import MeetingState
from meetings.models import AgendaItem, Attendance, Decision, Meeting, MeetingKind
from problems.models import Category, Problem

PASSWORD = "Yunling-2026-test"
LONG_AGO = dt.date(2024, 1, 8)


def credit_code(number: int) -> str:
    """A valid unified social credit code for the number, in an invented division."""
    body = f"91990100{number:09d}"
    return body + uscc.calc_check_digit(body)


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region

    name = factory.Sequence("试验{}县".format)
    level = "county"
    parent = None

    @factory.lazy_attribute
    def path(self):
        siblings = Region.objects.filter(parent=self.parent).values_list("path", flat=True)
        last = max((int(path[-4:], 36) for path in siblings), default=0)
        return (self.parent.path if self.parent else "") + path_segment(last + 1)


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    region = factory.SubFactory(RegionFactory)
    name = factory.Sequence("试验局{}".format)


class AllianceFactory(DjangoModelFactory):
    class Meta:
        model = Alliance

    region = factory.SubFactory(RegionFactory)
    name = factory.Sequence("试验{}产业链党建联盟".format)
    founded_on = LONG_AGO


class HelpTeamFactory(DjangoModelFactory):
    class Meta:
        model = HelpTeam

    region = factory.SubFactory(RegionFactory)
    name = factory.Sequence("试验帮办团{}".format)
    founded_on = LONG_AGO


class TeamMemberFactory(DjangoModelFactory):
    class Meta:
        model = TeamMember

    team = factory.SubFactory(HelpTeamFactory)
    name = factory.Sequence("团员{}".format)
    joined_on = LONG_AGO


class ChainFactory(DjangoModelFactory):
    class Meta:
        model = Chain

    region = factory.SubFactory(RegionFactory)
    name = factory.Sequence("试验产业链{}".format)
    founded_on = LONG_AGO


class SegmentFactory(DjangoModelFactory):
    class Meta:
        model = Segment

    chain = factory.SubFactory(ChainFactory)
    position = "upstream"
    name = factory.Sequence("链段{}".format)


class LinkFactory(DjangoModelFactory):
    class Meta:
        model = Link

    segment = factory.SubFactory(SegmentFactory)
    name = factory.Sequence("环节{}".format)


class CommitteeFactory(DjangoModelFactory):
    class Meta:
        model = Committee

    chain = factory.SubFactory(ChainFactory)
    region = factory.LazyAttribute(lambda made: made.chain.region)
    level = factory.LazyAttribute(lambda made: made.region.level)
    name = factory.LazyAttribute(lambda made: f"{made.chain.name}党委")
    founded_on = LONG_AGO

    class Params:
        industry = factory.Trait(
            kind="industry",
            chain=None,
            region=factory.SubFactory(RegionFactory),
            name=factory.Sequence("产业党委{}".format),
        )


class SeatFactory(DjangoModelFactory):
    class Meta:
        model = Seat

    committee = factory.SubFactory(CommitteeFactory)
    kind = "member"
    person = factory.Sequence("委员{}".format)
    employer = "试验局"
    started_on = LONG_AGO


class EnterpriseFactory(DjangoModelFactory):
    class Meta:
        model = Enterprise

    region = factory.SubFactory(RegionFactory)
    name = factory.Sequence("云岭试验企业{}有限公司".format)
    short_name = factory.Sequence("试验企业{}".format)
    credit_code = factory.Sequence(credit_code)
    joined_on = LONG_AGO


class ChainMembershipFactory(DjangoModelFactory):
    class Meta:
        model = ChainMembership

    enterprise = factory.SubFactory(EnterpriseFactory)
    chain = factory.SubFactory(ChainFactory)
    region = factory.LazyAttribute(lambda made: made.enterprise.region)
    is_primary = True
    joined_on = LONG_AGO


class PartyOrganisationFactory(DjangoModelFactory):
    class Meta:
        model = PartyOrganisation

    region = factory.SubFactory(RegionFactory)
    name = factory.Sequence("试验企业{}党支部".format)
    founded_on = LONG_AGO


class KindFactory(DjangoModelFactory):
    """A region's own kind; without a region a common one."""

    class Meta:
        abstract = True

    name = factory.Sequence("本地类别{}".format)
    code = factory.Sequence("own-{}".format)
    order = 900


class PostingKindFactory(KindFactory):
    class Meta:
        model = PostingKind

    class Params:
        of_region = factory.Trait(posted_to="region")
        of_organisation = factory.Trait(posted_to="organisation")


class PairingKindFactory(KindFactory):
    class Meta:
        model = PairingKind


class FacilityKindFactory(KindFactory):
    class Meta:
        model = FacilityKind


class HonourKindFactory(KindFactory):
    class Meta:
        model = HonourKind


def _common(model, code):
    return factory.LazyFunction(lambda: model.objects.get(code=code))


class PostingFactory(DjangoModelFactory):
    """An instructor at an enterprise; with a trait one at an organisation, or the manager of a town. What follows from
    the place and the kind (spells, coverage) is made by `enterprises.lifecycle`."""

    class Meta:
        model = Posting

    kind = _common(PostingKind, "instructor")
    enterprise = factory.SubFactory(EnterpriseFactory)
    region = factory.LazyAttribute(lambda made: (made.enterprise or made.organisation).region)
    counts_as = factory.LazyAttribute(lambda made: made.kind.counts_as)
    is_single = factory.LazyAttribute(lambda made: made.kind.is_single)
    posted_to = factory.LazyAttribute(lambda made: made.kind.posted_to)
    person = factory.Sequence("指导员{}".format)
    person_key = factory.LazyAttribute(lambda made: f"{made.region.pk}|{made.person}|")
    started_on = LONG_AGO

    class Params:
        at_organisation = factory.Trait(
            kind=_common(PostingKind, "branch-instructor"),
            enterprise=None,
            organisation=factory.SubFactory(PartyOrganisationFactory),
        )
        of_town = factory.Trait(
            kind=_common(PostingKind, "town-manager"),
            enterprise=None,
            region=factory.SubFactory(RegionFactory, level="township"),
        )


class PairingFactory(DjangoModelFactory):
    """A strong organisation with another one; with a trait a bank with an enterprise."""

    class Meta:
        model = Pairing

    kind = _common(PairingKind, "strong-weak")
    counts_as = factory.LazyAttribute(lambda made: made.kind.counts_as)
    helper_organisation = factory.SubFactory(PartyOrganisationFactory)
    helped_organisation = factory.SubFactory(PartyOrganisationFactory)
    region = factory.LazyAttribute(lambda made: (made.helped_organisation or made.helped_enterprise).region)
    started_on = LONG_AGO

    class Params:
        of_bank = factory.Trait(
            kind=_common(PairingKind, "finance"),
            helper_organisation=None,
            helper_name="试验农商行",
            helped_organisation=None,
            helped_enterprise=factory.SubFactory(EnterpriseFactory),
        )


class FacilityFactory(DjangoModelFactory):
    class Meta:
        model = Facility

    kind = _common(FacilityKind, "service-centre")
    counts_as = factory.LazyAttribute(lambda made: made.kind.counts_as)
    region = factory.SubFactory(RegionFactory)
    name = factory.Sequence("试验党群服务中心{}".format)
    opened_on = LONG_AGO


class HonourFactory(DjangoModelFactory):
    """A strong organisation of the city; with a trait a person's commendation."""

    class Meta:
        model = Honour

    kind = _common(HonourKind, "strong-city")
    counts_as = factory.LazyAttribute(lambda made: made.kind.counts_as)
    awarded_to = factory.LazyAttribute(lambda made: made.kind.awarded_to)
    organisation = factory.SubFactory(PartyOrganisationFactory)
    region = factory.LazyAttribute(lambda made: made.organisation.region)
    year = 2025
    awarded_on = dt.date(2025, 7, 1)

    class Params:
        of_person = factory.Trait(
            kind=_common(HonourKind, "post-model"),
            organisation=None,
            person=factory.Sequence("标兵{}".format),
            unit="试验企业",
            region=factory.SubFactory(RegionFactory),
        )


class MassOrganisationFactory(DjangoModelFactory):
    class Meta:
        model = MassOrganisation

    enterprise = factory.SubFactory(EnterpriseFactory)
    region = factory.LazyAttribute(lambda made: made.enterprise.region)
    kind = "union"
    name = factory.Sequence("试验企业{}工会".format)
    founded_on = LONG_AGO


class StaffingRuleFactory(DjangoModelFactory):
    """Each town one manager."""

    class Meta:
        model = StaffingRule

    region = factory.SubFactory(RegionFactory)
    name = factory.Sequence("一镇一经理{}".format)
    posting_kind = _common(PostingKind, "town-manager")
    scope = "level"
    level = "township"
    started_on = LONG_AGO


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("person{}".format)
    name = factory.Sequence("人员{}".format)

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or PASSWORD)
        self.save(update_fields=["password"])


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post

    user = factory.SubFactory(UserFactory)
    role = Role.AUDITOR
    started_on = LONG_AGO


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    name = factory.Sequence("类别{}".format)
    code = factory.Sequence("category-{}".format)


class ProblemFactory(DjangoModelFactory):
    """A draft. What comes after it is made by `problems.lifecycle`."""

    class Meta:
        model = Problem

    enterprise = factory.SubFactory(EnterpriseFactory)
    region = factory.LazyAttribute(lambda made: made.enterprise.region)
    category = factory.SubFactory(CategoryFactory)
    title = factory.Sequence("试验事项{}".format)
    text = "试验事项的具体情况。"
    created_at = factory.LazyFunction(lambda: at_local(dt.date(2026, 3, 2)))


class MeetingFactory(DjangoModelFactory):
    """A held committee meeting; `code="joint"` makes it one of another common kind."""

    class Meta:
        model = Meeting

    class Params:
        code = "committee"

    committee = factory.SubFactory(CommitteeFactory)
    region = factory.LazyAttribute(lambda made: made.committee.region)
    chain = factory.LazyAttribute(lambda made: made.committee.chain)
    title = factory.Sequence("第{}次党委会".format)
    kind = factory.LazyAttribute(lambda made: MeetingKind.objects.get(region=None, code=made.code))
    counts_as = factory.LazyAttribute(lambda made: made.kind.counts_as)
    state = MeetingState.HELD
    held_on = dt.date(2026, 3, 10)
    starts_at = factory.LazyAttribute(lambda made: at_local(made.held_on))
    minutes = factory.LazyAttribute(lambda made: "会议听取了汇报。" if made.state in ("minuted", "filed") else "")
    notified_on = factory.LazyAttribute(lambda made: made.held_on if made.state == "notified" else None)
    minuted_on = factory.LazyAttribute(lambda made: made.held_on if made.state in ("minuted", "filed") else None)
    filed_on = factory.LazyAttribute(lambda made: made.held_on if made.state == "filed" else None)


def meeting_kind(code: str = "committee") -> MeetingKind:
    """One of the common kinds of meetings."""
    return MeetingKind.objects.get(region=None, code=code)


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = Attendance

    meeting = factory.SubFactory(MeetingFactory)
    name = factory.Sequence("与会{}".format)


class AgendaItemFactory(DjangoModelFactory):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    title = factory.Sequence("议题{}".format)


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = Decision

    meeting = factory.SubFactory(MeetingFactory)
    committee = factory.LazyAttribute(lambda made: made.meeting.committee)
    region = factory.LazyAttribute(lambda made: made.meeting.region)
    chain = factory.LazyAttribute(lambda made: made.meeting.chain)
    text = factory.Sequence("议定事项{}".format)
    owner_name = "责任人"
    decided_on = factory.LazyAttribute(lambda made: made.meeting.held_on)
    due_on = factory.LazyAttribute(lambda made: made.decided_on + dt.timedelta(days=14))
