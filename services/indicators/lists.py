"""What the lists, the catalogue of products and talent count."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import units
from enterprises.indicators import ENTERPRISES
from indicators.declarations import BAD, GOOD, NEUTRAL, Column, Distinct, Flow, Source, Stock, register
from services.list_enums import MatchState, ProductRole, TalentClass
from services.models import Demand, Match, Policy, PolicyMeasure, Product, Resource, TalentHire, TalentNeed


def _source(code, model, label, columns, related=(), url=None, entity="enterprise_id"):
    return Source(
        code,
        model,
        label,
        entity=entity,
        visible=lambda actor: model.objects.visible_to(actor),
        url=url or (lambda row: row.get_absolute_url()),
        related=(*related, "region"),
        columns=[*columns, Column(_("所在区域"), "region__name")],
    )


DEMANDS = _source(
    "demands", Demand, _("需求"),
    [
        Column(_("需求"), "title"), Column(_("企业"), "enterprise__name"), Column(_("要素类别"), "kind__spoken"),
        Column(_("提出日期"), "raised_on"), Column(_("状态"), "standing"),
    ],
    ("enterprise", "kind"),
)  # fmt: skip
MATCHES = _source(
    "matches", Match, _("对接"),
    [
        Column(_("需求"), "demand__title"), Column(_("企业"), "enterprise__name"),
        Column(_("确认日期"), "confirmed_on"),
    ],
    ("demand", "enterprise"), url=lambda row: row.demand.get_absolute_url(),
)  # fmt: skip
RESOURCES = _source(
    "resources", Resource, _("资源"),
    [
        Column(_("名称"), "title"), Column(_("提供方"), "provider"), Column(_("要素类别"), "kind__spoken"),
        Column(_("开始日期"), "from_on"), Column(_("有效期至"), "valid_until"),
    ],
    ("kind", "department", "organisation"), entity=None,
)  # fmt: skip
POLICIES = _source(
    "policies", Policy, _("政策"),
    [
        Column(_("政策名称"), "title"), Column(_("文号"), "document_number"), Column(_("发文单位"), "issued_by"),
        Column(_("受理开始日期"), "from_on"), Column(_("受理截止日期"), "valid_until"),
    ],
    ("kind",), entity=None,
)  # fmt: skip
MEASURES = _source(
    "measures", PolicyMeasure, _("政策措施"),
    [
        Column(_("政策名称"), "policy__title"), Column(_("序号"), "number"), Column(_("措施"), "text"),
        Column(_("责任单位"), "department__name"),
    ],
    ("policy", "department"), url=lambda row: row.policy.get_absolute_url(), entity=None,
)  # fmt: skip
PRODUCTS = _source(
    "products", Product, _("产品"),
    [
        Column(_("产品名称"), "name"), Column(_("企业"), "enterprise__name"), Column(_("产能或用量"), "quantity"),
        Column(_("登记日期"), "listed_on"),
    ],
    ("enterprise",),
)  # fmt: skip
NEEDS = _source(
    "talent_needs", TalentNeed, _("急需紧缺人才"),
    [
        Column(_("岗位"), "post"), Column(_("企业"), "enterprise__name"), Column(_("人才类别"), "kind__spoken"),
        Column(_("人数"), "number"), Column(_("开始日期"), "from_on"),
    ],
    ("enterprise", "kind"),
)  # fmt: skip
HIRES = _source(
    "talent_hires", TalentHire, _("招引人才"),
    [
        Column(_("企业"), "enterprise__name"), Column(_("人才类别"), "kind__spoken"), Column(_("人数"), "number"),
        Column(_("招引日期"), "hired_on"),
    ],
    ("enterprise", "kind"),
)  # fmt: skip


def _in_force(code, name, definition, source, **more):
    return Stock(
        code, name, more.pop("unit", units.XIANG), definition, more=more.pop("better", GOOD), source=source,
        enters=more.pop("enters", "from_on"), leaves="ends_on", **more,
    )  # fmt: skip


def _recruited(code, name, definition, **more):
    return Flow(
        code, name, units.REN, definition, more=GOOD, source=HIRES, on="hired_on", weight="number", **more
    )  # fmt: skip


register(
    Flow(
        "demands_raised", _("提出需求"), units.XIANG, _("期内企业提出的需求，按提出日期计。"), more=NEUTRAL,
        source=DEMANDS, on="raised_on",
    ),
    _in_force(
        "demands_open", _("在办需求"), _("期末还没有满足、撤回或过有效期的需求。"), DEMANDS, enters="raised_on",
        better=BAD,
    ),
    Flow(
        "demands_met", _("已满足需求"), units.XIANG, _("期内登记为已满足的需求，按满足日期计。"), more=GOOD,
        source=DEMANDS, on="met_on",
    ),
    Flow(
        "matches_confirmed", _("确认对接"), units.XIANG,
        _("期内确认的需求与资源、政策、办法的对接，按确认日期计；之后改为不合适的不计。"), more=GOOD, source=MATCHES,
        where=Q(state=MatchState.CONFIRMED), on="confirmed_on",
    ),
    _in_force("resources_in_force", _("可用资源"), _("期末有效的资源和服务项目。"), RESOURCES),
    _in_force("policies_in_force", _("有效政策"), _("期末有效的政策，一份文件计一项。"), POLICIES),
    _in_force(
        "policy_measures", _("政策措施"), _("期末有效的政策分解的措施。"), MEASURES, unit=units.TIAO
    ),
    _in_force(
        "products_made", _("产品目录"), _("期末目录中企业生产供应的产品，一家企业的一种产品计一种。"), PRODUCTS,
        where=Q(role=ProductRole.MAKES), enters="listed_on",
    ),
    _in_force(
        "talent_shortages", _("急需紧缺人才"), _("期末急需紧缺人才目录中各岗位需要的人数之和。"), NEEDS, unit=units.REN,
        better=BAD, weight="number",
    ),
    _recruited("talent_recruited", _("招引人才"), _("期内企业招引的人才，各次人数之和。")),
    _recruited(
        "doctors_recruited", _("招引博士"), _("期内企业招引的博士及以上高层次人才，各次人数之和。"),
        where=Q(counts_as=TalentClass.DOCTOR),
    ),
    Distinct(
        "enterprises_given_talent", _("招引人才企业"), units.JIA, _("期内招引到人才的企业，每家只计一次。"), more=GOOD,
        source=HIRES, on="hired_on", entities=ENTERPRISES,
    ),
)  # fmt: skip
