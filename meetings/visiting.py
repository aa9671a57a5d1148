"""The registers that officers keep for activities and visits: kinds of activities, days between two visits."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.records import version
from audit.registers import told
from core.registers import Column, Register
from meetings import perms
from meetings.forms.keeping import ActivityKindFilter, ActivityKindForm, GuardFilter, GuardForm
from meetings.lifecycle.keeping import save_activity_kind, save_guard
from meetings.models import ActivityKind, VisitGuard


def _region(row):
    return row.region.name if row.region else _("通用")


ACTIVITY_KINDS = Register(
    urls="meetings:activity_kind",
    model=ActivityKind,
    title=pgettext_lazy("list", "活动类别"),
    noun=_("活动类别"),
    columns=[
        Column(_("名称"), "spoken", "name"),
        Column(_("归口"), "counts_as", "counts_as"),
        Column(_("计入打扰企业次数"), "disturbs", kind="yesno"),
        Column(_("所属区域"), _region, css="md"),
        Column(_("启用"), "is_active", kind="yesno"),
        Column(_("说明"), "hint", css="lg"),
    ],
    filters=ActivityKindFilter,
    form=ActivityKindForm,
    save=save_activity_kind,
    version=version,
    sentences=told,
    can_create=perms.create_kind,
    can_edit=perms.keep_kind,
    related=("region",),
    order=("order",),
    icon="list-details",
    hint=_("通用类别之外，可以设本区域自己的活动类别。"),
)
GUARDS = Register(
    urls="meetings:guard",
    model=VisitGuard,
    title=_("走访间隔"),
    noun=_("走访间隔"),
    columns=[
        Column(_("所在区域"), "region__name", "region__path"),
        Column(_("间隔（日历日）"), "days", "days", "integer"),
        Column(_("起用日期"), "begins_on", "begins_on", "date"),
    ],
    filters=GuardFilter,
    form=GuardForm,
    save=save_guard,
    version=version,
    sentences=told,
    can_create=perms.create_kind,
    can_edit=perms.keep_guard,
    search=("region__name",),
    related=("region",),
    order=("-begins_on",),
    icon="clock-pause",
    hint=_("没有设置时，同一企业两次走访至少间隔 7 天。"),
)
