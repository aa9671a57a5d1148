"""Fields of the ledger's forms: texts, days, categories, numbers of other entries."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.widgets import DateInput, SearchSelect
from problems.models import Category

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


class NumberField(TextField):
    """The number of another entry that the actor sees, e.g. WT-990100-2026-0187."""

    def __init__(self, **options):
        super().__init__(max_length=30, help_text=_("填写问题编号，例如 WT-990100-2026-0187。"), **options)
