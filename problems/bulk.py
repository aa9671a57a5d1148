"""One step on many entries (批量办理): preview with the guards of the step, then each entry through its own lifecycle
function, in a transaction of its own together with the note of what came of it.

So a worker that is killed leaves either both or nothing, and whoever takes the run up again does no entry twice.
"""

import datetime as dt
import logging
from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from accounts.actors import build_actor
from alliances.models import Department, HelpTeam
from audit import sentences, trail
from core import clock
from core.actor import Actor, Role
from core.transitions import Conflict, Refusal, Refused
from problems import actions
from problems.enums import BulkResult, BulkState, BulkStep
from problems.filters import ProblemFilter
from problems.models import BulkItem, BulkRun, Problem

log = logging.getLogger(__name__)

MOST = 2000
# Up to here the request does it itself; more is left to a worker.
DIRECT = 50
# A preview that nobody confirmed goes when its owner makes the next one after this time.
DRAFT_LASTS = dt.timedelta(days=1)
ROLES = (Role.COUNTY_OFFICER, Role.LEADER, Role.CHAIN_SECRETARY)
SENTENCES = {"ledger.bulk": _("批量办理“{step}”：完成 {done} 件，未办 {refused} 件，期间有变化 {conflict} 件")}


def register() -> None:
    """Give the audit trail the sentence; called once when the app is ready."""
    sentences.add(SENTENCES, labels={"step": BulkStep})


@dataclass(frozen=True)
class Numbers:
    """How many entries of a run came to what."""

    total: int
    waiting: int = 0
    done: int = 0
    refused: int = 0
    conflict: int = 0

    @property
    def percent(self) -> int:
        return round(100 * (self.total - self.waiting) / self.total) if self.total else 100


def may(actor: Actor) -> Refusal | None:
    """Those who see many units' entries act on many at once."""
    if actor.has(*ROLES):
        return None
    return Refusal("role", __("批量办理由组织部工作人员、领导或产业链党委书记（链办）使用。"), _("组织部工作人员"))


# --- preview ----------------------------------------------------------------------------------------------------
@transaction.atomic
def prepare(step: str, chosen: ProblemFilter, ids: list[int], *, by: Actor) -> BulkRun:
    """A preview: the entries picked (all of the filter where `ids` is empty) with what the step's guard says of each.

    Raises Refused for people who may not, for nothing and for too many.
    """
    refusal = may(by)
    if refusal:
        raise Refused(refusal)
    rows = chosen.queryset().filter(pk__in=ids) if ids else chosen.queryset()
    rows = list(rows.select_related("committee", "enterprise__region").order_by(*chosen.order)[: MOST + 1])
    if not rows:
        raise Refused(Refusal("none", __("没有选中任何事项，或者它们已不在您的范围内。")))
    if len(rows) > MOST:
        raise Refused(Refusal("many", __("一次最多办理 %(n)d 件，请先缩小筛选范围。") % {"n": MOST}))
    BulkRun.objects.filter(owner_id=by.user_id, state=BulkState.DRAFT, made_at__lt=clock.now() - DRAFT_LASTS).delete()
    run = BulkRun.objects.create(owner_id=by.user_id, step=step, conditions=chosen.words()[:1000], made_at=clock.now())
    action, books = actions.ACTIONS[step], {}
    items = []
    for row in rows:
        # The rules of a region are read once for all its entries.
        row.__dict__["_rulebooks"] = books.setdefault(row.region_id, {})
        refused = action.refusal(row, by)
        items.append(
            BulkItem(
                run=run, problem=row, version=row.version,
                result=BulkResult.REFUSED if refused else BulkResult.WAITING,
                note=str(refused.sentence)[:500] if refused else "",
            )
        )  # fmt: skip
    BulkItem.objects.bulk_create(items)
    return run


def numbers(run: BulkRun) -> Numbers:
    found = Counter(run.items.values_list("result", flat=True))
    return Numbers(sum(found.values()), *(found[one] for one in (
        BulkResult.WAITING, BulkResult.DONE, BulkResult.REFUSED, BulkResult.CONFLICT
    )))  # fmt: skip


