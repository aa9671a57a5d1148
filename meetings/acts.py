"""Meetings and decisions as acts of the rule radar. All that the radar knows of them stands here."""

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mechanisms import acts
from mechanisms.acts import Act, Filter
from meetings.enums import COMING, TOOK_PLACE, DecisionState, MeetingClass, MeetingState
from meetings.models import Decision, Meeting

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


def _of_committee(duty) -> str:
    return f"&committee={duty.committee_id}" if duty.committee_id else ""


def _new_meeting(duty) -> str:
    address = reverse("meetings:create")
    return f"{address}?committee={duty.committee_id}" if duty.committee_id else address
