"""Writing the rules of handling: a new version from a date on, its withdrawal before it begins, and what it moves.

A version that has begun is never changed or removed: what was judged by it stays judged by it. One that begins today
or later is corrected by another version of the same day, which holds instead; both are kept.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Region
from audit import trail
from core import clock
from core.actor import Actor, Role
from core.transitions import Conflict, Refusal, Refused
from problems import rules
from problems.enums import Reach
from problems.lifecycle.rule_changes import Change, recalculate
from problems.models import LadderRung, Rulebook, RulebookLimit
from problems.rulebook import presets

# Small enough that progress is seen and locks are short.
BATCH = 100
MOST_AHEAD = dt.timedelta(days=366)


@dataclass
class Draft:
    """Rules as they are to be: every editable column, (step, category id, urgency, days), rungs."""

    region: Region
    valid_from: dt.date
    values: dict
    limits: list[tuple[str, int | None, str, int]] = field(default_factory=list)
    ladder: list[rules.Rung] = field(default_factory=list)
    note: str = ""

    def book(self) -> Rulebook:
        """The rules as an instance that is not saved, for reading and reckoning."""
        book = Rulebook(region=self.region, valid_from=self.valid_from, note=self.note, **self.values)
        book._limits = {}
        for step, category_id, urgency, days in self.limits:
            book._limits.setdefault(step, {})[category_id, urgency] = days
        book._ladder = rules.in_order(self.ladder)
        return book


def may_write(region: Region | None, actor: Actor) -> Refusal | None:
    """An officer of the region or above it. The common rules are shipped; regions write their own."""
    who = _("本地区组织部工作人员")
    if region is None:
        return Refusal("common", _("通用规则随系统提供，不能修改；请为本地区另立规则。"), who)
    if actor.is_system or any(region.path.startswith(path) for path in actor.region_paths(Role.COUNTY_OFFICER)):
        return None
    return Refusal("role", _("本地区的办理规则由组织部工作人员制定。"), who)


@transaction.atomic
def make(draft: Draft, *, by: Actor, reach: str = Reach.NEW, newest: int | None = None) -> Rulebook:
    """A new version. `newest` is the region's newest version that the person has read, None where there was none or
    it is not compared (-1 for none read).

    Raises Refused, Conflict where somebody made a version in between, ValidationError by field.
    """
    refusal = may_write(draft.region, by)
    if refusal:
        raise Refused(refusal)
    Region.objects.select_for_update(of=("self",), no_key=True).get(pk=draft.region.pk)
    own = Rulebook.objects.filter(region=draft.region)
    last = own.order_by("-pk").values_list("pk", flat=True).first() or -1
    if newest is not None and newest != last:
        raise Conflict(Refusal("conflict", _("您打开页面之后，本地区的规则已有新的版本，请先看清再改。")))
    check_day(draft.valid_from)
    corrected = corrects(draft.region, draft.valid_from)
    check_reach(corrected, reach)
    book = draft.book()
    book.revision = corrected.revision + 1 if corrected else 1
    book.preset = presets.matching(draft.values, draft.limits, draft.ladder)
    book.reach, book.made_by_id, book.made_at = reach, by.user_id, clock.now()
    book.full_clean(exclude=["made_by", "made_at", "finished_at"])
    book.save()
    _add_parts(book, draft)
    trail.record(
        by,
        "rulebook.made",
        book,
        region=draft.region,
        since=draft.valid_from,
        reach=Reach(reach).label,
        note=draft.note,
    )
    if corrected is not None:
        trail.record(
            by, "rulebook.corrected", corrected, region=draft.region, since=draft.valid_from, revision=book.revision,
            note=draft.note,
        )  # fmt: skip
    if reach == Reach.OPEN and book.valid_from <= clock.today():
        from problems import tasks

        transaction.on_commit(tasks.wake_rule_changes)
    return book


def check_day(day: dt.date) -> None:
    """A version begins today or later, within a year."""
    today = clock.today()
    if not today <= day <= today + MOST_AHEAD:
        raise ValidationError({"valid_from": _("生效日期应在今天或以后，一年以内；已经过去的日子仍按当时的规则。")})


def corrects(region: Region, day: dt.date) -> Rulebook | None:
    """The region's version that begins on this day and that another one of the day would replace."""
    same = Rulebook.objects.filter(region=region, valid_from=day).select_related("region", "made_by")
    return same.order_by("-revision").first()


