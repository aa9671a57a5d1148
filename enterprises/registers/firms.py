"""The registers of enterprises and Party organisations."""

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances.registers import make_register
from core.registers import Column
from enterprises import forms, lifecycle, perms
from enterprises.models import ChainMembership, EmployeeCount, Enterprise, MemberCount, PartyOrganisation


def _current(model, owner, column):
    rows = model.objects.filter(**{owner: OuterRef("pk")}, until_on=None)
    return Subquery(rows.values(column)[:1])


def _with_place(rows, actor):
    places = ChainMembership.objects.filter(enterprise=OuterRef("pk"), left_on=None).order_by("-is_primary", "pk")
    return rows.annotate(
        chain_name=Subquery(places.values("chain__name")[:1]),
        employees=_current(EmployeeCount, "enterprise", "employees"),
    )


def _with_members(rows, actor):
    return rows.annotate(members=_current(MemberCount, "organisation", "members"))


ENTERPRISES = make_register(
    model=Enterprise,
    urls="enterprises:enterprise",
    title=_("企业名录"),
    noun=pgettext_lazy("noun", "企业"),
    columns=[
        Column(_("企业名称"), "name", "name"),
        Column(_("主链"), "chain_name", "chain_name"),
        Column(_("所在区域"), "region__name", "region__path"),
        Column(_("规模"), "scale", "scale", css="md"),
        Column(_("规上"), "is_above_scale", "is_above_scale", "yesno", css="lg"),
        Column(_("龙头"), "is_leading", "is_leading", "yesno", css="lg"),
        Column(_("员工数"), "employees", "employees", "integer"),
        Column(_("联系人"), "contact_name", css="lg"),
        Column(_("统一社会信用代码"), "credit_code", on_page=False),
        Column(_("联系电话"), "contact_phone", on_page=False),
        Column(_("地址"), "address", on_page=False),
        Column(_("入链日期"), "joined_on", "joined_on", "date", css="md"),
        Column(_("退出日期"), "left_on", "left_on", "date", css="lg"),
    ],
    filters=forms.EnterpriseFilter,
    form=forms.EnterpriseForm,
    save=lifecycle.save_enterprise,
    save_many=lifecycle.save_enterprises,
    can_create=perms.create_enterprise,
    can_edit=perms.keep_enterprise,
    rows=_with_place,
    search=("name", "short_name", "credit_code"),
    related=("region",),
    order=("pk",),
    icon="building-factory-2",
    hint=_("登记链上企业，之后可以填报员工数、党组织，提出问题。"),
)

ORGANISATIONS = make_register(
    model=PartyOrganisation,
    urls="enterprises:organisation",
    title=_("党组织"),
    noun=pgettext_lazy("noun", "党组织"),
    columns=[
        Column(_("名称"), "name", "name"),
        Column(_("类别"), "kind", "kind"),
        Column(_("组建方式"), "formation", "formation", css="md"),
        Column(_("所属企业"), "enterprise__name"),
        Column(_("产业链"), "chain__name", "chain__name", css="md"),
        Column(_("所在区域"), "region__name", "region__path"),
        Column(_("书记"), "secretary_name", css="lg"),
        Column(_("党员数"), "members", "members", "integer"),
        Column(_("成立日期"), "founded_on", "founded_on", "date", css="lg"),
        Column(_("撤销日期"), "dissolved_on", "dissolved_on", "date", css="lg"),
    ],
    filters=forms.OrganisationFilter,
    form=forms.OrganisationForm,
    save=lifecycle.save_organisation,
    can_create=perms.create_organisation,
    can_edit=perms.keep_organisation,
    rows=_with_members,
    search=("name", "enterprise__name", "secretary_name"),
    related=("region", "enterprise", "chain"),
    order=("pk",),
    icon="hierarchy",
    hint=_("登记企业党组织和党员数，组织覆盖率由此算出。"),
)
