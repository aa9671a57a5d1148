"""Accounts and posts, for the system administrator."""

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import holdings, lifecycle, perms
from accounts.forms import NewUserForm, PostEndForm, PostForm, UserFilterForm, UserForm
from accounts.models import Post, User
from audit.sentences import timeline
from core import keyset, listings
from core.clock import today
from core.held import held_data
from core.listings import Listing
from core.registers import Column
from core.transitions import Refused

reads_or_posts = require_http_methods(["GET", "HEAD", "POST"])


def _guard(actor, user=None):
    """The page is the administrator's; a refusal about one's own account is shown as a sentence."""
    refusal = perms.manage_others(user, actor) if user is not None else perms.manage(actor)
    if refusal:
        from django.core.exceptions import PermissionDenied

        denied = PermissionDenied(refusal.sentence)
        denied.refusal = refusal
        raise denied


def _status(request, form) -> int:
    return 422 if request.method == "POST" and request.htmx and form.errors else 200


@require_safe
def user_list(request):
    _guard(request.actor)
    form = UserFilterForm(request.GET)
    users = filtered(User.objects.visible_to(request.actor), form)
    shown = users.prefetch_related(Prefetch("posts", _current_posts(), to_attr="current_posts"))
    page = keyset.page(shown, request, ["username"], total=users.count())
    template = "accounts/user_list.html#results" if request.htmx else "accounts/user_list.html"
    export_url = f"{reverse('accounts:user_export')}?{request.GET.urlencode()}"
    return render(request, template, {"form": form, "page": page, "export_url": export_url})


def user_listing(asking) -> Listing:
    """The accounts of the list, each with the posts in force."""
    _guard(asking.actor)
    form = UserFilterForm(asking.GET)
    users = filtered(User.objects.visible_to(asking.actor), form).order_by("username")

    def posts(user):
        return "；".join(
            " · ".join(filter(None, (post.get_role_display(), str(post.place or "")))) for post in user.current_posts
        )

    columns = [
        Column(_("姓名"), "name"),
        Column(_("账号"), "username"),
        Column(_("在任岗位"), posts),
        Column(_("状态"), lambda user: _("启用") if user.is_active else _("停用")),
        Column(_("最近登录"), "last_login", kind="datetime"),
    ]
    return Listing(
        title=_("用户与岗位"),
        columns=columns,
        rows=users.prefetch_related(Prefetch("posts", _current_posts(), to_attr="current_posts")),
        lines=lambda found: ([column.of(user) for column in columns] for user in found),
        conditions="；".join(str(value) for value in form.cleaned_data.values() if value),
    )


user_export = listings.export(user_listing)


def filtered(users, form: UserFilterForm):
    if not form.is_valid():
        return users
    wanted = form.cleaned_data
    if wanted["q"]:
        users = users.filter(Q(name__icontains=wanted["q"]) | Q(username__icontains=wanted["q"]))
    if wanted["role"]:
        users = users.filter(pk__in=Post.objects.in_force(today()).filter(role=wanted["role"]).values("user_id"))
    if wanted["state"]:
        users = users.filter(is_active=wanted["state"] == "active")
    return users


def _current_posts():
    scopes = ("region", "chain", "committee", "team", "department", "enterprise")
    return Post.objects.in_force(today()).select_related(*scopes).order_by("id")


@require_safe
def user_detail(request, pk):
    _guard(request.actor)
    user = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    scopes = ("region", "chain", "committee", "team", "department", "enterprise")
    context = {
        "person": user,
        "posts": user.posts.select_related(*scopes, "deputy_for__user").order_by("ended_on", "-id"),
        "refusal": perms.manage_others(user, request.actor),
        "events": timeline(user)[:30],
        "secret": request.session.pop(f"initial_password_{user.pk}", ""),
    }
    return render(request, "accounts/user_detail.html", context)


@reads_or_posts
def user_create(request):
    _guard(request.actor)
    form = NewUserForm(request.POST or held_data(request))
    if request.method == "POST" and form.is_valid():
        user, secret = lifecycle.create_user(by=request.actor, **form.cleaned_data)
        request.session[f"initial_password_{user.pk}"] = secret
        messages.success(request, _("账号已建立。请把初始密码当面交给本人，然后授予岗位。"))
        return redirect("accounts:user_detail", pk=user.pk)
    context = {"form": form, "cancel_url": reverse("accounts:user_list"), "draft_key": "account-new"}
    return render(request, "accounts/user_form.html", context, status=_status(request, form))


