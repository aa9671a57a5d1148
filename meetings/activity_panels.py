"""What activities, duty and annual reports add to the pages of an enterprise and of a committee."""

from django.urls import reverse
from django.utils.http import urlencode

from chains.models import Seat
from core.clock import today
from enterprises.models import Enterprise
from meetings import perms, visits
from meetings.enums import ActivityState, ReportState
from meetings.forms.activity import reachable
from meetings.models import Activity, AnnualReport, DutyTerm

SHOWN = 5


def of_enterprise(request, enterprise):
    """Its last and coming visits, how often it was disturbed this quarter, the way to its calendar."""
    if perms.see_visits(request.actor) or not reachable(request.actor).filter(pk=enterprise.pk).exists():
        return None
    rows = Activity.objects.visible_to(request.actor).filter(reached__enterprise=enterprise)
    rows = rows.exclude(state=ActivityState.CANCELLED).select_related("kind")
    told = visits.with_visits(Enterprise.objects.filter(pk=enterprise.pk), today()).get()
    planned = rows.filter(state=ActivityState.PLANNED).order_by("held_on", "pk")
    done = rows.filter(state=ActivityState.DONE).order_by("-held_on", "-pk")
    address = f"{reverse('meetings:activity_create')}?{urlencode({'enterprises': enterprise.pk})}"
    return "meetings/panel_visits.html", {
        "enterprise": enterprise,
        "rows": [*planned[:SHOWN], *done[:SHOWN]],
        "disturbed": told.disturbed,
        "last_visit": told.last_visit,
        "plan_url": None if perms.create_activity(request.actor) else address,
    }


def of_committee(request, committee):
    """Its latest activities, who is on duty, whose annual report of the last year is missing."""
    actor, day = request.actor, today()
    activities = Activity.objects.visible_to(actor).filter(committee=committee).exclude(state=ActivityState.CANCELLED)
    terms = DutyTerm.objects.visible_to(actor).filter(committee=committee).select_related("department", "enterprise")
    year = day.year - 1
    keeps = perms.keep(committee, actor) is None
    return "meetings/panel_activities.html", {
        "committee": committee,
        "activities": activities.select_related("kind").order_by("-held_on", "-id")[:SHOWN],
        "activity_total": activities.count(),
        "on_duty": terms.filter(starts_on__lte=day, ends_on__gte=day).first(),
        "next_on_duty": terms.filter(starts_on__gt=day).order_by("starts_on").first(),
        "keeps": keeps,
        "year": year,
        "missing": _missing(committee, year) if keeps else [],
        "reports": AnnualReport.objects.visible_to(actor).filter(committee=committee, year=year).count(),
    }


def _missing(committee, year: int) -> list[Seat]:
    """The seats that were held at the end of the year and have handed in nothing for it."""
    told = AnnualReport.objects.filter(year=year).exclude(state=ReportState.DRAFT).values("seat_id")
    last = f"{year}-12-31"
    held = Seat.objects.filter(committee=committee, started_on__lte=last)
    return list(held.exclude(ended_on__lte=last).exclude(pk__in=told).order_by("pk"))
