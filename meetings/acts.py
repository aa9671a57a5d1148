"""Meetings and decisions as acts of the rule radar. All that the radar knows of them stands here."""

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mechanisms import acts
from mechanisms.acts import Act, Filter, Watch
from meetings.enums import (
    COMING,
    TOOK_PLACE,
    ActivityClass,
    ActivityMode,
    ActivityState,
    DecisionState,
    MeetingClass,
    MeetingState,
    PersonCategory,
    ReportState,
)
from meetings.models import (
    Activity,
    ActivityKind,
    ActivityPeople,
    ActivityReach,
    AnnualReport,
    Decision,
    DutyTerm,
    Meeting,
)

# Of the seats in office on the day more than half were there; a meeting that was never judged did not reach it.
_OVER_HALF = Q(seats_due__isnull=False, seats_due__gt=0, seats_due__lt=F("seats_present") * 2)


def register() -> None:
    acts.register(
        Act(
            "meetings.meeting",
            _("召开会议"),
            Meeting,
            on="held_on",
            base=Q(state__in=TOOK_PLACE),
            planned=Q(state__in=COMING),
            actors={"committee": "committee_id", "region": "region_id"},
            unit=_("次"),
            filters={
                "kind": Filter(
                    _("会议类别"),
                    lambda value, day: Q(counts_as__in=value),
                    lambda: MeetingClass.choices,
                    columns=("counts_as",),
                ),
                "filed": Filter(
                    _("材料已归档"),
                    lambda value, day: Q(state=MeetingState.FILED) if value else ~Q(state=MeetingState.FILED),
                    columns=("state",),
                ),
                "quorum": Filter(
                    _("到会席位过半"),
                    lambda value, day: _OVER_HALF if value else ~_OVER_HALF,
                    columns=("seats_due", "seats_present"),
                ),
                "minutes": Filter(
                    _("已填写纪要"), lambda value, day: ~Q(minutes="") if value else Q(minutes=""), columns=("minutes",)
                ),
            },
            visible=lambda actor: Meeting.objects.visible_to(actor),
            url=lambda row: row.get_absolute_url(),
            do_url=_new_meeting,
            do_label=_("登记会议"),
        ),
        Act(
            "meetings.decision_done",
            _("落实议定事项"),
            Decision,
            on="done_on",
            base=Q(state=DecisionState.DONE),
            actors={"committee": "committee_id", "region": "region_id"},
            unit=_("项"),
            filters={
                "on_time": Filter(
                    _("按期落实"),
                    lambda value, day: Q(done_on__lte=F("due_on")) if value else Q(done_on__gt=F("due_on")),
                    columns=("done_on", "due_on"),
                )
            },
            visible=lambda actor: Decision.objects.visible_to(actor),
            url=lambda row: row.get_absolute_url(),
            do_url=lambda duty: f"{reverse('meetings:decision_list')}?state=open{_of_committee(duty)}",
            do_label=_("查看未落实的议定事项"),
        ),
    )

    acts.register(*_activities(), *_duties())


def _kinds():
    return [(kind.code, str(kind)) for kind in ActivityKind.objects.order_by("order", "pk")]


def _activities() -> list[Act]:
    """Activities by whoever holds them, and the enterprises that they reach."""
    filters = {
        "kind": Filter(_("活动类别"), lambda value, day: Q(kind__code__in=value), _kinds, columns=("kind",)),
        "counts_as": Filter(
            _("活动归口"), lambda value, day: Q(counts_as__in=value), lambda: ActivityClass.choices,
            columns=("counts_as",),
        ),
        "mode": Filter(
            _("方式"), lambda value, day: Q(mode__in=value), lambda: ActivityMode.choices, columns=("mode",)
        ),
    }  # fmt: skip
    activity = Act(
        "meetings.activity",
        _("开展活动"),
        Activity,
        on="held_on",
        base=Q(state=ActivityState.DONE),
        planned=Q(state=ActivityState.PLANNED),
        actors={"committee": "committee_id", "organisation": "organisation_id", "region": "region_id"},
        unit=_("次"),
        filters=filters,
        visible=lambda actor: Activity.objects.visible_to(actor),
        url=lambda row: row.get_absolute_url(),
        do_url=_new_activity,
        do_label=_("登记活动"),
    )
    reach = Act(
        "meetings.reach",
        _("活动覆盖企业"),
        ActivityReach,
        on="held_on",
        base=Q(state=ActivityState.DONE),
        planned=Q(state=ActivityState.PLANNED),
        actors={"committee": "committee_id", "enterprise": "enterprise_id", "region": "region_id"},
        reaches={"enterprise": "enterprise_id"},
        unit=_("户次"),
        filters={
            "counts_as": filters["counts_as"],
            "mode": filters["mode"],
            "people": Filter(
                _("参加人员类别"),
                lambda value, day: Q(
                    activity_id__in=ActivityPeople.objects.filter(category__in=value).values("activity_id")
                ),
                lambda: PersonCategory.choices,
            ),
        },
        watches=(Watch(ActivityPeople, "activity_id", "activity_id"),),
        visible=lambda actor: ActivityReach.objects.visible_to(actor),
        url=lambda row: reverse("meetings:activity_detail", args=[row.activity_id]),
        title=lambda row: str(row.activity),
        do_url=_new_activity,
        do_label=_("登记活动"),
    )
    return [activity, reach]


def _duties() -> list[Act]:
    """Quarters on duty, by the day they begin; annual reports, by the day they are handed in."""
    duty = Act(
        "meetings.duty",
        _("季度轮值"),
        DutyTerm,
        on="starts_on",
        actors={"committee": "committee_id", "region": "region_id"},
        unit=_("个单位"),
        filters={
            "handed_over": Filter(
                _("已经交接"),
                lambda value, day: Q(handed_over_on__isnull=not value),
                columns=("handed_over_on",),
            )
        },
        visible=lambda actor: DutyTerm.objects.visible_to(actor),
    )
    report = Act(
        "meetings.annual_report",
        _("提交述职报告"),
        AnnualReport,
        on="submitted_on",
        base=~Q(state=ReportState.DRAFT),
        actors={"committee": "committee_id", "seat": "seat_id", "region": "region_id"},
        unit=_("份"),
        filters={
            "received": Filter(
                _("已在会议上述职"),
                lambda value, day: Q(state=ReportState.RECEIVED) if value else ~Q(state=ReportState.RECEIVED),
                columns=("state",),
            )
        },
        visible=lambda actor: AnnualReport.objects.visible_to(actor),
    )
    return [duty, report]


def _of_committee(duty) -> str:
    return f"&committee={duty.committee_id}" if duty.committee_id else ""


def _new_meeting(duty) -> str:
    address = reverse("meetings:create")
    return f"{address}?committee={duty.committee_id}" if duty.committee_id else address


def _new_activity(duty) -> str:
    address = reverse("meetings:activity_create")
    return f"{address}?committee={duty.committee_id}" if duty.committee_id else address
