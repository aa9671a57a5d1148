"""Forms of what officers keep for activities and visits: own kinds of activities, days between two visits."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.fields import RegionField
from alliances.models import Region
from core.clock import today
from core.registers import FilterForm, RecordForm
from core.widgets import DateInput
from meetings.enums import ActivityClass
from meetings.models import ActivityKind, VisitGuard


class ActivityKindFilter(FilterForm):
    counts_as = forms.ChoiceField(
        label=_("归口"), required=False, choices=[("", _("全部归口")), *ActivityClass.choices]
    )
    is_active = forms.ChoiceField(
        label=_("启用"), required=False, choices=[("", _("全部")), ("True", _("在用")), ("False", _("已停用"))]
    )
    lookups = {"counts_as": "counts_as", "is_active": "is_active"}


class _OfRegion(RecordForm):
    """A record of a region that the actor keeps; one's own is chosen already."""

    def limit(self, actor):
        field = self.fields["region"]
        field.required, field.queryset = True, Region.objects.editable_by(actor)
        own = list(field.queryset.order_by("path")[:1])
        if self.instance.pk is None and own:
            self.initial.setdefault("region", own[0].pk)


class ActivityKindForm(_OfRegion):
    class Meta:
        model = ActivityKind
        fields = ["region", "name", "counts_as", "disturbs", "order", "is_active", "hint"]
        field_classes = {"region": RegionField}
        help_texts = {
            "counts_as": _("数字和规矩按归口统计，名称可以不同。"),
            "disturbs": _("到企业现场开展、需要企业接待的，勾选此项。"),
        }


class GuardFilter(FilterForm):
    pass


class GuardForm(_OfRegion):
    class Meta:
        model = VisitGuard
        fields = ["region", "days", "begins_on"]
        field_classes = {"region": RegionField}
        widgets = {"begins_on": DateInput(counted=False)}
        help_texts = {
            "days": _("间隔以内再安排走访的，系统提醒合并参加；确有需要的，写明理由。"),
            "begins_on": _("从这一天起执行，不早于今天；下级区域没有另设的，按上级执行。"),
        }

    def limit(self, actor):
        super().limit(actor)
        self.initial.setdefault("begins_on", today())
