"""A form whose token is no longer valid: signing in in another tab gives the browser a new one.

What was typed is kept and can be sent on with one click. That is offered only where the browser says that the form
stood on a page of this product: a form from elsewhere gets the plain refusal and nothing back.
"""

from urllib.parse import urlsplit

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.forms import SignInForm
from accounts.middleware import PUBLIC, ask_to_sign_in, page_of
from accounts.views.sign_in import own_address, sign_in_page
from core import held

TEMPLATE = "403_csrf.html"


@sensitive_post_parameters()
def csrf_failure(request, reason=""):
    """403 that keeps what was typed, or the sign-in page that keeps it where nobody is signed in any more."""
    if not _from_own_page(request):
        return render(request, TEMPLATE, status=403)
    name = request.resolver_match.view_name
    if request.actor.user_id is None and name == "accounts:sign_in":
        username = request.POST.get("username", "")[:150].replace("\x00", "")
        form = SignInForm(request, initial={"username": username})
        return sign_in_page(request, form=form, back=_back(request), kept=_carried(request), ended=True, status=403)
    if request.actor.user_id is None and name not in PUBLIC:
        return ask_to_sign_in(request)
    return _offer(request, name)


def _offer(request, name):
    """The page with the ways on: send it again as it was, or go back to the form and find the text there."""
    signing_in = name == "accounts:sign_in"
    kept = _carried(request) if signing_in else held.pack(request, author=request.user.pk)
    again = [] if signing_in else held.sendable(request)
    context = {
        "kept": kept,
        "back": _back(request) if signing_in else page_of(request),
        "again": again,
        "may_send": not signing_in and not request.htmx and again is not None,
        "files": bool(request.FILES),
    }
    if not request.htmx:
        return render(request, TEMPLATE, context, status=403)
    # The whole page, not the fragment that was asked for; HTMX swaps nothing that is called an error.
    response = render(request, TEMPLATE, context)
    for header, value in (("Retarget", "body"), ("Reswap", "innerHTML show:top"), ("Reselect", ".bare")):
        response.headers[f"HX-{header}"] = value
    return response


@require_POST
def resume(request):
    """Back to the form, with the text that an expired page had kept."""
    if not held.give_back(request, request.POST.get("held", "")):
        # The sentence a person meets who signed in as somebody else, or came back after lunch.
        messages.warning(request, _("刚才未保存的内容属于另一位使用者或已超过一小时，没有恢复。"))
    return redirect(_back(request) or "/")


def _back(request) -> str:
    return own_address(request, request.POST.get("next", ""))


def _carried(request) -> str:
    """The text that a sign-in page was already carrying, if it is genuine."""
    value = request.POST.get("held", "")
    return value if held.unpack(value) else ""


def _from_own_page(request) -> bool:
    """Whether the browser names this product as the page the form was sent from."""
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    parts = urlsplit(source)
    return parts.scheme == request.scheme and parts.netloc == request.get_host()
