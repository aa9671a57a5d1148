"""Forms of the ledger. The API reads its fields from the same forms, so that a rule is written once."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, HelpTeam
from chains.models import Chain
from core import clock
from core.actor import Actor, Role
from core.widgets import DateInput, SearchSelect, SearchSelectMultiple
from enterprises.models import Enterprise
from problems.enums import RESOLVED_OUTCOMES, Outcome, Rating, Source, Urgency
from problems.models import Category, Problem

LARGEST_VERSION = 2**31 - 1


def no_half_pairs(value: str) -> None:
    """Half of a surrogate pair can be typed into JSON; no database stores it."""
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValidationError(_("含有无法保存的字符。"), code="half_pair")


class TextField(forms.CharField):
    """A text of people: trimmed, limited, without characters that cannot be stored."""

    default_validators = [no_half_pairs]

    def __init__(self, *, rows: int = 0, **options):
        if rows:
            options["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(**options)


class DayField(forms.DateField):
    """A date between 2000 and 2100: years beyond are slips of the finger."""

    widget = DateInput

    def validate(self, value):
        super().validate(value)
        if value is not None and not 2000 <= value.year <= 2100:
            raise ValidationError(_("请核对年份。"), code="year")


def category_choices() -> list:
    """Top categories as groups with their kinds; a top category can be chosen itself."""
    rows = list(Category.objects.filter(is_active=True))
    kinds: dict = {}
    for row in rows:
        kinds.setdefault(row.parent_id, []).append(row)
    choices: list = [("", _("请选择"))]
    for top in kinds.get(None, []):
        choices.append((top.pk, top.name))
        choices += [(kind.pk, f"{top.name} · {kind.name}") for kind in kinds.get(top.pk, [])]
    return choices


class CategoryField(forms.ModelChoiceField):
    """A category, shown with its top category."""

    def __init__(self, **options):
        super().__init__(Category.objects.filter(is_active=True), widget=SearchSelect, label=_("类别"), **options)

    def fill(self):
        self.widget.choices = category_choices()


# --- raising ----------------------------------------------------------------------------------------------------
class ProblemForm(forms.Form):
    """Raising or editing an entry: under a minute, nothing asked twice, no photo required."""

    enterprise = forms.ModelChoiceField(Enterprise.objects.none(), label=_("企业"), widget=SearchSelect)
    title = TextField(label=_("事项"), max_length=120, help_text=_("一句话说清要解决什么。"))
    category = CategoryField()
    text = TextField(label=_("具体情况"), max_length=4000, rows=6, required=False)
    source = forms.ChoiceField(label=_("来源"), choices=Source.choices, initial=Source.ONLINE)
    urgency = forms.ChoiceField(label=_("缓急"), choices=Urgency.choices, initial=Urgency.ORDINARY)
    contact_name = TextField(label=_("联系人"), max_length=40, required=False)
    contact_phone = TextField(label=_("联系电话"), max_length=30, required=False)

    def __init__(self, *args, actor: Actor, draft: bool = False, **options):
        super().__init__(*args, **options)
        self.actor, self.draft = actor, draft
        self.fields["text"].required = not draft
        self.fields["category"].fill()
        self.own = own_enterprise(actor)
        if self.own is not None:
            # A branch secretary writes for one enterprise: nothing to choose, nothing to forge.
            del self.fields["enterprise"]
            self.fields["contact_name"].initial = self.own.contact_name
            self.fields["contact_phone"].initial = self.own.contact_phone
        else:
            self.fields["enterprise"].queryset = enterprises_for(actor)

    def clean(self):
        if self.own is not None:
            self.cleaned_data["enterprise"] = self.own
        return self.cleaned_data


def own_enterprise(actor: Actor) -> Enterprise | None:
    """The one enterprise of an actor who is nothing but its branch secretary."""
    ids = actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
    if len(ids) == 1 and not actor.has(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY):
        return Enterprise.objects.select_related("region").get(pk=next(iter(ids)))
    return None


def enterprises_for(actor: Actor):
    """The enterprises that the actor may raise for, those on the books today."""
    seen = Enterprise.objects.visible_to(actor)
    if not actor.is_system and not actor.has(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY, Role.BRANCH_SECRETARY):
        return seen.none()
    return seen.filter(left_on=None).select_related("region").order_by("name")


# --- one form for each transition -------------------------------------------------------------------------------
class StepForm(forms.Form):
    """What a transition asks for. `problem` and `actor` limit the choices."""

    def __init__(self, *args, problem: Problem, actor: Actor, **options):
        super().__init__(*args, **options)
        self.problem, self.actor = problem, actor
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values; for subclasses."""


class NoteForm(StepForm):
    note = TextField(label=_("说明"), max_length=500, required=False, rows=3)


class ReasonForm(StepForm):
    reason = TextField(label=_("理由"), max_length=500, rows=3)


class LongTextForm(StepForm):
    text = TextField(label=_("内容"), max_length=2000, rows=5)


class ReportForm(StepForm):
    text = TextField(label=_("协办意见"), max_length=1000, rows=5)


class GroundForm(StepForm):
    ground = TextField(
        label=_("异议依据"), max_length=1000, rows=4, help_text=_("写明职责依据，并建议应由哪个单位办理。")
    )


class ResubmitForm(StepForm):
    text = TextField(label=_("具体情况"), max_length=4000, rows=6)
    note = TextField(label=_("补正说明"), max_length=500, required=False, rows=2)

    def prepare(self):
        self.fields["text"].initial = self.problem.text


class NumberField(TextField):
    """The number of another entry that the actor sees, e.g. WT-990100-2026-0187."""

    def __init__(self, **options):
        super().__init__(max_length=30, help_text=_("填写问题编号，例如 WT-990100-2026-0187。"), **options)


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


class EditForm(StepForm):
    title = TextField(label=_("事项"), max_length=120)
    category = CategoryField()
    text = TextField(label=_("具体情况"), max_length=4000, rows=6)
    source = forms.ChoiceField(label=_("来源"), choices=Source.choices)
    urgency = forms.ChoiceField(label=_("缓急"), choices=Urgency.choices)
    contact_name = TextField(label=_("联系人"), max_length=40, required=False)
    contact_phone = TextField(label=_("联系电话"), max_length=30, required=False)

    def prepare(self):
        self.fields["category"].fill()
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


class AttachForm(forms.Form):
    file = forms.FileField(
        label=_("文件"), max_length=250, help_text=_("PDF、图片、Word、Excel 或文本，最大 20 MB。照片从不必填。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.txt"}),
    )  # fmt: skip
