"""One kind of activities, and one guard between visits: the pages that their registers link to."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.registers import history
from core.answers import get_or_404
from core.clock import today
from meetings import perms
from meetings.models import Activity, ActivityKind, VisitGuard
from meetings.visiting import ACTIVITY_KINDS, GUARDS


@require_safe
def activity_kind_detail(request, pk):
    kind = get_or_404(ActivityKind.objects.visible_to(request.actor).select_related("region"), pk)
    context = {
        "object": kind,
        "register": ACTIVITY_KINDS,
        "can_edit": perms.keep_kind(kind, request.actor) is None,
        "edit_url": ACTIVITY_KINDS.url("edit", kind.pk),
        "in_use": Activity.objects.visible_to(request.actor).filter(kind=kind).exists(),
        "events": history(kind) if kind.region_id else [],
    }
    return render(request, "meetings/activity_kind_detail.html", context)


@require_safe
def guard_detail(request, pk):
    guard = get_or_404(VisitGuard.objects.visible_to(request.actor).select_related("region"), pk)
    refusal = perms.keep_guard(guard, request.actor)
    context = {
        "object": guard,
        "register": GUARDS,
        "can_edit": refusal is None,
        "edit_url": GUARDS.url("edit", guard.pk),
        "begun": guard.begins_on <= today(),
        "can_create": perms.create_kind(request.actor) is None,
        "events": history(guard),
    }
    return render(request, "meetings/guard_detail.html", context)
