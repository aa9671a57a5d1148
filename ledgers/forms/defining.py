"""Forms of a ledger's definition: the ledger, a column, a status."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from alliances.fields import RegionField
from alliances.forms import InRegionFilter
from alliances.models import Department, Region
from core.registers import RecordForm
from core.widgets import SearchSelect
from ledgers.enums import CHOICE_TYPES, FILLER_CHOICES, READER_CHOICES, TITLE_TYPES
from ledgers.models import Ledger, LedgerField, LedgerStatus

USE = [("", _("全部")), ("yes", _("使用中")), ("no", _("已停用"))]


def _checks(label, choices, **options):
    return forms.MultipleChoiceField(label=label, choices=choices, widget=forms.CheckboxSelectMultiple, **options)


class LedgerFilter(InRegionFilter):
    use = forms.ChoiceField(label=_("使用情况"), required=False, choices=USE)

    def narrow(self, queryset):
        queryset = super().narrow(queryset)
        wanted = self.values.get("use")
        return queryset.filter(retired_on__isnull=wanted == "yes") if wanted else queryset


class LedgerForm(RecordForm):
    fill_roles = _checks(_("由谁填报"), FILLER_CHOICES)
    see_roles = _checks(_("还有谁可以查看"), READER_CHOICES, required=False)

    class Meta:
        model = Ledger
        fields = ["name", "region", "purpose", "fill_roles", "see_roles", "department", "personal"]
        field_classes = {"region": RegionField}
        widgets = {"department": SearchSelect, "purpose": forms.Textarea(attrs={"rows": 2})}

    def limit(self, actor):
        regions = Region.objects.editable_by(actor)
        if self.instance.pk:
            regions = Region.objects.filter(pk=self.instance.region_id)
        self.fields["region"].queryset = regions
        self.fields["region"].initial = regions.order_by("path").values_list("pk", flat=True).first()
        seen = Department.objects.visible_to(actor).filter(is_active=True)
        own = Q(pk__in=seen.values("pk")) | Q(pk=self.instance.department_id)
        self.fields["department"].queryset = Department.objects.filter(own)


class FieldForm(RecordForm):
    """One column; choices are written one on a line."""

    options = forms.CharField(
        label=_("选项"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("单选和多选的，一行写一个选项。"),
    )  # fmt: skip

    class Meta:
        model = LedgerField
        fields = ["label", "type", "options", "unit", "required", "personal", "in_list", "is_title", "is_key", "order"]

    def limit(self, actor):
        if self.instance.pk:
            self.fields["options"].initial = "\n".join(self.instance.choices)
        else:
            self.fields["order"].initial = len(self.instance.ledger.living_fields) + 1

    @property
    def values(self) -> dict:
        choices = self.cleaned_data["options"].splitlines() if self._takes_choices else []
        return {**super().values, "choices": choices}

    @property
    def _takes_choices(self) -> bool:
        return self.cleaned_data.get("type") in CHOICE_TYPES

    def clean(self):
        data = super().clean()
        if self._takes_choices and not data.get("options", "").strip():
            self.add_error("options", _("单选和多选的栏目要写选项，其他栏目不写。"))
        if any(len(one.strip()) > 60 for one in data.get("options", "").splitlines()):
            self.add_error("options", _("每个选项最多 60 个字。"))
        if data.get("is_title") and data.get("type") and data["type"] not in TITLE_TYPES:
            self.add_error("is_title", _("作为名称的栏目只能是文字、单选或企业。"))
        if data.get("personal") and not self.instance.ledger.personal:
            self.add_error("personal", _("这个台账没有写明含个人信息，请先在台账设置中写明。"))
        self.instance.choices = self.values["choices"] if "options" in self.cleaned_data else []
        return data

    def _get_validation_exclusions(self):
        """What the lifecycle fills in by the type is judged by it and by the database."""
        return super()._get_validation_exclusions() | {"personal"}


class StatusForm(RecordForm):
    class Meta:
        model = LedgerStatus
        fields = ["name", "days", "is_final", "order"]

    def limit(self, actor):
        if not self.instance.pk:
            self.fields["order"].initial = 5
        elif self.instance.is_initial:
            del self.fields["is_final"]

    def clean_days(self):
        days = self.cleaned_data["days"]
        if days is not None and not 1 <= days <= 1000:
            raise forms.ValidationError(_now("期限为 1 到 1000 个工作日。"))
        return days


class VersionForm(forms.Form):
    """Nothing but the version of the record that was read."""

    version = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
