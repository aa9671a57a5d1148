"""The lists of supervision as they are handed out: slips, instructions, calls back; the rows and order of the pages."""

from django.utils.translation import gettext as _

from core import clock, workdays
from core.listings import Listing
from core.registers import Column
from problems.supervision import instructions


def in_words(form) -> str:
    """The filter in force as one line."""
    told = []
    for name, value in form.cleaned_data.items():
        if value in (None, "") or name not in form.fields:
            continue
        choices = getattr(form.fields[name], "choices", None) or ()
        words = value if hasattr(value, "pk") else dict(choices).get(value, value)
        told.append(_("%(label)s：%(value)s") % {"label": form.fields[name].label, "value": words})
    return _("；").join(told)


def slips(rows, conditions: str) -> Listing:
    today = clock.today()

    def answered(slip):
        if slip.answered_on:
            return _("已反馈")
        return _("逾期未反馈") if slip.answer_due_on < today else _("未反馈")

    return _listing(
        _("督办文书"), rows, conditions,
        [
            Column(_("文号"), "number"),
            Column(_("种类"), "kind"),
            Column(_("问题编号"), "problem__number"),
            Column(_("事项"), "problem__title"),
            Column(_("发往"), lambda slip: str(slip.unit or _("台账管理单位"))),
            Column(_("发出日期"), "issued_on", kind="date"),
            Column(_("反馈期限"), "answer_due_on", kind="date"),
            Column(_("反馈日期"), "answered_on", kind="date"),
            Column(_("反馈情况"), answered),
        ],
    )  # fmt: skip


def orders(rows, conditions: str) -> Listing:
    """Instructions (领导批示)."""
    today, calendars = clock.today(), workdays.everywhere()

    def light(row):
        if row.reported_on:
            return _("已反馈")
        return str(instructions.light(row, today, calendars.at(row.problem.region.path)).label)

    return _listing(
        _("领导批示"), rows, conditions,
        [
            Column(_("灯号"), light),
            Column(_("问题编号"), "problem__number"),
            Column(_("事项"), "problem__title"),
            Column(_("批示内容"), "text"),
            Column(_("批示人"), lambda row: str(row.given_by or "")),
            Column(_("批示日期"), "given_on", kind="date"),
            Column(_("要求反馈日期"), "report_by_on", kind="date"),
            Column(_("反馈日期"), "reported_on", kind="date"),
            Column(_("落实情况"), "report"),
        ],
    )  # fmt: skip


def calls(rows, conditions: str) -> Listing:
    """Calls back (回访)."""
    return _listing(
        _("企业回访"), rows, conditions,
        [
            Column(_("问题编号"), "problem__number"),
            Column(_("事项"), "problem__title"),
            Column(_("企业"), lambda row: str(row.problem.enterprise)),
            Column(_("类型"), "kind"),
            Column(_("牵头单位"), lambda row: str(row.problem.lead or "")),
            Column(_("期限"), "due_on", kind="date"),
            Column(_("状态"), "state"),
            Column(_("企业认为已解决"), "is_solved"),
            Column(_("企业态度"), "rating"),
            Column(_("回访人"), lambda row: row.done_by.name if row.done_by else ""),
            Column(_("回访日期"), "done_on", kind="date"),
        ],
    )  # fmt: skip


def _listing(title, rows, conditions, columns) -> Listing:
    return Listing(
        title=title,
        columns=columns,
        rows=rows,
        lines=lambda found: ([column.of(row) for column in columns] for row in found),
        conditions=conditions,
    )
