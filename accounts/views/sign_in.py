"""Signing in and out, and the own password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import lifecycle
from accounts.forms import OwnPasswordForm, SignInForm
from core import held


def sign_in_page(request, *, form=None, back="", kept="", ended=False, status=200):
    """The sign-in page. `kept` is the text of a form that was sent after the session had ended (see core.held)."""
    context = {"form": form or SignInForm(request), "next": back, "kept": kept, "ended": ended}
    response = render(request, "accounts/sign_in.html", context, status=status)
    if request.htmx and status == 200:
        # The whole page, not the fragment that was asked for, becomes the sign-in page.
        for name, value in (("Retarget", "body"), ("Reswap", "innerHTML show:top"), ("Reselect", ".bare")):
            response.headers[f"HX-{name}"] = value
    return response


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request):
    back = own_address(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method != "POST":
        if request.actor.user_id is not None:
            return redirect(back or settings.LOGIN_REDIRECT_URL)
        return sign_in_page(request, back=back)
    kept = request.POST.get("held", "")
    form = SignInForm(request, request.POST)
    if not form.is_valid():
        return sign_in_page(request, form=form, back=back, kept=kept if held.unpack(kept) else "")
    user = form.get_user()
    login(request, user)
    if kept and not held.give_back(request, kept):
        messages.warning(request, _("刚才未保存的内容属于另一位使用者或已超过一小时，没有恢复。"))
    response = redirect(back or settings.LOGIN_REDIRECT_URL)
    held.remember_who(response, user.pk, secure=settings.HTTPS)
    return response


@require_POST
def sign_out(request):
    logout(request)
    messages.success(request, _("您已退出登录。"))
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request):
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = lifecycle.change_own_password(request.user, form.cleaned_data["new_password1"], by=request.actor)
        update_session_auth_hash(request, user)
        messages.success(request, _("密码已修改，此账号在其他设备上的登录已失效。"))
        return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "forced": request.user.must_change_password}
    return render(request, "accounts/password_change.html", context)


def locked_out(request, response=None, credentials=None):
    """429 after too many wrong passwords: says how long, and who can help. A form's typed text is still carried."""
    kept = request.POST.get("held", "")
    form = SignInForm(request, initial={"username": request.POST.get("username", "")[:150].replace("\x00", "")})
    context = {
        "form": form,
        "next": own_address(request, request.POST.get("next", "")),
        "kept": kept if held.unpack(kept) else "",
        "locked_minutes": round(settings.AXES_COOLOFF_TIME * 60),
    }
    answer = render(request, "accounts/sign_in.html", context, status=429)
    answer.headers["Retry-After"] = str(round(settings.AXES_COOLOFF_TIME * 3600))
    return answer


def own_address(request, address: str) -> str:
    """`address` if it leads to a page of this product, else nothing."""
    fine = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if fine and "\x00" not in address and address != resolve_url(settings.LOGIN_URL) else ""
