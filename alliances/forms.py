"""Forms of the organisation's registers. Every choice comes from what the actor may see or keep."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.enums import RegionLevel, TeamKind
from alliances.fields import RegionField, UnderRegionFilter
from alliances.models import Alliance, Department, HelpTeam, Region, TeamMember
from core import clock
from core.registers import FilterForm, RecordForm, SaneDates
from core.widgets import DateInput, SearchSelect

STANDING = [("", _("全部")), ("yes", _("在任（未撤销）")), ("no", _("已撤销"))]


class InRegionFilter(FilterForm):
    """Search and region, for every register that hangs on a region."""

    region = UnderRegionFilter()
    region_path = "region__path"

    def limit(self, actor):
        self.fields["region"].queryset = Region.objects.visible_to(actor)

    def narrow(self, queryset):
        region = self.values.get("region")
        if region is not None:
            queryset = queryset.filter(**{f"{self.region_path}__startswith": region.path})
        return super().narrow(queryset)


class StandingFilter(InRegionFilter):
    """The same, with whether the record still stands."""

    standing = forms.ChoiceField(label=_("状态"), required=False, choices=STANDING)
    end_field = "dissolved_on"

    def narrow(self, queryset):
        queryset = super().narrow(queryset)
        wanted = self.values.get("standing")
        if wanted:
            ended = Q(**{f"{self.end_field}__isnull": False})
            queryset = queryset.filter(ended if wanted == "no" else ~ended)
        return queryset


class RegionFilter(InRegionFilter):
    region_path = "path"


class DepartmentFilter(InRegionFilter):
    pass


class AllianceFilter(StandingFilter):
    pass


class TeamFilter(StandingFilter):
    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部类别")), *TeamKind.choices])
    lookups = {"kind": "kind"}


class InRegionForm(RecordForm):
    """A record of one region that the actor keeps."""

    def limit(self, actor):
        self.fields["region"].queryset = Region.objects.editable_by(actor)


class RegionForm(RecordForm):
    parent = RegionField(label=_("上级区域"), required=False)

    class Meta:
        model = Region
        fields = ["parent", "name", "level", "code", "is_active"]

    def limit(self, actor):
        above = Region.objects.editable_by(actor)
        if self.instance.pk:
            above = above.exclude(path__startswith=self.instance.path)
            if self.instance.parent_id and not above.filter(pk=self.instance.parent_id).exists():
                # The officer's own region: where it stands is for the level above.
                del self.fields["parent"]
                return
        self.fields["parent"].queryset = above
        self.fields["level"].choices = RegionLevel.choices

    def clean_code(self):
        return self.cleaned_data["code"] or None


class DepartmentForm(InRegionForm):
    region = RegionField()

    class Meta:
        model = Department
        fields = ["region", "name", "short_name", "contact_name", "contact_phone", "is_active"]


class AllianceForm(InRegionForm):
    region = RegionField()

    class Meta:
        model = Alliance
        fields = ["region", "name", "scheme", "founded_on", "dissolved_on", "articles"]
        widgets = {"founded_on": DateInput, "dissolved_on": DateInput, "articles": forms.Textarea(attrs={"rows": 5})}


class TeamForm(InRegionForm):
    region = RegionField()

    class Meta:
        model = HelpTeam
        fields = ["name", "kind", "region", "lead_department", "founded_on", "dissolved_on", "duties"]
        widgets = {
            "founded_on": DateInput,
            "dissolved_on": DateInput,
            "duties": forms.Textarea(attrs={"rows": 4}),
            "lead_department": SearchSelect,
        }

    def limit(self, actor):
        super().limit(actor)
        self.fields["lead_department"].queryset = Department.objects.visible_to(actor).filter(
            Q(is_active=True) | Q(pk=self.instance.lead_department_id)
        )


class MemberForm(SaneDates, forms.ModelForm):
    """A person joining a help team."""

    class Meta:
        model = TeamMember
        fields = ["name", "department", "phone", "is_lead", "joined_on"]
        widgets = {"joined_on": DateInput, "department": SearchSelect}

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.visible_to(actor).filter(is_active=True)


class EndForm(SaneDates, forms.Form):
    """The day on which something ends."""

    on = forms.DateField(label=_("日期"), widget=DateInput, initial=clock.today)
