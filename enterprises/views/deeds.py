"""What the pages of this app share: small forms that do one thing to one record, and links to what is in sight."""

from django.contrib import messages
from django.shortcuts import redirect, render

from audit.registers import attempt_change
from core.answers import answer_status, attempt
from core.held import held_data


def in_sight(model, ids, actor):
    """Those of the ids that the actor may open."""
    return set(model.objects.visible_to(actor).filter(pk__in=ids - {None}).values_list("pk", flat=True))


def deed(
    request, *, form, act, done, back, title, crumb, template="enterprises/deed.html", key="", versioned=None, **more
):
    """A small form about one record: shows it, does `act()` when it is valid, and goes `back`. With `versioned`, the
    record whose version the form carries, a conflict tells what somebody else changed."""
    changes = []
    if request.method == "POST" and form.is_valid():
        saved, changes = attempt_change(form, versioned, act) if versioned else (attempt(form, act), [])
        if saved:
            messages.success(request, done())
            return redirect(back)
    context = {"form": form, "changes": changes, "title": title, "cancel_url": back, "crumb": crumb, "draft_key": key}
    return render(request, template, {**context, **more}, status=answer_status(request, form))


def typed(request):
    return (request.POST if request.method == "POST" else held_data(request)) or None
