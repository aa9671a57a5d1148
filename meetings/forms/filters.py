"""The filter bars of the lists."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Department
from chains.models import Committee
from core.clock import today
from core.registers import FilterForm
from core.shipped import spoken
from core.widgets import DateInput, SearchSelect
from enterprises.models import Enterprise
from meetings import visits
from meetings.enums import (
    ActivityClass,
    ActivityState,
    ActState,
    DecisionState,
    ItemSource,
    MatterState,
    MeetingState,
)
from meetings.models import ActivityKind, Decision, MeetingKind

MANY_TIMES = 2  # more often than this in a quarter is named
LIGHTS = [("", _("全部灯号")), ("green", _("期限内")), ("yellow", _("临期")), ("red", _("超期")), ("none", _("已了结"))]


class MeetingFilter(FilterForm):
    kind = forms.ModelChoiceField(
        label=_("类别"), required=False, queryset=MeetingKind.objects.none(), empty_label=_("全部类别")
    )
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部状态")), *MeetingState.choices])
    committee = forms.ModelChoiceField(
        label=_("产业链党委"),
        required=False,
        queryset=Committee.objects.none(),
        empty_label=_("全部党委"),
        widget=SearchSelect,
    )
    start = forms.DateField(label=_("自"), required=False, widget=DateInput)
    end = forms.DateField(label=_("至"), required=False, widget=DateInput)
    lookups = {
        "kind": "kind",
        "state": "state",
        "committee": "committee",
        "start": "held_on__gte",
        "end": "held_on__lte",
    }

    def limit(self, actor):
        self.fields["committee"].queryset = Committee.objects.visible_to(actor)
        self.fields["kind"].queryset = MeetingKind.objects.visible_to(actor).order_by("order", "pk")
        self.fields["kind"].label_from_instance = spoken


class DecisionFilter(FilterForm):
    light = forms.ChoiceField(label=_("灯号"), required=False, choices=LIGHTS)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), *(choice for choice in DecisionState.choices if choice[0] != "draft")],
    )
    committee = forms.ModelChoiceField(
        label=_("产业链党委"),
        required=False,
        queryset=Committee.objects.none(),
        empty_label=_("全部党委"),
        widget=SearchSelect,
    )
    unit = forms.ModelChoiceField(
        label=_("责任单位"),
        required=False,
        queryset=Department.objects.none(),
        empty_label=_("全部单位"),
        widget=SearchSelect,
    )
    act_state = forms.ChoiceField(
        label=_("对问题的处理"),
        required=False,
        choices=[("", _("全部")), *(choice for choice in ActState.choices if choice[0])],
    )
    mechanism = forms.ChoiceField(label=_("关联机制"), required=False)
    start = forms.DateField(label=_("议定日期自"), required=False, widget=DateInput)
    end = forms.DateField(label=_("至"), required=False, widget=DateInput)
    lookups = {
        "state": "state",
        "committee": "committee",
        "unit": "owner_department",
        "act_state": "act_state",
        "mechanism": "mechanism_code",
        "start": "decided_on__gte",
        "end": "decided_on__lte",
    }

    def limit(self, actor):
        self.fields["committee"].queryset = Committee.objects.visible_to(actor)
        seen = Decision.objects.visible_to(actor).order_by()
        owing = seen.exclude(owner_department=None).values("owner_department_id")
        self.fields["unit"].queryset = Department.objects.filter(pk__in=owing).order_by("name")
        codes = seen.exclude(mechanism_code="").values_list("mechanism_code", flat=True).distinct()
        self.fields["mechanism"].choices = [("", _("全部")), *((code, code) for code in sorted(set(codes)))]

    def narrow(self, queryset):
        light = self.values.get("light")
        queryset = super().narrow(queryset)
        return queryset.with_light(light, today()) if light else queryset


class ActivityFilter(FilterForm):
    kind = forms.ModelChoiceField(
        label=_("类别"), required=False, queryset=ActivityKind.objects.none(), empty_label=_("全部类别")
    )
    counts_as = forms.ChoiceField(
        label=_("归口"), required=False, choices=[("", _("全部归口")), *ActivityClass.choices]
    )
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部状态")), *ActivityState.choices])
    committee = forms.ModelChoiceField(
        label=_("产业链党委"),
        required=False,
        queryset=Committee.objects.none(),
        empty_label=_("全部党委"),
        widget=SearchSelect,
    )
    enterprise = forms.ModelChoiceField(
        label=_("企业"),
        required=False,
        queryset=Enterprise.objects.none(),
        empty_label=_("全部企业"),
        widget=SearchSelect,
    )
    start = forms.DateField(label=_("自"), required=False, widget=DateInput)
    end = forms.DateField(label=_("至"), required=False, widget=DateInput)
    lookups = {
        "kind": "kind",
        "counts_as": "counts_as",
        "state": "state",
        "committee": "committee",
        "enterprise": "reached__enterprise",
        "start": "held_on__gte",
        "end": "held_on__lte",
    }

    def limit(self, actor):
        self.fields["committee"].queryset = Committee.objects.visible_to(actor)
        self.fields["enterprise"].queryset = Enterprise.objects.visible_to(actor).order_by("name")
        self.fields["kind"].queryset = ActivityKind.objects.visible_to(actor).order_by("order", "pk")
        self.fields["kind"].label_from_instance = spoken


VISITED = [
    ("", _("全部企业")),
    ("never", _("从未走访")),
    ("90", _("90 天内未走访")),
    ("180", _("180 天内未走访")),
    ("disturbed", _("本季度打扰两次以上")),
]


class FirmFilter(FilterForm):
    """By when they were last visited. 'Never' is a list of its own: no date would find those."""

    visited = forms.ChoiceField(label=_("走访情况"), required=False, choices=VISITED)

    def narrow(self, queryset):
        queryset, wanted = super().narrow(queryset), self.values.get("visited")
        if wanted == "disturbed":
            return queryset.filter(disturbed__gt=MANY_TIMES)
        if wanted:
            since = None if wanted == "never" else today() - dt.timedelta(days=int(wanted))
            return visits.never_visited(queryset, since)
        return queryset


class MatterFilter(FilterForm):
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部状态")), *MatterState.choices])
    source = forms.ChoiceField(
        label=_("来源"),
        required=False,
        choices=[("", _("全部来源")), *((one.value, one.label) for one in (ItemSource.HAND, ItemSource.CONVENED))],
    )
    committee = forms.ModelChoiceField(
        label=_("产业链党委"),
        required=False,
        queryset=Committee.objects.none(),
        empty_label=_("全部党委"),
        widget=SearchSelect,
    )
    lookups = {"state": "state", "source": "source", "committee": "committee"}

    def limit(self, actor):
        self.fields["committee"].queryset = Committee.objects.visible_to(actor)
