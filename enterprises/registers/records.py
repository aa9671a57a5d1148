"""The registers of postings, pairings, facilities, honours, mass organisations, and the rules of staffing."""

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances.registers import make_register
from core.registers import Column
from enterprises import lifecycle, perms
from enterprises.forms import record_filters as filters
from enterprises.forms import records as forms
from enterprises.models import Facility, Honour, MassOrganisation, Pairing, Posting, StaffingRule

ENDS = ("helper_organisation", "helper_enterprise", "helped_organisation", "helped_enterprise")


def _aspects(row):
    return "、".join(one.name for one in row.aspects.all())


POSTINGS = make_register(
    model=Posting,
    urls="enterprises:posting",
    title=pgettext_lazy("list", "派驻"),
    noun=pgettext_lazy("noun", "派驻"),
    columns=[
        Column(_("姓名"), "person", "person"),
        Column(_("派驻类别"), "kind__spoken", "kind__order"),
        Column(_("派驻到"), "place"),
        Column(_("所在区域"), "region__name", "region__path", css="md"),
        Column(_("派出单位"), "employer", "employer", css="lg"),
        Column(_("职务"), "post_title", css="lg"),
        Column(_("联系电话"), "phone", css="md"),
        Column(_("产业链党委"), "committee__name", on_page=False),
        Column(_("到岗日期"), "started_on", "started_on", "date"),
        Column(_("离岗日期"), "ended_on", "ended_on", "date", css="md"),
        Column(_("离岗原因"), "end_reason", on_page=False),
    ],
    filters=filters.PostingFilter,
    form=forms.PostingForm,
    save=lifecycle.save_posting,
    can_create=perms.create_row,
    can_edit=perms.keep_placed,
    search=("person", "employer", "enterprise__name", "organisation__name", "region__name"),
    related=("kind", "region", "enterprise__region", "organisation__region", "committee"),
    order=("-started_on",),
    icon="user-check",
    hint=_("登记派到企业、党组织、乡镇村和工作站的指导员、专员和经理。"),
)

PAIRINGS = make_register(
    model=Pairing,
    urls="enterprises:pairing",
    title=pgettext_lazy("list", "结对共建"),
    noun=pgettext_lazy("noun", "结对"),
    columns=[
        Column(_("帮扶方"), "helper_text"),
        Column(_("受助方"), "helped_text"),
        Column(_("类别"), "kind__spoken", "kind__order"),
        Column(_("结对内容"), _aspects, css="lg"),
        Column(_("所在区域"), "region__name", "region__path", css="md"),
        Column(_("协议编号"), "agreement_number", css="lg"),
        Column(_("签订日期"), "signed_on", kind="date", on_page=False),
        Column(_("党员人数"), "members", kind="integer", on_page=False),
        Column(_("联系户数"), "households", kind="integer", on_page=False),
        Column(_("开始日期"), "started_on", "started_on", "date"),
        Column(_("结束日期"), "ended_on", "ended_on", "date", css="md"),
    ],
    filters=filters.PairingFilter,
    form=forms.PairingForm,
    save=lifecycle.save_pairing,
    can_create=perms.create_row,
    can_edit=perms.keep_pairing,
    rows=lambda rows, actor: rows.prefetch_related("aspects"),
    search=(
        "helper_name", "helped_name", "helper_organisation__name", "helper_enterprise__name",
        "helped_organisation__name", "helped_enterprise__name", "agreement_number",
    ),
    related=("kind", "region", *ENDS),
    order=("-started_on",),
    icon="heart-handshake",
    hint=_("登记强弱帮带、金融结对、企业互助和支部共建。"),
)  # fmt: skip

FACILITIES = make_register(
    model=Facility,
    urls="enterprises:facility",
    title=pgettext_lazy("list", "阵地"),
    noun=pgettext_lazy("noun", "阵地"),
    columns=[
        Column(_("名称"), "name", "name"),
        Column(_("阵地类别"), "kind__spoken", "kind__order"),
        Column(_("品牌"), "brand", "brand", css="md"),
        Column(_("所属单位"), lambda row: row.enterprise or row.organisation),
        Column(_("所在区域"), "region__name", "region__path"),
        Column(_("地点"), "address", css="lg"),
        Column(_("产业链"), "chain__name", css="lg"),
        Column(_("启用日期"), "opened_on", "opened_on", "date"),
        Column(_("停用日期"), "closed_on", "closed_on", "date", css="md"),
    ],
    filters=filters.FacilityFilter,
    form=forms.FacilityForm,
    save=lifecycle.save_facility,
    can_create=perms.create_row,
    can_edit=perms.keep_placed,
    search=("name", "brand", "address", "enterprise__name", "organisation__name"),
    related=("kind", "region", "chain", "enterprise__region", "organisation__region"),
    order=("-opened_on",),
    icon="building-community",
    hint=_("登记服务中心、活动室、孵化中心、示范车间、先锋岗和工作站，一处一条。"),
)

