"""Pages of targets: those of one unit with how far they are reached, a new one, another value, withdrawing."""

from django.contrib import messages
from django.db.models import Min
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from closing import forms, perms, places, targets
from closing.models import Target
from closing.views import reads
from core import clock
from core.answers import answer_status, attempt, demand, get_or_404
from core.held import held_data
from core.periods import Month, Period
from indicators import declarations

reads_or_posts = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def target_list(request):
    """The targets of one unit (`scope`, else the widest in sight) that touch a year, with figures and outlook."""
    demand(reads(request.actor))
    units = places.visible_to(request.actor, Month.of(clock.today()))
    asked = request.GET.get("scope", "")
    place = next((one for one in units if one.scope.key == asked), units[0] if units else None)
    years = _years(place)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else clock.today().year
    context = {
        "place": place,
        "year": year,
        "units": [(one.scope.key, str(one)) for one in units],
        "years": years,
        "lines": [_line(one, place, request.actor) for one in targets.of(place.scope, Period.year(year))]
        if place
        else [],
        "may_set": place is not None and perms.set_target(place, request.actor) is None,
    }
    return render(request, "closing/target_list.html", context)


def _years(place) -> range:
    """The years to choose from: from the unit's oldest target on, at least two back and two ahead."""
    this = clock.today().year
    oldest = Target.objects.filter(**place.rows).aggregate(year=Min("first_year"))["year"] if place else None
    return range(min(oldest or this, this - 2), this + 3)


def _line(one, place, actor):
    return {
        "one": one,
        "percent": None if one.percent is None else min(one.percent, 100),
        "edit_url": reverse("closing:target_edit", args=[one.target.pk]) if not perms.set_target(place, actor) else "",
    }


def _choices(actor):
    """The units for which this actor may set targets."""
    found = places.visible_to(actor, Month.of(clock.today()))
    return [(one.scope.key, str(one)) for one in found if perms.set_target(one, actor) is None]


@reads_or_posts
def target_create(request):
    demand(perms.set_any_target(request.actor))
    data = request.POST if request.method == "POST" else held_data(request)
    choices = _choices(request.actor)
    initial = {"scope": request.GET.get("scope", ""), "unit": "个"}
    form = forms.TargetForm(data, choices=choices, initial={key: value for key, value in initial.items() if value})
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        place = values.pop("scope")
        target = attempt(form, lambda: targets.set_target(place, by=request.actor, **values))
        if target:
            messages.success(request, _("目标已设定。"))
            return redirect(list_url(target))
    context = {"form": form, "title": _("设定目标"), "cancel_url": reverse("closing:target_list"), "key": "target-new"}
    return render(request, "closing/target_form.html", context, status=answer_status(request, form))


def list_url(target):
    """The list that shows the target."""
    place = places.Place(target.region, target.committee)
    return f"{reverse('closing:target_list')}?scope={place.scope.key}&year={target.first_year}"


def _find(request, pk):
    rows = Target.objects.visible_to(request.actor).standing().select_related("region", "committee__region")
    target = get_or_404(rows, pk)
    demand(perms.set_target(target, request.actor))
    return target


@reads_or_posts
def target_edit(request, pk):
    target = _find(request, pk)
    data = request.POST if request.method == "POST" else held_data(request)
    one = declarations.get(target.indicator)
    initial = {"value": target.value.normalize(), "unit": one.unit.code, "source": target.source}
    form = forms.ReviseForm(data, initial=initial | {"version": target.version})
    ready = request.method == "POST" and form.is_valid()
    if ready and attempt(form, lambda: targets.revise(target, by=request.actor, **form.cleaned_data)):
        messages.success(request, _("目标已调整。"))
        return redirect(list_url(target))
    context = {
        "form": form,
        "title": _("调整目标"),
        "target": target,
        "name": one.name,
        "cancel_url": list_url(target),
        "key": f"target-{pk}",
        "withdraw_url": reverse("closing:target_withdraw", args=[pk]),
    }
    return render(request, "closing/target_form.html", context, status=answer_status(request, form))


@reads_or_posts
def target_withdraw(request, pk):
    target = _find(request, pk)
    data = request.POST if request.method == "POST" else held_data(request)
    form = forms.WithdrawForm(data, initial={"version": target.version})
    ready = request.method == "POST" and form.is_valid()
    if ready and attempt(form, lambda: targets.withdraw(target, by=request.actor, **form.cleaned_data)):
        messages.success(request, _("目标已撤销。"))
        return redirect(list_url(target))
    context = {
        "form": form,
        "title": _("撤销目标"),
        "cancel_url": list_url(target),
        "sentence": _("撤销“%(name)s”%(years)s的目标？")
        % {"name": declarations.get(target.indicator).name, "years": target.period.name},
        "effects": [_("撤销后不再计算完成情况；设定和撤销的经过留在审计记录中。")],
    }
    return render(request, "closing/target_withdraw.html", context, status=answer_status(request, form))
