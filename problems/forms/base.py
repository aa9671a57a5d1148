"""What every step's form is made of."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from problems.forms.fields import TextField
from problems.models import Problem


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