def must_reach_open(corrected: Rulebook | None) -> bool:
    """Whether the version to be replaced is moving deadlines already: then the next one must, too, or the entries
    looked at so far would keep deadlines by rules that no longer hold, and the others not."""
    return corrected is not None and corrected.reach == Reach.OPEN and corrected.valid_from <= clock.today()


def check_reach(corrected: Rulebook | None, reach: str) -> None:
    if reach not in Reach.values:
        raise ValidationError({"reach": _("请选择列表中的一项。")})
    if must_reach_open(corrected) and reach != Reach.OPEN:
        raise ValidationError({"reach": _("被替代的一版已在调整在办事项的期限，这一版也要适用于在办事项。")})


def _add_parts(book: Rulebook, draft: Draft) -> None:
    parts = [
        RulebookLimit(rulebook=book, step=step, category_id=category_id, urgency=urgency, days=days)
        for step, category_id, urgency, days in draft.limits
    ]
    rungs = [LadderRung(rulebook=book, **rung._asdict()) for rung in draft.ladder]
    for part in [*parts, *rungs]:
        part.full_clean(validate_unique=False, validate_constraints=False)
    _once([(p.step, p.category_id, p.urgency) for p in parts], _("同一环节、类别和缓急只能有一条时限。"))
    _once([(r.trigger, r.threshold, r.act) for r in rungs], _("同一条件和数值下，同一措施只能有一条。"))
    RulebookLimit.objects.bulk_create(parts)
    LadderRung.objects.bulk_create(rungs)


def _once(keys: Iterable[tuple], sentence: str) -> None:
    keys = list(keys)
    if len(set(keys)) != len(keys):
        raise ValidationError(sentence)


@transaction.atomic
def withdraw(book: Rulebook | int, *, by: Actor) -> None:
    """Take back a version that has not begun. Raises Refused; Rulebook.DoesNotExist where it is gone."""
    pk = book.pk if isinstance(book, Rulebook) else book
    locked = Rulebook.objects.select_for_update(of=("self",)).select_related("region").get(pk=pk)
    refusal = may_withdraw(locked, by)
    if refusal:
        raise Refused(refusal)
    trail.record(by, "rulebook.withdrawn", locked, region=locked.region, since=locked.valid_from)
    locked.delete()


def may_withdraw(book: Rulebook, actor: Actor) -> Refusal | None:
    """An officer, before its day."""
    refusal = may_write(book.region, actor)
    if refusal is None and book.valid_from <= clock.today():
        return Refusal("begun", _("这一版规则已经生效，不能撤销；需要修改的，另立一版。"))
    return refusal


# --- recalculation ------------------------------------------------------------------------------------------------
def waiting() -> list[int]:
    """The versions that have begun and whose recalculation is not finished, in the order in which they began."""
    begun = Rulebook.objects.filter(reach=Reach.OPEN, finished_at=None, valid_from__lte=clock.today())
    return list(begun.exclude(region=None).order_by("valid_from", "revision", "pk").values_list("pk", flat=True))


def work_off() -> int:
    """Recalculate for every version that waits; answers how many entries changed. Finds its work itself, can be run
    twice, by two workers, and be killed anywhere."""
    changed = 0
    for pk in waiting():
        while (done := _batch(pk)) is not None:
            changed += done
    return changed


@transaction.atomic
def _batch(pk: int) -> int | None:
    """The next entries of a version; answers how many changed, None where it is finished."""
    book = Rulebook.objects.select_for_update(no_key=True, of=("self",)).select_related("region", "made_by").get(pk=pk)
    if book.finished_at is not None:
        return None
    if rules.rulebook_for(book.region, clock.today()).pk != book.pk:
        # The next version began before the worker was done: that one recalculates.
        book.finished_at = clock.now()
        book.save(update_fields=["finished_at"])
        return None
    change = Change(book, clock.today())
    entries = change.open_entries().order_by("pk")
    if not book.checked:
        book.to_check = entries.count()
    keys = list(entries.filter(pk__gt=book.checked_to).values_list("pk", flat=True)[:BATCH])
    if not keys:
        book.finished_at, book.to_check = clock.now(), book.checked
    by = Actor(user_id=book.made_by_id, name=getattr(book.made_by, "name", "") or "")
    changed = recalculate(change, keys, by)
    book.checked, book.moved = book.checked + len(keys), book.moved + changed
    book.checked_to = keys[-1] if keys else book.checked_to
    book.save(update_fields=["to_check", "checked", "moved", "checked_to", "finished_at"])
    return changed if keys else None
