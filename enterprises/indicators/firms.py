"""What enterprises, their places on chains and their Party organisations count.

Regions count enterprises from the register itself, each once; chains and committees count places on chains.
"""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import units
from enterprises.enums import Coverage, OrganisationKind
from enterprises.models import (
    ChainMembership,
    CoverageSpell,
    EmployeeCount,
    Enterprise,
    MemberCount,
    PartyOrganisation,
)
from indicators.declarations import GOOD, NEUTRAL, ByChain, Column, Ratio, Source, Stock, register


def _enterprise_url(enterprise_id):
    return reverse("enterprises:enterprise_detail", args=[enterprise_id])


ENTERPRISES = Source(
    "enterprises",
    Enterprise,
    _("企业"),
    chain=None,
    committee=None,
    entity="id",
    visible=lambda actor: Enterprise.objects.visible_to(actor),
    url=lambda row: _enterprise_url(row.pk),
    related=("region",),
    columns=[
        Column(_("企业名称"), "name"),
        Column(_("统一社会信用代码"), "credit_code"),
        Column(_("所在区域"), "region__name"),
        Column(_("规模"), "scale"),
        Column(_("入链日期"), "joined_on"),
    ],
)
MEMBERSHIPS = Source(
    "memberships",
    ChainMembership,
    _("链上企业"),
    entity="enterprise_id",
    visible=lambda actor: ChainMembership.objects.visible_to(actor),
    url=lambda row: _enterprise_url(row.enterprise_id),
    related=("enterprise", "chain", "link", "region"),
    columns=[
        Column(_("企业"), "enterprise__name"),
        Column(_("产业链"), "chain__name"),
        Column(_("环节"), "link__name"),
        Column(_("所在区域"), "region__name"),
        Column(_("入链日期"), "joined_on"),
        Column(_("退出日期"), "left_on"),
    ],
)
EMPLOYEES = Source(
    "employee_counts",
    EmployeeCount,
    _("员工数"),
    entity="enterprise_id",
    visible=lambda actor: EmployeeCount.objects.visible_to(actor),
    url=lambda row: _enterprise_url(row.enterprise_id),
    related=("enterprise", "region"),
    columns=[
        Column(_("企业"), "enterprise__name"),
        Column(_("所在区域"), "region__name"),
        Column(_("员工数"), "employees"),
        Column(_("起始日期"), "from_on"),
    ],
)
ORGANISATIONS = Source(
    "organisations",
    PartyOrganisation,
    _("党组织"),
    entity="enterprise_id",
    visible=lambda actor: PartyOrganisation.objects.visible_to(actor),
    url=lambda row: reverse("enterprises:organisation_detail", args=[row.pk]),
    related=("enterprise", "region"),
    columns=[
        Column(_("名称"), "name"),
        Column(_("类别"), "kind"),
        Column(_("组建方式"), "formation"),
        Column(_("所属企业"), "enterprise__name"),
        Column(_("所在区域"), "region__name"),
        Column(_("成立日期"), "founded_on"),
    ],
)
MEMBERS = Source(
    "member_counts",
    MemberCount,
    _("党员数"),
    visible=lambda actor: MemberCount.objects.visible_to(actor),
    url=lambda row: reverse("enterprises:organisation_detail", args=[row.organisation_id]),
    related=("organisation", "region"),
    columns=[
        Column(_("党组织"), "organisation__name"),
        Column(_("所在区域"), "region__name"),
        Column(_("党员数"), "members"),
        Column(_("起始日期"), "from_on"),
    ],
)
_COVERAGE_COLUMNS = [
    Column(_("企业"), "enterprise__name"),
    Column(_("所在区域"), "region__name"),
    Column(_("覆盖起始"), "from_on"),
    Column(_("覆盖截止"), "until_on"),
]


def _coverage(code, label, coverage, chainwise=False):
    """The spells of one of the two coverages: of enterprises by region, or of their places on chains."""
    return Source(
        code,
        CoverageSpell,
        label,
        chain="chain_id" if chainwise else None,
        committee="committee_id" if chainwise else None,
        entity=None if chainwise else "enterprise_id",
        base=Q(coverage=coverage, membership__isnull=not chainwise),
        visible=lambda actor: CoverageSpell.objects.visible_to(actor),
        url=lambda row: _enterprise_url(row.enterprise_id),
        related=("enterprise", "region"),
        columns=_COVERAGE_COLUMNS,
    )