HONOURS = make_register(
    model=Honour,
    urls="enterprises:honour",
    title=pgettext_lazy("list", "荣誉"),
    noun=pgettext_lazy("noun", "荣誉"),
    columns=[
        Column(_("获得者"), "holder"),
        Column(_("荣誉"), "kind__spoken", "kind__order"),
        Column(_("级别"), "kind__level", css="md"),
        Column(_("年度"), "year", "year"),
        Column(_("授予单位"), "granted_by", css="lg"),
        Column(_("所在区域"), "region__name", "region__path", css="md"),
        Column(_("授予日期"), "awarded_on", "awarded_on", "date"),
        Column(_("有效期至"), "valid_until", "valid_until", "date", css="md"),
        Column(_("撤销日期"), "revoked_on", "revoked_on", "date", css="lg"),
    ],
    filters=filters.HonourFilter,
    form=forms.HonourForm,
    save=lifecycle.save_honour,
    can_create=perms.create_row,
    can_edit=perms.keep_placed,
    search=("person", "unit", "organisation__name", "enterprise__name", "granted_by", "kind__name"),
    related=("kind", "region", "enterprise__region", "organisation__region"),
    order=("-awarded_on",),
    icon="award",
    hint=_("登记党组织、企业和个人获得的荣誉，个人只记姓名和单位，不排名。"),
)

MASS = make_register(
    model=MassOrganisation,
    urls="enterprises:mass",
    title=pgettext_lazy("list", "群团组织"),
    noun=pgettext_lazy("noun", "群团组织"),
    columns=[
        Column(_("名称"), "name", "name"),
        Column(_("类别"), "kind", "kind"),
        Column(_("企业"), "enterprise__name", "enterprise__name"),
        Column(_("所在区域"), "region__name", "region__path", css="md"),
        Column(_("成立日期"), "founded_on", "founded_on", "date"),
        Column(_("撤销日期"), "dissolved_on", "dissolved_on", "date", css="md"),
    ],
    filters=filters.MassFilter,
    form=forms.MassForm,
    save=lifecycle.save_mass_organisation,
    can_create=perms.create_row,
    can_edit=lambda obj, actor: perms.keep_enterprise(obj.enterprise, actor),
    search=("name", "enterprise__name"),
    related=("region", "enterprise__region"),
    order=("-founded_on",),
    icon="users",
    hint=_("登记企业的工会、共青团和妇女组织，工作覆盖率由此算出。"),
)


def _with_places(rows, actor):
    return rows.annotate(place_total=Count("places"))


STAFFING = make_register(
    model=StaffingRule,
    urls="enterprises:staffing",
    title=pgettext_lazy("list", "配备要求"),
    noun=pgettext_lazy("noun", "配备要求"),
    columns=[
        Column(_("名称"), "name", "name"),
        Column(_("类别"), "kind__spoken"),
        Column(_("对象"), "scope", "scope"),
        Column(_("区域层级"), "level", css="md"),
        Column(_("名单个数"), lambda row: row.place_total or None, kind="integer", css="lg"),
        Column(_("每个至少"), "minimum", "minimum", "integer", css="md"),
        Column(_("适用区域"), "region__name", "region__path"),
        Column(_("自哪天起"), "started_on", "started_on", "date", css="md"),
        Column(_("到哪天止"), "ended_on", "ended_on", "date", css="lg"),
    ],
    filters=filters.StaffingFilter,
    form=forms.StaffingForm,
    save=lifecycle.save_staffing,
    can_create=perms.create_rule,
    can_edit=lambda obj, actor: perms.keep_rule(obj.region, actor),
    rows=_with_places,
    related=("region", "posting_kind", "facility_kind"),
    order=("region__path", "pk"),
    icon="checklist",
    hint=_("规定谁必须配备什么人或阵地，例如每个乡镇一名金融经理；空缺由此算出。"),
)

# What the landing page shows, in order.
RECORDS = (POSTINGS, PAIRINGS, FACILITIES, HONOURS, MASS)
