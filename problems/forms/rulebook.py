"""Forms of the rules of handling and of the categories."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances.enums import TeamKind
from alliances.models import Region
from core import clock
from core.widgets import SearchSelect
from problems.enums import Doer, LadderAct, Level, LimitStep, Preset, Reach, Trigger, Urgency
from problems.forms.fields import DayField, TextField
from problems.lifecycle.rulebooks import Draft
from problems.models import Category
from problems.rulebook import presets, tree
from problems.rulebook.fields import CHOICE, DAYS, GROUPS, MINUTES, MOMENT, RULES, UNITS, Rule
from problems.rules import Rung, ladder_of, limits_of

SPARE = 3
MOST_ROWS = 200
_CHOICES = {"escalates_to": Level.choices}


def _field(rule: Rule) -> forms.Field:
    if rule.unit == CHOICE:
        choices = _CHOICES.get(rule.name, Doer.choices)
        return forms.ChoiceField(label=rule.label, help_text=rule.help, choices=choices)
    if rule.unit == MOMENT:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        return forms.TimeField(label=rule.label, help_text=rule.help, widget=widget)
    unit = _("工作日") if rule.unit == DAYS else UNITS[rule.unit]
    label = _("%(label)s（%(unit)s）")
    return forms.IntegerField(
        label=rule.label if rule.unit == MINUTES else _Labelled(label, rule.label, unit),
        help_text=rule.help,
        min_value=rule.least,
        max_value=rule.most,
    )


class _Labelled:
    """A label with its unit, put together in the reader's language."""

    def __init__(self, sentence, label, unit):
        self.parts = sentence, label, unit

    def __str__(self):
        sentence, label, unit = self.parts
        return str(sentence) % {"label": label, "unit": unit}


