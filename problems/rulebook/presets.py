"""Ready rule sets (预设规则) as data. The values not named are the model's defaults: the shipped rules.

`seven` and `fifteen` are rules that cities have published: the lead answers within 7 working days and co-handlers
report to it within 3, objection within 1, extension asked at least 1 working day before the end; or assignment within
3, answer within 15, complex matters 30 at most.
"""

from problems.enums import LadderAct, Preset, Trigger
from problems.models import Rulebook
from problems.rulebook.fields import NAMES
from problems.rules import Rung

LADDER = [
    Rung(Trigger.NEAR, 2, LadderAct.REMIND),
    Rung(Trigger.OVERDUE, 1, LadderAct.REMINDER_SLIP),
    Rung(Trigger.OVERDUE, 3, LadderAct.SUPERVISION_SLIP),
    Rung(Trigger.OVERDUE, 5, LadderAct.ESCALATE),
    Rung(Trigger.BOUNCED, 2, LadderAct.ESCALATE),
]
VALUES = {
    Preset.SHIPPED: {},
    Preset.SEVEN: {
        "ordinary_days": 7,
        "urgent_days": 7,
        "complex_days": 7,
        "cohandler_days": 3,
        "objection_days": 1,
        "extension_notice_days": 1,
    },
    Preset.FIFTEEN: {
        "assign_days": 3,
        "ordinary_days": 15,
        "urgent_days": 15,
        "complex_days": 30,
        "longest_days": 30,
        "cohandler_days": 5,
    },
}


def values_of(preset: str) -> dict:
    """Every editable column of a ready set."""
    book = Rulebook(**VALUES[preset])
    return {name: getattr(book, name) for name in NAMES}


def ladder_of(preset: str) -> list[Rung]:
    """The rungs of a ready set; all three share the shipped ladder."""
    return list(LADDER)


def limits_of(preset: str) -> list[tuple[str, int | None, str, int]]:
    """(step, category id, urgency, days) of a ready set: none of them needs a limit by category."""
    return []


def matching(values: dict, limits, ladder) -> str:
    """The ready set that these rules are, or nothing."""
    for preset in Preset.values:
        same = values == values_of(preset) and not limits
        if same and {tuple(map(str, rung)) for rung in ladder} == {tuple(map(str, rung)) for rung in ladder_of(preset)}:
            return preset
    return ""
