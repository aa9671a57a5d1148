"""Pages of entered figures: those of one unit, a new one, a correction, all versions of one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from closing import entered, forms, perms, places
from closing.models import EnteredFigure
from closing.registers import ENTERED_KINDS
from closing.views import reads
from core import clock
from core.answers import answer_status, attempt, demand, get_or_404
from core.held import held_data
from core.periods import Month

reads_or_posts = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def entered_list(request):
    """What stands for one unit (`scope`, else the widest in sight), the newest period first."""
    demand(reads(request.actor))
    units = places.visible_to(request.actor, Month.of(clock.today()))
    asked = request.GET.get("scope", "")
    place = next((one for one in units if one.scope.key == asked), units[0] if units else None)
    context = {
        "place": place,
        "units": [(one.scope.key, str(one)) for one in units],
        "lines": entered.of_place(place) if place else [],
        "may_enter": place is not None and perms.enter(place, request.actor) is None,
    }
    return render(request, "closing/entered_list.html", context)


@reads_or_posts
def entered_create(request):
    demand(perms.enter_any(request.actor))
    data = request.POST if request.method == "POST" else held_data(request)
    units = places.visible_to(request.actor, Month.of(clock.today()))
    choices = [(one.scope.key, str(one)) for one in units if perms.enter(one, request.actor) is None]
    last = Month.of(clock.today()) - 1
    initial = {"first": str(last), "last": str(last), "as_of": last.last_day, "unit": "%"}
    if request.GET.get("scope"):
        initial["scope"] = request.GET["scope"]
    form = forms.EnteredForm(data, choices=choices, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        place = values.pop("scope")
        del values["first"], values["last"]
        row = attempt(form, lambda: entered.enter(place, by=request.actor, **values))
        if row:
            return _saved(request, row, _("已填报。"))
    context = {"form": form, "title": _("填报"), "cancel_url": reverse("closing:entered_list"), "key": "entered-new"}
    return render(request, "closing/entered_form.html", context, status=answer_status(request, form))


def _saved(request, row, sentence):
    if row.after_lock:
        sentence = _("%(done)s该期已有月份封账，列入更正清单。") % {"done": sentence}
    messages.success(request, sentence)
    return redirect(list_url(entered.place_of(row)))


def list_url(place) -> str:
    return f"{reverse('closing:entered_list')}?{urlencode({'scope': place.scope.key})}"


def _rows():
    return EnteredFigure.objects.select_related("kind__region", "region", "committee__region", "entered_by")


@require_safe
def entered_detail(request, pk):
    """All versions of a figure, the standing one first, with who entered each, when, and why."""
    row = get_or_404(_rows().visible_to(request.actor), pk)
    versions = list(_rows().of_same(row).order_by("-version"))
    place = entered.place_of(row)
    context = {
        "row": versions[0],
        "place": place,
        "versions": versions,
        "list_url": list_url(place),
        "may_enter": perms.enter(place, request.actor) is None,
    }
    return render(request, "closing/entered_detail.html", context)


@reads_or_posts
def entered_correct(request, pk):
    """A new version of the figure; `pk` is any version of it."""
    found = get_or_404(_rows().visible_to(request.actor), pk)
    place = entered.place_of(found)
    demand(perms.enter(place, request.actor))
    row = _rows().of_same(found).latest("version")
    data = request.POST if request.method == "POST" else held_data(request)
    initial = {"value": units_value(row), "unit": row.kind.unit, "source": row.source, "as_of": row.as_of}
    form = forms.EnteredCorrectForm(data, initial={**initial, "seen": row.version})
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            lambda: entered.enter(place, by=request.actor, kind=row.kind, period=row.period, **form.cleaned_data),
        )
        if saved:
            return _saved(request, saved, _("已更正，原数保留在各版本中。"))
    context = {
        "form": form,
        "row": row,
        "title": _("更正填报数"),
        "closed": entered.is_closed(place, row.period),
        "cancel_url": reverse("closing:entered_detail", args=[row.pk]),
        "key": f"entered-{row.pk}",
    }
    return render(request, "closing/entered_form.html", context, status=answer_status(request, form))


def units_value(row) -> str:
    """The value as it stands in the field: exact, without trailing places."""
    return f"{row.value.normalize():f}"


@require_safe
def enteredkind_detail(request, pk):
    kind = get_or_404(ENTERED_KINDS.visible(request.actor).select_related("region"), pk)
    editable = not ENTERED_KINDS.can_edit(kind, request.actor)
    context = {
        "object": kind,
        "register": ENTERED_KINDS,
        "can_edit": editable,
        "edit_url": ENTERED_KINDS.url("edit", kind.pk),
    }
    return render(request, "closing/enteredkind_detail.html", context)