class RulebookForm(forms.Form):
    """Every column of a rulebook, with the day from which it holds and why it was made."""

    valid_from = DayField(
        label=_("生效日期"),
        help_text=_("今天或以后；已经过去的日子仍按当时的规则。同一天已有一版的，由新的一版替代，两版都保留。"),
    )
    note = TextField(label=_("修订说明"), max_length=300, help_text=_("为什么改、依据什么文件；写入审计记录。"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for rule in RULES:
            self.fields[rule.name] = _field(rule)

    def groups(self) -> list[tuple]:
        """(title, bound fields) as they stand on the page."""
        return [(title, [self[rule.name] for rule in rules]) for title, rules in GROUPS]

    def clean(self):
        data = super().clean()
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and opens >= closes:
            self.add_error("closes_at", _("上班时间应早于下班时间。"))
        longest = data.get("longest_days")
        for name in ("ordinary_days", "urgent_days", "complex_days"):
            if longest is not None and data.get(name) is not None and data[name] > longest:
                self.add_error(name, _("不能超过最长办理时限。"))
        return data


class _RowForm(forms.Form):
    """A row that may be left empty; one that is begun must be whole."""

    whole: tuple[str, ...] = ()

    def clean(self):
        data = super().clean()
        begun = any(data.get(name) not in (None, "") for name in self.fields if name != "DELETE")
        if begun and not data.get("DELETE"):
            for name in self.whole:
                if data.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, _("此项必填。"))
        return data


class LimitForm(_RowForm):
    whole = ("step", "days")
    step = forms.ChoiceField(
        label=pgettext_lazy("step", "环节"), choices=[("", "—"), *LimitStep.choices], required=False
    )
    category = forms.ModelChoiceField(Category.objects.none(), label=_("类别"), required=False)
    urgency = forms.ChoiceField(label=_("缓急"), choices=[("", _("不限")), *Urgency.choices], required=False)
    days = forms.IntegerField(label=_("工作日"), min_value=1, max_value=250, required=False)

    def __init__(self, *args, categories, choices, **options):
        super().__init__(*args, **options)
        self.fields["category"].queryset = categories
        self.fields["category"].widget.choices = choices


class RungForm(_RowForm):
    whole = ("trigger", "threshold", "act")
    trigger = forms.ChoiceField(label=_("触发条件"), choices=[("", "—"), *Trigger.choices], required=False)
    threshold = forms.IntegerField(label=_("数值"), min_value=0, max_value=250, required=False)
    act = forms.ChoiceField(label=_("措施"), choices=[("", "—"), *LadderAct.choices], required=False)

    def clean(self):
        data = super().clean()
        if data.get("threshold") == 0 and data.get("trigger") not in (None, "", Trigger.NEAR):
            self.add_error("threshold", _("数值应至少为 1。"))
        return data


class _Rows(forms.BaseFormSet):
    """Rows of one kind; the same thing twice is told beside the second."""

    names: tuple[str, ...] = ()
    twice = ""

    def clean(self):
        seen = set()
        for form in self.filled():
            key = tuple(form.cleaned_data.get(name) for name in self.names)
            if key in seen:
                form.add_error(self.names[0], self.twice)
            seen.add(key)

    def filled(self) -> list[forms.Form]:
        first = self.forms[0].whole[0] if self.forms else ""
        rows = [form for form in self.forms if not form.errors and form.cleaned_data.get(first)]
        return [form for form in rows if not form.cleaned_data.get("DELETE")]


class _LimitRows(_Rows):
    names = ("step", "category", "urgency")
    twice = _("同一环节、类别和缓急只能有一条时限。")


class _RungRows(_Rows):
    names = ("trigger", "threshold", "act")
    twice = _("同一条件和数值下，同一措施只能有一条。")


_rows = {"extra": SPARE, "can_delete": True, "can_delete_extra": False, "max_num": MOST_ROWS, "absolute_max": MOST_ROWS}
LimitFormSet = forms.formset_factory(LimitForm, formset=_LimitRows, **_rows)
RungFormSet = forms.formset_factory(RungForm, formset=_RungRows, **_rows)


class RulebookForms:
    """The page's three parts as one: the columns, the limits by category, the ladder."""

    def __init__(self, region: Region, data=None, *, book=None):
        """`book` gives the first values where there is no `data`."""
        self.region = region
        categories = Category.objects.of_region(region)
        options = {"categories": categories, "choices": [("", _("不限")), *tree.choices(categories)[1:]]}
        first = _first_values(book) if book is not None else {}
        self.form = RulebookForm(data, initial=first.get("form"))
        limits, ladder = first.get("limits"), first.get("ladder")
        self.limits = LimitFormSet(data, initial=limits, prefix="limits", form_kwargs=options)
        self.ladder = RungFormSet(data, initial=ladder, prefix="ladder")

    def is_valid(self) -> bool:
        valid = [self.form.is_valid(), self.limits.is_valid(), self.ladder.is_valid()]
        if all(valid):
            self._check_longest()
        return all(valid) and self.limits.is_valid()

    def _check_longest(self):
        longest = self.form.cleaned_data["longest_days"]
        for form in self.limits.filled():
            if form.cleaned_data["step"] == LimitStep.RESOLVE and form.cleaned_data["days"] > longest:
                form.add_error("days", _("不能超过最长办理时限。"))

    def draft(self) -> Draft:
        """The rules that were written, for `problems.lifecycle.rulebooks`."""
        data = dict(self.form.cleaned_data)
        limits = [
            (row["step"], row["category"].pk if row["category"] else None, row["urgency"], row["days"])
            for row in (form.cleaned_data for form in self.limits.filled())
        ]
        ladder = [
            Rung(row["trigger"], row["threshold"], row["act"])
            for row in (form.cleaned_data for form in self.ladder.filled())
        ]
        day, note = data.pop("valid_from"), data.pop("note")
        return Draft(self.region, day, data, limits, ladder, note)

    def add_errors(self, error: ValidationError) -> None:
        """What the lifecycle found, beside the field where there is one."""
        for name, messages in error.error_dict.items() if hasattr(error, "error_dict") else [(None, error.error_list)]:
            self.form.add_error(name if name in self.form.fields else None, messages)


def _first_values(book) -> dict:
    limits = [
        {"step": step, "category": category_id, "urgency": urgency, "days": days}
        for step, rows in limits_of(book).items()
        for (category_id, urgency), days in rows.items()
    ]
    values = {rule.name: getattr(book, rule.name) for rule in RULES}
    values["valid_from"] = book.valid_from
    return {"form": values, "limits": limits, "ladder": [rung._asdict() for rung in ladder_of(book)]}


def book_of_preset(preset: str, region: Region):
    """A ready set as a rulebook that is not saved."""
    draft = Draft(region, clock.today(), presets.values_of(preset), ladder=presets.ladder_of(preset))
    return draft.book()


class StartForm(forms.Form):
    """What the new version starts from, chosen in the address."""

    preset = forms.ChoiceField(choices=[("", ""), ("above", ""), *Preset.choices], required=False)
    # The day of the version that is to be corrected.
    day = DayField(required=False)


class ReachForm(forms.Form):
    """Whether open entries get new deadlines; asked beside the preview."""

    reach = forms.ChoiceField(
        label=_("在办事项的期限"), choices=Reach.choices, initial=Reach.NEW, widget=forms.RadioSelect
    )

    def __init__(self, *args, open_only: bool = False, **options):
        """`open_only` where the version that is replaced moves open deadlines already."""
        super().__init__(*args, **options)
        if open_only:
            self.fields["reach"].choices = [(Reach.OPEN.value, Reach.OPEN.label)]
            self.fields["reach"].help_text = _("被替代的一版已在调整在办事项的期限，这一版也要适用于在办事项。")
            self.initial["reach"] = Reach.OPEN.value


class KindsField(forms.MultipleChoiceField):
    """Which kinds of help team fit a category."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self):
        super().__init__(
            label=_("对口帮办团"),
            choices=TeamKind.choices,
            required=False,
            help_text=_("交办时优先建议这些类别的帮办团；一个也不选，就按上级类别。"),
        )


class CategoryForm(forms.Form):
    """A region's own category below another one."""

    parent = forms.ModelChoiceField(Category.objects.none(), label=_("上级类别"), widget=SearchSelect)
    name = TextField(label=_("名称"), max_length=40)
    kinds = KindsField()

    def __init__(self, *args, region: Region, **options):
        super().__init__(*args, **options)
        rows = Category.objects.of_region(region)
        self.fields["parent"].queryset = rows.filter(is_active=True)
        self.fields["parent"].widget.choices = tree.choices(rows)


class ChosenKindsForm(forms.Form):
    """What a region chooses for a category that is not its own."""

    kinds = KindsField()

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["kinds"].help_text = _("只在本地区和下级区域使用；一个也不选，就恢复按通用设定。")


class CategoryEditForm(forms.Form):
    name = TextField(label=_("名称"), max_length=40)
    kinds = KindsField()
    is_active = forms.BooleanField(
        label=_("启用"), required=False, help_text=_("停用后新问题不能再选它和它的下级；已有问题的类别不变。")
    )
