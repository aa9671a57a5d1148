"""Hand-over when a post changes (交接): what is held, who takes it, a preview, the deed, and the sheet."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import handover_sheet, holdings, lifecycle, perms
from accounts.forms import HandoverForm
from accounts.models import Post
from accounts.views.deputies import SCOPES
from audit.models import Event
from core.answers import demand, get_or_404
from core.clock import today
from core.transitions import Conflict, Refused
from exchange.responses import bytes_response

EVENTS_SHOWN = 10


def _post(request, pk) -> Post:
    """A post whose work this person may hand over: the own one, or one of the own region's; else 404."""
    demand(perms.hands_over(request.actor))
    kept = Post.objects.kept_by(request.actor) if not perms.arranges(request.actor) else Post.objects.none()
    mine = Q(user_id=request.actor.user_id) | Q(pk__in=kept.values("pk"))
    return get_or_404(Post.objects.filter(mine).select_related("user", "deputy_for__user", *SCOPES), pk)


def _events(post):
    return Event.objects.of(post.user).filter(verb="post.handed_over", data__post=post.pk).order_by("-id")


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request, pk):
    """What a person holds in a post; choose, look at the preview, hand over."""
    post, day = _post(request, pk), today()
    held = holdings.of_post(post, request.actor, day)
    movable = [one for one in held if one.movable]
    people = list(lifecycle.successors(post, day))
    form = HandoverForm(request.POST or None, holdings=movable, people=people)
    if request.method == "POST" and form.is_valid():
        if "confirmed" not in request.POST:
            return render(request, "accounts/handover_preview.html", _preview(request, post, form, people))
        done = _do(request, post, form)
        if done is not None:
            messages.success(request, _("已交接 %(n)d 项，可以下载交接单。") % {"n": done.data["count"]})
            return redirect("accounts:handover", pk=pk)
    context = {
        "post": post,
        "form": form,
        "held": held,
        "movable": movable,
        "others": [one for one in held if not one.movable],
        "people": people,
        "events": _events(post)[:EVENTS_SHOWN],
        "own": post.user_id == request.actor.user_id,
        "back_url": None if perms.arranges(request.actor) else reverse("accounts:deputy_list"),
    }
    return render(request, "accounts/handover.html", context)


def _preview(request, post, form, people) -> dict:
    names = {user.pk: user.name for user in people}
    choices = form.cleaned_data["choices"]
    return {
        "post": post,
        "moved": [(one, names[choices[one.key]]) for one, _name in form.rows if one.key in choices],
        "kept": [one for one, _name in form.rows if one.key not in choices],
        "reason": form.cleaned_data["reason"],
        # What was chosen goes along as it was sent.
        "fields": [(name, request.POST[name]) for name in form.fields if name in request.POST],
    }


def _do(request, post, form):
    """The event of the hand-over; None where it was refused, said on the form."""
    data = form.cleaned_data
    try:
        return lifecycle.hand_over(
            post, by=request.actor, choices=data["choices"], versions=data["versions"], reason=data["reason"]
        )
    except Conflict:
        form.add_error(None, _("有的事项在您打开页面之后有了变化，一项也没有交接。请重新打开页面，看清后再办。"))
    except Refused as refused:
        form.add_error(None, refused.refusal.sentence)
    except ValidationError as error:
        form.add_error(None, error.messages[0])
    return None


@require_safe
def handover_sheet_file(request, pk):
    """The sheet in Word: of a hand-over done (`?event=`), or of what is held now."""
    post = _post(request, pk)
    wanted = request.GET.get("event", "")
    if wanted:
        is_number = wanted.isascii() and wanted.isdigit() and len(wanted) < 19
        event = _events(post).filter(pk=int(wanted)).first() if is_number else None
        if event is None:
            raise Http404
        content = handover_sheet.of_event(post, event, request.actor)
    else:
        content = handover_sheet.of_now(post, holdings.of_post(post, request.actor, today()), request.actor)
    return bytes_response(content, f"交接单-{post.user.name}.docx")
