"""Choosing a ready-made way of working for a county: what it brings, what would be added, taking it over."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from alliances.enums import RegionLevel
from alliances.models import Region
from core.actor import Role, under
from core.answers import attempt, demand
from core.widgets import SearchSelect
from meetings import perms
from meetings.schemes import catalogue, loading


class SchemeForm(forms.Form):
    """For which county or city."""

    region = forms.ModelChoiceField(Region.objects.none(), label=gettext_lazy("用于哪个区域"), widget=SearchSelect)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        paths = actor.region_paths(Role.COUNTY_OFFICER)
        levels = [RegionLevel.CITY, RegionLevel.COUNTY]
        regions = Region.objects.filter(under(paths, "path"), level__in=levels, is_active=True)
        self.fields["region"].queryset = regions.order_by("path")
        self.fields["region"].empty_label = None
        self.fields["region"].initial = regions.order_by("path").first()


@require_safe
def scheme_list(request):
    demand(perms.choose_scheme(request.actor))
    found = [
        {
            "scheme": scheme,
            "url": reverse("meetings:scheme_detail", args=[scheme.code]),
            "rules": len(scheme.rules),
            "kinds": len(scheme.meeting_kinds) + len(scheme.activity_kinds),
        }
        for scheme in catalogue.schemes()
    ]
    return render(request, "meetings/scheme_list.html", {"schemes": found})


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_detail(request, code):
    """What the scheme holds, what it would add to the chosen region; posting adds it."""
    demand(perms.choose_scheme(request.actor))
    try:
        scheme = catalogue.get(code)
    except KeyError:
        raise Http404 from None
    posted = request.method == "POST"
    form = SchemeForm(request.POST if posted else request.GET or None, actor=request.actor)
    region = form.cleaned_data["region"] if form.is_valid() else form.fields["region"].initial
    if posted and form.is_valid():
        taken = attempt(form, lambda: loading.take(scheme, region, by=request.actor))
        if taken is not None:
            messages.success(request, _("已选用“%(name)s”，新增 %(n)d 项。") % {"name": scheme.name, "n": taken.total})
            return redirect(f"{reverse('meetings:scheme_detail', args=[code])}?region={region.pk}")
    context = {
        "scheme": scheme,
        "form": form if form.is_bound else SchemeForm(actor=request.actor),
        "region": region,
        "taken": loading.preview(scheme, region) if region else None,
        "rows": [_row(entry, scheme) for entry in scheme.entries],
    }
    return render(request, "meetings/scheme_detail.html", context)


def _row(entry, scheme) -> dict:
    numbered = [(code, rule) for code, rule in scheme.rules if code.startswith(entry.code)]
    rules = [loading.in_words(code, rule, scheme) for code, rule in numbered]
    return {"entry": entry, "rules": rules}
