"""What the registers count: people posted, pairings, facilities, honours."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import units
from enterprises.enums import FacilityClass, HonourClass, PairingClass, PostingClass, Side
from enterprises.models import Facility, Honour, OfficerSpell, PairedSpell, Pairing
from indicators.declarations import GOOD, NEUTRAL, ByChain, Column, Flow, Ratio, Source, Stock, register


def _url(name, attribute="pk"):
    return lambda row: reverse(f"enterprises:{name}_detail", args=[getattr(row, attribute)])


def _party_url(row):
    name = "enterprise" if row.enterprise_id else "organisation"
    return reverse(f"enterprises:{name}_detail", args=[row.enterprise_id or row.organisation_id])


def _officers(code, label, chainwise):
    return Source(
        code,
        OfficerSpell,
        label,
        chain="chain_id" if chainwise else None,
        committee="committee_id" if chainwise else None,
        base=Q(chainwise=chainwise),
        visible=lambda actor: OfficerSpell.objects.visible_to(actor),
        url=_url("posting", "posting_id"),
        related=("posting__kind", "posting__enterprise", "posting__organisation", "posting__region", "region"),
        columns=[
            Column(_("姓名"), "posting__person"),
            Column(_("派驻类别"), "posting__kind__spoken"),
            Column(_("派驻到"), "posting__place"),
            Column(_("所在区域"), "region__name"),
            Column(_("起"), "from_on"),
            Column(_("止"), "until_on"),
        ],
    )


OFFICERS = _officers("officers", _("在岗人员"), False)
CHAIN_OFFICERS = _officers("chain_officers", _("链上在岗人员"), True)
PAIRINGS = Source(
    "pairings",
    Pairing,
    _("结对"),
    visible=lambda actor: Pairing.objects.visible_to(actor),
    url=_url("pairing"),
    related=(
        "kind", "region", "helper_organisation", "helper_enterprise", "helped_organisation", "helped_enterprise",
    ),
    columns=[
        Column(_("帮扶方"), "helper_text"),
        Column(_("受助方"), "helped_text"),
        Column(_("类别"), "kind__spoken"),
        Column(_("所在区域"), "region__name"),
        Column(_("开始日期"), "started_on"),
        Column(_("结束日期"), "ended_on"),
    ],
)  # fmt: skip
PAIRED = Source(
    "paired",
    PairedSpell,
    _("结对单位"),
    entity="enterprise_id",
    visible=lambda actor: PairedSpell.objects.visible_to(actor),
    url=_party_url,
    related=("enterprise", "organisation", "region"),
    columns=[
        Column(_("单位"), lambda row: str(row.enterprise or row.organisation)),
        Column(_("所在区域"), "region__name"),
        Column(_("起"), "from_on"),
        Column(_("止"), "until_on"),
    ],
)
FACILITIES = Source(
    "facilities",
    Facility,
    _("阵地"),
    entity="enterprise_id",
    visible=lambda actor: Facility.objects.visible_to(actor),
    url=_url("facility"),
    related=("kind", "region"),
    columns=[
        Column(_("名称"), "name"),
        Column(_("类别"), "kind__spoken"),
        Column(_("品牌"), "brand"),
        Column(_("所在区域"), "region__name"),
        Column(_("启用日期"), "opened_on"),
        Column(_("停用日期"), "closed_on"),
    ],
)
HONOURS = Source(
    "honours",
    Honour,
    _("荣誉"),
    entity="enterprise_id",
    visible=lambda actor: Honour.objects.visible_to(actor),
    url=_url("honour"),
    related=("kind", "region", "organisation", "enterprise"),
    columns=[
        Column(_("获得者"), "holder"),
        Column(_("荣誉"), "kind"),
        Column(_("年度"), "year"),
        Column(_("所在区域"), "region__name"),
        Column(_("授予日期"), "awarded_on"),
    ],
)


def _posted(code, name, definition, counts_as=""):
    return Stock(
        code,
        name,
        units.MING,
        definition,
        more=GOOD,
        source=OFFICERS,
        where=Q(counts_as=counts_as),
        enters="from_on",
        leaves="until_on",
        by_chain=ByChain(CHAIN_OFFICERS),
    )


def _open(code, name, definition, *classes):
    return Stock(
        code,
        name,
        units.GE,
        definition,
        more=GOOD,
        source=FACILITIES,
        where=Q(counts_as__in=[str(one) for one in classes]) if classes else Q(),
        enters="opened_on",
        leaves="closed_on",
    )


def _in_force(code, name, definition, counts_as=""):
    return Stock(
        code,
        name,
        units.GE,
        definition,
        more=GOOD,
        source=PAIRINGS,
        where=Q(counts_as=counts_as) if counts_as else Q(),
        enters="started_on",
        leaves="ended_on",
    )


def _parties(code, name, unit, definition, side, counts_as):
    return Stock(
        code,
        name,
        unit,
        definition,
        more=GOOD,
        source=PAIRED,
        where=Q(side=side, counts_as=counts_as),
        enters="from_on",
        leaves="until_on",
    )


def _held(code, name, unit, definition, counts_as):
    return Stock(
        code,
        name,
        unit,
        definition,
        more=GOOD,
        source=HONOURS,
        where=Q(counts_as=counts_as),
        enters="awarded_on",
        leaves="ends_on",
    )


register(
    _posted(
        "officers",
        _("派驻人员"),
        _("期末在岗的派驻人员，各类合计；同一人派驻几处、兼任几类，在本县计一次，按产业链统计时每条链计一次。"),
    ),
    _posted("instructors", _("党建指导员"), _("期末在岗的党建指导员，同一人计一次。"), PostingClass.INSTRUCTOR),
    _posted(
        "union_instructors", _("工会指导员"), _("期末在岗的工会指导员，同一人计一次。"), PostingClass.UNION_INSTRUCTOR
    ),
    _posted("area_heads", _("片区行长"), _("期末在岗的片区行长，同一人计一次。"), PostingClass.AREA_HEAD),
    _posted("town_managers", _("乡镇金融经理"), _("期末在岗的乡镇金融经理，同一人计一次。"), PostingClass.TOWN_MANAGER),
    _posted("village_officers", _("金融村官"), _("期末在岗的金融村官，同一人计一次。"), PostingClass.VILLAGE_OFFICER),
    _posted("client_managers", _("客户经理"), _("期末在岗的专职客户经理，同一人计一次。"), PostingClass.CLIENT_MANAGER),
    _posted("specialists", _("服务专员"), _("期末在岗的服务专员，同一人计一次。"), PostingClass.SPECIALIST),
    _posted("advisers", _("科技指导员"), _("期末在岗的科技指导员和科技副总，同一人计一次。"), PostingClass.ADVISER),
    _posted(
        "liaison_leaders",
        _("对接企业的县级领导"),
        _("期末对接链上企业的县级领导，同一人对接几家计一次。"),
        PostingClass.LIAISON_LEADER,
    ),
    _open(
        "venues",
        _("党建阵地"),
        _("期末启用的党群服务中心、党员活动室和党建孵化中心。"),
        FacilityClass.SERVICE_CENTRE,
        FacilityClass.ACTIVITY_ROOM,
        FacilityClass.INCUBATION_CENTRE,
    ),
    _open("service_centres", _("党群服务中心"), _("期末启用的党群服务中心。"), FacilityClass.SERVICE_CENTRE),
    _open("activity_rooms", _("党员活动室"), _("期末启用的党员活动室。"), FacilityClass.ACTIVITY_ROOM),
    _open("incubation_centres", _("党建孵化中心"), _("期末启用的党建孵化中心。"), FacilityClass.INCUBATION_CENTRE),
    _open(
        "pioneer_units",
        _("示范车间和先锋岗"),
        _("期末的党员示范车间、先锋班组和先锋岗。"),
        FacilityClass.MODEL_WORKSHOP,
        FacilityClass.PIONEER_POST,
    ),
    _open("expert_workstations", _("专家工作站"), _("期末启用的专家工作站。"), FacilityClass.EXPERT_WORKSTATION),
    _open("stations", _("驻外工作站"), _("期末启用的驻外工作站。"), FacilityClass.STATION),
    _open("service_points", _("农民工服务站点"), _("期末启用的农民工服务站点。"), FacilityClass.SERVICE_POINT),
    _in_force("pairings", _("结对共建"), _("期末有效的结对，各类合计，两方计一对。")),
    _in_force("strong_weak_pairings", _("强弱帮带"), _("期末有效的强弱帮带，两方计一对。"), PairingClass.STRONG_WEAK),
    _in_force("enterprise_pairings", _("企业互助"), _("期末有效的企业互助，两方计一对。"), PairingClass.ENTERPRISES),
    _in_force("branch_pairings", _("支部共建"), _("期末有效的支部共建，两方计一对。"), PairingClass.BRANCHES),
    _parties(
        "finance_pairs",
        _("金融结对单位"),
        units.JIA,
        _("期末与金融机构结对的企业和党组织；同一企业及其党组织与几家机构结对，计一家。"),
        Side.HELPED,
        PairingClass.FINANCE,
    ),
    _parties(
        "strong_helpers",
        _("帮带方"),
        units.GE,
        _("期末正在帮带其他党组织的先进党组织；有所属企业的按企业计一次。"),
        Side.HELPER,
        PairingClass.STRONG_WEAK,
    ),
    Ratio(
        "helped_per_strong",
        _("平均帮带数"),
        units.NONE,
        _("期末有效的强弱帮带除以帮带方：一个先进党组织平均帮带几个。"),
        more=NEUTRAL,
        decimals=1,
        numerator="strong_weak_pairings",
        denominator="strong_helpers",
    ),
    Stock(
        "paired_households",
        _("党员联系户"),
        units.HU,
        _("期末党员联户结对的户数之和。"),
        more=GOOD,
        source=PAIRINGS,
        where=Q(counts_as=PairingClass.HOUSEHOLDS),
        weight="households",
        enters="started_on",
        leaves="ended_on",
    ),
    Flow(
        "commendations",
        _("评选表彰"),
        units.MING,
        _("期内表彰的个人（如岗位标兵、创新能手、技能先锋），每人每项计一名。"),
        more=GOOD,
        source=HONOURS,
        where=Q(counts_as=HonourClass.COMMENDATION),
        on="awarded_on",
    ),
    _held(
        "strong_organisations",
        _("先进党组织荣誉"),
        units.XIANG,
        _("期末有效的先进党组织荣誉（如双强六好），一个党组织有几级荣誉计几项。"),
        HonourClass.STRONG_ORGANISATION,
    ),
    _held("smart_factories", _("智能工厂"), units.GE, _("期末有效的智能工厂称号。"), HonourClass.SMART_FACTORY),
    _held(
        "digital_workshops", _("数字化车间"), units.GE, _("期末有效的数字化车间称号。"), HonourClass.DIGITAL_WORKSHOP
    ),
)
