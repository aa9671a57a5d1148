"""What every answer to an HTMX request needs, so that no view has to remember it."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers


class HtmxResponseMiddleware:
    """Marks pages as differing for HTMX and sends a signed-out HTMX request to the sign-in page as a whole page.

    Without `Vary` the browser's Back shows a bare fragment; without `HX-Redirect` the sign-in form would be swapped
    into the middle of a table. `request.htmx` comes from django-htmx, whose middleware stands before this one.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if getattr(request, "htmx", False) and _leads_to_sign_in(response):
            return _whole_page_sign_in(request, response)
        return response


def _leads_to_sign_in(response) -> bool:
    if response.status_code not in (301, 302, 303, 307):
        return False
    return urlsplit(response.get("Location", "")).path == resolve_url(settings.LOGIN_URL)


def _whole_page_sign_in(request, response) -> HttpResponse:
    """204 with `HX-Redirect`. The way back is the page the person was looking at, not the fragment's address."""
    current = urlsplit(request.htmx.current_url or "")
    back = current.path + (f"?{current.query}" if current.query else "")
    address = resolve_url(settings.LOGIN_URL)
    if back.startswith("/") and not back.startswith("//"):
        address = f"{address}?{urlencode({'next': back})}"
    answer = HttpResponse(status=204, headers={"HX-Redirect": address})
    answer.cookies = response.cookies
    patch_vary_headers(answer, ["HX-Request", "Cookie"])
    return answer
