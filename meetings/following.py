"""What meetings know that has followed a step of the ledger."""

from django.utils.translation import gettext as _

from core.transitions import Refusal
from meetings.models import AgendaItem
from problems.lifecycle import guards


def register() -> None:
    """Tell the ledger; called once when this app is ready."""
    guards.FOLLOWERS.append(on_agenda)


def on_agenda(problem, last) -> Refusal | None:
    """A submission that a meeting has put on its agenda is no draft again: nobody else would see the matter."""
    if last.name == "submit" and AgendaItem.objects.filter(problem=problem).exists():
        return Refusal("undo_followed", _("上一步之后已有新的变化，不能撤销。"))
    return None
