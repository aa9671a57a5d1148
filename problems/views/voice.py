"""Pages for an enterprise without an account, opened by a signed link, a QR code or a short code.

The secret is in one address only, which shows nothing: it leaves a signed pass in the browser, for that entry alone,
and goes on to an address without it. So no page, no log and no Referer carries the secret.
"""

from functools import wraps

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from audit.models import Event
from core.answers import add_errors
from core.transitions import Conflict, Refusal, Refused
from problems.enums import OPEN_STATES, Outcome, Rating, State
from problems.forms.voice import AskCallForm, CodeForm, FactForm, VoiceRateForm
from problems.models import Problem
from problems.voice import acting, keys, links, throttle

COOKIE = "voice"
GONE, FORBIDDEN, CONFLICT, TOO_MANY = 410, 403, 409, 429
STATUS = {
    "expired": GONE, "revoked": GONE, "unknown": FORBIDDEN, "handler_rates": FORBIDDEN, "not_enterprise": FORBIDDEN,
    "made_by_handler": FORBIDDEN, "role": FORBIDDEN, "rests": TOO_MANY,
}  # fmt: skip
UNKNOWN = Refusal(
    "unknown",
    gettext_lazy(
        "链接无效或已失效。请重新扫描卡片上的二维码，或输入卡片上的短码；还是打不开的，请联系给您卡片的工作人员。"
    ),
)
RESTS = Refusal("rests", gettext_lazy("错误次数过多，请十五分钟后再试。卡片上的二维码不受影响。"))

# What each state means to somebody who has never seen the ledger.
IN_PLAIN_WORDS = {
    State.SUBMITTED: gettext_lazy("已经收到，正在核对，受理后会交给负责的单位。"),
    State.RETURNED: gettext_lazy("需要补充情况。可以在下面补充，也可以请工作人员回电。"),
    State.ACCEPTED: gettext_lazy("已经受理，正在确定由哪个单位负责。"),
    State.ASSIGNED: gettext_lazy("已经交给负责的单位，等待对方签收。办理时间已经开始计算。"),
    State.IN_PROGRESS: gettext_lazy("负责的单位正在办理。"),
    State.SUSPENDED: gettext_lazy("因为等待外部条件，暂停办理；条件具备后继续。"),
    State.RESOLVED: gettext_lazy("负责的单位已经答复，请您评价。"),
    State.CLOSED: gettext_lazy("已经办完销号。仍有问题的，可以要求回电。"),
    State.DECLINED: gettext_lazy("没有受理，或已并入其他事项。"),
    State.WITHDRAWN: gettext_lazy("已经撤回。"),
}
WAITING = gettext_lazy("需要等待政策，已经挂账，到期会再看。")
RATED = gettext_lazy("负责的单位已经答复，您已评价，等待销号。")


def public(view):
    """Never kept by a browser or proxy, never listed by a search engine."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(wrapped)


def posted(request):
    return request.POST if request.method == "POST" else None


def ip_of(request) -> str:
    return get_client_ip_address(request) or ""


def refused(request, refusal: Refusal, *, back: str = ""):
    """The sentence, with the status that fits; nothing about the entry."""
    status = STATUS.get(refusal.code, CONFLICT)
    response = render(request, "problems/voice_refused.html", {"refusal": refusal, "back": back}, status=status)
    if status == TOO_MANY:
        response.headers["Retry-After"] = str(int(throttle.PAUSE.total_seconds()))
    return response


def _go_in(link):
    """To the entry, with the pass for it in the browser."""
    response = redirect("voice:entry", pk=link.problem_id)
    response.set_cookie(
        COOKIE, keys.pass_for(link), max_age=keys.PASS_SECONDS, path=_path(link.problem_id),
        secure=settings.HTTPS, httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def _path(pk: int) -> str:
    return reverse("voice:entry", kwargs={"pk": pk})


# --- coming in ----------------------------------------------------------------------------------------------------
@public
@require_http_methods(["GET", "POST"])
def code(request):
    """Where a short code is typed."""
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        ip, found = ip_of(request), keys.read_code(form.cleaned_data["code"])
        number = found[0] if found else None
        if throttle.code_rests(ip, number):
            return refused(request, RESTS)
        link = links.by_code(*found) if found else None
        if link is not None:
            return _go_in(link)
        throttle.count_wrong_code(ip, number)
        form.add_error("code", _("短码不对，或已经失效。请核对卡片后再试。"))
    return render(request, "problems/voice_code.html", {"form": form})


@public
@require_GET
def open_link(request, pk: int, token: str):
    """The address in the QR code. It always goes on to the entry's page, which says what a wrong one gets."""
    ip = ip_of(request)
    if throttle.links_rest(ip):
        return refused(request, RESTS)
    link = links.by_token(pk, token)
    if link is None:
        throttle.count_wrong_link(ip)
        response = redirect("voice:entry", pk=pk)
        response.delete_cookie(COOKIE, path=_path(pk))
    else:
        response = _go_in(link)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def with_link(view):
    """A page of one entry for whoever has opened a link to it: (request, problem, link)."""

    @wraps(view)
    def wrapped(request, pk: int):
        link = links.by_pass(pk, request.COOKIES.get(COOKIE, ""))
        refusal = UNKNOWN if link is None else acting.ended(link)
        if refusal:
            return refused(request, refusal)
        problem = Problem.objects.select_related(
            "enterprise", "region", "category", "chain", "committee", "lead_team", "lead_department"
        ).get(pk=pk)
        return view(request, problem, link)

    return public(wrapped)


