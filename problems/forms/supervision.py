"""Forms of supervision: instructions, slips, their answers, and the filters of the board and the lists."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from chains.models import Chain, Committee
from core import clock
from core.actor import Actor
from problems.enums import SlipKind
from problems.forms.base import StepForm
from problems.forms.fields import DayField, TextField

ANSWERED = [("", _("全部")), ("open", _("未反馈")), ("late", _("逾期未反馈")), ("answered", _("已反馈"))]


class InstructForm(StepForm):
    text = TextField(label=_("批示内容"), max_length=2000, rows=5)
    report_by_on = DayField(label=_("要求反馈日期"), required=False, help_text=_("不填则不限日期。"))


class SlipForm(StepForm):
    """A slip by hand; everything is filled in and may be changed."""

    kind = forms.ChoiceField(label=_("种类"), choices=SlipKind.choices, widget=forms.RadioSelect)
    leg = forms.TypedChoiceField(label=_("发往"), required=False, coerce=int, empty_value=None)
    answer_due_on = DayField(label=_("反馈期限"))
    text = TextField(label=_("要求"), max_length=2000, rows=7)

    def __init__(self, *args, legs, **options):
        self.legs = legs
        super().__init__(*args, **options)

    def prepare(self):
        none = [] if self.legs else [("", self.problem.committee or self.problem.region)]
        self.fields["leg"].choices = [*none, *((leg.pk, str(leg.unit)) for leg in self.legs)]

    def clean_leg(self):
        chosen = self.cleaned_data["leg"]
        return next((leg for leg in self.legs if leg.pk == chosen), None)


class AnswerSlipForm(forms.Form):
    text = TextField(label=_("反馈"), max_length=2000, rows=6)


class InstructionReportForm(forms.Form):
    text = TextField(label=_("落实情况"), max_length=2000, rows=6)


class PlaceForm(forms.Form):
    """Where: one region with all below, one chain, one committee. Choices are what the actor sees."""

    region = forms.ModelChoiceField(Region.objects.none(), label=_("区域"), required=False, empty_label=_("全部"))
    chain = forms.ModelChoiceField(Chain.objects.none(), label=_("产业链"), required=False, empty_label=_("全部"))
    committee = forms.ModelChoiceField(
        Committee.objects.none(), label=_("产业链党委"), required=False, empty_label=_("全部")
    )

    def __init__(self, data, *, actor: Actor):
        super().__init__(data, auto_id="f_%s")
        self.fields["region"].queryset = Region.objects.visible_to(actor)
        self.fields["chain"].queryset = Chain.objects.visible_to(actor)
        self.fields["committee"].queryset = Committee.objects.visible_to(actor)
        self.is_valid()

    def place(self) -> dict:
        """The valid conditions, by name."""
        return {name: value for name in ("region", "chain", "committee") if (value := self.cleaned_data.get(name))}

    def narrow(self, rows):
        """Rows that carry their place in columns of their own."""
        place = self.place()
        if "region" in place:
            rows = rows.filter(region__path__startswith=place["region"].path)
        return rows.filter(**{name: place[name] for name in ("chain", "committee") if name in place})


class BoardForm(PlaceForm):
    """The board's conditions: the place, and a day gone by at whose end it is to be told."""

    day = DayField(label=_("截至日期"), required=False, help_text=_("不填为现在。"))
    field_order = ("day", "region", "chain", "committee")

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day is not None and day > clock.today():
            raise forms.ValidationError(_("请选择今天或以前的日期。"))
        return day

    def past_day(self):
        """The day, where it is one gone by; today is now."""
        day = self.cleaned_data.get("day")
        return day if day is not None and day < clock.today() else None


class SlipFilterForm(PlaceForm):
    kind = forms.ChoiceField(label=_("种类"), required=False, choices=[("", _("全部")), *SlipKind.choices])
    answered = forms.ChoiceField(label=_("反馈情况"), required=False, choices=ANSWERED)
    since = DayField(label=_("发出自"), required=False)
    until = DayField(label=_("发出至"), required=False)
    field_order = ("kind", "answered", "since", "until", "region", "chain", "committee")


class InstructionFilterForm(PlaceForm):
    answered = forms.ChoiceField(label=_("反馈情况"), required=False, choices=ANSWERED)
    field_order = ("answered", "region", "chain", "committee")
