"""What people can do to an entry, for pages and API alike: the form, the transition that guards it, the function."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core import clock
from core.actor import Actor
from core.transitions import Refusal
from problems import forms, lifecycle, prospects
from problems.lifecycle import guards
from problems.lifecycle.table import TABLE
from problems.models import Problem


@dataclass(frozen=True)
class Action:
    """One deed. `guard` is the transition of the table that says who may and when; `run` the function behind it.

    `adds` marks pure additions (a note, an instruction): they overwrite nothing, so versions are not compared.
    `danger` asks to be confirmed in red; `done` is what the person is told afterwards.
    """

    name: str
    guard: str
    run: Callable
    form: type[forms.StepForm] = forms.StepForm
    icon: str = "check"
    label: object = None
    adds: bool = False
    danger: bool = False
    main: bool = False

    @property
    def title(self):
        return self.label or TABLE[self.guard].label

    @property
    def meaning(self):
        return TABLE[self.guard].meaning

    def refusal(self, problem: Problem, actor: Actor) -> Refusal | None:
        return lifecycle.refusal_for(self.guard, problem, actor)


_ALL = [
    Action("submit", "submit", lifecycle.submit, icon="send", main=True),
    Action("accept", "accept", lifecycle.accept, forms.NoteForm, "check", main=True),
    Action("assign", "assign", lifecycle.assign, forms.AssignForm, "send", main=True),
    Action("sign", "sign", lifecycle.sign, icon="edit", main=True),
    Action("resolve", "resolve", lifecycle.resolve, forms.ResolveForm, "circle-check", main=True),
    Action("rate", "rate", lifecycle.rate, forms.RateForm, "star", main=True),
    Action("close", "close", lifecycle.close, forms.NoteForm, "lock", main=True),
    Action("resubmit", "resubmit", lifecycle.resubmit, forms.ResubmitForm, "arrow-forward-up", main=True),
    Action("resume", "resume", lifecycle.resume, forms.NoteForm, "player-play", main=True),
    Action(
        "rule_on_objection", "grant_objection", lifecycle.rule_on_objection, forms.RulingForm, "gavel",
        _("裁定异议"), main=True,
    ),
    Action(
        "decide_extension", "grant_extension", lifecycle.decide_extension, forms.AnswerForm, "calendar-plus",
        _("答复延期申请"), main=True,
    ),
    Action("report_as_cohandler", "report_as_cohandler", lifecycle.report_as_cohandler, forms.ReportForm, "message",
           main=True),
    Action("settle_by_root", "settle_by_root", lifecycle.settle_by_root, icon="circle-check", main=True),
    Action("not_by_root", "not_by_root", lifecycle.not_by_root, forms.ReasonForm, "ban", main=True),
    Action("add_note", "add_note", lifecycle.add_note, forms.LongTextForm, "message", adds=True),
    Action("instruct", "instruct", lifecycle.instruct, forms.InstructForm, "pencil", adds=True),
    Action("return_for_completion", "return_for_completion", lifecycle.return_for_completion, forms.ReasonForm,
           "arrow-back-up"),
    Action("decline", "decline", lifecycle.decline, forms.ReasonForm, "ban", danger=True),
    Action("merge_into", "merge_into", lifecycle.merge_into, forms.MergeForm, "git-merge", danger=True),
    Action("join_root", "join_root", lifecycle.join_root, forms.RootForm, "sitemap"),
    Action("object_to", "object_to", lifecycle.object_to, forms.GroundForm, "alert-triangle"),
    Action("transfer", "transfer", lifecycle.transfer, forms.TransferForm, "arrows-sort"),
    Action("add_helpers", "add_helpers", lifecycle.add_helpers, forms.HelpersForm, "plus"),
    Action("ask_extension", "ask_extension", lifecycle.ask_extension, forms.ExtensionForm, "calendar-plus"),
    Action("ask_suspension", "ask_suspension", lifecycle.ask_suspension, forms.ReasonForm, "clock-pause"),
    Action("suspend", "suspend", lifecycle.suspend, forms.SuspendForm, "player-pause"),
    Action("escalate", "escalate", lifecycle.escalate, forms.EscalateForm, "arrow-up"),
    Action("urge", "urge", lifecycle.urge, forms.UrgeForm, "alarm", adds=True),
    Action("set_waiting_date", "set_waiting_date", lifecycle.set_waiting_date, forms.WaitingDateForm, "calendar"),
    Action("reopen", "reopen", lifecycle.reopen, forms.ReasonForm, "refresh", danger=True),
    Action("restore", "restore", lifecycle.restore, forms.ReasonForm, "refresh"),
    Action("edit", "edit", lifecycle.edit, forms.EditForm, "edit"),
    Action("move", "move", lifecycle.move, forms.MoveForm, "sitemap"),
    Action("correct_dates", "correct_dates", lifecycle.correct_dates, forms.CorrectDatesForm, "calendar"),
    Action("undo", "undo", lifecycle.undo, icon="arrow-back-up"),
    Action("withdraw", "withdraw", lifecycle.withdraw, forms.ReasonForm, "arrow-back-up", danger=True),
]  # fmt: skip
# Refusals that say there is nothing to decide: such steps are left out like those of another state.
NO_CHOICE = frozenset({"no_question", "not_waiting", "no_objection", "no_extension", "no_helper"})
_DECIDING = frozenset({"grant_objection", "grant_extension", "report_as_cohandler", "settle_by_root", "not_by_root"})
ACTIONS: dict[str, Action] = {action.name: action for action in _ALL}


@dataclass(frozen=True)
class Offered:
    """An action as the entry's page shows it: open, or greyed with the reason and who can, by name of the unit."""

    action: Action
    refusal: Refusal | None
    who_can: str = ""


def grouped(refused: list[Offered]) -> list[tuple[list[Action], Offered]]:
    """Greyed steps with the same reason and the same people stand together: (steps, one of them)."""
    found: dict[tuple[str, str], tuple[list[Action], Offered]] = {}
    for one in refused:
        found.setdefault((str(one.refusal.sentence), one.who_can), ([], one))[0].append(one.action)
    return list(found.values())


def _no_choice(action: Action, problem: Problem, day) -> bool:
    """Whether there is nothing to decide, whoever asks: no step to grey, either."""
    found = guards.GUARDS[action.guard](problem, day) if action.guard in _DECIDING else None
    return found is not None and found.code in NO_CHOICE


def offered(problem: Problem, actor: Actor) -> tuple[list[Offered], list[Offered], list[Offered]]:
    """(next steps, other open ones, greyed ones); steps of another state are left out, they are no choice."""
    main, other, refused, today = [], [], [], clock.today()
    for action in _ALL:
        if problem.state not in TABLE[action.guard].sources:
            continue
        refusal = action.refusal(problem, actor)
        if action.name == "undo" or (refusal and (refusal.code in NO_CHOICE or _no_choice(action, problem, today))):
            continue  # undoing has a place of its own
        shelf = refused if refusal else main if action.main else other
        who = prospects.who_can(problem, refusal, action.name) if refusal else ""
        shelf.append(Offered(action, refusal, who))
    return main, other, refused


def run(action: Action, problem: Problem, *, by: Actor, version: int | None, data: dict) -> Problem:
    """Do it with a form's checked data. Raises what the lifecycle raises."""
    return action.run(problem, by=by, version=None if action.adds else version, **data)
