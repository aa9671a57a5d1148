"""The registers of departments, alliances and help teams, and the part of the regions' that is like them."""

from functools import partial

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances import forms, lifecycle, perms
from alliances.models import Alliance, Department, HelpTeam, Region
from audit.records import version, versions
from audit.registers import told
from core.registers import Column, Register

# What every register of the house takes from the trail.
make_register = partial(Register, version=version, versions=versions, sentences=told)

REGIONS = make_register(
    model=Region,
    urls="alliances:region",
    home="alliances:region_tree",
    title=_("行政区域"),
    noun=pgettext_lazy("noun", "区域"),
    columns=[
        Column(_("名称"), "name", "name"),
        Column(_("上级区域"), "parent__name"),
        Column(_("层级"), "level", "level"),
        Column(_("区划代码"), "code", "code"),
        Column(_("启用"), "is_active", kind="yesno"),
    ],
    filters=forms.RegionFilter,
    form=forms.RegionForm,
    save=lifecycle.save_region,
    can_create=perms.create_region,
    can_edit=perms.keep_region,
    search=("name", "code"),
    related=("parent",),
    order=("path",),
)

DEPARTMENTS = make_register(
    model=Department,
    urls="alliances:department",
    title=pgettext_lazy("list", "责任单位"),
    noun=pgettext_lazy("noun", "责任单位"),
    columns=[
        Column(_("名称"), "name", "name"),
        Column(_("简称"), "short_name", css="md"),
        Column(_("所在区域"), "region__name", "region__path"),
        Column(_("联系人"), "contact_name"),
        Column(_("联系电话"), "contact_phone"),
        Column(_("启用"), "is_active", kind="yesno", css="md"),
    ],
    filters=forms.DepartmentFilter,
    form=forms.DepartmentForm,
    save=lifecycle.save_department,
    save_many=lifecycle.save_departments,
    can_create=perms.create_department,
    can_edit=lambda obj, actor: perms.keep_department(obj.region, actor),
    search=("name", "short_name", "contact_name"),
    related=("region",),
    order=("region__path", "name"),
    icon="building-bank",
    hint=_("交办问题、牵头产业链的单位在这里登记。"),
)

ALLIANCES = make_register(
    model=Alliance,
    urls="alliances:alliance",
    title=pgettext_lazy("list", "产业链党建联盟"),
    noun=pgettext_lazy("noun", "联盟"),
    columns=[
        Column(_("名称"), "name", "name"),
        Column(_("运行模式"), "scheme", "scheme"),
        Column(_("产业链"), lambda row: getattr(getattr(row, "chain", None), "name", None)),
        Column(_("所在区域"), "region__name", "region__path"),
        Column(_("成立日期"), "founded_on", "founded_on", "date"),
        Column(_("撤销日期"), "dissolved_on", "dissolved_on", "date", css="md"),
    ],
    filters=forms.AllianceFilter,
    form=forms.AllianceForm,
    save=lifecycle.save_alliance,
    can_create=perms.create_record,
    can_edit=lambda obj, actor: perms.keep_register(obj.region, actor),
    related=("region", "chain"),
    order=("region__path", "name"),
    icon="affiliate",
    hint=_("每条产业链一个党建联盟。"),
)


def _with_members(rows, actor):
    return rows.annotate(member_total=Count("members", filter=Q(members__left_on=None)))


TEAMS = make_register(
    model=HelpTeam,
    urls="alliances:team",
    title=pgettext_lazy("list", "帮办团"),
    noun=pgettext_lazy("noun", "帮办团"),
    columns=[
        Column(_("名称"), "name", "name"),
        Column(_("类别"), "kind", "kind"),
        Column(_("牵头单位"), "lead_department__name"),
        Column(_("现任成员"), "member_total", "member_total", "integer"),
        Column(_("所在区域"), "region__name", "region__path"),
        Column(_("组建日期"), "founded_on", "founded_on", "date", css="md"),
        Column(_("撤销日期"), "dissolved_on", "dissolved_on", "date", css="lg"),
    ],
    filters=forms.TeamFilter,
    form=forms.TeamForm,
    save=lifecycle.save_team,
    save_many=lifecycle.save_teams,
    can_create=perms.create_record,
    can_edit=lambda obj, actor: perms.keep_register(obj.region, actor),
    rows=_with_members,
    related=("region", "lead_department"),
    order=("region__path", "name"),
    icon="users-group",
    hint=_("帮办团由各单位人员组成，问题交办给它办理。"),
)
