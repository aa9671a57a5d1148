"""The trail, for auditors: search, read, export."""

import datetime as dt
import re

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from audit.models import Event
from audit.sentences import sentence, verbs
from core import clock, keyset, listings
from core.actor import Role
from core.listings import Asking, Listing
from core.registers import Column, FilterForm
from core.transitions import Refusal
from core.widgets import DateInput, SearchSelect


class EventFilter(FilterForm):
    """By words in the person's or record's name, kind of act, kind of record, days."""

    verb = forms.ChoiceField(label=gettext_lazy("动作"), required=False, widget=SearchSelect)
    object_type = forms.ChoiceField(label=gettext_lazy("对象类型"), required=False, widget=SearchSelect)
    start = forms.DateField(label=gettext_lazy("自"), required=False, widget=DateInput)
    end = forms.DateField(label=gettext_lazy("至"), required=False, widget=DateInput)
    lookups = {"verb": "verb", "object_type": "object_type"}

    def limit(self, actor):
        self.fields["q"].label = _("人员或对象")
        names = verb_names()
        self.fields["verb"].choices = [("", _("全部动作")), *((verb, names.get(verb, verb)) for verb in sorted(names))]
        self.fields["object_type"].choices = [("", _("全部对象")), *sorted(type_names().items())]

    def narrow(self, queryset):
        found = super().narrow(queryset)
        values = self.values
        if values.get("q"):
            text = values["q"]
            found = found.filter(Q(actor_name__icontains=text) | Q(object_name__icontains=text))
        if values.get("start"):
            found = found.filter(at__gte=clock.at_local(values["start"], 0))
        if values.get("end"):
            found = found.filter(at__lt=clock.at_local(values["end"], 0) + dt.timedelta(days=1))
        return found


def verb_names() -> dict[str, str]:
    """Kinds of act that have a sentence: the words before its first placeholder, and the code."""
    begins = {verb: re.split("[：（，:(,{]", text, maxsplit=1)[0].strip() or text for verb, text in verbs().items()}
    return {verb: f"{words} · {verb}" for verb, words in begins.items()}


def type_names() -> dict[str, str]:
    """Kinds of record by their label, in words."""
    from django.apps import apps

    named = {
        model._meta.label_lower: str(model._meta.verbose_name)
        for model in apps.get_models()
        if model._meta.app_label
        in ("alliances", "chains", "enterprises", "accounts", "problems", "meetings", "reports", "core")
        and not model.__name__.endswith("Event")
    }
    return named


def _guard(actor):
    if not actor.has(Role.AUDITOR):
        denied = PermissionDenied()
        denied.refusal = Refusal("not_auditor", _("审计记录只有审计员可以查阅。"), who_can=_("审计员"))
        raise denied


@require_safe
def event_list(request):
    _guard(request.actor)
    form = EventFilter(request.GET, actor=request.actor)
    events = form.narrow(Event.objects.visible_to(request.actor))
    page = keyset.page(events, request, ["-id"])
    names = type_names()
    for event in page.rows:
        event.sentence = sentence(event)
        event.type_name = names.get(event.object_type, event.object_type)
    context = {
        "filter_form": form,
        "page": page,
        "filtered": bool(form.values),
        "export_url": f"{reverse('audit:export')}?{request.GET.urlencode()}",
    }
    template = "audit/list.html#results" if request.htmx and not request.htmx.boosted else "audit/list.html"
    return render(request, template, context)


def trail_listing(asking: Asking) -> Listing:
    """What the list shows under the same filter, newest first."""
    _guard(asking.actor)
    form = EventFilter(asking.GET, actor=asking.actor)
    names = type_names()
    return Listing(
        title=_("审计记录"),
        columns=[Column(label, label) for label in _labels()],
        rows=form.narrow(Event.objects.visible_to(asking.actor)).order_by("-id"),
        lines=lambda events: (_line(event, names) for event in events),
        conditions=form.in_words(),
    )


def _labels():
    return [
        _("编号"),
        _("时间"),
        _("操作人"),
        _("岗位"),
        _("动作"),
        _("内容"),
        _("对象类型"),
        _("对象"),
        _("网络地址"),
    ]


def _line(event, names):
    return [
        str(event.pk),
        event.at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
        event.actor_name,
        event.actor_title,
        event.verb,
        sentence(event),
        names.get(event.object_type, event.object_type),
        event.object_name,
        event.ip or "",
    ]


export = listings.export(trail_listing)
