"""The draft of one form, kept and fetched by the form's own script. Nobody reaches another person's."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import drafts


@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, key: str) -> JsonResponse:
    """GET answers `{"at": milliseconds, "values": {...}}` or empty; POST keeps `values`, or forgets without them."""
    user = request.actor.user_id
    if request.method == "GET":
        return JsonResponse(_told(drafts.find(user, key)))
    text = request.POST.get("values", "")
    if not text:
        drafts.discard(user, key)
        return JsonResponse({})
    try:
        values = drafts.parse(text)
    except ValidationError as error:
        return JsonResponse({"detail": error.messages[0]}, status=400)
    return JsonResponse({"at": _told(drafts.keep(user, key, values))["at"]})


def _told(found) -> dict:
    return {"at": int(found.updated_at.timestamp() * 1000), "values": found.data} if found else {}