# --- work -------------------------------------------------------------------------------------------------------
@transaction.atomic
def begin(run: BulkRun, data: dict, *, by: Actor) -> BulkRun:
    """From preview to work, once. `data` are the fields of the step's form. Raises Refused."""
    locked = BulkRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk, owner_id=by.user_id)
    if locked.state != BulkState.DRAFT:
        raise Refused(Refusal("begun", __("这一批已经开始办理。")))
    if not locked.items.filter(result=BulkResult.WAITING).exists():
        raise Refused(Refusal("none", __("没有可以办理的事项。")))
    locked.data, locked.state, locked.started_at = _packed(data), BulkState.RUNNING, clock.now()
    locked.save()
    return locked


def work(run_id: int, most: int = MOST) -> bool:
    """Do what is left of a run, at most so many entries; answers whether it is finished.

    Can be run twice and by two workers at once: an entry is taken under a lock and left out by the other.
    """
    run = BulkRun.objects.select_related("owner").filter(pk=run_id, state=BulkState.RUNNING).first()
    if run is None:
        return True
    by = build_actor(run.owner, clock.today())
    for _number in range(most):
        if not _one(run, by):
            break
    return _finish(run, by)


def work_off() -> int:
    """Do what is left of every run; answers how many there were."""
    runs = list(BulkRun.objects.filter(state=BulkState.RUNNING).order_by("id").values_list("pk", flat=True))
    for pk in runs:
        work(pk)
    return len(runs)


def _one(run: BulkRun, by: Actor) -> bool:
    """The next entry, its step and the note of it in one transaction; False where none is free."""
    with transaction.atomic():
        waiting = run.items.filter(result=BulkResult.WAITING).order_by("id")
        item = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
        if item is None:
            return False
        item.result, item.note = _done(run, item, by)
        item.save(update_fields=["result", "note"])
        return True


def _done(run: BulkRun, item: BulkItem, by: Actor) -> tuple[str, str]:
    action = actions.ACTIONS[run.step]
    # Out of sight by now: not told from gone.
    row = Problem.objects.visible_to(by).filter(pk=item.problem_id).first()
    if row is None:
        return BulkResult.REFUSED, __("该事项已不在您的范围内。")
    try:
        with transaction.atomic():
            # Also what only adds is compared here: nobody looks at the single entry again before it is done.
            action.run(row, by=by, version=item.version, **_unpacked(run.data))
    except Conflict as conflict:
        return BulkResult.CONFLICT, str(conflict.refusal.sentence)[:500]
    except Refused as refused:
        return BulkResult.REFUSED, str(refused.refusal.sentence)[:500]
    except ValidationError as error:
        return BulkResult.REFUSED, " ".join(error.messages)[:500]
    except Exception:
        # One entry's fault, whatever it is, must not hold up the others: it is logged, and said beside the entry.
        log.exception("bulk run %s: entry %s", run.pk, item.problem_id)
        return BulkResult.REFUSED, __("办理时出错，已记录，请单独办理这一件。")
    return BulkResult.DONE, ""


@transaction.atomic
def _finish(run: BulkRun, by: Actor) -> bool:
    locked = BulkRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
    if locked.state == BulkState.DONE:
        return True
    if locked.items.filter(result=BulkResult.WAITING).exists():
        return False
    locked.state, locked.finished_at = BulkState.DONE, clock.now()
    locked.save(update_fields=["state", "finished_at"])
    found = numbers(locked)
    trail.record(
        by, "ledger.bulk", locked, step=locked.step, done=found.done, refused=found.refused, conflict=found.conflict
    )
    return True


# --- the form's values in the row -------------------------------------------------------------------------------
def _packed(data: dict) -> dict:
    return {name: _plain(value) for name, value in data.items()}


def _plain(value):
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dt.date):
        return {"day": value.isoformat()}
    if hasattr(value, "pk"):
        return {"team" if isinstance(value, HelpTeam) else "department": value.pk}
    return value


def _unpacked(data: dict) -> dict:
    return {name: _lively(value) for name, value in data.items()}


def _lively(value):
    if isinstance(value, list):
        return [_lively(one) for one in value]
    if isinstance(value, dict) and "day" in value:
        return dt.date.fromisoformat(value["day"])
    if isinstance(value, dict) and "team" in value:
        return HelpTeam.objects.select_related("region").get(pk=value["team"])
    if isinstance(value, dict) and "department" in value:
        return Department.objects.select_related("region").get(pk=value["department"])
    return value
