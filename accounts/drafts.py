"""Drafts of forms on the server (暂存): the copy that outlives a lost device, a cleared browser and a sign-out."""

import datetime as dt
import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import TypedDraft
from core import clock

LARGEST = 200_000
MOST = 50
KEPT = dt.timedelta(days=30)


def parse(text: str) -> dict[str, list[str]]:
    """The fields of a form as sent: names with lists of texts. Raises ValidationError."""
    if len(text) > LARGEST:
        raise ValidationError(_("内容太长，不能暂存到服务器。"))
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict) or len(values) > 200 or not all(_plain(*pair) for pair in values.items()):
        raise ValidationError(_("暂存的内容无法识别。"))
    return values


def _plain(name, texts) -> bool:
    """A list of texts that a column can hold, and no password."""
    named = isinstance(name, str) and len(name) <= 100 and "password" not in name.lower()
    return named and isinstance(texts, list) and all(isinstance(text, str) and _storable(text) for text in texts)


def _storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


@transaction.atomic
def keep(user_id: int, key: str, values: dict[str, list[str]]) -> TypedDraft:
    """Keep what is typed under this key; the oldest go beyond fifty, and those older than thirty days."""
    now = clock.now()
    draft, _made = TypedDraft.objects.update_or_create(
        user_id=user_id, key=key, defaults={"data": values, "updated_at": now}
    )
    own = TypedDraft.objects.filter(user_id=user_id)
    own.filter(updated_at__lt=now - KEPT).delete()
    beyond = list(own.order_by("-updated_at", "-pk").values_list("pk", flat=True)[MOST:])
    own.filter(pk__in=beyond).delete()
    return draft


def discard(user_id: int, key: str) -> None:
    TypedDraft.objects.filter(user_id=user_id, key=key).delete()


def find(user_id: int, key: str) -> TypedDraft | None:
    """The draft of this person under this key, unless it is too old."""
    return TypedDraft.objects.filter(user_id=user_id, key=key, updated_at__gte=clock.now() - KEPT).first()
