"""The entry of an address, in the scope of who asks."""

from django.shortcuts import get_object_or_404

from problems.models import Problem


def seen(request, pk: int) -> Problem:
    """The entry, or 404 where it is not in the actor's scope."""
    rows = Problem.objects.visible_to(request.actor).select_related(
        "enterprise", "enterprise__region", "category", "category__parent", "chain", "committee", "region", "lead_team",
        "lead_department", "merged_into", "root", "created_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)
