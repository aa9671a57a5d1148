"""What a person holds of the ledger in a post: legs, slips to answer, requests to rule on, calls to make, drafts."""

import datetime as dt
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from accounts import holdings
from accounts.holdings import Holding, Source
from accounts.models import Post
from audit.models import Event
from core.actor import Actor, Role
from problems import lifecycle
from problems.enums import CallBackState, RequestState, State
from problems.lifecycle.table import _HELD
from problems.models import Assignment, CallBack, Extension, Objection, Problem, Slip

# No list of a hand-over is longer than this for one kind.
MOST = 200


def register() -> None:
    """Tell the accounts app; called once when this app is ready."""
    holdings.register(Source("leg", _legs, _move_leg, _contacts_of(Assignment)))
    holdings.register(Source("draft", _drafts, _move_draft))
    holdings.register(Source("slip", _slips, contacts=_contacts_of(Slip)))
    holdings.register(Source("objection", partial(_requests, Objection), contacts=_contacts_of(Objection)))
    holdings.register(Source("extension", partial(_requests, Extension), contacts=_contacts_of(Extension)))
    holdings.register(Source("step", _steps, contacts=_entry_contacts))
    holdings.register(Source("call", _calls, contacts=_contacts_of(CallBack)))


def _contact(problem) -> str:
    return " ".join(filter(None, [problem.enterprise.short_name or problem.enterprise.name, problem.contact_name,
                                  problem.contact_phone]))  # fmt: skip


def _contacts_of(model):
    """Whom to call about rows that belong to an entry."""

    def contacts(ids, actor: Actor) -> dict[int, str]:
        rows = model.objects.visible_to(actor).filter(pk__in=ids).select_related("problem__enterprise")
        return {row.pk: _contact(row.problem) for row in rows}

    return contacts


def _entry_contacts(ids, actor: Actor) -> dict[int, str]:
    rows = Problem.objects.visible_to(actor).filter(pk__in=ids).select_related("enterprise")
    return {row.pk: _contact(row) for row in rows}


def _unit(post: Post) -> Q | None:
    """The condition on a leg's unit; None for a post that handles nothing."""
    if post.role == Role.TEAM_MEMBER:
        return Q(team_id=post.team_id)
    if post.role == Role.DEPARTMENT_OFFICER:
        return Q(department_id=post.department_id)
    return None


def _legs(post: Post, actor: Actor, today: dt.date) -> list[Holding]:
    """The unit's running legs that this person works on; those that nobody signed for where nobody else is there."""
    unit = _unit(post)
    if unit is None:
        return []
    mine = Q(handler_id=post.user_id)
    if holdings.is_last(post, today):
        mine |= Q(handler=None)
    legs = Assignment.objects.visible_to(actor).filter(unit, mine, ended_at=None, problem__state__in=_HELD)
    rows = list(legs.select_related("problem__enterprise").order_by("due_on", "pk")[:MOST])
    notes = _last_notes([leg.problem_id for leg in rows])
    return [
        Holding(
            f"leg:{leg.pk}", _("牵头办理") if leg.is_lead else _("协办"), leg.problem.number, leg.problem.title,
            leg.due_on, _promise(leg, notes), _contact(leg.problem), leg.problem.get_absolute_url(), True,
            leg.problem.version,
        )
        for leg in rows
    ]  # fmt: skip


def _last_notes(ids) -> dict[int, str]:
    """The last progress note of each entry: what was promised last."""
    notes = Event.objects.filter(
        object_type=Problem._meta.label_lower, object_id__in=ids, verb="problem.add_note"
    ).order_by("object_id", "-id").distinct("object_id")  # fmt: skip
    return {note.object_id: str(note.data.get("text", "")) for note in notes}


def _promise(leg, notes: dict[int, str]) -> str:
    parts = [_("未签收") if leg.is_lead and leg.signed_at is None else ""]
    if leg.problem.next_on:
        parts.append(_("%(day)s 再看") % {"day": leg.problem.next_on.isoformat()})
    parts.append(notes.get(leg.problem_id, "")[:120])
    return _("；").join(part for part in parts if part)


