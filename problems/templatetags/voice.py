"""The entry's page: its links and its calls back, for those whom they concern."""

from django import template

from core.actor import Role
from core.clock import today
from problems import perms
from problems.enums import CallBackKind, CallBackState, State
from problems.lifecycle import guards
from problems.models import Problem
from problems.voice import call_backs, keys, links

register = template.Library()
SHOWN = 10


@register.inclusion_tag("problems/voice_panel.html", takes_context=True)
def voice_panel(context, problem: Problem):
    """Links and calls of an entry. Handling units, who neither make links nor see who is called, are told who does.

    The short code is shown again to who made the link and to nobody else: whoever knows it could rate by it.
    """
    actor = context["request"].actor
    if problem.state == State.DRAFT:
        return {"shown": False}
    may_make = links.refusal_to_make(problem, actor)
    if may_make is not None and may_make.code == "handler_links":
        return {"shown": False, "barred": may_make}
    if not (perms.of_enterprise(problem, actor) or actor.has(*call_backs.READERS)):
        return {"shown": False}
    rows = list(problem.voice_links.select_related("made_by")[:SHOWN])
    keeps = may_make is None or may_make.code != "role"
    for link in rows:
        link.problem = problem
        link.word, link.tone = links.state_of(link)
        link.last_day = links.last_day(link)
        opens = link.revoked_at is None and link.tone != "grey"
        link.code = keys.code_of(link) if opens and keeps and link.made_by_id == actor.user_id else ""
        link.may_revoke = opens and keeps
    calls = problem.call_backs.select_related("done_by").exclude(state=CallBackState.CANCELLED)
    if not actor.has(*call_backs.READERS):
        calls = calls.filter(kind=CallBackKind.REQUESTED)
    return {
        "shown": True,
        "problem": problem,
        "links": rows,
        "refusal": may_make,
        "calls": list(calls[:SHOWN]),
        "may_call": actor.has(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY),
        "window_over": window_over(problem),
    }


def window_over(problem: Problem) -> bool:
    """Whether the enterprise's time to rate has passed without an answer: a reviewer may close it as not rated."""
    return (
        problem.state == State.RESOLVED
        and not problem.rating
        and guards.GUARDS["close"](problem, today()) is None
    )  # fmt: skip
