"""Asking for a report: a scope and a month."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.periods import Month
from core.widgets import SearchSelect
from indicators import scopes
from reports import batches, perms
from reports.enums import BatchKind

# How far back a report can be asked for.
MONTHS = 36


class ReportForm(forms.Form):
    """`scope` answers a scope of the figures engine, `month` a `Month`; choices are what the actor may make."""

    scope = forms.ChoiceField(label=_("范围"), widget=SearchSelect)
    month = forms.ChoiceField(label=_("月份"), help_text=_("本月尚未结束时，月报截至当日；下月可再生成一版。"))

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        choices = perms.scope_choices(actor)
        self.fields["scope"].choices = choices
        this_month = Month.of(clock.today())
        months = [this_month - back for back in range(MONTHS)]
        self.fields["month"].choices = [(str(month), month.name) for month in months]
        self.fields["month"].initial = str(this_month - 1)
        if choices:
            self.fields["scope"].initial = choices[0][1][0][0]

    def clean_scope(self):
        try:
            return scopes.parse(self.cleaned_data["scope"])
        except (LookupError, ValueError):
            raise forms.ValidationError(_("找不到这个范围，请重新选择。")) from None

    def clean_month(self):
        return Month.parse(self.cleaned_data["month"])


class BatchForm(forms.Form):
    """`what` answers (region id, kind), `batch_month` a `Month`."""

    what = forms.ChoiceField(label=_("批量范围"), widget=SearchSelect)
    batch_month = forms.ChoiceField(label=_("月份"))

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = batches.choices(actor)
        this_month = Month.of(clock.today())
        self.fields["batch_month"].choices = [
            (str(this_month - back), (this_month - back).name) for back in range(MONTHS)
        ]
        self.fields["batch_month"].initial = str(this_month - 1)

    def clean_what(self):
        region, _colon, kind = self.cleaned_data["what"].partition(":")
        return int(region), BatchKind(kind)

    def clean_batch_month(self):
        return Month.parse(self.cleaned_data["batch_month"])