COVERAGE = _coverage("coverage", _("组织覆盖"), Coverage.ORGANISATION)
CHAIN_COVERAGE = _coverage("chain_coverage", _("链上组织覆盖"), Coverage.ORGANISATION, chainwise=True)
WORK_COVERAGE = _coverage("work_coverage", _("工作覆盖"), Coverage.WORK)
CHAIN_WORK_COVERAGE = _coverage("chain_work_coverage", _("链上工作覆盖"), Coverage.WORK, chainwise=True)


def _organisations(code, name, definition, kind=None):
    return Stock(
        code,
        name,
        units.GE,
        definition,
        more=GOOD,
        source=ORGANISATIONS,
        where=Q(kind__in=kind) if kind else Q(),
        enters="founded_on",
        leaves="dissolved_on",
    )


register(
    Stock(
        "member_enterprises",
        _("链上企业"),
        units.JIA,
        _("期末在册的企业，每家计一次；按产业链、产业链党委统计时，在几条链上计几次。"),
        more=GOOD,
        source=ENTERPRISES,
        enters="joined_on",
        leaves="left_on",
        by_chain=ByChain(MEMBERSHIPS),
    ),
    Stock(
        "above_scale_enterprises",
        _("规上企业"),
        units.JIA,
        _("期末在册企业中的规模以上企业。"),
        more=GOOD,
        source=ENTERPRISES,
        where=Q(is_above_scale=True),
        enters="joined_on",
        leaves="left_on",
    ),
    Stock(
        "chain_masters",
        _("链主企业"),
        units.JIA,
        _("期末担任链主的企业；在两条链上担任链主，计两家。"),
        more=NEUTRAL,
        source=MEMBERSHIPS,
        where=Q(is_master=True),
        enters="joined_on",
        leaves="left_on",
    ),
    Stock(
        "employees",
        _("员工数"),
        units.REN,
        _("期末在册企业最近一次填报的员工数之和；按产业链统计时，只计在企业的主链上。"),
        more=GOOD,
        source=EMPLOYEES,
        weight="employees",
        enters="from_on",
        leaves="until_on",
    ),
    _organisations("party_orgs", _("链上党组织"), _("期末已成立、未撤销的党组织，各类合计。")),
    _organisations(
        "party_general_branches", _("党总支"), _("期末已成立、未撤销的党总支。"), [OrganisationKind.GENERAL_BRANCH]
    ),
    _organisations(
        "party_branches",
        _("党支部"),
        _("期末已成立、未撤销的党支部和联合党支部。"),
        [OrganisationKind.BRANCH, OrganisationKind.JOINT_BRANCH],
    ),
    _organisations("party_groups", _("党小组"), _("期末已成立、未撤销的党小组。"), [OrganisationKind.GROUP]),
    Stock(
        "party_members",
        _("党员数"),
        units.MING,
        _("期末各党组织最近一次填报的党员数之和。"),
        more=GOOD,
        source=MEMBERS,
        weight="members",
        enters="from_on",
        leaves="until_on",
    ),
    Stock(
        "covered_enterprises",
        _("有党组织的企业"),
        units.JIA,
        _("期末有单独组建或联合组建的党组织的在册企业。"),
        more=GOOD,
        source=COVERAGE,
        enters="from_on",
        leaves="until_on",
        by_chain=ByChain(CHAIN_COVERAGE),
    ),
    Ratio(
        "organisation_coverage",
        _("组织覆盖率"),
        units.PERCENT,
        _("期末有党组织的企业占在册企业的百分比。"),
        more=GOOD,
        numerator="covered_enterprises",
        denominator="member_enterprises",
    ),
    Stock(
        "work_covered_enterprises",
        _("党的工作已覆盖的企业"),
        units.JIA,
        _("期末有党组织、派驻党建或工会指导员、群团组织三者之一的在册企业。"),
        more=GOOD,
        source=WORK_COVERAGE,
        enters="from_on",
        leaves="until_on",
        by_chain=ByChain(CHAIN_WORK_COVERAGE),
    ),
    Ratio(
        "work_coverage",
        _("工作覆盖率"),
        units.PERCENT,
        _("期末党的工作已覆盖的企业占在册企业的百分比。"),
        more=GOOD,
        numerator="work_covered_enterprises",
        denominator="member_enterprises",
    ),
)
