"""Input that no page can use is refused before it reaches one."""

from django.http import HttpResponseBadRequest
from django.middleware.gzip import GZipMiddleware
from django.utils.translation import gettext as _


class SafeInputMiddleware:
    """Answer 400 to NUL bytes in the path or query: PostgreSQL cannot store them, and no form field needs them.

    Bodies are left to the forms, whose fields refuse NUL bytes with a sentence beside the field.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(_("地址中含有无法识别的字符。"))
        return self.get_response(request)


class NoStoreMiddleware:
    """What a signed-in person saw is not kept by the browser or a proxy: the next person at the machine sees nothing.

    Views that set their own `Cache-Control` with `no-store` (downloads) keep it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        actor = getattr(request, "actor", None)
        if actor is not None and actor.user_id is not None and "no-store" not in response.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "private, no-store"
        return response


class PackedPagesMiddleware(GZipMiddleware):
    """Pages and JSON go out compressed; files, which are compressed already, stay as they are.

    A page has secrets (tokens against forgery), but masked anew each time, and Django adds a random length to each
    answer: its size tells an eavesdropper nothing.
    """

    def process_response(self, request, response):
        kind = response.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in ("text/html", "application/json"):
            return response
        return super().process_response(request, response)
