"""One kind of meetings, and one meeting that recurs: the pages that their registers link to."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.registers import history
from core.answers import get_or_404
from meetings import perms
from meetings.models import Meeting, MeetingKind, MeetingSeries
from meetings.recurrence import next_dates
from meetings.registers import KINDS, SERIES

SHOWN = 12
NEXT = 6


@require_safe
def kind_detail(request, pk):
    kind = get_or_404(MeetingKind.objects.visible_to(request.actor).select_related("region"), pk)
    context = {
        "object": kind,
        "register": KINDS,
        "can_edit": perms.keep_kind(kind, request.actor) is None,
        "edit_url": KINDS.url("edit", kind.pk),
        "in_use": Meeting.objects.filter(kind=kind).exists(),
        "events": history(kind) if kind.region_id else [],
    }
    return render(request, "meetings/kind_detail.html", context)


@require_safe
def series_detail(request, pk):
    rows = MeetingSeries.objects.visible_to(request.actor).select_related("committee__region", "kind")
    series = get_or_404(rows, pk)
    meetings = Meeting.objects.visible_to(request.actor).filter(series=series).order_by("-held_on", "-id")
    context = {
        "object": series,
        "register": SERIES,
        "can_edit": perms.keep(series.committee, request.actor) is None,
        "edit_url": SERIES.url("edit", series.pk),
        "back": abs(series.workday),
        "next": next_dates(series, NEXT),
        "meetings": meetings[:SHOWN],
        "events": history(series),
    }
    return render(request, "meetings/series_detail.html", context)
