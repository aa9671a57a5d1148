"""The wall display and its keys: a page on which officers make and revoke keys, and the wall that a key opens.

The secret stands in the wall's own address and in no markup, cookie, log or Referer. A wrong, revoked or expired key
looks the same: not found.
"""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.answers import demand, forbid, get_or_404
from core.transitions import Refused
from dashboards import lifecycle, perms, wall
from dashboards.forms import WallKeyForm
from dashboards.models import WallKey
from problems.views.voice import ip_of
from problems.voice import keys, throttle

# How often a wall asks for figures, seconds.
REFRESH = 30
# From here on a wall says for how long its figures have not been renewed, seconds.
LATE = 120
DOOR = "wall"
SHOWN_REVOKED = 50
# When a key was last used is kept in the cache alone: to look at a wall writes nothing into the database.
SEEN_SECONDS = 90 * 24 * 60 * 60


def _seen_key(digest: str) -> str:
    return f"wall:seen:{digest}"


# --- keys ---------------------------------------------------------------------------------------------------------
@require_safe
def key_list(request):
    """The keys of the own region and below, and the form for one more."""
    demand(perms.keep_walls(request.actor))
    return _page(request, WallKeyForm(actor=request.actor))


@require_POST
def key_create(request):
    """The address is shown on this answer and never again."""
    demand(perms.keep_walls(request.actor))
    form, address = WallKeyForm(request.POST, actor=request.actor), ""
    if form.is_valid():
        try:
            _key, secret = lifecycle.make_key(by=request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error("region", str(refused.refusal.sentence))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            path = reverse("wall:show", args=[secret])
            address = f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)
            form = WallKeyForm(actor=request.actor)
    return _page(request, form, address)


def _page(request, form, address=""):
    rows = WallKey.objects.visible_to(request.actor).select_related("region", "made_by")
    opening = list(rows.opening(clock.today()).order_by("region__path", "id"))
    seen = cache.get_many([_seen_key(row.key_hash) for row in opening])
    for row in opening:
        row.seen_at = parse_datetime(seen.get(_seen_key(row.key_hash), ""))
    ended = rows.exclude(pk__in=[row.pk for row in opening])
    context = {
        "form": form,
        "address": address,
        "rows": opening,
        "ended": list(ended.order_by("-id")[:SHOWN_REVOKED]),
        "ended_count": ended.count(),
    }
    return render(request, "dashboards/wall_keys.html", context)


@require_POST
def key_revoke(request, pk):
    key = get_or_404(WallKey.objects.visible_to(request.actor), pk)
    try:
        lifecycle.revoke_key(key, by=request.actor)
    except Refused as refused:
        forbid(refused.refusal)
    messages.success(request, _("密钥已停用，用它打开的大屏会在半分钟内停止显示。"))
    return redirect("dashboards:wall_key_list")


# --- the wall -----------------------------------------------------------------------------------------------------
def with_key(view):
    """A page for whoever has the secret of a key that opens today: (request, key)."""

    @wraps(view)
    def wrapped(request, secret: str):
        key = _find(secret, ip_of(request))
        response = view(request, key) if isinstance(key, WallKey) else _gone(request, key)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


def _find(secret: str, ip: str) -> WallKey | int:
    """The key, or the status to answer. Where an address rests after many wrong tries, a wall that has been open
    lately goes on: another screen's old key behind the same address must not darken it."""
    digest = keys.digest_of(secret)
    if throttle.links_rest(ip, DOOR) and not (digest and cache.get(_seen_key(digest))):
        return 429
    found = WallKey.objects.opening(clock.today()).filter(key_hash=digest) if digest else WallKey.objects.none()
    key = found.select_related("region").first()
    if key is None:
        throttle.count_wrong_link(ip, DOOR)
        return 404
    cache.set(_seen_key(digest), clock.now().isoformat(), timeout=SEEN_SECONDS)
    return key


def _gone(request, status: int) -> HttpResponse:
    response = render(request, "dashboards/wall_gone.html", {"rests": status == 429}, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(int(throttle.PAUSE.total_seconds()))
    return response


@require_safe
@with_key
def show(request, key):
    """The wall without a number on it: its script asks for them, and goes on asking."""
    context = {"key": key, "refresh": REFRESH, "late": LATE, "version": settings.VERSION}
    return render(request, "dashboards/wall.html", context)


@require_safe
@with_key
def figures(request, key):
    """The figures, or 304 where nothing was counted since the wall last asked. How far they are stands in the headers
    of either answer, by the server's clock, because a screen's own clock may be wrong."""
    chains = wall.chains_of(key)
    state = wall.state(key, chains)
    etag = quote_etag(state.etag)
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = JsonResponse(wall.build(key, chains), json_dumps_params={"ensure_ascii": False})
    response.headers["ETag"] = etag
    response.headers["X-Figures-As-Of"] = f"{state.as_of.timestamp():.0f}"
    response.headers["X-Figures-Now"] = f"{state.now.timestamp():.0f}"
    return response
