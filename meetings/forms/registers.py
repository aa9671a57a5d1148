"""Forms of the registers of this app: kinds of meetings, and meetings that recur."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.fields import RegionField
from alliances.models import Region
from chains.models import Committee
from core.registers import FilterForm, RecordForm
from core.shipped import spoken
from core.widgets import DateInput, SearchSelect
from meetings.enums import MeetingClass, SeriesPeriod
from meetings.forms.base import committees_of
from meetings.models import MeetingKind, MeetingSeries


class KindFilter(FilterForm):
    counts_as = forms.ChoiceField(label=_("归口"), required=False, choices=[("", _("全部归口")), *MeetingClass.choices])
    is_active = forms.ChoiceField(
        label=_("启用"), required=False, choices=[("", _("全部")), ("True", _("在用")), ("False", _("已停用"))]
    )
    lookups = {"counts_as": "counts_as", "is_active": "is_active"}


class KindForm(RecordForm):
    class Meta:
        model = MeetingKind
        fields = ["region", "name", "counts_as", "quorum", "notice_days", "order", "is_active", "hint"]
        field_classes = {"region": RegionField}
        help_texts = {
            "counts_as": _("数字和规矩按归口统计，名称可以不同。"),
            "quorum": _("按召开当天在任席位计算，达不到的不能登记为已召开。"),
        }

    def limit(self, actor):
        field = self.fields["region"]
        field.required, field.queryset = True, Region.objects.editable_by(actor)
        own = list(field.queryset.order_by("path")[:1])
        if self.instance.pk is None and own:
            self.initial.setdefault("region", own[0].pk)


class SeriesFilter(FilterForm):
    committee = forms.ModelChoiceField(
        label=_("产业链党委"),
        required=False,
        queryset=Committee.objects.none(),
        empty_label=_("全部党委"),
        widget=SearchSelect,
    )
    period = forms.ChoiceField(label=_("周期"), required=False, choices=[("", _("全部周期")), *SeriesPeriod.choices])
    lookups = {"committee": "committee", "period": "period"}

    def limit(self, actor):
        self.fields["committee"].queryset = Committee.objects.visible_to(actor)


class SeriesForm(RecordForm):
    class Meta:
        model = MeetingSeries
        fields = [
            "committee", "kind", "title", "period", "workday", "starts_time", "place", "chair", "days_ahead",
            "starts_on", "ends_on",
        ]  # fmt: skip
        widgets = {
            "committee": SearchSelect,
            "starts_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "starts_on": DateInput,
            "ends_on": DateInput,
        }

    def limit(self, actor):
        self.fields["committee"].queryset = committees_of(actor)
        if self.instance.pk is not None:
            self.fields["committee"].disabled = True
        kinds = MeetingKind.objects.visible_to(actor)
        kinds = kinds.filter(Q(is_active=True) | Q(pk=self.instance.kind_id))
        self.fields["kind"].queryset = kinds.order_by("order", "pk")
        self.fields["kind"].label_from_instance = spoken

    @property
    def values(self) -> dict:
        """The fields of the form; its `version` is the one of the trail, not the column."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def clean(self):
        data = super().clean()
        kind, committee = data.get("kind"), data.get("committee")
        if kind and committee and kind.region_id and not committee.region.path.startswith(kind.region.path):
            self.add_error("kind", _("这个会议类别不属于该党委所在区域，请另选。"))
        return data
