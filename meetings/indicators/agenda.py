"""What agendas and the carrying out of decisions count."""

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import units
from indicators.declarations import GOOD, NEUTRAL, Column, Flow, Ratio, Source, register
from meetings.enums import ActState, DecisionState, ItemEnd, ItemSource
from meetings.indicators.meetings import DECISIONS
from meetings.models import AgendaItem

ITEMS = Source(
    "agenda_items",
    AgendaItem,
    _("会议议题"),
    committee="committee_id",
    base=Q(ended_on__isnull=False),
    visible=lambda actor: AgendaItem.objects.visible_to(actor),
    url=lambda row: reverse("meetings:agenda", args=[row.meeting_id]),
    related=("committee", "meeting"),
    columns=[
        Column(_("议题"), "title"),
        Column(_("来源"), "source"),
        Column(_("产业链党委"), "committee__name"),
        Column(_("会议名称"), "meeting__title"),
        Column(_("召开日期"), "ended_on"),
        Column(_("结果"), "end"),
    ],
)
RETURNED = Q(source__in=[ItemSource.POSTPONED, ItemSource.UNFINISHED])


def _items(code, name, definition, where=None):
    return Flow(
        code, name, units.XIANG, definition, more=NEUTRAL, source=ITEMS, where=where or Q(), on="ended_on"
    )  # fmt: skip


register(
    _items("items_discussed", _("会议议题"), _("期内已召开的会议上的议题，按召开日期计。")),
    _items("items_decided", _("议定的议题"), _("期内会议上结果为“议定”的议题。"), Q(end=ItemEnd.DECISION)),
    _items("items_noted", _("知悉的议题"), _("期内会议上结果为“知悉”的议题。"), Q(end=ItemEnd.NOTED)),
    _items(
        "items_postponed", _("暂缓的议题"), _("期内会议上结果为“暂缓”的议题，下次会议再议。"), Q(end=ItemEnd.POSTPONED)
    ),
    _items(
        "items_returned",
        _("再次上会的议题"),
        _("期内会议上因上次暂缓、上次议定未落实而自动列入的议题。"),
        RETURNED,
    ),
    Flow(
        "decisions_done_on_time",
        _("按期落实议定事项"),
        units.XIANG,
        _("期内落实、落实日期不晚于完成期限的议定事项，按落实日期计。"),
        more=GOOD,
        source=DECISIONS,
        where=Q(state=DecisionState.DONE, done_on__lte=F("due_on")),
        on="ended_on",
    ),
    Ratio(
        "decisions_on_time_rate",
        _("议定事项按期落实率"),
        units.PERCENT,
        _("期内落实的议定事项中按期落实的比例。"),
        more=GOOD,
        numerator="decisions_done_on_time",
        denominator="decisions_done",
    ),
    Flow(
        "acts_executed",
        _("议定处理已执行"),
        units.XIANG,
        _("期内按会议议定对问题作出交办、延期或挂账处理的议定事项，按执行日期计。"),
        more=GOOD,
        source=DECISIONS,
        where=Q(act_state=ActState.DONE),
        on="acted_on",
    ),
)
