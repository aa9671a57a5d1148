"""The page on which people make and revoke their calendar addresses, and the addresses themselves."""

import hashlib

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from chains.models import Committee
from core.answers import attempt, demand, forbid, get_or_404
from core.clock import today
from core.transitions import Refused
from core.widgets import SearchSelect
from meetings import feeds, lifecycle, perms
from meetings.models import CalendarFeed
from problems.voice import keys


class FeedForm(forms.Form):
    committee = forms.ModelChoiceField(
        label=gettext_lazy("产业链党委"),
        required=False,
        queryset=Committee.objects.none(),
        empty_label=gettext_lazy("我能看到的全部会议"),
        widget=SearchSelect,
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = Committee.objects.visible_to(actor).filter(dissolved_on=None)


@require_safe
def feed_list(request):
    demand(perms.subscribe(request.actor))
    return _page(request, FeedForm(actor=request.actor))


@require_POST
def feed_create(request):
    """The address is shown on this answer and never again."""
    demand(perms.subscribe(request.actor))
    form, address = FeedForm(request.POST, actor=request.actor), ""
    if form.is_valid():
        made = attempt(form, lambda: lifecycle.make_feed(by=request.actor, committee=form.cleaned_data["committee"]))
        if made:
            path = reverse("calendar:feed", args=[made[1]])
            address = f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)
            form = FeedForm(actor=request.actor)
    return _page(request, form, address)


def _page(request, form, address=""):
    own = CalendarFeed.objects.visible_to(request.actor).filter(user_id=request.actor.user_id)
    rows = list(own.select_related("committee").order_by("revoked_at", "-id")[:50])
    context = {
        "form": form,
        "address": address,
        "feeds": [row for row in rows if row.revoked_at is None],
        "revoked": [row for row in rows if row.revoked_at is not None],
        "back": feeds.BACK.days,
    }
    return render(request, "meetings/feeds.html", context)


@require_POST
def feed_revoke(request, pk):
    feed = get_or_404(CalendarFeed.objects.visible_to(request.actor), pk)
    try:
        lifecycle.revoke_feed(feed, by=request.actor)
    except Refused as refused:
        forbid(refused.refusal)
    messages.success(request, _("订阅地址已停用，日历不会再更新。"))
    return redirect("meetings:feed_list")


@require_safe
def read_feed(request, secret):
    """The calendar, without sign-in: the secret is all that opens it. Unknown, revoked and disabled look alike.

    That it was read is noted once a day, so that its owner sees which address is still in use.
    """
    digest = keys.digest_of(secret)
    feed = (
        CalendarFeed.objects.filter(key_hash=digest, revoked_at=None, user__is_active=True)
        .select_related("user", "committee")
        .first()
        if digest
        else None
    )
    if feed is None:
        raise Http404
    if feed.read_on != today():
        CalendarFeed.objects.filter(pk=feed.pk).update(read_on=today())
    text = feeds.calendar(feed, feed.committee.name if feed.committee else "产业链会议")
    etag = quote_etag(hashlib.sha256(text).hexdigest()[:32])
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="meetings.ics"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
