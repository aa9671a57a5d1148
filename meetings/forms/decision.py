"""Decisions: as rows of a draft, alone on their page, and what happens to them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Department
from core.clock import today
from core.widgets import DateInput
from meetings.forms.base import MOST_ROWS, ProblemNumberField, default_due, linkable, owners


class DecisionRow(forms.Form):
    """One decision of a draft, or (alone on its page) of a held meeting. An empty row is no row."""

    text = forms.CharField(
        label=_("议定内容"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    owner_department = forms.ModelChoiceField(
        label=_("责任单位"), queryset=Department.objects.none(), required=False, empty_label=_("（不选单位）")
    )
    owner_name = forms.CharField(label=_("责任人"), max_length=40, required=False)
    due_on = forms.DateField(label=_("完成期限"), required=False, widget=DateInput)
    problem = ProblemNumberField(label=_("关联问题编号"))
    item_no = forms.IntegerField(label=_("对应议题序号"), required=False, min_value=1, max_value=MOST_ROWS)

    def clean(self):
        data = super().clean()
        if not data.get("text") and "text" not in self.errors:
            if data.get("owner_department") or data.get("owner_name") or data.get("problem") or self.errors:
                self.add_error("text", _("请填写议定内容。"))
            return data
        if not data.get("owner_department") and not data.get("owner_name") and "owner_name" not in self.errors:
            self.add_error("owner_name", _("请填写责任单位或责任人。"))
        if not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("请填写完成期限。"))
        return data


class DecisionForm(DecisionRow):
    """As the row, and not empty."""

    field_order = ["text", "owner_department", "owner_name", "due_on"]
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args, actor, meeting, with_item=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True
        self.fields["owner_department"].queryset = owners(meeting.committee)
        self.fields["due_on"].initial = default_due(meeting.committee.region.path)
        self.fields["problem"].problems = linkable(actor, meeting.committee)
        if not with_item:
            del self.fields["item_no"], self.fields["problem"]


class DoneForm(forms.Form):
    done_on = forms.DateField(label=_("落实日期"), widget=DateInput, initial=today)
    done_text = forms.CharField(label=_("落实情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)
