"""The memory of solutions: beside the form while typing, on an entry, and beside the form of a result."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from core.actor import Role
from enterprises.models import Enterprise
from problems import lifecycle, memory
from problems.models import Category, Problem
from problems.views.scope import seen


@require_GET
def similar(request):
    """Earlier entries like what is being typed, with how they ended and in how many days."""
    category = _one(Category.objects.visible_to(request.actor), request.GET.get("category", ""))
    firms = Enterprise.objects.visible_to(request.actor).select_related("region")
    own = request.actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
    firm = _one(firms, request.GET.get("enterprise", "") or (str(next(iter(own))) if len(own) == 1 else ""))
    found = memory.like_text(request.actor, request.GET.get("title", ""), category, firm)
    found.matches = found.matches[: memory.SHOWN]
    return render(request, "problems/similar.html", {"memory": found})


def _one(rows, text: str):
    """The row of that number among those the actor sees, or None."""
    return rows.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 19 else None


@require_GET
def remembered(request, pk: int):
    """What is like an entry: a panel of its page, and a page of its own without scripts."""
    problem = seen(request, pk)
    found = memory.of_entry(problem, request.actor)
    context = {
        "problem": problem,
        "memory": found,
        "may_merge": lifecycle.refusal_for("merge_into", problem, request.actor) is None,
        "may_join": lifecycle.refusal_for("join_root", problem, request.actor) is None,
        "may_resolve": lifecycle.refusal_for("resolve", problem, request.actor) is None,
    }
    part = "problems/memory_panel.html" if request.htmx else "problems/memory.html"
    return render(request, part, context)


def reused(request) -> dict:
    """The text of an earlier result as a beginning for this one, where the actor may read it."""
    text = request.GET.get("reuse", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return {}
    row = get_object_or_404(Problem.objects.visible_to(request.actor), pk=int(text))
    return {"text": row.resolution, "outcome": row.outcome}
