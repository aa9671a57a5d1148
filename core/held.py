"""Text typed by a person whose session had ended is not lost: it goes through the sign-in page and comes back.

Nothing is stored for strangers: the fields travel as one signed, compressed, short-lived value in the sign-in page.
After the same person has signed in they wait in the session, until the form's page takes them out once.
"""

from django.contrib import messages
from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _

WHO_COOKIE = "who"
WHO_AGE = 30 * 24 * 60 * 60
SECONDS = 60 * 60
LARGEST = 200_000
SESSION_KEY = "held_input"
_SALT = "core.held"
_NEVER = ("csrfmiddlewaretoken", "held", "next")  # and whatever is `_secret`


def _secret(name: str) -> bool:
    """Passwords, signing secrets, and addresses with a key in them (the fields of a channel to a chat robot): the
    session, where typed text waits, is not encrypted."""
    return "password" in name or "secret" in name or name == "url"


def remember_who(response, user_id: int, *, secure: bool) -> None:
    """Leave a signed note in the browser of who works there, so that held text only returns to its author."""
    value = signing.dumps(user_id, salt=f"{_SALT}.who")
    response.set_cookie(WHO_COOKIE, value, max_age=WHO_AGE, secure=secure, httponly=True, samesite="Lax")


def who_typed(request) -> int | None:
    """The account last signed in in this browser, None when unknown or forged."""
    try:
        return signing.loads(request.COOKIES.get(WHO_COOKIE, ""), salt=f"{_SALT}.who", max_age=WHO_AGE)
    except signing.BadSignature:
        return None


def typed(request) -> dict[str, list[str]]:
    """The fields of a posted form that somebody filled, files, passwords and the like left out."""
    return {
        name: values
        for name, values in request.POST.lists()
        if name not in _NEVER and not _secret(name) and any(values)
    }


def _size(fields) -> int:
    return sum(len(value) for values in fields.values() for value in values)


def sendable(request) -> list[tuple[str, str]] | None:
    """Every field of a posted form, to be sent again as it was; None where that cannot be the same: a file or a
    password would be missing, or it is too much."""
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    if request.FILES or any(_secret(name) for name in fields) or _size(fields) > LARGEST:
        return None
    return [(name, value) for name, values in fields.items() for value in values]


def pack(request, author: int | None = None) -> str:
    """The posted text of a person as one signed value; empty where there is nothing to keep, nobody to keep it for,
    or too much of it. Files and passwords are left out. `author` is by default whoever was last signed in here."""
    author, fields = author or who_typed(request), typed(request)
    if author is None or not fields or _size(fields) > LARGEST:
        return ""
    return signing.dumps({"user": author, "action": request.path, "fields": fields}, salt=_SALT, compress=True)


def unpack(value: str) -> dict | None:
    """What `pack` made, unless it is forged or older than an hour."""
    try:
        found = signing.loads(value, salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return found if isinstance(found, dict) else None


def give_back(request, value: str) -> bool:
    """After signing in: let the text wait in the session, if this person wrote it. Answers whether it waits."""
    found = unpack(value) if value else None
    if found is None or found["user"] != request.user.pk:
        return False
    request.session[SESSION_KEY] = {"action": found["action"], "fields": found["fields"]}
    return True


def held_data(request, action: str = "") -> QueryDict | None:
    """The text that waits for the form posting to `action` (this page's own address by default), once; else None.

    `form = SomeForm(request.POST or held_data(request))`: the page opens filled, and a message says why.
    """
    waiting = request.session.get(SESSION_KEY) if request.method == "GET" else None
    if not waiting or waiting["action"] != (action or request.path):
        return None
    del request.session[SESSION_KEY]
    data = QueryDict(mutable=True)
    for name, values in waiting["fields"].items():
        data.setlist(name, values)
    messages.info(request, _("登录曾过期，您刚才填写的内容已经恢复，请核对后重新提交。附件需要重新选择。"))
    return data
