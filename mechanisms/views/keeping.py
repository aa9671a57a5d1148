"""Making, changing, ending and switching off mechanisms: a form with a live sentence, a preview, the deed."""

import datetime as dt
from collections import Counter

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.answers import answer_status, demand, get_or_404
from core.cycles import KINDS, Cycle
from core.held import held_data
from core.transitions import Refusal, Refused
from mechanisms import lifecycle, perms, reading, words
from mechanisms.enums import LIGHTS, ORDER, Verdict
from mechanisms.forms import EndForm, MechanismForm, SwitchOffForm
from mechanisms.models import Mechanism, MechanismVersion, Obligation, SwitchedOff
from mechanisms.reckoning import preview
from mechanisms.views.reading import _below

LISTED = 40
DAY = dt.timedelta(days=1)
OWN = ("csrfmiddlewaretoken", "refresh", "back", "confirmed")
reads_or_posts = require_http_methods(["GET", "HEAD", "POST"])


@reads_or_posts
def create(request):
    """A new mechanism of the own region; the address may fill in what it asks for."""
    demand(perms.create(request.actor))
    given = {name: request.GET[name] for name in MechanismForm.PLAIN if request.GET.get(name)}
    for name in request.GET:
        if name.partition("-")[0] in MechanismForm.GROUPS and "-" in name:
            given[name] = request.GET.getlist(name)
    initial = {"cadence": "quarter", "minimum": 1} | given
    initial["starts_on"] = lifecycle.running_since(initial["cadence"], clock.today())
    return _page(request, None, initial)


@reads_or_posts
def edit(request, pk):
    """A new version of a mechanism."""
    mechanism = _kept(request, pk)
    version = lifecycle.latest(mechanism)
    if version.ends_on is not None:
        demand(Refusal("ended", _("这项机制已经终止，不能再修改。")))
    today = clock.today()
    initial = MechanismForm.values_of(version) | {"seen": version.pk}
    if version.starts_on <= today:
        day = Cycle.of(version.cadence, today).after if version.cadence in KINDS else today + DAY
        initial["starts_on"] = day
    return _page(request, mechanism, initial)


def _kept(request, pk) -> Mechanism:
    """The mechanism, which this actor keeps; 404 out of sight, 403 for who may only read it."""
    mechanism = get_or_404(Mechanism.objects.visible_to(request.actor).select_related("region"), pk)
    demand(perms.keep(mechanism.region, request.actor))
    return mechanism


def _page(request, mechanism, initial):
    data = request.POST if request.method == "POST" else held_data(request)
    form = MechanismForm(data or None, actor=request.actor, mechanism=mechanism, initial=initial)
    if request.method != "POST" or "back" in request.POST:
        return _form(request, form, mechanism)
    if "refresh" in request.POST:
        return _form(request, form, mechanism, refresh=True)
    version = _draft(form, mechanism)
    if version is None:
        return _form(request, form, mechanism)
    if "confirmed" in request.POST:
        return _save(request, form, mechanism)
    return _preview(request, form, mechanism, version)


def _draft(form, mechanism) -> MechanismVersion | None:
    """The version that the form describes, kept by nobody; None where something is wrong, told beside its field."""
    if not form.is_valid():
        return None
    owner = mechanism or Mechanism(region=form.cleaned_data["region"], code=form.cleaned_data["code"])
    try:
        return lifecycle.draft(owner, form.values)
    except ValidationError as error:
        form.add_errors(error)
        return None


def _form(request, form, mechanism, *, refresh=False):
    """The form; with `refresh` its choices brought up to date and the sentence of the rule, nothing judged."""
    sentence, wrong = "", []
    if form.is_bound:
        trial = MechanismForm(form.data, actor=request.actor, mechanism=mechanism)
        version = _draft(trial, mechanism)
        sentence = words.sentence(version) if version else ""
        wrong = [one for messages_of in trial.errors.values() for one in messages_of] if refresh and not version else []
    if refresh:
        form.unjudged()
    elif mechanism is not None and not form.is_bound:
        sentence = words.sentence(lifecycle.latest(mechanism))
    context = {
        "form": form,
        "mechanism": mechanism,
        "sentence": sentence,
        "wrong": wrong[:1],
        "moved": request.htmx and request.headers.get("HX-Trigger-Name", "") in MechanismForm.GROUPS,
    }
    part = "#live" if refresh and request.htmx else ""
    status = 200 if refresh else answer_status(request, form)
    return render(request, f"mechanisms/form.html{part}", context, status=status)


