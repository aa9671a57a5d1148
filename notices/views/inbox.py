"""The inbox: the list, the bell, opening and reading."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core import keyset
from notices import inbox as box
from notices.enums import Kind
from notices.forms import InboxFilterForm
from notices.models import Notice

PAGE = 30


@require_safe
def inbox(request):
    """The own notices, unread first; HTMX gets the results alone."""
    form = InboxFilterForm(request.GET)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    rows = box.rows(request.actor, kind)
    page = keyset.page(rows, request, ["is_read", "-id"], size=PAGE)
    page.rows = box.dress(page.rows)
    context = {
        "filter_form": form,
        "kind": kind,
        "page": page,
        "newest": max((row.pk for row in page.rows), default=0),
        "has_unread": any(not row.is_read for row in page.rows),
        "here": request.get_full_path(),
    }
    part = "#results" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"notices/inbox.html{part}", context)


@require_safe
def bell(request):
    """The bell alone, asked for every minute. It never leads to the sign-in page: who has been signed out while
    typing must not be carried away from the form."""
    found = box.bell(request.actor)
    return render(request, "components/bell.html", {"bell": found}) if found else HttpResponse()


def _own(request, pk) -> Notice:
    return get_object_or_404(Notice.objects.visible_to(request.actor).with_records(), pk=pk)


@require_POST
def open_notice(request, pk):
    """Mark as read and go to the record."""
    notice = _own(request, pk)
    box.mark_read(Notice.objects.filter(pk=notice.pk))
    return redirect(notice.address)


@require_POST
def read(request, pk):
    """Mark one as read."""
    notice = _own(request, pk)
    box.mark_read(Notice.objects.filter(pk=notice.pk))
    return _back(request)


@require_POST
def read_all(request):
    """Mark those of the kind that is shown, up to the newest one on the page: what came since stays unread."""
    text = request.POST.get("newest", "")
    newest = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    rows = box.rows(request.actor, request.POST.get("kind", "")).filter(pk__lte=newest)
    count = box.mark_read(rows)
    done = ngettext("已将 %(count)d 条消息标为已读。", "已将 %(count)d 条消息标为已读。", count) % {"count": count}
    messages.success(request, done if count else _("没有未读的消息。"))
    return _back(request)


def _back(request):
    kind = request.POST.get("kind", "")
    query = f"?{urlencode({'kind': kind})}" if kind in Kind.values else ""
    return redirect(reverse("notices:inbox") + query)
