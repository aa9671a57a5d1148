"""Forms of those who assign and those who handle."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, HelpTeam
from core import clock
from core.widgets import SearchSelect, SearchSelectMultiple
from problems import rules
from problems.enums import Level, Urgency
from problems.forms.base import ReasonForm, StepForm
from problems.forms.fields import DayField, TextField
from problems.models import Problem


class LongTextForm(StepForm):
    text = TextField(label=_("内容"), max_length=2000, rows=5)


class ReportForm(StepForm):
    text = TextField(label=_("协办意见"), max_length=1000, rows=5)


class GroundForm(StepForm):
    ground = TextField(
        label=_("异议依据"), max_length=1000, rows=4, help_text=_("写明职责依据，并建议应由哪个单位办理。")
    )


def unit_choices(problem: Problem) -> list:
    """Help teams and departments of the entry's region line, as `team:ID` and `department:ID`."""
    line = problem.region.ancestor_paths
    today = clock.today()
    teams = HelpTeam.objects.on(today).filter(region__path__in=line)
    departments = Department.objects.filter(is_active=True, region__path__in=line)
    return [
        (_("帮办团"), [(f"team:{row.pk}", row.name) for row in teams.order_by("name")]),
        (_("责任单位"), [(f"department:{row.pk}", row.name) for row in departments.order_by("name")]),
    ]


def _units(values: list[str]) -> tuple[list, list]:
    """(teams, departments) of checked choices."""
    ids = {"team": [], "department": []}
    for value in values:
        kind, _colon, pk = value.partition(":")
        ids[kind].append(int(pk))
    teams = list(HelpTeam.objects.filter(pk__in=ids["team"]).select_related("region"))
    return teams, list(Department.objects.filter(pk__in=ids["department"]).select_related("region"))


class LeadForm(StepForm):
    """Base of assigning and transferring: one lead, read as `team` or `department`."""

    lead = forms.ChoiceField(label=_("牵头"), widget=SearchSelect)

    def prepare(self):
        self.fields["lead"].choices = [("", _("请选择")), *unit_choices(self.problem)]

    def clean(self):
        data = super().clean()
        value = data.pop("lead", "")
        if value:
            teams, departments = _units([value])
            data["team"], data["department"] = next(iter(teams), None), next(iter(departments), None)
        return data


class AssignForm(LeadForm):
    helpers = forms.MultipleChoiceField(label=_("协办"), required=False, widget=SearchSelectMultiple)
    urgency = forms.ChoiceField(label=_("缓急"), choices=Urgency.choices, required=False)
    due_on = DayField(label=_("办理期限"), required=False, help_text=_("不填则按办理规则计算。"))
    instruction = TextField(label=_("交办要求"), max_length=500, required=False, rows=3)

    def prepare(self):
        super().prepare()
        self.fields["helpers"].choices = unit_choices(self.problem)
        self.fields["urgency"].initial = self.problem.urgency

    def clean(self):
        data = super().clean()
        data["coteams"], data["codepartments"] = _units(data.pop("helpers", None) or [])
        data["urgency"] = data.get("urgency") or self.problem.urgency
        return data


class HelpersForm(StepForm):
    """More co-handlers."""

    helpers = forms.MultipleChoiceField(label=_("协办"), widget=SearchSelectMultiple)
    instruction = TextField(label=_("协办要求"), max_length=500, required=False, rows=3)

    def prepare(self):
        self.fields["helpers"].choices = unit_choices(self.problem)

    def clean(self):
        data = super().clean()
        data["coteams"], data["codepartments"] = _units(data.pop("helpers", None) or [])
        return data


class UrgeForm(StepForm):
    text = TextField(label=_("催办意见"), max_length=500, required=False, rows=3)


class EscalateForm(ReasonForm):
    level = forms.ChoiceField(label=_("提级到"), choices=Level.choices, widget=forms.RadioSelect)
    field_order = ("level", "reason")

    def prepare(self):
        if self.problem.escalated_to:
            self.fields["level"].choices = [(str(Level.CITY), Level.CITY.label)]
        book = rules.rulebook_of(self.problem, clock.today())
        self.fields["level"].initial = Level.CITY if self.problem.escalated_to else book.escalates_to


class TransferForm(LeadForm):
    due_on = DayField(label=_("办理期限"), required=False, help_text=_("不填则按办理规则为新的单位重新计算。"))
    reason = TextField(label=_("改派理由"), max_length=500, rows=3)


class DecisionForm(StepForm):
    granted = forms.TypedChoiceField(
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        label=_("决定"),
    )

    def clean_granted(self):
        return self.cleaned_data["granted"] is True


class RulingForm(DecisionForm):
    ruling = TextField(label=_("裁定意见"), max_length=1000, rows=4)

    def prepare(self):
        self.fields["granted"].choices = [("yes", _("异议成立，退回待交办")), ("no", _("异议不成立，继续办理"))]


class AnswerForm(DecisionForm):
    answer = TextField(label=_("答复"), max_length=500, required=False, rows=3, help_text=_("不同意的须说明理由。"))


class SuspendForm(ReasonForm):
    next_on = DayField(label=_("下次查看日期"), required=False)


class ExtensionForm(StepForm):
    new_due_on = DayField(label=_("申请延至"))
    reason = TextField(label=_("延期理由"), max_length=1000, rows=4)
