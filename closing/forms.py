"""Forms of months, targets and entered figures."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.fields import RegionField
from alliances.forms import InRegionFilter
from alliances.models import Region
from closing import places
from closing.models import EnteredKind
from core import clock, units
from core.periods import Month, Period
from core.registers import RecordForm, SaneDates
from core.widgets import DateInput, SearchSelect
from indicators import declarations, scopes

WITH_REASON = {
    "lock": _("封账说明"),
    "send_back": _("退回理由"),
    "reopen": _("开封理由"),
    "exempt": _("宽限理由"),
}
WITH_DAY = {"reopen": _("开封至"), "exempt": _("宽限至")}


class StepForm(forms.Form):
    """One step on a month: a reason and a day where the step asks for them; the version that was read."""

    reason = forms.CharField(max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(widget=DateInput(counted=False))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, **kwargs)
        for name, labels in (("reason", WITH_REASON), ("until", WITH_DAY)):
            if step in labels:
                self.fields[name].label = labels[step]
            else:
                del self.fields[name]


class TargetForm(forms.Form):
    """A new target. The unit may be another one of the same kind; what cannot be converted is told beside it."""

    scope = forms.ChoiceField(label=_("单位"), widget=SearchSelect)
    indicator = forms.ChoiceField(label=_("指标"), widget=SearchSelect)
    value = forms.DecimalField(label=_("目标值"), min_value=0, max_digits=18, decimal_places=4)
    unit = forms.ChoiceField(label=_("计量单位"))
    first_year = forms.TypedChoiceField(label=_("起始年度"), coerce=int)
    years = forms.TypedChoiceField(label=_("期限"), coerce=int, choices=[(1, _("一年")), (3, _("三年"))])
    source = forms.CharField(label=_("依据"), max_length=120, initial=_("年度计划"))

    def __init__(self, *args, choices=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_choices()
        if "scope" in self.fields:
            self.fields["scope"].choices = choices
            self.fields["indicator"].choices = [
                (one.code, f"{one.name}（{one.unit.label or one.unit.code}）") for one in declarations.indicators()
            ]
            year = clock.today().year
            self.fields["first_year"].choices = [(one, str(one)) for one in range(year - 2, year + 3)]
            self.fields["first_year"].initial = year

    def clean_scope(self):
        return place_named(self.cleaned_data["scope"])


class ReviseForm(TargetForm):
    """Another value for a target that stands."""

    scope = indicator = first_year = years = None
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("撤销理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class MonthField(forms.CharField):
    """A calendar month, written 2026-03."""

    def __init__(self, **options):
        widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-03"})
        super().__init__(max_length=10, widget=widget, **options)

    def clean(self, value):
        text = super().clean(value)
        month = month_of(text)
        if month is None:
            raise forms.ValidationError(_("请按“2026-03”的样子填写年月。"))
        return month


class EnteredForm(SaneDates, forms.Form):
    """What a unit enters for a period. The unit of measure may be another one of the same kind."""

    scope = forms.ChoiceField(label=_("单位"), widget=SearchSelect)
    kind = forms.ModelChoiceField(EnteredKind.objects.none(), label=_("填报指标"), empty_label=None)
    first = MonthField(label=_("起始月"))
    last = MonthField(label=_("截止月"))
    value = forms.DecimalField(label=_("数值"), max_digits=18, decimal_places=4)
    unit = forms.ChoiceField(label=_("计量单位"))
    as_of = forms.DateField(label=_("数据截止日期"), widget=DateInput(counted=False))
    source = forms.CharField(label=_("来源"), max_length=120, help_text=_("例如县统计局月报，写明文件或口径。"))

    def __init__(self, *args, choices=(), actor=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_choices()
        if "scope" in self.fields:
            self.fields["scope"].choices = choices
            kinds = EnteredKind.objects.visible_to(actor).filter(is_active=True).select_related("region")
            self.fields["kind"].queryset = kinds
            self.fields["kind"].label_from_instance = lambda kind: f"{kind.spoken}（{kind.typed.label or kind.unit}）"

    def clean_scope(self):
        return place_named(self.cleaned_data["scope"])

    def clean(self):
        values = super().clean()
        first, last = values.get("first"), values.get("last")
        if first and last:
            if first > last:
                self.add_error("last", _("截止月不能早于起始月。"))
            elif first > Month.of(clock.today()):
                self.add_error("first", _("期间不能还没有开始。"))
            else:
                values["period"] = Period(first, last)
        return values


class EnteredCorrectForm(EnteredForm):
    """A new version of a figure that was entered, with the reason."""

    scope = kind = first = last = None
    reason = forms.CharField(label=_("更正理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=30_000)


class EnteredKindForm(RecordForm):
    """A region's own kind of entered figure."""

    class Meta:
        model = EnteredKind
        fields = ["region", "name", "unit", "places", "definition", "order", "is_active"]
        field_classes = {"region": RegionField}

    def limit(self, actor):
        if self.instance.pk:
            del self.fields["region"]
        else:
            self.fields["region"].queryset = regions = Region.objects.editable_by(actor)
            self.fields["region"].required = True
            self.fields["region"].initial = regions.order_by("path").values_list("pk", flat=True).first()
            del self.fields["is_active"]

    def clean_order(self):
        return self.cleaned_data["order"] or 0


class EnteredKindFilter(InRegionFilter):
    """A region's own kinds and the common ones."""

    region = None
    lookups = {"is_active": "is_active"}
    is_active = forms.ChoiceField(
        label=_("启用"), required=False, choices=[("", _("全部")), ("True", _("在用")), ("False", _("已停用"))]
    )

    def limit(self, actor):
        """Nothing to cut."""


def place_named(text):
    """The unit with this key of a scope, or the error beside the field."""
    try:
        place = places.of_scope(scopes.parse(text))
    except (LookupError, ValueError):
        place = None
    if place is None:
        raise forms.ValidationError(_("找不到这个单位，请重新选择。"))
    return place


def unit_choices():
    return [(unit.code, unit.code) for unit in units.ALL.values() if unit.code and unit.kind != "points"]


def month_of(text, default=None) -> Month | None:
    """The month written in an address, or `default`."""
    try:
        return Month.parse(text)
    except ValueError:
        return default
