"""Input that no page can use is refused before it reaches one."""

from django.http import HttpResponseBadRequest
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
