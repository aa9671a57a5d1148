"""Forms of chains, their parts, committees and seats. Every choice comes from what the actor may see or keep."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.enums import RegionLevel
from alliances.fields import RegionField
from alliances.forms import InRegionForm, StandingFilter
from alliances.models import Alliance, Department, HelpTeam
from chains.enums import CommitteeKind
from chains.models import Chain, Committee, Link, Seat, Segment
from core.registers import RecordForm
from core.widgets import DateInput, SearchSelect, SearchSelectMultiple


class ChainFilter(StandingFilter):
    pass


class CommitteeFilter(StandingFilter):
    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部类别")), *CommitteeKind.choices])
    level = forms.ChoiceField(label=_("层级"), required=False, choices=[("", _("全部层级")), *RegionLevel.choices])
    chain = forms.ModelChoiceField(Chain.objects.none(), label=_("产业链"), required=False, empty_label=_("全部产业链"))
    lookups = {"kind": "kind", "level": "level", "chain": "chain"}

    def limit(self, actor):
        super().limit(actor)
        self.fields["chain"].queryset = Chain.objects.visible_to(actor)


class ChainForm(InRegionForm):
    region = RegionField()

    class Meta:
        model = Chain
        fields = ["name", "region", "alliance", "founded_on", "dissolved_on", "help_teams", "description"]
        widgets = {
            "founded_on": DateInput,
            "dissolved_on": DateInput,
            "alliance": SearchSelect,
            "help_teams": SearchSelectMultiple,
            "description": forms.Textarea(attrs={"rows": 4}),
        }

    def limit(self, actor):
        super().limit(actor)
        free = Q(chain=None) | Q(pk=self.instance.alliance_id)
        self.fields["alliance"].queryset = Alliance.objects.editable_by(actor).filter(free)
        teams = HelpTeam.objects.visible_to(actor)
        if self.instance.pk:
            # A team of another county that a wider officer chose stays chosen.
            teams = HelpTeam.objects.filter(Q(pk__in=teams.values("pk")) | Q(chains=self.instance)).distinct()
        self.fields["help_teams"].queryset = teams


class SegmentForm(RecordForm):
    class Meta:
        model = Segment
        fields = ["position", "name", "order"]


class LinkForm(RecordForm):
    class Meta:
        model = Link
        fields = ["segment", "name", "description", "order"]

    def limit(self, actor):
        if self.instance.segment_id:
            self.fields["segment"].queryset = Segment.objects.filter(chain_id=self.instance.segment.chain_id)


class CommitteeForm(InRegionForm):
    region = RegionField()

    class Meta:
        model = Committee
        fields = ["kind", "chain", "region", "name", "parent", "leading_unit", "founded_on", "dissolved_on"]
        widgets = {
            "founded_on": DateInput,
            "dissolved_on": DateInput,
            "leading_unit": SearchSelect,
            "chain": SearchSelect,
        }

    def limit(self, actor):
        super().limit(actor)
        self.fields["chain"].queryset = Chain.objects.visible_to(actor)
        above = Committee.objects.visible_to(actor)
        self.fields["parent"].queryset = Committee.objects.filter(
            Q(pk__in=above.values("pk")) | Q(pk=self.instance.parent_id)
        ).exclude(pk=self.instance.pk)
        units = Department.objects.visible_to(actor).filter(Q(is_active=True) | Q(pk=self.instance.leading_unit_id))
        self.fields["leading_unit"].queryset = units

    def clean(self):
        data = super().clean()
        parent = data.get("parent")
        seen = {self.instance.pk}
        while parent is not None:
            if parent.pk in seen and parent.pk is not None:
                self.add_error("parent", _("上级党委不能是它自己或它的下级。"))
                break
            seen.add(parent.pk)
            parent = parent.parent
        return data


class SeatForm(RecordForm):
    class Meta:
        model = Seat
        fields = ["kind", "person", "post_title", "employer", "phone", "started_on", "ended_on"]
        widgets = {"started_on": DateInput, "ended_on": DateInput}
