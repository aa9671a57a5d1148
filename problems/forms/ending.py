"""Forms towards the end: result, rating, the next look at a waiting entry."""

from django import forms
from django.utils.translation import gettext_lazy as _

from problems.enums import RESOLVED_OUTCOMES, Outcome, Rating
from problems.forms.base import StepForm
from problems.forms.fields import DayField, TextField


class WaitingDateForm(StepForm):
    next_on = DayField(label=_("下次回访日期"))
    note = TextField(label=_("说明"), max_length=500, required=False, rows=2)


class ResolveForm(StepForm):
    outcome = forms.ChoiceField(
        label=_("办理结果"), choices=[(str(one), one.label) for one in RESOLVED_OUTCOMES], widget=forms.RadioSelect
    )
    text = TextField(label=_("怎样解决的"), max_length=4000, rows=6)
    next_on = DayField(label=_("下次回访日期"), required=False, help_text=_("挂账（等待政策）的必填。"))

    def clean(self):
        data = super().clean()
        if data.get("outcome") == Outcome.WAITING and not data.get("next_on") and "next_on" not in self.errors:
            self.add_error("next_on", _("挂账事项须填写下次回访日期。"))
        return data


class RateForm(StepForm):
    rating = forms.ChoiceField(label=_("评价"), choices=Rating.choices, widget=forms.RadioSelect)
    text = TextField(label=_("意见"), max_length=500, required=False, rows=3, help_text=_("不满意的请写明还差什么。"))

    def clean(self):
        data = super().clean()
        if data.get("rating") == Rating.NOT_SATISFIED and not data.get("text") and "text" not in self.errors:
            self.add_error("text", _("不满意的请写明还差什么。"))
        return data
