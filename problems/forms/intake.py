"""Forms of intake and corrections: completing, merging, joining, editing, moving."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chains.models import Chain
from core.widgets import SearchSelect
from problems.enums import Source, Urgency
from problems.forms.base import StepForm
from problems.forms.fields import CategoryField, DayField, NumberField, TextField
from problems.models import Category, Problem


class ResubmitForm(StepForm):
    text = TextField(label=_("具体情况"), max_length=4000, rows=6)
    note = TextField(label=_("补正说明"), max_length=500, required=False, rows=2)

    def prepare(self):
        self.fields["text"].initial = self.problem.text


class _OtherForm(StepForm):
    other_field = ""

    def _other(self):
        number = self.cleaned_data[self.other_field]
        if not number:
            return None
        other = Problem.objects.visible_to(self.actor).filter(number=number.upper()).first()
        if other is None or other.pk == self.problem.pk:
            raise ValidationError(_("没有找到这个编号的其他问题。"), code="unknown")
        return other


class MergeForm(_OtherForm):
    other_field = "target"
    target = NumberField(label=_("并入哪个问题"))
    reason = TextField(label=_("说明"), max_length=500, required=False, rows=2)

    def clean_target(self):
        return self._other()


class RootForm(_OtherForm):
    other_field = "root"
    root = NumberField(label=_("根事项"), required=False)

    def prepare(self):
        self.fields["root"].help_text = _("填写根事项的编号；留空表示从现有根事项下移出。")

    def clean_root(self):
        return self._other()


class EditForm(StepForm):
    title = TextField(label=_("事项"), max_length=120)
    category = CategoryField()
    text = TextField(label=_("具体情况"), max_length=4000, rows=6)
    source = forms.ChoiceField(label=_("来源"), choices=Source.choices)
    urgency = forms.ChoiceField(label=_("缓急"), choices=Urgency.choices)
    contact_name = TextField(label=_("联系人"), max_length=40, required=False)
    contact_phone = TextField(label=_("联系电话"), max_length=30, required=False)

    def prepare(self):
        self.fields["category"].fill(Category.objects.of_region(self.problem.region), kept=self.problem.category)
        for name, field in self.fields.items():
            field.initial = getattr(self.problem, f"{name}_id" if name == "category" else name)


class MoveForm(StepForm):
    chain = forms.ModelChoiceField(Chain.objects.none(), label=_("产业链"), widget=SearchSelect)

    def prepare(self):
        self.fields["chain"].queryset = Chain.objects.visible_to(self.actor)
        self.fields["chain"].initial = self.problem.chain_id


class CorrectDatesForm(StepForm):
    submitted_on = DayField(label=_("实际提交日期"))
    reason = TextField(label=_("更正理由"), max_length=500, rows=3)

    def prepare(self):
        self.fields["submitted_on"].initial = self.problem.submitted_on
