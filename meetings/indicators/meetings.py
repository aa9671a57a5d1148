"""What meetings and their decisions count."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chains.indicators import COMMITTEES
from core import units
from indicators.declarations import BAD, GOOD, NEUTRAL, Column, Distinct, Flow, Ratio, Source, Stock, register
from meetings.enums import TOOK_PLACE, DecisionState, MeetingClass
from meetings.models import Decision, Meeting

MEETINGS = Source(
    "meetings",
    Meeting,
    _("会议记录"),
    committee="committee_id",
    base=Q(state__in=TOOK_PLACE),
    visible=lambda actor: Meeting.objects.visible_to(actor),
    url=lambda row: reverse("meetings:detail", args=[row.pk]),
    related=("committee", "kind"),
    columns=[
        Column(_("会议名称"), "title"),
        Column(_("会议类别"), "kind__spoken"),
        Column(_("产业链党委"), "committee__name"),
        Column(_("召开日期"), "held_on"),
    ],
)
DECISIONS = Source(
    "decisions",
    Decision,
    _("议定事项"),
    committee="committee_id",
    base=~Q(state=DecisionState.DRAFT),
    visible=lambda actor: Decision.objects.visible_to(actor),
    url=lambda row: reverse("meetings:decision_detail", args=[row.pk]),
    related=("committee", "owner_department"),
    columns=[
        Column(_("议定内容"), "text"),
        Column(_("产业链党委"), "committee__name"),
        Column(_("责任单位"), "owner_department__name"),
        Column(_("责任人"), "owner_name"),
        Column(_("议定日期"), "decided_on"),
        Column(_("完成期限"), "due_on"),
        Column(_("状态"), "state"),
    ],
)
IN_FORCE = ~Q(state=DecisionState.CANCELLED)


def _meetings(code, name, definition, where=None):
    return Flow(code, name, units.CI, definition, more=NEUTRAL, source=MEETINGS, where=where or Q(), on="held_on")


register(
    _meetings("meetings", _("召开会议"), _("期内已召开的会议，按召开日期计；草稿和取消的不计。")),
    _meetings(
        "committee_meetings",
        _("召开党委会"),
        _("期内已召开的产业链党委会。"),
        Q(counts_as=MeetingClass.COMMITTEE),
    ),
    _meetings("joint_conferences", _("召开联席会"), _("期内已召开的联席会议。"), Q(counts_as=MeetingClass.JOINT)),
    _meetings("progress_meetings", _("召开推进会"), _("期内已召开的推进会。"), Q(counts_as=MeetingClass.PROGRESS)),
    Flow(
        "matters_decided",
        _("议定事项"),
        units.XIANG,
        _("期内已召开的会议议定的事项，按议定日期计；取消的不计。"),
        more=NEUTRAL,
        source=DECISIONS,
        where=IN_FORCE,
        on="decided_on",
    ),
    Flow(
        "decisions_done",
        _("落实议定事项"),
        units.XIANG,
        _("期内落实的议定事项，按落实日期计。"),
        more=GOOD,
        source=DECISIONS,
        where=Q(state=DecisionState.DONE),
        on="ended_on",
    ),
    Stock(
        "decisions_open",
        _("未落实议定事项"),
        units.XIANG,
        _("期末已议定、尚未落实也未取消的事项。"),
        more=BAD,
        source=DECISIONS,
        enters="decided_on",
        leaves="ended_on",
    ),
    Stock(
        "decisions_overdue",
        _("超期议定事项"),
        units.XIANG,
        _("期末已过完成期限、尚未落实也未取消的事项。"),
        more=BAD,
        source=DECISIONS,
        enters="overdue_from",
        leaves="ended_on",
    ),
    Distinct(
        "committees_met",
        _("已开党委会的产业链党委"),
        units.GE,
        _("期内至少召开一次党委会的产业链党委，每个只计一次；不含产业党委。"),
        more=GOOD,
        source=MEETINGS,
        where=Q(chain__isnull=False, counts_as=MeetingClass.COMMITTEE),
        on="held_on",
        entity="committee_id",
        entities=COMMITTEES,
    ),
    Ratio(
        "committees_met_rate",
        _("一季一议执行率"),
        units.PERCENT,
        _("期内至少召开一次党委会的产业链党委，占期末产业链党委的比例；制度要求每季度至少一次。"),
        more=GOOD,
        numerator="committees_met",
        denominator="chain_committees",
    ),
)
