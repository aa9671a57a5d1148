"""Fields of the ledger's forms: texts, days, categories, numbers of other entries."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.widgets import DateInput, SearchSelect
from problems.models import Category
from problems.rulebook import tree

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


def category_choices(rows=None) -> list:
    """Every active category by its full name, those below a disabled one left out."""
    return tree.choices(rows)


class CategoryField(forms.ModelChoiceField):
    """A category, shown with those above it. `fill` limits it to the categories of a region."""

    def __init__(self, **options):
        super().__init__(Category.objects.none(), widget=SearchSelect, label=_("类别"), **options)

    def fill(self, rows, kept: Category | None = None):
        """Offer the categories among `rows`, and `kept`: what an entry has already, offered or not."""
        offered = tree.offered(rows)
        own = [(kept.pk, str(kept))] if kept is not None and kept.pk not in {row.pk for row in offered} else []
        self.queryset = Category.objects.filter(pk__in=[row.pk for row in offered] + [pk for pk, _word in own])
        self.widget.choices = [("", _("请选择")), *((row.pk, row.full_name) for row in offered), *own]


class NumberField(TextField):
    """The number of another entry that the actor sees, e.g. WT-990100-2026-0187."""

    def __init__(self, **options):
        super().__init__(max_length=30, help_text=_("填写问题编号，例如 WT-990100-2026-0187。"), **options)