@reads_or_posts
def user_edit(request, pk):
    _guard(request.actor)
    user = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    form = UserForm(request.POST or held_data(request), instance=user)
    if request.method == "POST" and form.is_valid():
        lifecycle.edit_user(user, by=request.actor, **form.cleaned_data)
        messages.success(request, _("账号资料已保存。"))
        return redirect("accounts:user_detail", pk=pk)
    context = {
        "form": form,
        "person": User.objects.get(pk=pk),
        "cancel_url": reverse("accounts:user_detail", args=[pk]),
        "draft_key": f"account-{pk}",
    }
    return render(request, "accounts/user_form.html", context, status=_status(request, form))


def _confirmed(request, pk, act, **words):
    """A deed on somebody else's account: asked on a page of its own, done when that page is posted."""
    _guard(request.actor)
    user = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    _guard(request.actor, user)
    if request.method == "POST":
        act(user)
        messages.success(request, words["done"])
        return redirect("accounts:user_detail", pk=pk)
    words |= {"person": user, "cancel_url": reverse("accounts:user_detail", args=[pk])}
    return render(request, "accounts/user_confirm.html", words)


@reads_or_posts
def user_disable(request, pk):
    return _confirmed(
        request,
        pk,
        lambda user: lifecycle.set_active(user, False, by=request.actor),
        title=_("停用账号"),
        sentence=_("停用后，此人立即退出登录，不能再登录。"),
        effects=[_("已办理的事项和留痕不变。"), _("岗位不会自动离任，请另行办理。"), _("以后可以重新启用。")],
        danger=True,
        done=_("账号已停用。"),
    )


@reads_or_posts
def user_enable(request, pk):
    return _confirmed(
        request,
        pk,
        lambda user: lifecycle.set_active(user, True, by=request.actor),
        title=_("启用账号"),
        sentence=_("启用后，此人可以用原来的密码登录。"),
        effects=[],
        danger=False,
        done=_("账号已启用。"),
    )


@reads_or_posts
def user_reset_password(request, pk):
    def reset(user):
        request.session[f"initial_password_{user.pk}"] = lifecycle.reset_password(user, by=request.actor)

    return _confirmed(
        request,
        pk,
        reset,
        title=_("重置密码"),
        sentence=_("重置后，原密码失效，此人在所有设备上的登录都会退出。"),
        effects=[_("新的初始密码只显示一次，请当面交给本人。"), _("本人首次登录时必须修改。")],
        danger=True,
        done=_("密码已重置。"),
    )


@reads_or_posts
def post_give(request, pk):
    _guard(request.actor)
    user = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    _guard(request.actor, user)
    form = PostForm(request.POST or held_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            lifecycle.give_post(user, by=request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.refusal.sentence)
        else:
            messages.success(request, _("岗位已授予，立即生效。"))
            return redirect("accounts:user_detail", pk=pk)
    context = {
        "form": form,
        "person": user,
        "cancel_url": reverse("accounts:user_detail", args=[pk]),
        "draft_key": f"post-{pk}",
    }
    return render(request, "accounts/post_form.html", context, status=_status(request, form))


def still_held(post) -> list[str]:
    """What would be left behind, by kind and number alone: the administrator reads no ledger."""
    held = holdings.counts(post, today())
    if not held:
        return [_("此人在该岗位上没有未了的事项。")]
    parts = _("、").join(_("%(kind)s %(n)d 项") % {"kind": kind, "n": number} for kind, number in held.items())
    return [
        _("此人在该岗位上还有：%(parts)s。") % {"parts": parts},
        _("请先由本县（市、区）组织部工作人员或本人在“代理与交接”中交接，再办理离任。"),
        _("直接离任的，这些事项仍在原单位，可以事后交接。"),
    ]


@reads_or_posts
def post_end(request, pk):
    _guard(request.actor)
    post = get_object_or_404(Post.objects.visible_to(request.actor).select_related("user"), pk=pk)
    _guard(request.actor, post.user)
    form = PostEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lifecycle.end_post(post, by=request.actor, ended_on=form.cleaned_data["ended_on"])
        except Refused as refused:
            form.add_error(None, refused.refusal.sentence)
        else:
            messages.success(request, _("岗位已离任。"))
            return redirect("accounts:user_detail", pk=post.user_id)
    context = {
        "form": form,
        "post": post,
        "person": post.user,
        "title": _("岗位离任"),
        "sentence": _("从离任日期起，此岗位不再给予任何权限。"),
        "effects": still_held(post),
        "danger": True,
        "cancel_url": reverse("accounts:user_detail", args=[post.user_id]),
    }
    return render(request, "accounts/user_confirm.html", context, status=_status(request, form))
