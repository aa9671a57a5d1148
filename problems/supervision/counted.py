"""What supervision counts: slips, instructions, steps done by their deadline. Registered by `problems.indicators`."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import units
from indicators.declarations import BAD, GOOD, NEUTRAL, Column, Flow, Ratio, Source
from problems.enums import LimitStep, SlipKind
from problems.models import Instruction, Slip, StepLimit

SLIPS = Source(
    "problem_slips",
    Slip,
    _("督办文书"),
    entity="enterprise_id",
    visible=lambda actor: Slip.objects.visible_to(actor),
    url=lambda row: reverse("problems:slip_detail", args=[row.pk]),
    related=("problem", "team", "department"),
    columns=[
        Column(_("文号"), "number"),
        Column(_("种类"), "kind"),
        Column(_("事项"), "problem__title"),
        Column(_("发往"), "unit"),
        Column(_("发出日期"), "issued_on"),
        Column(_("反馈期限"), "answer_due_on"),
        Column(_("反馈日期"), "answered_on"),
    ],
)
INSTRUCTIONS = Source(
    "problem_instructions",
    Instruction,
    _("领导批示"),
    entity="enterprise_id",
    visible=lambda actor: Instruction.objects.visible_to(actor),
    url=lambda row: row.problem.get_absolute_url(),
    related=("problem", "given_by"),
    columns=[
        Column(_("编号"), "problem__number"),
        Column(_("事项"), "problem__title"),
        Column(_("批示内容"), "text"),
        Column(_("批示人"), "given_by"),
        Column(_("批示日期"), "given_on"),
        Column(_("反馈日期"), "reported_on"),
    ],
)
LIMITS = Source(
    "problem_limits",
    StepLimit,
    _("办理时限"),
    entity="enterprise_id",
    visible=lambda actor: StepLimit.objects.visible_to(actor),
    url=lambda row: row.problem.get_absolute_url(),
    related=("problem", "assignment__team", "assignment__department"),
    columns=[
        Column(_("编号"), "problem__number"),
        Column(_("事项"), "problem__title"),
        Column(pgettext_lazy("step", "环节"), "step"),
        Column(_("单位"), lambda row: row.assignment.unit if row.assignment else None),
        Column(_("起算日期"), "started_on"),
        Column(_("期限"), "due_on"),
        Column(_("完成日期"), "met_on"),
    ],
)
# Code, step, names of: all done, done in time, the rate.
STEPS = (
    ("accept", LimitStep.ACCEPT, _("受理环节完成"), _("按期受理"), _("按期受理率")),
    ("sign", LimitStep.SIGN, _("签收环节完成"), _("按期签收"), _("按期签收率")),
    ("first_reply", LimitStep.FIRST_REPLY, _("首次答复完成"), _("按期首次答复"), _("按期首次答复率")),
)


def declared() -> list:
    found = [
        Flow(
            "slips_reminder", _("发出提醒单"), units.JIAN, _("期内发出的提醒单，自动和人工发出的都计。"), more=NEUTRAL,
            source=SLIPS, on="issued_on", where=Q(kind=SlipKind.REMINDER.value),
        ),
        Flow(
            "slips_supervision", _("发出督办单"), units.JIAN, _("期内发出的督办单，自动和人工发出的都计。"), more=BAD,
            source=SLIPS, on="issued_on", where=Q(kind=SlipKind.SUPERVISION.value),
        ),
        Flow(
            "instructions_given", _("领导批示"), units.JIAN, _("期内作出的批示，每次批示计一件。"), more=NEUTRAL,
            source=INSTRUCTIONS, on="given_on",
        ),
        Flow(
            "instructions_answered", _("已反馈批示"), units.JIAN, _("期内作出的批示中，已反馈落实情况的。"), more=GOOD,
            source=INSTRUCTIONS, on="given_on", where=Q(reported_on__isnull=False),
        ),
        Ratio(
            "instructions_answered_rate", _("批示反馈率"), units.PERCENT, _("已反馈批示占期内作出的批示的百分比。"),
            more=GOOD, numerator="instructions_answered", denominator="instructions_given",
        ),
    ]  # fmt: skip
    for code, step, done, in_time, rate in STEPS:
        common = {"source": LIMITS, "on": "met_on"}
        found += [
            Flow(
                f"{code}_limits_met", done, units.JIAN_CI, _("期内完成的该环节，每个时限计一次；终止的不计。"),
                where=Q(step=step.value), **common,
            ),
            Flow(
                f"{code}_limits_in_time", in_time, units.JIAN_CI, _("期内完成的该环节中，没有超过期限的。"), more=GOOD,
                where=Q(step=step.value, in_time=True), **common,
            ),
            Ratio(
                f"{code}_on_time_rate", rate, units.PERCENT, _("按期完成的占期内完成的百分比，按办理规则的时限判定。"),
                more=GOOD, numerator=f"{code}_limits_in_time", denominator=f"{code}_limits_met",
            ),
        ]  # fmt: skip
    return found
