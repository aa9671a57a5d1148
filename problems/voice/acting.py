"""What an enterprise does by its link: the same guarded steps as signed in, by an actor who is the enterprise alone.

The timeline and the trail call this actor 企业（链接）. It has one duty, for one enterprise, and no account of its own;
where one of the enterprise's own people is signed in meanwhile, the account is noted, too.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from audit.models import Event
from core import clock, workdays
from core.actor import Actor, Duty, Role
from core.transitions import Refusal, Refused
from problems import lifecycle, perms, rules
from problems.enums import OPEN_STATES, CallBackKind, CallBackState, Channel, State
from problems.lifecycle import limits, machine
from problems.lifecycle.machine import limited, required
from problems.models import CallBack, Problem, VoiceLink
from problems.voice import drawing, links

# Stored in the trail, hence not translated.
LINK_NAME = "企业（链接）"
MOST_FACTS_A_DAY = 10


def actor_for(problem: Problem, signed_in: Actor | None, ip: str) -> Actor:
    """The enterprise, by link."""
    return enterprise_actor(problem, user_id=signed_in.user_id if signed_in else None, name=LINK_NAME, ip=ip)


def enterprise_actor(problem: Problem, *, user_id, name: str, ip: str) -> Actor:
    """An actor with the one duty of speaking for the entry's enterprise."""
    duty = Duty(
        role=Role.BRANCH_SECRETARY,
        region_id=problem.region_id,
        region_path=problem.region.path,
        enterprise_id=problem.enterprise_id,
        title=problem.enterprise.name,
        place=problem.enterprise.name,
    )
    return Actor(user_id=user_id, name=name, duties=(duty,), ip=ip)


def ended(link: VoiceLink) -> Refusal | None:
    """Whether the link opens nothing any more."""
    if link.revoked_at is not None:
        return Refusal("revoked", _("这个链接已经作废，请使用新的链接。"))
    if link.expires_at <= clock.now():
        return Refusal("expired", _("这个链接已经过期，请联系给您卡片的工作人员重新生成。"))
    return None


def wrong_person(problem: Problem, signed_in: Actor) -> Refusal | None:
    """Nobody who is signed in speaks for the enterprise by link but its own people, least of all the handling unit."""
    if signed_in.user_id is None:
        return None
    if perms.involved(problem, signed_in):
        return Refusal("handler_rates", _("办理单位不能用企业的链接评价、补充情况或要求回电。"), perms.ENTERPRISE)
    if signed_in.is_system or not perms.of_enterprise(problem, signed_in):
        return Refusal("not_enterprise", _("您登录的不是这家企业的账号，不能代企业办理。"), perms.ENTERPRISE)
    return None


def refusal_to_rate(link: VoiceLink, problem: Problem, by: Actor) -> Refusal | None:
    """Why this link rates nothing now: used, of a round that is over, or what the ledger itself says."""
    if link.rated_at is not None:
        return Refusal("link_used", _("这个链接已经评价过，每个链接只能评价一次。"))
    if link.round != problem.reopened_times:
        return Refusal("round_over", _("这件事已经重新办理，这个链接只能查看。办结后请用新的链接评价。"))
    if links.made_by_handler(link, problem):
        sentence = _("生成这个链接的人属于办理过这件事的单位，不能用它评价。请用另一位工作人员给的链接，或要求回电。")
        return Refusal("made_by_handler", sentence, perms.OUTSIDER)
    if problem.state in OPEN_STATES and problem.state != State.RESOLVED:
        return Refusal("state", _("这件事还没有办结，办结以后再请您评价。"))
    return lifecycle.refusal_for("rate", problem, by)


def _locked(link: VoiceLink) -> tuple[Problem, VoiceLink]:
    problem = machine.lock(link.problem_id)
    return problem, VoiceLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)


def _demand(*refusals: Refusal | None) -> None:
    for refusal in refusals:
        if refusal is not None:
            raise Refused(refusal)


@transaction.atomic
def rate(
    link: VoiceLink, *, signed_in: Actor, ip: str = "", version: int | None = None, rating: str, text: str = ""
) -> Problem:
    """The enterprise's rating, once per link and once per round of handling. 'Not satisfied' reopens the entry.

    Raises Refused, Conflict where the entry changed since the page was read, ValidationError by field.
    """
    problem, link = _locked(link)
    by = actor_for(problem, signed_in, ip)
    _demand(ended(link), wrong_person(problem, signed_in), refusal_to_rate(link, problem, by))
    done = lifecycle.rate(problem, by=by, version=version, rating=rating, text=text, channel=Channel.LINK)
    link.rated_at = clock.now()
    link.save(update_fields=["rated_at"])
    return done


def refusal_to_add(problem: Problem, by: Actor) -> Refusal | None:
    """Why no fact can be added now, or None."""
    if problem.state not in OPEN_STATES:
        return Refusal("state", _("这件事已经办完，不能再补充情况；仍有问题的，可以要求回电。"))
    return lifecycle.refusal_for("add_note", problem, by)


@transaction.atomic
def add_fact(link: VoiceLink, *, signed_in: Actor, ip: str = "", text: str) -> Problem:
    """A fact in the enterprise's own words, onto the timeline."""
    problem, link = _locked(link)
    by = actor_for(problem, signed_in, ip)
    _demand(ended(link), wrong_person(problem, signed_in), refusal_to_add(problem, by))
    today = Event.objects.of(problem).filter(
        verb="problem.add_note", actor_name=LINK_NAME, at__gte=clock.at_local(clock.today(), 0)
    )
    if today.count() >= MOST_FACTS_A_DAY:
        raise Refused(Refusal("facts", _("今天补充的情况已经较多，请明天再补充，或要求回电。")))
    return lifecycle.add_note(problem, by=by, text=text)


def refusal_to_ask(problem: Problem) -> Refusal | None:
    """Whether a call may be asked for: while anybody can still do something, and one at a time."""
    if problem.state not in OPEN_STATES | {State.CLOSED}:
        return Refusal("state", _("这件事已经终结，不再登记回电。"))
    waiting = problem.call_backs.filter(kind=CallBackKind.REQUESTED, state=CallBackState.OPEN).first()
    if waiting is not None:
        day = waiting.due_on.isoformat()
        return Refusal("asked", _("已经登记了回电要求，工作人员最迟在 %(day)s 联系您。") % {"day": day})
    return None


@transaction.atomic
def ask_call(link: VoiceLink, *, signed_in: Actor, ip: str = "", phone: str = "", wish: str = "") -> CallBack:
    """The enterprise asks to be called (要求回电); the call is due in the rulebook's working days."""
    limited(phone=(phone, 30), wish=(wish, 500))
    problem, link = _locked(link)
    _demand(ended(link), wrong_person(problem, signed_in), refusal_to_ask(problem))
    if not problem.contact_phone:
        required(phone=phone)
    by, day = actor_for(problem, signed_in, ip), clock.today()
    call = CallBack.objects.create(
        problem=problem,
        region_id=problem.region_id,
        kind=CallBackKind.REQUESTED,
        asked_at=clock.now(),
        asked_on=day,
        due_on=drawing.due_on(problem, rules.rulebook_of(problem, day), workdays.current(problem.region.path), day),
        phone=phone,
        wish=wish,
    )
    trail.record(by, "problem.ask_call", problem, text=wish, call_back=call.pk)
    limits.rebuild(problem)
    return call
