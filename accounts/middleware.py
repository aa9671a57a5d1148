"""Who acts in this request, and that nobody acts without having signed in."""

from urllib.parse import urlsplit

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts import perms
from accounts.actors import build_actor
from core import held
from core.actor import NOBODY
from core.answers import forbid
from core.clock import today

PUBLIC = frozenset(
    {"accounts:sign_in", "core:healthz", "core:readyz", "core:preferences", "set_language"}
    # Pages of an enterprise without an account: a signed link is asked for there (`problems.views.voice`).
    | {"voice:code", "voice:open", "voice:entry", "voice:rate", "voice:fact", "voice:call"}
    # A calendar program has no account: the secret in the address is all that opens it (`meetings.views.feeds`).
    | {"calendar:feed"}
    # Nor has a screen on a wall: its key opens one county's figures and nothing else (`dashboards.wall_views`).
    | {"wall:show", "wall:figures"}
    # The bell of the top bar: nothing for who has been signed out, instead of a way to the sign-in page.
    | {"notices:bell"}
)
# Asked by machines every few seconds: no session, no database query on their way.
WITHOUT_ACTOR = ("/healthz", "/readyz")
# What somebody may still do who has to choose a new password first.
WITH_OLD_PASSWORD = PUBLIC | {"accounts:password_change", "accounts:sign_out", "accounts:resume"}

FOR_EVERYBODY = WITH_OLD_PASSWORD | {"dashboards:home", "accounts:draft"}


class ActorMiddleware:
    """Sets `request.actor`: the signed-in person with today's duties (one query), NOBODY for everybody else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith(WITHOUT_ACTOR):
            request.actor = NOBODY
        else:
            request.actor = build_actor(request.user, today(), ip=get_client_ip_address(request) or "")
        return self.get_response(request)


class SignInRequiredMiddleware:
    """Every address asks for a signed-in person of the right one of the three powers, except those named in PUBLIC.

    Django's mark on the view (`login_not_required`) is not used: REST framework puts it on every view of an API.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.view_name
        if name in PUBLIC:
            return None
        if request.actor.user_id is None:
            return ask_to_sign_in(request)
        if request.user.must_change_password and name not in WITH_OLD_PASSWORD:
            return redirect("accounts:password_change")
        refusal = None if name in FOR_EVERYBODY else perms.enter(name, request.actor)
        if refusal is None:
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": str(refusal.sentence), "code": refusal.code}, status=403)
        return forbid(refusal)


def ask_to_sign_in(request):
    """The sign-in page, with the way back; what was typed goes along. The API answers in its own language."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": _("请先登录。"), "code": "not_authenticated"}, status=401)
    if request.method != "POST":
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    if request.resolver_match.view_name == "accounts:sign_out":
        return redirect(settings.LOGIN_URL)
    if not held.typed(request):
        return redirect_to_login(page_of(request), settings.LOGIN_URL)
    from accounts.views import sign_in_page

    return sign_in_page(request, back=page_of(request), kept=held.pack(request), ended=True)


def page_of(request) -> str:
    """The page on which a posted form stood: where it came from, if that is ours, else the address it was sent to."""
    source = request.htmx.current_url if request.htmx else request.META.get("HTTP_REFERER", "")
    parts = urlsplit(source or "")
    back = parts.path + (f"?{parts.query}" if parts.query else "")
    ours = url_has_allowed_host_and_scheme(source or "", {request.get_host()}, require_https=request.is_secure())
    return back if ours and back.startswith("/") and parts.path != reverse("accounts:sign_in") else request.path
