"""Rules in plain words, and beside them the rules they are compared with."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from problems import rules
from problems.enums import LadderAct, LimitStep, Trigger, Urgency
from problems.models import Category
from problems.rulebook.fields import GROUPS

RUNGS = {
    Trigger.NEAR: gettext_lazy("剩余不多于 %(n)d 个工作日：%(act)s"),
    Trigger.OVERDUE: gettext_lazy("超期达到 %(n)d 个工作日：%(act)s"),
    Trigger.BOUNCED: gettext_lazy("退转达到 %(n)d 次：%(act)s"),
    Trigger.NOT_SATISFIED: gettext_lazy("企业不满意达到 %(n)d 次：%(act)s"),
    Trigger.WAITED: gettext_lazy("挂账达到 %(n)d 个工作日：%(act)s"),
}


@dataclass(frozen=True)
class Line:
    """One rule: what it is called, what it says, and what the rules compared with say (None: nothing compared)."""

    label: object
    value: str
    before: str | None = None
    help: object = ""

    @property
    def changed(self) -> bool:
        return self.before is not None and self.before != self.value


def rung(one: rules.Rung) -> str:
    """A rung as a sentence."""
    return str(RUNGS[one.trigger]) % {"n": one.threshold, "act": LadderAct(one.act).label}


def groups(book, other=None) -> list[tuple[object, list[Line]]]:
    """The columns of a rulebook by group; `other` is the rulebook it is compared with."""
    return [
        (title, [Line(rule.label, rule.said(book), other and rule.said(other), rule.help) for rule in columns])
        for title, columns in GROUPS
    ]


def _limits(book, names: dict) -> dict[tuple, str]:
    said = {}
    for step, rows in rules.limits_of(book).items():
        for (category_id, urgency), days in rows.items():
            about = [names.get(category_id, "")] if category_id else []
            about += [str(Urgency(urgency).label)] if urgency else []
            label = _("%(step)s（%(about)s）") % {
                "step": LimitStep(step).label, "about": _("，").join(about) or _("全部"),
            }  # fmt: skip
            said[str(step), category_id, urgency] = (label, _("%(n)d 个工作日") % {"n": days})
    return said


def limits(book, other=None) -> list[Line]:
    """The limits by category and urgency, those that the other rules have and these have not at the end."""
    names = dict(Category.objects.values_list("pk", "name"))
    here, there = _limits(book, names), _limits(other, names) if other else {}
    none = _("无")
    lines = [
        Line(label, value, there.get(key, ("", none))[1] if other else None) for key, (label, value) in here.items()
    ]
    return lines + [Line(label, none, value) for key, (label, value) in there.items() if key not in here]


@dataclass(frozen=True)
class RungLine:
    """A rung in words; `mark` says whether it is new or gone against the rules compared with."""

    rung: rules.Rung
    text: str
    mark: str = ""


def ladder(book, other=None) -> list[RungLine]:
    """The rungs of these rules, and those of the other that are gone."""
    here, there = rules.ladder_of(book), rules.ladder_of(other) if other else []
    known = {tuple(map(str, one)) for one in there}
    own = {tuple(map(str, one)) for one in here}
    lines = [RungLine(one, rung(one), "new" if other and tuple(map(str, one)) not in known else "") for one in here]
    return lines + [RungLine(one, rung(one), "gone") for one in there if tuple(map(str, one)) not in own]


def changes(book, other) -> list[Line]:
    """Only what differs, columns and limits."""
    lines = [line for _title, rows in groups(book, other) for line in rows if line.changed]
    return lines + [line for line in limits(book, other) if line.changed]
