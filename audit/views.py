"""The trail, for auditors: search, read, export."""

import datetime as dt
import re

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from audit.models import Event
from audit.sentences import sentence, verbs
from core import clock, keyset
from core.actor import Role
from core.registers import FilterForm
from core.transitions import Refusal
from core.widgets import DateInput, SearchSelect

EXPORT_LIMIT = 200_000
# Set by the exchange app when it is ready, which this app stands above: answers the workbook of a table.
write_workbook = None


def register_writer(function) -> None:
    """Register `function(title, labels, rows, conditions=, notes=, user=)`, which answers the table as a download."""
    global write_workbook
    write_workbook = function


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
    context = {"filter_form": form, "page": page, "filtered": bool(form.values), "query": request.GET.urlencode()}
    template = "audit/list.html#results" if request.htmx and not request.htmx.boosted else "audit/list.html"
    return render(request, template, context)


@require_safe
def export(request):
    """What the list shows under the same filter, newest first."""
    _guard(request.actor)
    form = EventFilter(request.GET, actor=request.actor)
    events = form.narrow(Event.objects.visible_to(request.actor)).order_by("-id")[:EXPORT_LIMIT]
    notes = []
    if events.count() == EXPORT_LIMIT:
        notes = [_("仅含最近 %(n)s 条，请缩小日期范围导出其余部分。") % {"n": EXPORT_LIMIT}]
    labels = [
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
    names = type_names()
    rows = (
        [
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
        for event in events.iterator(chunk_size=2000)
    )
    words = {"conditions": form.in_words(), "notes": notes, "user": request.actor.name}
    return write_workbook(_("审计记录"), labels, rows, **words)
