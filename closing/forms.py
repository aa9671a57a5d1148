"""Forms of months and targets."""

from django import forms
from django.utils.translation import gettext_lazy as _

from closing import places
from core import clock, units
from core.periods import Month
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
        try:
            place = places.of_scope(scopes.parse(self.cleaned_data["scope"]))
        except (LookupError, ValueError):
            place = None
        if place is None:
            raise forms.ValidationError(_("找不到这个单位，请重新选择。"))
        return place


class ReviseForm(TargetForm):
    """Another value for a target that stands."""

    scope = indicator = first_year = years = None
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("撤销理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


def unit_choices():
    return [(unit.code, unit.code) for unit in units.ALL.values() if unit.code and unit.kind != "points"]


def month_of(text, default=None) -> Month | None:
    """The month written in an address, or `default`."""
    try:
        return Month.parse(text)
    except ValueError:
        return default
