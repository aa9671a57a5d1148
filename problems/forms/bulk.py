"""Forms of steps on many entries: as for one, with the choices that all of them share."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, HelpTeam
from core import clock
from core.widgets import SearchSelect, SearchSelectMultiple
from problems.enums import BulkStep, Level
from problems.forms.fields import DayField, TextField
from problems.forms.handling import _units


class BulkForm(forms.Form):
    """`lines` are the lines of regions (paths from the top) of the entries."""

    def __init__(self, *args, lines: list[list[str]], **options):
        super().__init__(*args, **options)
        self.lines = lines
        self.prepare()

    def prepare(self) -> None:
        """Fill choices; for subclasses."""


class BulkAssignForm(BulkForm):
    """A lead that stands in the line of every entry, and helpers."""

    lead = forms.ChoiceField(label=_("牵头"), widget=SearchSelect)
    helpers = forms.MultipleChoiceField(label=_("协办"), required=False, widget=SearchSelectMultiple)
    due_on = DayField(label=_("办理期限"), required=False, help_text=_("不填则逐件按办理规则和缓急计算。"))
    instruction = TextField(label=_("交办要求"), max_length=500, required=False, rows=3)

    def prepare(self):
        common = set(self.lines[0]).intersection(*self.lines[1:]) if self.lines else set()
        teams = HelpTeam.objects.on(clock.today()).filter(region__path__in=common).order_by("name")
        departments = Department.objects.filter(is_active=True, region__path__in=common).order_by("name")
        units = [
            (_("帮办团"), [(f"team:{row.pk}", row.name) for row in teams]),
            (_("责任单位"), [(f"department:{row.pk}", row.name) for row in departments]),
        ]
        self.fields["lead"].choices = [("", _("请选择")), *units]
        self.fields["helpers"].choices = units

    def clean(self):
        data = super().clean()
        lead = data.pop("lead", "")
        if lead:
            teams, departments = _units([lead])
            data["team"], data["department"] = next(iter(teams), None), next(iter(departments), None)
        data["coteams"], data["codepartments"] = _units(data.pop("helpers", None) or [])
        return data


class BulkUrgeForm(BulkForm):
    text = TextField(label=_("催办意见"), max_length=500, required=False, rows=3)


class BulkEscalateForm(BulkForm):
    level = forms.ChoiceField(
        label=_("提级到"), choices=Level.choices, widget=forms.RadioSelect, initial=str(Level.COUNTY)
    )
    reason = TextField(label=_("理由"), max_length=500, rows=3)


BULK_FORMS = {BulkStep.ASSIGN: BulkAssignForm, BulkStep.URGE: BulkUrgeForm, BulkStep.ESCALATE: BulkEscalateForm}