def _preview(request, form, mechanism, version):
    """What the rule would say today, of the period that runs, before it takes effect."""
    today = clock.today()
    trial = MechanismVersion(
        **{name: getattr(version, name) for name in lifecycle.CONTENT}, mechanism=version.mechanism
    )
    trial.starts_on = lifecycle.running_since(trial.cadence, today)
    found = []
    for pk, values in preview(trial, today):
        duty = Obligation(version=trial, actor_kind=trial.actor, actor_id=pk, **values)
        found.append(reading.light_up(duty, today))
    counts = Counter(duty.verdict for duty in found)
    found.sort(key=lambda duty: (duty.rank, duty.actor_id))
    context = {
        "mechanism": mechanism,
        "version": version,
        "sentence": words.sentence(version),
        "before": words.sentence(lifecycle.latest(mechanism)) if mechanism else "",
        "total": len(found),
        "counts": [(Verdict(one).label, LIGHTS[one], counts[one]) for one in sorted(counts, key=ORDER.get)],
        "duties": reading.dress(found[:LISTED], today),
        "listed": LISTED,
        "cycle": Cycle.of(trial.cadence, today) if trial.cadence in KINDS else None,
        "kept_values": [(n, value) for n, values in request.POST.lists() if n not in OWN for value in values],
    }
    return render(request, "mechanisms/preview.html", context)


def _save(request, form, mechanism):
    try:
        with transaction.atomic():
            if mechanism is None:
                values = form.cleaned_data
                mechanism = lifecycle.add(values["region"], values["code"], form.values, by=request.actor)
            else:
                lifecycle.change(mechanism, form.values, by=request.actor, seen=form.cleaned_data["seen"] or 0)
    except ValidationError as error:
        form.add_errors(error)
    except Refused as refused:
        form.add_error(None, str(refused.refusal.sentence))
    else:
        messages.success(request, _("机制“%(name)s”已保存。") % {"name": form.cleaned_data["name"]})
        return redirect(mechanism.get_absolute_url())
    return _form(request, form, form.mechanism)


def _deed(request, form, act, **context):
    """A form with one deed: does it and leads back, or shows what is wrong."""
    mechanism = context["mechanism"]
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                done = act(form.cleaned_data)
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                form.add_error(name if name in form.fields else None, sentences)
        except Refused as refused:
            form.add_error(None, str(refused.refusal.sentence))
        else:
            messages.success(request, done)
            return redirect(mechanism.get_absolute_url())
    return render(request, "mechanisms/deed.html", {"form": form, **context}, status=answer_status(request, form))


@reads_or_posts
def end(request, pk):
    """Let a mechanism end on a day to come."""
    mechanism = _kept(request, pk)
    version = lifecycle.latest(mechanism)
    data = request.POST if request.method == "POST" else held_data(request)
    day = Cycle.of(version.cadence, clock.today()).after if version.cadence in KINDS else None

    def act(values):
        lifecycle.end(mechanism, on=values["on"], reason=values["reason"], by=request.actor)
        return _("机制“%(name)s”将自 %(day)s 起终止。") % {"name": version.name, "day": values["on"].isoformat()}

    sentence = _("终止机制“%(name)s”。已经结束的周期仍按它判定。") % {"name": version.name}
    form = EndForm(data or None, initial={"on": day})
    return _deed(request, form, act, mechanism=mechanism, version=version, title=_("终止机制"), sentence=sentence)


@reads_or_posts
def switch_off(request, pk):
    """Let a region below stop following a mechanism."""
    mechanism = get_or_404(Mechanism.objects.visible_to(request.actor).select_related("region"), pk)
    regions = _below(mechanism, request.actor).order_by("path")
    refusal = None if regions.exists() else perms.keep(mechanism.region, request.actor)
    if refusal is None and not regions.exists():
        refusal = Refusal("none_below", _("这项机制的适用区域以下没有可以停用它的区域。"))
    demand(refusal)
    version = lifecycle.latest(mechanism)
    data = request.POST if request.method == "POST" else held_data(request)

    def act(values):
        lifecycle.switch_off(
            mechanism, values["region"], from_on=values["from_on"], reason=values["reason"], by=request.actor
        )
        return _("%(region)s已停用机制“%(name)s”。") % {"region": values["region"], "name": version.name}

    sentence = _("所选区域及其以下不再执行机制“%(name)s”，其他区域不变。") % {"name": version.name}
    form = SwitchOffForm(data or None, regions=regions, initial={"from_on": clock.today()})
    return _deed(request, form, act, mechanism=mechanism, version=version, title=_("停用机制"), sentence=sentence)


@reads_or_posts
def switch_on(request, pk):
    """Let the mechanism hold again for a region that had switched it off."""
    seen = Mechanism.objects.visible_to(request.actor).values("pk")
    rows = SwitchedOff.objects.filter(mechanism__in=seen).select_related("mechanism__region", "region")
    off = get_or_404(rows, pk)
    demand(perms.switch(off.mechanism, off.region, request.actor))
    name = lifecycle.latest(off.mechanism).name
    if request.method == "POST":
        try:
            lifecycle.switch_on(off, by=request.actor)
        except Refused as refused:
            messages.error(request, str(refused.refusal.sentence))
        else:
            messages.success(request, _("%(region)s已恢复机制“%(name)s”。") % {"region": off.region, "name": name})
        return redirect(off.mechanism.get_absolute_url())
    sentence = _("%(region)s自今天起恢复执行机制“%(name)s”。") % {"region": off.region, "name": name}
    context = {"mechanism": off.mechanism, "title": _("恢复机制"), "sentence": sentence, "form": None}
    return render(request, "mechanisms/deed.html", context)
