"""Error pages and the person's display preferences."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.context import THEME_COOKIE, THEMES

YEAR_IN_SECONDS = 365 * 24 * 60 * 60


def _error(request, status: int, template: str, **context):
    return render(request, template, context, status=status)


def bad_request(request, exception=None):
    return _error(request, 400, "400.html")


def permission_denied(request, exception=None):
    """403 with the sentence of the refusal, where there is one, so that the page says why and who can."""
    refusal = getattr(exception, "refusal", None)
    return _error(request, 403, "403.html", refusal=refusal)


def not_found(request, exception=None):
    return _error(request, 404, "404.html")


def server_error(request):
    return _error(request, 500, "500.html")


@require_POST
def preferences(request):
    """Keep the chosen theme in a cookie and go back to the page it was chosen on."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=YEAR_IN_SECONDS,
            samesite="Lax",
            secure=settings.HTTPS,
            httponly=False,
        )
    return response
