"""Decisions: as rows of a draft, alone on their page, and what happens to them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, HelpTeam
from core.clock import today
from core.widgets import DateInput, SearchSelect
from meetings.enums import DecisionAct
from meetings.forms.base import (
    MOST_ROWS,
    ProblemNumberField,
    act_units,
    default_due,
    linkable_at,
    mechanisms_of,
    owners,
)
from meetings.lifecycle import acting
from meetings.models import Decision

MOST_DAYS = 250
# What few decisions need stands folded away below the row.
MORE_FIELDS = ("act", "act_unit", "act_on", "mechanism_code")


class DecisionRow(forms.Form):
    """One decision of a draft, or (alone on its page) of a held meeting. An empty row is no row.

    What it does to its problem is tried on the ledger as it is now; who may do it is asked when the meeting is held.
    """

    text = forms.CharField(
        label=_("议定内容"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    owner_department = forms.ModelChoiceField(
        label=_("责任单位"), queryset=Department.objects.none(), required=False, empty_label=_("（不选单位）")
    )
    owner_name = forms.CharField(label=_("责任人"), max_length=40, required=False)
    due_on = forms.DateField(label=_("完成期限"), required=False, widget=DateInput(counted=False))
    days = forms.IntegerField(
        label=_("或：几个工作日内"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("填写后按工作日历从会议日起计算，不看左边的日期。"),
    )
    problem = ProblemNumberField(label=_("关联问题编号"))
    item_no = forms.IntegerField(label=_("对应议题序号"), required=False, min_value=1, max_value=MOST_ROWS)
    act = forms.ChoiceField(
        label=_("对问题的处理"),
        required=False,
        choices=DecisionAct.choices,
        help_text=_("会议登记为已召开时，由台账按这里的内容办理。"),
    )
    act_unit = forms.ChoiceField(label=_("交办给"), required=False)
    act_on = forms.DateField(label=_("新的期限（下次跟进日期）"), required=False, widget=DateInput(counted=False))
    mechanism_code = forms.ChoiceField(label=_("关联机制"), required=False)

    def limit(self, *, problems, departments, units, mechanisms):
        """Cut choices to what the meeting's committee may use; `departments` are (queryset, choices)."""
        queryset, choices = departments
        self.fields["owner_department"].queryset = queryset
        self.fields["owner_department"].widget.choices = choices
        if "problem" in self.fields:
            self.fields["problem"].problems = problems
            self.fields["act_unit"].choices = units
        known = self.initial.get("mechanism_code")
        gone = [(known, known)] if known and known not in dict(mechanisms) else []
        self.fields["mechanism_code"].choices = [*mechanisms, *gone]

    @property
    def main_fields(self):
        return [field for field in self.visible_fields() if field.name not in MORE_FIELDS]

    @property
    def more_fields(self):
        return [field for field in self.visible_fields() if field.name in MORE_FIELDS]

    @property
    def more_is_used(self) -> bool:
        """Whether the folded part has to be seen: something is chosen there or is wrong."""
        return any(field.value() or field.errors for field in self.more_fields)

    def clean(self):
        data = super().clean()
        if not data.get("text") and "text" not in self.errors:
            if data.get("owner_department") or data.get("owner_name") or data.get("problem") or self.errors:
                self.add_error("text", _("请填写议定内容。"))
            return data
        if not data.get("owner_department") and not data.get("owner_name") and "owner_name" not in self.errors:
            self.add_error("owner_name", _("请填写责任单位或责任人。"))
        if not data.get("due_on") and not data.get("days") and not {"due_on", "days"} & set(self.errors):
            self.add_error("due_on", _("请填写完成期限。"))
        if "act" in self.fields:
            self._clean_act(data)
        return data

    def _clean_act(self, data):
        kind, _colon, pk = (data.pop("act_unit", "") or "").partition(":")
        data["act_team"] = HelpTeam.objects.select_related("region").filter(pk=pk).first() if kind == "team" else None
        data["act_department"] = (
            Department.objects.select_related("region").filter(pk=pk).first() if kind == "department" else None
        )
        act = data.get("act")
        if not act or "act" in self.errors:
            data["act_on"] = data["act_team"] = data["act_department"] = None
            return
        if data.get("problem") is None:
            if "problem" not in self.errors:
                self.add_error("problem", _("要对问题作处理，请先填写关联问题编号。"))
        elif act == DecisionAct.ASSIGN and not (data["act_team"] or data["act_department"]):
            self.add_error("act_unit", _("请选择交办给哪个单位。"))
        elif act != DecisionAct.ASSIGN and not data.get("act_on") and "act_on" not in self.errors:
            self.add_error("act_on", _("请填写新的日期。"))
        elif not self.errors and self.has_changed():
            names = ("text", "problem", "act", "act_team", "act_department", "act_on")
            tried = Decision(**{name: data.get(name) for name in names})
            for name, sentence in acting.wrong(tried).items():
                self.add_error(name, sentence)


class DecisionForm(DecisionRow):
    """As the row, and not empty."""

    field_order = ["text", "owner_department", "owner_name", "due_on", "days"]
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args, actor, meeting, with_item=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True
        self.fields["due_on"].initial = default_due(meeting.committee.region.path)
        self.fields["act_unit"].widget = SearchSelect()
        if not with_item:
            for name in ("item_no", "problem", "act", "act_unit", "act_on"):
                del self.fields[name]
            self.fields["days"].help_text = _("填写后按工作日历从今天起计算，不看左边的日期。")
        departments = owners(meeting.committee)
        choices = [("", self.fields["owner_department"].empty_label), *((d.pk, d.name) for d in departments)]
        self.limit(
            problems=linkable_at(actor, meeting), departments=(departments, choices),
            units=act_units(meeting.committee), mechanisms=mechanisms_of(meeting.committee),
        )  # fmt: skip


class NoteForm(forms.Form):
    """Progress of a decision."""

    text = forms.CharField(label=_("进展"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class DoneForm(forms.Form):
    done_on = forms.DateField(label=_("落实日期"), widget=DateInput, initial=today)
    done_text = forms.CharField(label=_("落实情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)
