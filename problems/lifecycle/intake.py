"""From raising to acceptance: draft, submit, return, decline, accept, merge, join, withdraw; corrections."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from chains.lifecycle import committee_for
from core import clock, files, search
from core.actor import Actor, Role
from core.models import Sequence
from core.transitions import Refused
from problems import perms
from problems.enums import CLOCK_STATES, LegEnd, Outcome, Source, State, Urgency
from problems.lifecycle import limits, machine, snapshots
from problems.lifecycle.machine import limited, required, step
from problems.lifecycle.roots import visible_target
from problems.models import Attachment, Category, Problem

MOST_FILES = 30
EDITABLE = ("title", "text", "category", "urgency", "source", "contact_name", "contact_phone")
_LENGTHS = {"title": 120, "text": 4000, "contact_name": 40, "contact_phone": 30}


# --- raising ----------------------------------------------------------------------------------------------------
@transaction.atomic
def raise_problem(
    *,
    by: Actor,
    enterprise,
    category: Category,
    title: str,
    text: str,
    source: str = Source.ONLINE,
    urgency: str = Urgency.ORDINARY,
    chain=None,
    contact_name: str = "",
    contact_phone: str = "",
    at: dt.datetime | None = None,
) -> Problem:
    """A new entry, submitted at once. Raises Refused where the actor may not raise for the enterprise.

    It can be undone into a draft like one that was a draft; what is recorded afterwards (`at`) cannot, as it hangs
    together with the visit or the paper that it was recorded from.
    """
    problem = _new(by, enterprise, category, title, text, source, urgency, chain, contact_name, contact_phone, at)
    as_draft = snapshots.picture(problem) if at is None else None
    _enter(problem, at or clock.now())
    problem.save()
    machine.begin_span(problem, problem.submitted_at)
    limits.follow(problem, problem.submitted_on)
    _told(by, "problem.raised", problem, at, source=source, enterprise=enterprise)
    if as_draft is not None:
        snapshots.keep(problem, "submit", by, as_draft)
    return problem


@transaction.atomic
def save_draft(
    *, by: Actor, enterprise, category: Category, title: str, text: str = "", source: str = Source.ONLINE,
    urgency: str = Urgency.ORDINARY, chain=None, contact_name: str = "", contact_phone: str = "",
) -> Problem:  # fmt: skip
    """A draft that only its author sees; it has no number and counts in no figure."""
    problem = _new(by, enterprise, category, title, text, source, urgency, chain, contact_name, contact_phone, None)
    problem.save()
    trail.record(by, "problem.drafted", problem, version=problem.version)
    return problem


def submit(problem, *, by: Actor, version: int | None = None, at: dt.datetime | None = None) -> Problem:
    """A draft becomes an entry with a number."""
    with step("submit", problem, by=by, version=version, at=at) as s:
        required(text=s.problem.text)
        _enter(s.problem, s.at)
        return s.finish()


def _new(by, enterprise, category, title, text, source, urgency, chain, contact_name, contact_phone, at) -> Problem:
    memberships = list(enterprise.memberships.filter(left_on=None).select_related("chain", "committee"))
    refusal = perms.may_raise_for(enterprise, [m.committee_id for m in memberships], by)
    if refusal:
        raise Refused(refusal)
    required(title=title)
    _known(title=title, text=text, contact_name=contact_name, contact_phone=contact_phone, source=source,
           urgency=urgency)  # fmt: skip
    _holds(category, enterprise.region)
    chain, committee = place_of(enterprise.region, memberships, chain, by)
    problem = Problem(
        enterprise=enterprise, region=enterprise.region, chain=chain, committee=committee, category=category,
        urgency=urgency, source=source, title=title.strip(), text=text, contact_name=contact_name,
        contact_phone=contact_phone, created_by_id=by.user_id, created_at=at or clock.now(),
    )  # fmt: skip
    index(problem)
    return problem


def _holds(category: Category, region) -> None:
    """Raises ValidationError for a category of another region's own."""
    if not category.holds_in(region):
        raise ValidationError({"category": _("这个类别不在该企业所在地区使用。")})


def place_of(region, memberships, chain=None, by: Actor | None = None):
    """(chain, committee) of an entry of an enterprise in `region`: the chain asked for, else the one whose committee
    the actor serves, else the main chain, else the first; nothing for an enterprise on no chain."""
    if chain is not None:
        member = next((m for m in memberships if m.chain_id == chain.pk), None)
        return chain, (member and member.committee) or committee_for(chain.pk, region)
    own = by.ids("committee_id", Role.CHAIN_SECRETARY) if by else ()
    ranked = sorted(memberships, key=lambda m: (m.committee_id not in own, not m.is_primary, m.pk))
    if not ranked:
        return None, None
    return ranked[0].chain, ranked[0].committee or committee_for(ranked[0].chain_id, region)


def index(problem: Problem) -> None:
    """Keep the search tokens: words of the text, the number, the enterprise's names and its pinyin initials."""
    enterprise = problem.enterprise
    problem.tokens = search.tokens(
        problem.number or "", problem.title, problem.text, enterprise.name, enterprise.short_name, enterprise.initials
    )