def _move_leg(pk: int, post: Post, successor, *, by: Actor, version, reason: str) -> None:
    leg = Assignment.objects.visible_to(by).get(pk=pk)
    lifecycle.hand_over_leg(leg.problem_id, by=by, version=version, leg_id=pk, handler=successor, reason=reason)


def _drafts(post: Post, actor: Actor, today: dt.date) -> list[Holding]:
    """Drafts are their writer's alone: only the writer sees them here and hands them over."""
    if post.role not in Role.RAISERS:
        return []
    rows = Problem.objects.visible_to(actor).filter(state=State.DRAFT, created_by_id=post.user_id)
    return [
        Holding(f"draft:{row.pk}", _("草稿"), "", row.title, url=row.get_absolute_url(), movable=True)
        for row in rows.order_by("id")[:MOST]
    ]


def _move_draft(pk: int, post: Post, successor, *, by: Actor, version, reason: str) -> None:
    lifecycle.hand_over_draft(pk, by=by, author=successor)


def _slips(post: Post, actor: Actor, today: dt.date) -> list[Holding]:
    """Slips to the unit that wait for an answer, on this person's legs; all of them for the last one of the unit."""
    unit = _unit(post)
    if unit is None:
        return []
    mine = Q() if holdings.is_last(post, today) else Q(assignment__handler_id=post.user_id)
    rows = Slip.objects.visible_to(actor).filter(unit, mine, answered_on=None).select_related("problem__enterprise")
    return [
        Holding(f"slip:{row.pk}", _("未反馈的督办文书"), row.number, row.problem.title, row.answer_due_on,
                contact=_contact(row.problem), url=row.problem.get_absolute_url())
        for row in rows.order_by("answer_due_on", "pk")[:MOST]
    ]  # fmt: skip


def _committee(post: Post):
    return post.committee_id if post.role == Role.CHAIN_SECRETARY else None


_ASKED = {Objection: ("objection", __("待裁定的异议")), Extension: ("extension", __("待答复的延期"))}


def _requests(model, post: Post, actor: Actor, today: dt.date) -> list[Holding]:
    """Objections or extensions of the secretary's committee that wait for a ruling."""
    if _committee(post) is None:
        return []
    name, kind = _ASKED[model]
    rows = model.objects.visible_to(actor).filter(
        problem__committee_id=post.committee_id, state=RequestState.PENDING, assignment__ended_at=None
    )
    return [
        Holding(f"{name}:{row.pk}", str(kind), row.problem.number, row.problem.title, row.problem.due_on,
                contact=_contact(row.problem), url=row.problem.get_absolute_url())
        for row in rows.select_related("problem__enterprise").order_by("pk")[:MOST]
    ]  # fmt: skip


def _steps(post: Post, actor: Actor, today: dt.date) -> list[Holding]:
    """Entries that wait for the post itself: a secretary's to accept and to assign, an enterprise's own to complete
    and to rate."""
    waits = {
        Role.CHAIN_SECRETARY: ("committee_id", [State.SUBMITTED, State.ACCEPTED]),
        Role.BRANCH_SECRETARY: ("enterprise_id", [State.RETURNED, State.RESOLVED]),
    }.get(post.role)
    if waits is None:
        return []
    column, states = waits
    rows = Problem.objects.visible_to(actor).filter(**{column: getattr(post, column)}, state__in=states)
    return [
        Holding(f"step:{row.pk}", row.get_state_display(), row.number, row.title, row.due_on, contact=_contact(row),
                url=row.get_absolute_url())
        for row in rows.select_related("enterprise").order_by("pk")[:MOST]
    ]  # fmt: skip


def _calls(post: Post, actor: Actor, today: dt.date) -> list[Holding]:
    """Calls back to enterprises of the secretary's committee that have not been made."""
    if _committee(post) is None:
        return []
    rows = CallBack.objects.visible_to(actor).filter(
        problem__committee_id=post.committee_id, state=CallBackState.OPEN
    ).select_related("problem__enterprise")  # fmt: skip
    return [
        Holding(f"call:{row.pk}", _("待回访"), row.problem.number, row.problem.title, row.due_on, row.wish,
                _contact(row.problem), row.problem.get_absolute_url())
        for row in rows.order_by("due_on", "pk")[:MOST]
    ]  # fmt: skip
