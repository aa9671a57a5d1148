"""The registers of demands, resources, policies, products, talent, and their kinds."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances.registers import make_register
from core.registers import Column
from enterprises import lifecycle as kinds
from enterprises import perms as firms
from services import list_perms as perms
from services.forms import list_filters as filters
from services.forms import lists as forms
from services.lifecycle import catalogue, lists, offers
from services.models import Demand, Policy, Product, Resource, ServiceKind, TalentHire, TalentKind, TalentNeed


def _of_firm(obj, actor):
    return perms.keep_of_firm(obj.enterprise, actor)


def _chains(row):
    """The chains a row is for; every chain where none is named."""
    return "、".join(chain.name for chain in row.chains.all()) or str(_("各条产业链"))


def _with_chains(rows, actor):
    return rows.prefetch_related("chains")


DEMANDS = make_register(
    model=Demand,
    urls="services:demand",
    title=_("需求清单"),
    noun=pgettext_lazy("noun", "需求"),
    columns=[
        Column(_("需求"), "title"),
        Column(_("要素类别"), "kind__spoken", "kind__order"),
        Column(_("企业"), "enterprise__name", "enterprise__name"),
        Column(_("所在区域"), "region__name", "region__path", css="md"),
        Column(_("产业链党委"), "committee__name", on_page=False),
        Column(_("具体情况"), "text", on_page=False),
        Column(_("提出日期"), "raised_on", "raised_on", "date"),
        Column(_("需要在何时之前"), "needed_by", "needed_by", "date", css="md"),
        Column(_("有效期至"), "valid_until", "valid_until", "date", css="lg"),
        Column(_("状态"), "standing", "state"),
        Column(_("结果说明"), "outcome", on_page=False),
    ],
    filters=filters.DemandFilter,
    form=forms.DemandForm,
    save=lists.save_demand,
    can_create=perms.create_of_firm,
    can_edit=_of_firm,
    search=("title", "text", "enterprise__name"),
    related=("kind__category", "region", "chain", "committee", "enterprise__region", "problem"),
    order=("-raised_on", "-pk"),
    icon="speakerphone",
    hint=_("企业需要什么，一句话登记；系统列出可对接的资源、政策和办法，由人确认。"),
)

RESOURCES = make_register(
    model=Resource,
    urls="services:resource",
    title=_("资源清单"),
    noun=pgettext_lazy("noun", "资源"),
    columns=[
        Column(_("名称"), "title"),
        Column(_("要素类别"), "kind__spoken", "kind__order"),
        Column(_("提供方"), "provider"),
        Column(_("适用企业"), "audience", "audience", css="md"),
        Column(_("适用产业链"), _chains, css="lg"),
        Column(_("适用区域"), "region__name", "region__path", css="md"),
        Column(_("具体内容"), "text", on_page=False),
        Column(_("联系人"), "contact_name", css="lg"),
        Column(_("联系电话"), "contact_phone", css="lg"),
        Column(_("开始日期"), "from_on", "from_on", "date", css="md"),
        Column(_("有效期至"), "valid_until", "valid_until", "date"),
    ],
    filters=filters.OfferFilter,
    form=forms.ResourceForm,
    save=offers.save_resource,
    can_create=perms.create_offer,
    can_edit=perms.edit_offer,
    rows=_with_chains,
    search=("title", "text", "provider_name", "department__name", "organisation__name"),
    related=("kind", "region", "chain", "committee", "department", "organisation"),
    order=("-from_on", "-pk"),
    icon="package",
    hint=_("委员单位、党组织和机构能提供什么服务，登记在这里，企业需要时直接对接。"),
)

POLICIES = make_register(
    model=Policy,
    urls="services:policy",
    title=_("政策清单"),
    noun=pgettext_lazy("noun", "政策"),
    columns=[
        Column(_("政策名称"), "title"),
        Column(_("扶持内容"), "gives"),
        Column(_("要素类别"), "kind__spoken", "kind__order", css="md"),
        Column(_("文号"), "document_number", css="lg"),
        Column(_("发文单位"), "issued_by", "issued_by", css="lg"),
        Column(_("级别"), "level", "level", css="md"),
        Column(_("适用企业"), "audience", "audience", css="md"),
        Column(_("适用产业链"), _chains, css="lg"),
        Column(_("适用区域"), "region__name", on_page=False),
        Column(_("具体内容"), "text", on_page=False),
        Column(_("受理开始日期"), "from_on", "from_on", "date", css="md"),
        Column(_("受理截止日期"), "valid_until", "valid_until", "date"),
    ],
    filters=filters.OfferFilter,
    form=forms.PolicyForm,
    save=offers.save_policy,
    can_create=perms.create_offer,
    can_edit=perms.edit_offer,
    rows=_with_chains,
    search=("title", "gives", "text", "document_number", "issued_by"),
    related=("kind", "region", "chain", "committee"),
    order=("-from_on", "-pk"),
    icon="file-text",
    hint=_("一条产业链一本政策：给谁、给什么、何时受理，企业随时可查。"),
)

PRODUCTS = make_register(
    model=Product,
    urls="services:product",
    title=_("产品目录"),
    noun=pgettext_lazy("noun", "产品"),
    columns=[
        Column(_("产品名称"), "name", "name"),
        Column(_("产或购"), "role", "role"),
        Column(_("企业"), "enterprise__name", "enterprise__name"),
        Column(_("产能或用量"), "quantity"),
        Column(_("计量单位"), "unit", on_page=False),
        Column(_("规格和要求"), "note", css="lg"),
        Column(_("产业链"), "chain__name", css="md"),
        Column(_("所在区域"), "region__name", "region__path", css="md"),
        Column(_("登记日期"), "listed_on", "listed_on", "date", css="lg"),
        Column(_("停产或停购日期"), "ends_on", on_page=False, kind="date"),
    ],
    filters=filters.ProductFilter,
    form=forms.ProductForm,
    save=catalogue.save_product,
    can_create=perms.create_of_firm,
    can_edit=_of_firm,
    search=("name", "note", "enterprise__name"),
    related=("region", "chain", "committee", "enterprise__region"),
    order=("name", "pk"),
    icon="list-details",
    hint=_("企业生产什么、采购什么，链上企业互相找得到，提高本地配套率。"),
)

TALENT_NEEDS = make_register(
    model=TalentNeed,
    urls="services:talentneed",
    title=_("急需紧缺人才目录"),
    noun=pgettext_lazy("noun", "急需岗位"),
    columns=[
        Column(_("岗位"), "post", "post"),
        Column(_("企业"), "enterprise__name", "enterprise__name"),
        Column(_("人才类别"), "kind__spoken", "kind__order"),
        Column(_("人数"), "number", "number", "integer"),
        Column(_("条件要求"), "qualification", css="md"),
        Column(_("待遇"), "offers", css="lg"),
        Column(_("产业链"), "chain__name", css="lg"),
        Column(_("所在区域"), "region__name", "region__path", css="md"),
        Column(_("开始日期"), "from_on", "from_on", "date", css="md"),
        Column(_("有效期至"), "valid_until", "valid_until", "date", css="lg"),
        Column(_("招满或取消日期"), "closed_on", on_page=False, kind="date"),
    ],
    filters=filters.TalentNeedFilter,
    form=forms.TalentNeedForm,
    save=catalogue.save_need,
    can_create=perms.create_of_firm,
    can_edit=_of_firm,
    search=("post", "qualification", "enterprise__name"),
    related=("kind", "region", "chain", "committee", "enterprise__region"),
    order=("-from_on", "-pk"),
    icon="user-plus",
    hint=_("企业急需什么岗位、几个人、什么条件，汇成目录，可以导出发布。"),
)

TALENT_HIRES = make_register(
    model=TalentHire,
    urls="services:talenthire",
    title=_("招引人才"),
    noun=pgettext_lazy("noun", "招引人才"),
    columns=[
        Column(_("企业"), "enterprise__name", "enterprise__name"),
        Column(_("人才类别"), "kind__spoken", "kind__order"),
        Column(_("人数"), "number", "number", "integer"),
        Column(_("招引日期"), "hired_on", "hired_on", "date"),
        Column(_("招引方式"), "way", css="md"),
        Column(_("对应急需岗位"), "need__post", css="md"),
        Column(_("产业链"), "chain__name", css="lg"),
        Column(_("所在区域"), "region__name", "region__path", css="md"),
    ],
    filters=filters.TalentHireFilter,
    form=forms.TalentHireForm,
    save=catalogue.save_hire,
    can_create=perms.create_of_firm,
    can_edit=_of_firm,
    search=("enterprise__name", "way", "need__post"),
    related=("kind", "need", "region", "chain", "committee", "enterprise__region"),
    order=("-hired_on", "-pk"),
    icon="user-check",
    hint=_("每次招引登记人数和类别，不登记姓名。"),
)


def kind_register(model, urls, title, noun, form, own):
    return make_register(
        model=model,
        urls=urls,
        title=title,
        noun=noun,
        columns=[
            Column(_("名称"), "spoken", "name"),
            own,
            Column(_("适用区域"), lambda row: row.region.name if row.region else _("通用")),
            Column(_("排序"), "order", "order", "integer", css="md"),
            Column(_("启用"), "is_active", kind="yesno"),
        ],
        filters=filters.ListKindFilter,
        form=form,
        save=kinds.save_kind,
        can_create=firms.create_kind,
        can_edit=lambda obj, actor: firms.keep_kind(obj.region, actor),
        related=("region",),
        order=("order", "pk"),
        icon="list",
        hint=_("通用类别各地相同；本地区可以增加自己的类别。"),
    )


SERVICE_KINDS = kind_register(
    ServiceKind, "services:servicekind", _("要素类别"), pgettext_lazy("noun", "要素类别"), forms.ServiceKindForm,
    Column(_("对应问题类别"), "category__spoken"),
)  # fmt: skip
TALENT_KINDS = kind_register(
    TalentKind, "services:talentkind", _("人才类别"), pgettext_lazy("noun", "人才类别"), forms.TalentKindForm,
    Column(_("统计口径"), "counts_as"),
)  # fmt: skip
