"""One form of a register for all new rows of an import, so that a row costs neither a form nor a query of its own.

Rules and sentences are the form's: its fields clean, its `clean` judges, its model validates. What is spared is asking
the same thing again: a choice, a record or a day is cleaned once, and whether a unique value is taken is asked once for
many rows.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint
from django.forms.models import BaseModelForm, construct_instance
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict

_CHOSEN = (forms.DateField, forms.BooleanField, forms.ChoiceField)


class FreshForm:
    """The form of a new record, given other data for each row. `unique` are its fields that may hold a value once,
    `begins` what the empty form holds."""

    def __init__(self, spec, actor, cleaned: dict):
        self.form = spec.form(actor, MultiValueDict())
        self.model = spec.register.model
        self.begins = beginnings(self.form)
        self.unique = {
            field.name for field in self.model._meta.concrete_fields if field.unique and not field.primary_key
        }
        self.unique &= self.form.fields.keys()
        self.taken: dict[str, set] = {}
        self.passed: set[tuple] = set()
        self.whole = (
            bool(self.model._meta.unique_together) or type(self.form)._post_clean is not BaseModelForm._post_clean
        )
        self.links = {field.name for field in self.model._meta.concrete_fields if field.is_relation}
        remember_cleaned(self.form, cleaned)

    def anew(self):
        """The form without what the last row left in it."""
        self.form.instance = self.model()
        self.form._errors, self.form.cleaned_data = None, {}
        return self.form

    def look_up(self, name: str, values: list[str]) -> None:
        """Ask which of these values of a unique field are taken, by whatever record."""
        found = self.model._base_manager.filter(**{f"{name}__in": values})
        self.taken[name] = set(found.values_list(name, flat=True))

    def judge(self) -> None:
        """What `full_clean` of the form does."""
        form = self.form
        if self.whole:
            form.full_clean()
            return
        form._errors = ErrorDict(renderer=form.renderer)
        form._clean_fields()
        form._clean_form()
        exclude = form._get_validation_exclusions()
        form.instance = construct_instance(form, form.instance, form._meta.fields, form._meta.exclude)
        # A record that was chosen was found among those offered: it is there.
        chosen = {name for name in self.links if form.cleaned_data.get(name) is not None}
        wrong = self._refused(form.instance.full_clean, exclude | chosen, validate_unique=False,
                              validate_constraints=False)  # fmt: skip
        self._ask_constraints(exclude | wrong)
        if form._validate_unique and self._may_be_taken():
            form.validate_unique()

    def _ask_constraints(self, exclude):
        """Ask the model's constraints, but for checks that passed with the same values: each is a statement of its
        own to make."""
        one, checks = self.form.instance, []
        for constraint in self.model._meta.constraints:
            if not isinstance(constraint, CheckConstraint):
                checks = None
                break
            fields = map(self.model._meta.get_field, sorted(constraint.condition.referenced_base_fields))
            checks.append((constraint.name, *(repr(getattr(one, field.attname)) for field in fields)))
        asked = None if checks is None else (frozenset(exclude), *checks)
        if asked is not None and asked in self.passed:
            return
        before = len(self.form.errors)
        self._refused(one.validate_constraints, exclude)
        if asked is not None and len(self.form.errors) == before:
            self.passed.add(asked)

    def _refused(self, ask, exclude, **options) -> set[str]:
        """The fields of which the model refuses something; its sentences go to the form."""
        try:
            ask(exclude=exclude, **options)
        except ValidationError as refused:
            named = set(getattr(refused, "error_dict", ()))
            self.form._update_errors(refused)
            return named
        return set()

    def _may_be_taken(self):
        given = self.form.cleaned_data
        return any(
            given.get(name) and (name not in self.taken or given[name] in self.taken[name]) for name in self.unique
        )


def entry_of(form) -> tuple[dict, dict]:
    """(values, options) that `save` of the register takes of a valid form."""
    return form.values, form.save_options() if hasattr(form, "save_options") else {}


def beginnings(form) -> dict[str, list]:
    """What the form holds at first, as lists of its data."""
    found = {}
    for name in form.fields:
        value = initial_data(form, name)
        found[name] = value if isinstance(value, list) else [value] if value else []
    return found


def initial_data(form, name):
    """What the form holds at first, as its data would say it: text, a list of texts, or ""."""
    field = form.fields[name]
    value = field.prepare_value(form.get_initial_for_field(field, name))
    if isinstance(value, list | tuple) or hasattr(value, "values_list"):
        return [str(getattr(one, "pk", one)) for one in value]
    if value is True:
        return "on"
    if value is None or value is False:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def remember_cleaned(form, kept: dict) -> None:
    """Chosen records, choices and days are cleaned once for the whole import."""
    for name, kind in form.fields.items():
        if isinstance(kind, _CHOSEN) and not isinstance(kind, forms.ModelMultipleChoiceField):
            kind.clean = _Once(kept, (name, form.instance.pk is None), kind.clean)


class _Once:
    """Cleans each value of a field once; whether one is refused is not kept."""

    def __init__(self, kept, name, clean):
        self.kept, self.name, self.clean = kept, name, clean

    def __call__(self, value):
        key = (self.name, str(value))
        if key not in self.kept:
            self.kept[key] = self.clean(value)
        return self.kept[key]
