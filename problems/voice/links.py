"""Making, revoking and finding links (企业直达链接). Only `make` ever knows the secret."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock, workdays
from core.actor import Actor
from core.transitions import Refusal, Refused
from problems import perms, rules
from problems.enums import OPEN_STATES, LimitStep, State
from problems.lifecycle import machine
from problems.models import Problem, VoiceLink
from problems.voice import keys

# Working days that a link outlives the rating window: a card lies on a desk for a while.
MARGIN_DAYS = 5
MOST_ACTIVE = 5


def _standing(problem: Problem, actor: Actor) -> Refusal | None:
    if perms.involved(problem, actor):
        sentence = _("办理过本事项的单位的人员不能生成或作废企业的链接，因为凭链接可以评价。")
        return Refusal("handler_links", sentence, perms.OUTSIDER)
    if perms.keeps(problem, actor) or perms.of_enterprise(problem, actor):
        return None
    return Refusal("role", _("企业链接由本链党委书记（链办）、组织部工作人员或企业自己生成。"), perms.KEEPERS)


def refusal_to_make(problem: Problem, actor: Actor) -> Refusal | None:
    """Why this actor may not make a link to the entry now, or None."""
    refusal = _standing(problem, actor)
    if refusal:
        return refusal
    if problem.state not in OPEN_STATES:
        return Refusal("state", _("事项已经终结或还是草稿，不能生成链接。"))
    if active(problem).count() >= MOST_ACTIVE:
        return Refusal("too_many", _("已有 %(count)d 个有效链接，请先作废不用的。") % {"count": MOST_ACTIVE})
    return None


def active(problem: Problem):
    return problem.voice_links.filter(revoked_at=None, expires_at__gt=clock.now())


def expires_at(problem: Problem, day: dt.date) -> dt.datetime:
    """The end of the day on which the rating window will have closed, with some working days to spare."""
    book, calendar = rules.rulebook_of(problem, day), workdays.current(problem.region.path)
    window = rules.limit_days(book, LimitStep.RATE, problem.category, problem.urgency) + MARGIN_DAYS
    if problem.state == State.RESOLVED:
        start = day
    elif problem.due_on:
        start = max(problem.due_on, day)
    else:
        start = calendar.add(day, rules.limit_days(book, LimitStep.RESOLVE, problem.category, problem.urgency))
    return clock.at_local(calendar.add(start, window) + dt.timedelta(days=1), 0)


@transaction.atomic
def make(problem: Problem | int, *, by: Actor) -> tuple[VoiceLink, str]:
    """A new link and its token, which is told this once. Raises Refused."""
    locked = machine.lock(problem)
    refusal = refusal_to_make(locked, by)
    if refusal:
        raise Refused(refusal)
    token, now = keys.new_token(), clock.now()
    link = VoiceLink.objects.create(
        problem=locked,
        digest=keys.digest_of(token),
        round=locked.reopened_times,
        made_by_id=by.user_id,
        made_at=now,
        expires_at=expires_at(locked, clock.local_date(now)),
    )
    trail.record(by, "problem.link_made", locked, link=link.pk, until=last_day(link))
    return link, token


def last_day(link: VoiceLink) -> dt.date:
    """The last day on which the link opens."""
    return clock.local_date(link.expires_at - dt.timedelta(seconds=1))


@transaction.atomic
def revoke(link: VoiceLink, *, by: Actor) -> VoiceLink:
    """The link opens nothing any more (作废). Raises Refused."""
    problem = machine.lock(link.problem_id)
    locked = VoiceLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)
    refusal = refusal_to_revoke(problem, locked, by)
    if refusal:
        raise Refused(refusal)
    locked.revoked_at = clock.now()
    locked.save(update_fields=["revoked_at"])
    trail.record(by, "problem.link_revoked", problem, link=locked.pk)
    return locked


def refusal_to_revoke(problem: Problem, link: VoiceLink, actor: Actor) -> Refusal | None:
    refusal = _standing(problem, actor)
    if refusal is None and link.revoked_at is not None:
        return Refusal("revoked", _("这个链接已经作废。"))
    return refusal


# --- finding ------------------------------------------------------------------------------------------------------
def by_token(pk: int, token: str) -> VoiceLink | None:
    """The link of this entry with this token, whether it still opens or not."""
    digest = keys.digest_of(token)
    return VoiceLink.objects.filter(problem_id=pk, digest=digest).first() if digest else None


def by_pass(pk: int, value: str) -> VoiceLink | None:
    """The link of this entry that this browser has opened before."""
    found = keys.read_pass(value) if value else None
    if found is None:
        return None
    link = VoiceLink.objects.filter(pk=found[0], problem_id=pk).first()
    return link if link is not None and link.digest.startswith(found[1]) else None


def by_code(number: int, tail: str) -> VoiceLink | None:
    """The link with this short code, if it still opens anything: a code that ended is like one that never was."""
    link = VoiceLink.objects.filter(pk=number, revoked_at=None, expires_at__gt=clock.now()).first()
    return link if link is not None and keys.code_fits(link, tail) else None


def made_by_handler(link: VoiceLink, problem: Problem) -> bool:
    """Whether its maker, who has seen its secret, is or was of a unit that handled the entry, by a post given later,
    too: such a link shows the entry and rates nothing."""
    return perms.has_handled(problem, link.made_by_id)


def state_of(link: VoiceLink) -> tuple[str, str]:
    """(word, tone) for the list on the entry's page."""
    if link.revoked_at is not None:
        return _("已作废"), "grey"
    if link.expires_at <= clock.now():
        return _("已过期"), "grey"
    if link.rated_at is not None:
        return _("已评价"), "green"
    if link.round != link.problem.reopened_times or made_by_handler(link, link.problem):
        return _("只能查看"), "yellow"
    return _("有效"), "blue"
