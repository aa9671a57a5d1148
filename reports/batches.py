"""Many reports in one go: all chains, committees or counties of a region for a month, by hand or by the calendar.

A batch adds no worker of its own: it asks for its reports in one commit, and each goes its way through the queue, under
its own lease. So a killed worker costs one report its attempt, a failed one stops no other, and a batch is resumed by
the same sweep. What a batch costs is what its reports cost, one after the other.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alliances.enums import RegionLevel
from alliances.models import Region
from audit import trail
from chains.models import Chain, Committee
from core import clock, workdays
from core.actor import SYSTEM, Actor
from core.periods import Month
from core.transitions import Refusal, Refused
from indicators import scopes
from reports import lifecycle, perms
from reports.enums import UNFINISHED, BatchKind, ReportState
from reports.models import BatchItem, ReportBatch, ReportPractice

# A worker that was away on the first working day still makes the drafts so many days later, and not after.
CATCH_UP = dt.timedelta(days=3)


def scope_keys(region: Region, kind: str) -> list[str]:
    """The addresses of the scopes of a batch, in their usual order."""
    if kind == BatchKind.OWN:
        return [_region_key(region)]
    if kind == BatchKind.CHAINS:
        return [f"chain:{pk}" for pk in Chain.objects.filter(region=region).values_list("pk", flat=True)]
    if kind == BatchKind.COMMITTEES:
        sitting = Committee.objects.filter(region=region, dissolved_on=None)
        return [f"committee:{pk}" for pk in sitting.values_list("pk", flat=True)]
    below = Region.objects.filter(path__startswith=region.path, level=RegionLevel.COUNTY, is_active=True)
    return [_region_key(one) for one in below.exclude(pk=region.pk).order_by("code", "pk")]


def _region_key(region):
    return f"region:{region.code or f'id{region.pk}'}"


def choices(actor: Actor):
    """[(region:kind, name)] of the batches that this actor may ask for."""
    found = []
    for region in Region.objects.editable_by(actor).filter(is_active=True):
        if region.level in (RegionLevel.CITY, RegionLevel.PROVINCE):
            found.append((f"{region.pk}:{BatchKind.COUNTIES}", f"{region.name} · {BatchKind.COUNTIES.label}"))
        if region.level == RegionLevel.COUNTY:
            kinds = (BatchKind.CHAINS, BatchKind.COMMITTEES)
            found += [(f"{region.pk}:{kind}", f"{region.name} · {kind.label}") for kind in kinds]
    return found


def request_batch(region: Region, kind: str, month: Month, *, by: Actor, automatic=False) -> ReportBatch:
    """Ask for every report of a batch in one commit. A scope that is refused is an item with its sentence. Raises
    `Refused` where there is nothing to make or the month is yet to come."""
    if not by.is_system:
        refusal = perms.may_batch(region, by)
        if refusal:
            raise Refused(refusal)
    if month > Month.of(clock.today()):
        raise Refused(Refusal("future", _("%(month)s尚未到来，不能生成月报。") % {"month": month.name}))
    keys = scope_keys(region, kind)
    if not keys:
        raise Refused(Refusal("empty", _("该范围之下没有可生成月报的单位。")))
    with transaction.atomic():
        batch = ReportBatch.objects.create(
            region=region, kind=kind, month=month.first_day, is_automatic=automatic, created_by_id=by.user_id,
            created_at=clock.now(),
        )  # fmt: skip
        items = [_item(batch, key, month, by) for key in keys]
        BatchItem.objects.bulk_create(items)
        trail.record(by, "report.batch_requested", batch, count=len(items), month=str(month))
    return batch


def _item(batch, key, month, by):
    scope = scopes.parse(key)
    item = BatchItem(batch=batch, scope_key=key, scope_name=str(scope.name)[:120])
    try:
        item.report, _new = lifecycle.request_report(scope, month, by=by)
    except Refused as refused:
        item.error = str(refused.refusal.sentence)[:300]
    return item


def progress(items) -> dict:
    """How far a batch is: {"percent", "total", "done", "failed", "running"}, from its items with their reports."""
    states = [item.report.state if item.report else ReportState.FAILED for item in items]
    failed = states.count(ReportState.FAILED)
    running = sum(state in UNFINISHED for state in states)
    parts = sum(item.report.progress if item.report and item.report.state in UNFINISHED else 100 for item in items)
    total = len(states)
    return {
        "percent": parts // total if total else 100,
        "total": total,
        "done": total - failed - running,
        "failed": failed,
        "running": running,
    }


# --- by the calendar ----------------------------------------------------------------------------------------------


def draft_last_month(today: dt.date | None = None) -> int:
    """On the first working day of a month, by the calendar of each county: the drafts of the month before, once.

    Counties with a committee in office; what each wants is in `ReportPractice`. Answers how many batches were made.
    """
    today = today or clock.today()
    month, count = Month.of(today) - 1, 0
    sitting = Committee.objects.filter(dissolved_on=None).values("region_id")
    for region in Region.objects.filter(level=RegionLevel.COUNTY, is_active=True, pk__in=sitting).order_by("pk"):
        first = first_workday(region, Month.of(today))
        if not first <= today <= first + CATCH_UP:
            continue
        practice = ReportPractice.of(region)
        wanted = [(BatchKind.OWN, practice.monthly_draft), (BatchKind.COMMITTEES, practice.committee_drafts)]
        count += sum(_drafted(region, kind, month) for kind, is_wanted in wanted if is_wanted)
    return count


def first_workday(region: Region, month: Month) -> dt.date:
    """The first working day of a month by the calendar of a region."""
    calendar, day = workdays.current(region.path), month.first_day
    while not calendar.is_workday(day):
        day += workdays.DAY
    return day


def _drafted(region, kind, month) -> bool:
    if ReportBatch.objects.filter(region=region, kind=kind, month=month.first_day, is_automatic=True).exists():
        return False
    try:
        with transaction.atomic():
            request_batch(region, kind, month, by=SYSTEM, automatic=True)
    except (Refused, IntegrityError):
        return False  # nothing to make, or another worker was first
    return True


def set_practice(region: Region, *, by: Actor, **switches) -> ReportPractice:
    """Set numbers and drafts of a region. Raises `Refused`."""
    refusal = perms.may_batch(region, by)
    if refusal:
        raise Refused(refusal)
    with transaction.atomic():
        row, _new = ReportPractice.objects.update_or_create(region=region, defaults=switches)
        trail.record(by, "report.practice_set", region, **switches)
    return row
