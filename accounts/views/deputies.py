"""Deputies for a time (代理), and the way to a hand-over (交接): for officers and the system administrator."""

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import lifecycle, perms
from accounts.forms import ArrangeFilterForm, DeputyForm
from accounts.models import Post
from core.answers import demand, get_or_404
from core.clock import today
from core.held import held_data
from core.transitions import Refused

reads_or_posts = require_http_methods(["GET", "HEAD", "POST"])
SCOPES = ("region", "chain", "committee__region", "team__region", "department__region", "enterprise__region")
SHOWN = 50


def kept_posts(request):
    """The posts that this person arranges, with their people; 403 for who arranges nothing."""
    demand(perms.arranges(request.actor))
    return Post.objects.kept_by(request.actor).select_related("user", "deputy_for__user", *SCOPES)


@require_safe
def deputy_list(request):
    """Who stands in for whom now and soon, and the posts that a deputy can be set for."""
    posts, day = kept_posts(request), today()
    form = ArrangeFilterForm(request.GET)
    # Help teams and departments first, enterprises last: as the codes of their roles happen to stand backwards.
    found = posts.filter(deputy_for=None).in_force(day).order_by("-role", "user__name", "id")
    text = form.cleaned_data["q"] if form.is_valid() else ""
    if text:
        units = ("committee__name", "team__name", "department__name", "enterprise__name", "enterprise__short_name")
        condition = Q(user__name__icontains=text)
        for unit in units:
            condition |= Q(**{f"{unit}__icontains": text})
        found = found.filter(condition)
    current = Post.objects.filter(ended_on__gt=day).select_related("user").order_by("started_on")
    shown = list(found.prefetch_related(Prefetch("deputies", current, to_attr="acting"))[: SHOWN + 1])
    standing = posts.exclude(deputy_for=None).filter(ended_on__gt=day).order_by("started_on", "id")
    for post in shown:
        post.refusal = perms.deputise(post, request.actor)
    context = {
        "form": form,
        "posts": shown[:SHOWN],
        "more": len(shown) > SHOWN,
        "deputies": standing[:SHOWN],
        "past": posts.exclude(deputy_for=None).filter(ended_on__lte=day).order_by("-ended_on", "-id")[:10],
        "today": day,
        "may_hand_over": perms.hands_over(request.actor) is None,
    }
    return render(request, "accounts/deputy_list.html", context)


@reads_or_posts
def deputy_create(request, pk):
    """Set a deputy for a post."""
    post = get_or_404(kept_posts(request), pk)
    demand(perms.deputise(post, request.actor))
    form = DeputyForm(request.POST or held_data(request), post=post, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            lifecycle.set_deputy(post, by=request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.refusal.sentence)
        else:
            messages.success(request, _("代理已设定，到期自动结束。"))
            return redirect("accounts:deputy_list")
    context = {
        "form": form,
        "post": post,
        "cancel_url": reverse("accounts:deputy_list"),
        "draft_key": f"deputy-{pk}",
    }
    status = 422 if request.method == "POST" and request.htmx and form.errors else 200
    return render(request, "accounts/deputy_form.html", context, status=status)


@reads_or_posts
def deputy_end(request, pk):
    """End a deputy before the term, after a page that asks."""
    deputy = get_or_404(kept_posts(request).exclude(deputy_for=None), pk)
    demand(perms.deputise(deputy.deputy_for, request.actor))
    refused_sentence = ""
    if request.method == "POST":
        try:
            lifecycle.end_deputy(deputy, by=request.actor)
        except Refused as refused:
            refused_sentence = refused.refusal.sentence
        else:
            messages.success(request, _("代理已结束。"))
            return redirect("accounts:deputy_list")
    context = {"deputy": deputy, "refused": refused_sentence, "cancel_url": reverse("accounts:deputy_list")}
    return render(request, "accounts/deputy_end.html", context)