def _enter(problem: Problem, at: dt.datetime) -> None:
    """Into the ledger: state, dates and the number, unique across counties by the region's code."""
    problem.state = State.SUBMITTED
    problem.submitted_at, problem.submitted_on = at, clock.local_date(at)
    problem.since_on = problem.submitted_on
    problem.number = next_number("WT", problem.region, problem.submitted_on.year)
    index(problem)


def next_number(kind: str, region, year: int) -> str:
    """`WT-990100-2026-0187`: kind, code of the county, year, sequence inside them. Call inside a transaction."""
    place = _county_code(region)
    return f"{kind}-{place}-{year}-{Sequence.next(f'{kind}:{place}:{year}'):04d}"


def _county_code(region) -> str:
    """The six-digit code of the region or the nearest one above with one; `R` and the region's id where none has."""
    above = type(region).objects.filter(path__in=region.ancestor_paths).exclude(code=None).order_by("-path")
    codes = list(above.values_list("code", flat=True))
    return next((code for code in codes if len(code) == 6), codes[0] if codes else f"R{region.pk}")


def _known(**values) -> None:
    limited(**{name: (value, _LENGTHS[name]) for name, value in values.items() if name in _LENGTHS})
    for name, choices in (("source", Source), ("urgency", Urgency)):
        if name in values and values[name] not in choices.values:
            raise ValidationError({name: _("请选择列表中的一项。")})


def _told(by, verb, problem, at, **data) -> None:
    trail.record(by, verb, problem, version=problem.version, **({"at": at} if at else {}), **data)


# --- acceptance -------------------------------------------------------------------------------------------------
def accept(problem, *, by: Actor, version: int | None = None, note: str = "", at=None) -> Problem:
    """The entry is real and complete: it waits for assignment."""
    limited(note=(note, 500))
    with step("accept", problem, by=by, version=version, at=at) as s:
        s.first("accepted_on")
        return s.finish(note=note)


def return_for_completion(problem, *, by: Actor, version: int | None = None, reason: str, at=None) -> Problem:
    """Back to the enterprise to be completed; what was written stays."""
    required(reason=reason)
    limited(reason=(reason, 500))
    with step("return_for_completion", problem, by=by, version=version, at=at) as s:
        return s.finish(reason=reason)


def resubmit(problem, *, by: Actor, version: int | None = None, text: str | None = None, note="", at=None) -> Problem:
    """Completed and sent again, back to where it was returned from; number and first submission stay.

    One returned while a unit had it goes back to that unit, its deadlines moved on by the pause.
    """
    limited(text=(text or "", 4000), note=(note, 500))
    with step("resubmit", problem, by=by, version=version, at=at) as s:
        data = {}
        if text is not None and text != s.problem.text:
            required(text=text)
            data["changes"] = {"text": [s.problem.text, text]}
            s.problem.text = text
            index(s.problem)
        back = s.problem.spans.filter(ended_at__isnull=False).order_by("-id").first().state
        if back in CLOCK_STATES:
            s.shift_deadlines()
            data["due_on"] = s.problem.due_on
        return s.finish(to=back, note=note, **data)


def decline(problem, *, by: Actor, version: int | None = None, reason: str, at=None) -> Problem:
    """Not a matter for this ledger: ended, with the reason."""
    required(reason=reason)
    limited(reason=(reason, 500))
    with step("decline", problem, by=by, version=version, at=at) as s:
        s.problem.outcome, s.problem.ended_on = Outcome.DECLINED, s.day
        return s.finish(reason=reason)


def merge_into(problem, *, by: Actor, version: int | None = None, target, reason: str = "", at=None) -> Problem:
    """A duplicate ends in the entry that it repeats; both keep an event. Raises ValidationError for a bad target."""
    limited(reason=(reason, 500))
    with step("merge_into", problem, by=by, version=version, at=at) as s:
        other = visible_target(s.problem, target, by, "target")
        if other.state in (State.DECLINED, State.WITHDRAWN):
            raise ValidationError({"target": _("不能并入已终结而未办理的事项。")})
        if s.problem.parts.exists():
            raise ValidationError({"target": _("本事项是一类事，下面还有事项：先把它们移出，再并入。")})
        s.settle_requests(_("事项已并入其他事项，申请自动终止。"))
        s.end_legs(LegEnd.MERGED)
        s.problem.merged_into = other
        s.problem.outcome, s.problem.ended_on = Outcome.MERGED, s.day
        trail.record(by, "problem.received_merge", other, version=other.version, merged=s.problem)
        return s.finish(target=other, reason=reason)


def withdraw(problem, *, by: Actor, version: int | None = None, reason: str, at=None) -> Problem:
    """The enterprise takes it back; units that hold it are released."""
    required(reason=reason)
    limited(reason=(reason, 500))
    with step("withdraw", problem, by=by, version=version, at=at) as s:
        s.settle_requests(_("企业已撤回，申请自动终止。"))
        s.end_legs(LegEnd.WITHDRAWN)
        s.problem.outcome, s.problem.ended_on = Outcome.WITHDRAWN, s.day
        return s.finish(reason=reason)


