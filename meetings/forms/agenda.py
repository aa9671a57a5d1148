"""Items of an agenda, and matters put forward for one."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from chains.models import Committee
from core.clock import today
from core.widgets import DateInput
from meetings.enums import ItemEnd


class Fate(models.TextChoices):
    """What became of an earlier decision that is on the agenda because it was open."""

    STILL_OPEN = "open", _("仍未落实，下次会议再议")
    DONE = "done", _("已落实")
    LATER = "later", _("调整完成期限")


class ItemForm(forms.Form):
    """What was said about an item, how it ended, and (for an unfinished decision) what became of that."""

    end = forms.ChoiceField(
        label=_("结果"), required=False, choices=[("", _("（未定）")), *ItemEnd.choices], widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("讨论情况"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("记入会议纪要的讨论要点。"),
    )
    fate = forms.ChoiceField(
        label=_("原议定事项"), choices=Fate.choices, widget=forms.RadioSelect, initial=Fate.STILL_OPEN
    )
    done_on = forms.DateField(label=_("落实日期"), required=False, widget=DateInput, initial=today)
    done_text = forms.CharField(
        label=_("落实情况"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = forms.DateField(label=_("新的完成期限"), required=False, widget=DateInput(counted=False))
    days = forms.IntegerField(label=_("或：从今天起几个工作日内"), required=False, min_value=1, max_value=250)

    def __init__(self, *args, unfinished: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not unfinished:
            for name in ("fate", "done_on", "done_text", "due_on", "days"):
                del self.fields[name]

    def clean(self):
        data = super().clean()
        fate = data.get("fate")
        if fate == Fate.DONE:
            for name in ("done_on", "done_text"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("请填写落实日期和落实情况。"))
        told = data.get("due_on") or data.get("days") or {"due_on", "days"} & set(self.errors)
        if fate == Fate.LATER and not told:
            self.add_error("due_on", _("请填写新的完成期限。"))
        if fate in (Fate.DONE, Fate.LATER) and not data.get("end"):
            data["end"] = ItemEnd.NOTED
        return data


class MatterForm(forms.Form):
    """Something that a committee should take up."""

    committee = forms.ModelChoiceField(label=_("产业链党委"), queryset=Committee.objects.none(), empty_label=None)
    title = forms.CharField(label=_("事项"), max_length=200)
    text = forms.CharField(
        label=_("情况说明"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args, committees, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = committees


class ConveneForm(forms.Form):
    """Which committee should take up the entry, and why (要事一事一商)."""

    committee = forms.ModelChoiceField(
        label=_("提请哪个党委研究"), queryset=Committee.objects.none(), empty_label=None, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("提请理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明难点、已做的工作和希望会议议定什么。"),
    )

    def __init__(self, *args, committees, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["committee"]
        field.queryset = Committee.objects.filter(pk__in=[one.pk for one in committees])
        if committees:
            field.initial = committees[0].pk
