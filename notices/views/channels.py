"""Channels to chat robots: list, form, log, test."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock, keyset
from core.actor import Role
from core.answers import answer_status, demand
from core.held import held_data
from core.transitions import Refused
from indicators.wake import publish
from notices import channels, perms, tasks, webhooks
from notices.enums import Kind, Sending
from notices.forms import ChannelForm
from notices.hours import Hours
from notices.models import Channel
from notices.robots import text_of

PAGE = 50


def _seen(request, pk) -> Channel:
    return get_object_or_404(Channel.objects.visible_to(request.actor).select_related("region", "made_by"), pk=pk)


@require_safe
def channel_list(request):
    """The channels of the own region and below, with how their messages fare."""
    demand(perms.keep_channels(request.actor))
    rows = Channel.objects.visible_to(request.actor).select_related("region").annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state__in=[Sending.QUEUED, Sending.SENDING])),
        failed=Count("deliveries", filter=Q(deliveries__state=Sending.FAILED)),
        latest=Max("deliveries__sent_at"),
    )  # fmt: skip
    rows = list(rows)
    for row in rows:
        row.host = channels.host_of(row)
    return render(request, "notices/channel_list.html", {"rows": rows, "hosts_named": bool(webhooks.allowed_hosts())})


@require_safe
def channel_detail(request, pk):
    """One channel and its log."""
    channel = _seen(request, pk)
    rows = channel.deliveries.select_related("asked_by", "problem")
    page = keyset.page(rows, request, ["-id"], size=PAGE)
    for row in page.rows:
        row.text = text_of(row)
        row.tone = {"sent": "green", "failed": "red", "queued": "grey", "sending": "blue"}.get(row.state, "yellow")
    hours = Hours(clock.now())
    book = hours.book(channel.region.path)
    context = {
        "channel": channel,
        "host": channels.host_of(channel),
        "kinds": [Kind(one).label for one in channel.kinds if one in Kind.values],
        "page": page,
        "is_open": hours.are_open(channel.region.path),
        "opens_at": book.opens_at,
        "closes_at": book.closes_at,
    }
    part = "#results" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"notices/channel_detail.html{part}", context)


@require_http_methods(["GET", "HEAD", "POST"])
def channel_create(request):
    demand(perms.keep_channels(request.actor))
    return _form_page(request, Channel())


@require_http_methods(["GET", "HEAD", "POST"])
def channel_edit(request, pk):
    return _form_page(request, _seen(request, pk))


def _form_page(request, channel: Channel):
    fresh = channel.pk is None
    data = request.POST if request.method == "POST" else held_data(request)
    form = ChannelForm(data, actor=request.actor, channel=channel, initial=_initial(request, channel))
    if request.method == "POST" and form.is_valid():
        saved = _save(form, channel, request.actor)
        if saved is not None:
            messages.success(request, _("消息通道“%(name)s”已保存。") % {"name": saved.name})
            return redirect("notices:channel_detail", saved.pk)
    context = {"form": form, "channel": None if fresh else channel, "hosts_named": bool(webhooks.allowed_hosts())}
    return render(request, "notices/channel_form.html", context, status=answer_status(request, form))


def _initial(request, channel: Channel) -> dict:
    if channel.pk is None:
        own = next((duty.region_id for duty in request.actor.duties_as(Role.COUNTY_OFFICER)), None)
        return {"region": own, "kinds": [Kind.SLIP, Kind.REMINDER, Kind.ESCALATED]}
    names = ("name", "robot", "kinds", "is_active", "version")
    return {name: getattr(channel, name) for name in names}


def _save(form: ChannelForm, channel: Channel, actor) -> Channel | None:
    values = dict(form.cleaned_data)
    version = values.pop("version", None)
    try:
        return channels.save(channel, values, by=actor, version=version)
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            form.add_error(name if name in form.fields else None, sentences)
    except Refused as refused:
        form.add_error(None, str(refused.refusal.sentence))
        if channel.pk is not None and "version" in form.fields:
            form.data = form.data.copy()
            form.data["version"] = Channel.objects.values_list("version", flat=True).get(pk=channel.pk)
    return None


@require_POST
def channel_test(request, pk):
    """Send a test message; the log shows what became of it."""
    channel = _seen(request, pk)
    try:
        channels.test(channel, by=request.actor)
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
    else:
        publish(tasks.send)
        if Hours(clock.now()).are_open(channel.region.path):
            messages.success(request, _("测试消息已交给后台发送，稍后刷新查看结果。"))
        else:
            messages.success(request, _("现在不是工作时间，测试消息将在上班后发送。"))
    return redirect("notices:channel_detail", channel.pk)