def restore(problem, *, by: Actor, version: int | None = None, reason: str, at=None) -> Problem:
    """A declined, merged or withdrawn entry is taken up again; it waits for acceptance with its first dates kept."""
    required(reason=reason)
    limited(reason=(reason, 500))
    with step("restore", problem, by=by, version=version, at=at) as s:
        p = s.problem
        was = p.outcome
        p.outcome, p.ended_on, p.merged_into = "", None, None
        p.lead_team = p.lead_department = None
        s.set_deadline(None)
        p.reopened_times += 1
        return s.finish(reason=reason, outcome=was)


# --- corrections ------------------------------------------------------------------------------------------------
def edit(problem, *, by: Actor, version: int | None = None, at=None, **changes) -> Problem:
    """Change what is written (`EDITABLE`), keeping before and after. Raises ValidationError for an unknown value."""
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {unknown}")
    _known(**changes)
    required(**{name: changes[name] for name in ("title",) if name in changes})
    with step("edit", problem, by=by, version=version, at=at) as s:
        p = s.problem
        if p.state != State.DRAFT and "text" in changes:
            required(text=changes["text"])
        before = {name: getattr(p, name) for name in changes}
        if changes.get("category", p.category) != p.category:
            _holds(changes["category"], p.region)
        for name, value in changes.items():
            setattr(p, name, value)
        index(p)
        return s.finish(changes=trail.changes(before, changes))


def move(problem, *, by: Actor, version: int | None = None, chain, committee=None, at=None) -> Problem:
    """To another chain (and its committee in the region); the spans, and with them past figures, follow."""
    with step("move", problem, by=by, version=version, at=at) as s:
        p = s.problem
        if committee is None and chain is not None:
            committee = committee_for(chain.pk, p.region)
        if committee is not None and chain is not None and committee.chain_id != chain.pk:
            raise ValidationError({"committee": _("所选产业链党委不属于这条产业链。")})
        before = {"chain": p.chain, "committee": p.committee}
        p.chain, p.committee = chain, committee
        p.spans.update(chain=chain, committee=committee)
        return s.finish(changes=trail.changes(before, {"chain": chain, "committee": committee}))


def correct_dates(problem, *, by: Actor, version: int | None = None, submitted_on: dt.date, reason: str, at=None):
    """The real day of submission of an entry recorded late. The first span follows; no step may come before it.

    Raises ValidationError where the day lies in the future or after the next step.
    """
    required(reason=reason)
    limited(reason=(reason, 500))
    with step("correct_dates", problem, by=by, version=version, at=at) as s:
        p = s.problem
        first = p.spans.order_by("id").first()
        latest = min([day for day in (s.day, p.accepted_on, p.closed_on, first.ended_on) if day is not None])
        if submitted_on > latest:
            raise ValidationError({"submitted_on": _("提交日期不能晚于 %(day)s。") % {"day": latest.isoformat()}})
        if submitted_on.year < 2000:
            raise ValidationError({"submitted_on": _("提交日期过早，请核对年份。")})
        before = p.submitted_on
        moment = clock.at_local(submitted_on, 9)
        if first.ended_at is not None and moment > first.ended_at:
            moment = first.ended_at
        p.submitted_on, p.submitted_at = submitted_on, moment
        first.started_on, first.started_at = submitted_on, moment
        first.save(update_fields=["started_on", "started_at"])
        if p.since_on == before and first.ended_on is None:
            p.since_on = submitted_on
        return s.finish(reason=reason, changes={"submitted_on": [before, submitted_on]})


def attach(problem, upload, *, by: Actor, version: int | None = None, at=None) -> Problem:
    """Add a file. Raises ValidationError where its content may not be kept; nothing stays behind then."""
    stored = files.store(upload, "problems")
    try:
        with step("attach", problem, by=by, version=version, at=at) as s:
            if s.problem.attachments.in_view().count() >= MOST_FILES:
                raise ValidationError({"file": _("每个问题最多 %(count)d 个附件。") % {"count": MOST_FILES}})
            Attachment.objects.create(
                problem=s.problem, storage_name=stored.storage_name, name=stored.name, size=stored.size,
                content_type=stored.content_type, sha256=stored.sha256, uploaded_by_id=by.user_id,
            )  # fmt: skip
            return s.finish(name=stored.name, size=stored.size, sha256=stored.sha256)
    except BaseException:
        files.remove(stored.storage_name)
        raise


def note_decided(problem, *, by: Actor, on: dt.date | None, version: int | None = None, at=None, **source) -> Problem:
    """A meeting decided on it, on that day; the first decision's day is kept. `on` None takes the mark off (the
    decision was deleted). `source` names the meeting and decision for the timeline. Called by meetings."""
    with step("note_decided", problem, by=by, version=version, at=at) as s:
        p = s.problem
        if on is None or p.decided_on is None or on < p.decided_on:
            p.decided_on = on
        return s.finish(on=on, **source)