# --- the entry ----------------------------------------------------------------------------------------------------
@require_GET
@with_link
def entry(request, problem, link):
    """Where the entry stands, in plain words, and what the enterprise can do."""
    by = acting.actor_for(problem, None, ip_of(request))
    person = acting.wrong_person(problem, request.actor)
    context = {
        "problem": problem,
        "says": says(problem),
        "steps": steps(problem),
        "rating_refusal": person or acting.refusal_to_rate(link, problem, by),
        "may_add": person is None and problem.state in OPEN_STATES,
        "call_refusal": person or acting.refusal_to_ask(problem),
        "person": person,
        "ratings": [(Rating.SATISFIED, "mood-smile", Rating.SATISFIED.label),
                    (Rating.BASICALLY, "mood-neutral", Rating.BASICALLY.label),
                    (Rating.NOT_SATISFIED, "mood-sad", _("没有解决"))],
        "facts": own_words(problem),
        "until": links.last_day(link),
    }  # fmt: skip
    return render(request, "problems/voice_entry.html", context)


def says(problem) -> str:
    if problem.state == State.RESOLVED and problem.outcome == Outcome.WAITING:
        return WAITING
    if problem.state == State.RESOLVED and problem.rating in (Rating.SATISFIED, Rating.BASICALLY):
        return RATED
    return IN_PLAIN_WORDS.get(problem.state, "")


def steps(problem) -> list[dict]:
    """The four dates that an enterprise waits for, and where it stands."""
    handled = problem.state in (State.ASSIGNED, State.IN_PROGRESS, State.SUSPENDED)
    here = {State.SUBMITTED: 0, State.RETURNED: 0, State.ACCEPTED: 1, State.RESOLVED: 3, State.CLOSED: 4}
    place = 2 if handled else here.get(problem.state, -1)
    pairs = (
        (_("提交"), problem.submitted_on),
        (_("受理"), problem.accepted_on),
        (_("办理"), problem.assigned_on),
        (_("答复"), problem.resolved_on if place >= 3 else None),
        (_("销号"), problem.last_closed_on if place >= 4 else None),
    )
    return [
        {"label": label, "on": on, "done": index < place or place == 4, "current": index == place and place < 4}
        for index, (label, on) in enumerate(pairs)
    ]


def own_words(problem) -> list[dict]:
    """What the enterprise added by link, newest first: nothing that anybody else wrote."""
    events = Event.objects.of(problem).filter(verb="problem.add_note", actor_name=acting.LINK_NAME)
    return [{"at": event.at, "text": event.data.get("text", "")} for event in events.order_by("-id")[:10]]


# --- acting -------------------------------------------------------------------------------------------------------
def _act(request, problem, *, form, title, label, refusal, run, done):
    """One small form: refused at once, asked for, or done."""
    back = _path(problem.pk)
    if refusal:
        return refused(request, refusal, back=back)
    context = {"form": form, "title": title, "label": label, "problem": problem, "back": back}
    if request.method == "POST" and form.is_valid():
        try:
            run(form.cleaned_data)
        except Conflict:
            form.data = form.data.copy()
            form.data["version"] = problem.version
            context["changed"] = True
            return render(request, "problems/voice_form.html", context, status=CONFLICT)
        except Refused as stopped:
            return refused(request, stopped.refusal, back=back)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(back)
    return render(request, "problems/voice_form.html", context)


@require_http_methods(["GET", "POST"])
@with_link
def rate(request, problem, link):
    """Satisfied, basically, or not solved; once."""
    by = acting.actor_for(problem, None, ip_of(request))
    wanted = request.GET.get("rating", "")
    initial = {"rating": wanted if wanted in Rating.values else "", "version": problem.version}
    return _act(
        request, problem,
        form=VoiceRateForm(posted(request), initial=initial),
        title=_("评价办理结果"),
        label=_("提交评价"),
        refusal=acting.wrong_person(problem, request.actor) or acting.refusal_to_rate(link, problem, by),
        run=lambda data: acting.rate(link, signed_in=request.actor, ip=ip_of(request), **data),
        done=_("谢谢，您的评价已经记下。"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@with_link
def fact(request, problem, link):
    """One more fact, in the enterprise's own words."""
    by = acting.actor_for(problem, None, ip_of(request))
    return _act(
        request, problem,
        form=FactForm(posted(request)),
        title=_("补充情况"),
        label=_("提交"),
        refusal=acting.wrong_person(problem, request.actor) or acting.refusal_to_add(problem, by),
        run=lambda data: acting.add_fact(link, signed_in=request.actor, ip=ip_of(request), **data),
        done=_("已经补充，办理单位会看到。"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@with_link
def call(request, problem, link):
    """The enterprise asks to be called."""
    return _act(
        request, problem,
        form=AskCallForm(posted(request)),
        title=_("要求回电"),
        label=_("提交"),
        refusal=acting.wrong_person(problem, request.actor) or acting.refusal_to_ask(problem),
        run=lambda data: acting.ask_call(link, signed_in=request.actor, ip=ip_of(request), **data),
        done=_("已经登记，没有参与办理的工作人员会给您回电。"),
    )  # fmt: skip
