"""The lists of meetings and of decisions: columns, filters, export. Their pages are made by hand."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.records import version
from audit.registers import told
from core.clock import local_date, today
from core.registers import Column, Register, counted
from enterprises.models import Enterprise
from meetings import forms, lifecycle, perms, visits
from meetings.enums import DecisionState, ItemEnd
from meetings.forms.activity import reachable
from meetings.forms.duty import DutyFilter, ReportFilter
from meetings.models import (
    Activity,
    AgendaItem,
    AnnualReport,
    Decision,
    DutyTerm,
    Matter,
    Meeting,
    MeetingKind,
    MeetingSeries,
)

SHOWN_FIRMS = 2


@dataclass(frozen=True)
class MeetingRegister(Register):
    """Its addresses are `meetings:list`, `meetings:detail`, ..., those of decisions have a prefix."""

    prefix: Any = ""

    def url(self, what, *args):
        return reverse(f"meetings:{self.prefix}{what}", args=args)


def _made(**values):
    return MeetingRegister(
        urls="meetings",
        form=None,
        save=None,
        version=None,
        sentences=None,
        can_create=perms.create,
        can_edit=lambda obj, actor: perms.keep(obj.committee, actor),
        **values,
    )


def _ends(meeting):
    """How the items ended, in words: decided, noted, postponed, each with its number."""
    counted = Counter(item.end for item in meeting.agenda.all() if item.end)
    return _list(f"{end.label} {counted[end]}" for end in ItemEnd if counted[end])


def _list(words) -> str:
    return str(_("，")).join(words)


def _lights(request):
    """The switches above the list of decisions: how many show each light, in the actor's scope. Of a long list only
    those that are quickly counted carry a number."""
    decisions = DECISIONS.visible(request.actor)
    lights = [("", _("全部")), ("red", _("超期")), ("yellow", _("临期")), ("green", _("期限内")), ("none", _("已了结"))]
    here = request.GET.get("light", "")
    number = {light: counted(decisions.with_light(light, today())) for light, _label in lights[1:]}
    number[""] = None if None in number.values() else sum(number.values())
    address = reverse("meetings:decision_list")
    return {
        "create_url": None,
        "tabs": [
            {
                "label": label,
                "count": number[light],
                "url": f"{address}?light={light}" if light else address,
                "active": light == here,
            }
            for light, label in lights
        ],
    }


def _meeting_context(request):
    create_url = None if perms.create(request.actor) else reverse("meetings:create")
    return {"create_url": create_url}


MEETINGS = _made(
    model=Meeting,
    title=_("会议记录"),
    noun=pgettext_lazy("noun", "会议"),
    columns=[
        Column(_("会议名称"), "title"),
        Column(_("类别"), "kind__spoken"),
        Column(_("产业链党委"), "committee__name"),
        Column(_("召开日期"), "held_on", "held_on", "date"),
        Column(_("地点"), "place", css="lg"),
        Column(_("主持人"), "chair", css="md nw"),
        Column(_("议题结果"), _ends, css="lg"),
        Column(_("状态"), "state"),
    ],
    filters=forms.MeetingFilter,
    rows=lambda rows, actor: rows.prefetch_related("agenda"),
    search=("title", "place"),
    related=("committee", "kind"),
    orders={"-held_on": ("-held_on", "-pk"), "held_on": ("held_on", "pk")},
    icon="messages",
    hint=_("会后三分钟登记：时间、出席情况、议题和议定事项。"),
    context=_meeting_context,
)
DECISIONS = _made(
    prefix="decision_",
    model=Decision,
    title=_("议定事项"),
    noun=pgettext_lazy("noun", "议定事项"),
    columns=[
        Column(_("议定内容"), "text"),
        Column(_("产业链党委"), "committee__name"),
        Column(_("责任单位"), "owner_department__name"),
        Column(_("责任人"), "owner_name"),
        Column(_("议定日期"), "decided_on", "decided_on", "date"),
        Column(_("完成期限"), "due_on", "due_on", "date"),
        Column(_("状态"), "state"),
        Column(_("落实日期"), "done_on", "", "date"),
        Column(_("落实情况"), "done_text"),
        Column(_("对问题的处理"), "act", on_page=False),
        Column(_("执行情况"), "act_state", on_page=False),
        Column(_("关联机制"), "mechanism_code", on_page=False),
    ],
    filters=forms.DecisionFilter,
    search=("text", "owner_name", "owner_department__name"),
    related=("committee", "owner_department"),
    orders={
        "-decided_on": ("-decided_on", "-pk"),
        "decided_on": ("decided_on", "pk"),
        "due_on": ("due_on", "pk"),
        "-due_on": ("-due_on", "-pk"),
    },
    rows=lambda rows, actor: rows.exclude(state=DecisionState.DRAFT),
    icon="checklist",
    hint=_("会议登记为已召开后，议定事项会出现在这里。"),
    template="meetings/decision_list.html",
    context=_lights,
)
KINDS = MeetingRegister(
    prefix="kind_",
    urls="meetings:kind",
    model=MeetingKind,
    title=pgettext_lazy("list", "会议类别"),
    noun=_("会议类别"),
    columns=[
        Column(_("名称"), "spoken", "name"),
        Column(_("归口"), "counts_as", "counts_as"),
        Column(_("到会要求"), "quorum"),
        Column(_("提前通知（工作日）"), "notice_days", "notice_days", "integer"),
        Column(_("所属区域"), lambda row: row.region.name if row.region else _("通用"), css="md"),
        Column(_("启用"), "is_active", kind="yesno"),
    ],
    filters=forms.KindFilter,
    form=forms.KindForm,
    save=lifecycle.save_kind,
    version=version,
    sentences=told,
    can_create=perms.create_kind,
    can_edit=perms.keep_kind,
    related=("region",),
    order=("order",),
    icon="list-details",
    hint=_("通用类别之外，可以设本区域自己的会议类别。"),
)
SERIES = MeetingRegister(
    prefix="series_",
    urls="meetings:series",
    model=MeetingSeries,
    title=_("例会"),
    noun=_("例会"),
    columns=[
        Column(_("会议名称"), "title", "title"),
        Column(_("产业链党委"), "committee__name", "committee__name"),
        Column(_("会议类别"), "kind__spoken"),
        Column(_("周期"), "period", "period"),
        Column(_("第几个工作日"), "workday", "", "integer"),
        Column(_("起始日期"), "starts_on", "starts_on", "date", css="md"),
        Column(_("截止日期"), "ends_on", "ends_on", "date", css="md"),
    ],
    filters=forms.SeriesFilter,
    form=forms.SeriesForm,
    save=lifecycle.save_series,
    version=version,
    sentences=told,
    can_create=perms.create,
    can_edit=lambda obj, actor: perms.keep(obj.committee, actor),
    search=("title",),
    related=("committee__region", "kind"),
    order=("committee__name", "title"),
    icon="calendar-event",
    hint=_("固定召开的会议登记一次，到时自动生成草稿。"),
)


def _firms(activity):
    """The first enterprises reached, and how many more."""
    names = [str(row.enterprise) for row in activity.reached.all()]
    if len(names) <= SHOWN_FIRMS:
        return str(_("、")).join(names)
    return _("%(firms)s等%(n)d家") % {"firms": str(_("、")).join(names[:SHOWN_FIRMS]), "n": len(names)}


ACTIVITIES = _made(
    prefix="activity_",
    model=Activity,
    title=_("活动与走访"),
    noun=pgettext_lazy("noun", "活动"),
    columns=[
        Column(_("活动名称"), "title"),
        Column(_("类别"), "kind__spoken"),
        Column(_("日期"), "held_on", "held_on", "date"),
        Column(_("涉及企业"), _firms, css="md"),
        Column(_("产业链党委"), "committee__name", css="lg"),
        Column(_("方式"), "mode", css="lg"),
        Column(_("带队（主讲）人"), "leader", css="lg"),
        Column(_("状态"), "state"),
        Column(_("地点"), "place", on_page=False),
        Column(_("情况"), "text", on_page=False),
    ],
    filters=forms.ActivityFilter,
    rows=lambda rows, actor: rows.prefetch_related("reached__enterprise"),
    search=("title", "place", "leader", "text"),
    related=("committee", "kind"),
    orders={"-held_on": ("-held_on", "-pk"), "held_on": ("held_on", "pk")},
    icon="calendar-event",
    hint=_("一分钟登记：类别、时间、涉及企业、情况；现场收集的问题一并入账。"),
    context=lambda request: {
        "create_url": None if perms.create_activity(request.actor) else reverse("meetings:activity_create"),
    },
)


FIRMS = _made(
    prefix="firm_",
    model=Enterprise,
    title=_("走访情况"),
    noun=pgettext_lazy("noun", "企业"),
    columns=[
        Column(_("企业名称"), "name", "name"),
        Column(_("所在区域"), "region__name", "region__path"),
        Column(_("最近走访"), "last_visit", "last_visit", "date"),
        Column(_("本季度打扰（次）"), "disturbed", "disturbed", "integer"),
    ],
    filters=forms.FirmFilter,
    rows=lambda rows, actor: visits.with_visits(reachable(actor), today()),
    search=("name", "short_name"),
    related=("region",),
    order=("name",),
    icon="building-factory-2",
    hint=_("企业登记后，可在这里查看走访日历和企业已反映的情况。"),
    context=lambda request: {"create_url": None},
)


DUTIES = _made(
    prefix="duty_",
    model=DutyTerm,
    title=_("季度轮值"),
    noun=pgettext_lazy("noun", "轮值"),
    columns=[
        Column(_("轮值单位"), lambda row: str(row.unit)),
        Column(_("产业链党委"), "committee__name", "committee__name"),
        Column(_("季度"), lambda row: row.quarter.name, "starts_on"),
        Column(_("联系人"), "contact", css="md"),
        Column(_("交接日期"), "handed_over_on", "handed_over_on", "date"),
    ],
    filters=DutyFilter,
    search=("department__name", "enterprise__name", "contact"),
    related=("committee", "department", "enterprise"),
    order=("-starts_on",),
    icon="rotate",
    hint=_("每个季度一个轮值单位，走访企业、收集问题，季末交接。"),
    context=lambda request: {"create_url": None if perms.create(request.actor) else reverse("meetings:duty_create")},
)
ANNUALS = _made(
    prefix="annual_",
    model=AnnualReport,
    title=_("述职报告"),
    noun=pgettext_lazy("noun", "述职报告"),
    columns=[
        Column(_("述职人"), "seat__person"),
        Column(_("席位"), "seat__kind", css="md"),
        Column(_("产业链党委"), "committee__name", "committee__name"),
        Column(_("年度"), "year", "year", "integer"),
        Column(_("状态"), "state", "state"),
        Column(_("提交日期"), "submitted_on", "submitted_on", "date", css="md"),
        Column(_("接收日期"), "received_on", "received_on", "date", css="lg"),
    ],
    filters=ReportFilter,
    search=("seat__person", "committee__name"),
    related=("committee", "seat"),
    order=("-year", "committee__name"),
    icon="report",
    hint=_("党委成员每年述职一次，数据由系统取得，只写文字。"),
    context=lambda request: {
        "create_url": None if perms.open_report(request.actor) else reverse("meetings:annual_create")
    },
)


MATTERS = _made(
    prefix="matter_",
    model=Matter,
    title=_("待议事项"),
    noun=pgettext_lazy("noun", "待议事项"),
    columns=[
        Column(_("事项"), "title", "title"),
        Column(_("来源"), "source", "source"),
        Column(_("产业链党委"), "committee__name", "committee__name"),
        Column(_("关联问题"), "problem__number"),
        Column(_("情况说明"), "text"),
        Column(_("提出人"), "put_by__name"),
        Column(_("提出时间"), lambda row: local_date(row.put_at), "put_at", "date"),
        Column(_("状态"), "state", "state"),
    ],
    filters=forms.MatterFilter,
    search=("title", "text", "problem__number"),
    related=("committee__region", "problem", "put_by"),
    order=("-id",),
    rows=lambda rows, actor: rows.prefetch_related(
        Prefetch("items", AgendaItem.objects.select_related("meeting").order_by("-meeting__starts_at", "-pk"))
    ),
    icon="inbox",
    hint=_("提出后自动列入该党委下次会议的议程，暂缓的下次再议。"),
    template="meetings/matter_list.html",
    context=lambda request: {
        "create_url": None if perms.see_matters(request.actor) else reverse("meetings:matter_create"),
    },
)
