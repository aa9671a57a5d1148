"""A report's way: queued -> running -> done, or failed after three attempts.

The row is the truth, a Celery message only wakes a worker. A worker takes a report under a lease and must renew it with
every step; one that was killed, or that lost its lease, can no longer write, and the sweep gives the report to another.
"""

import datetime as dt
import uuid

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from alliances.models import Region
from audit import trail
from chains.models import Chain, Committee
from core import clock
from core.actor import Actor
from core.periods import Month
from core.transitions import Refusal, Refused
from reports import perms
from reports.enums import FileKind, ReportState, ScopeKind
from reports.models import Report, ReportFile

LEASE = dt.timedelta(seconds=90)
# How long a queued report may lie before the sweep wakes a worker again.
WAKE_AGAIN = dt.timedelta(seconds=30)
MAX_ATTEMPTS = 3


class LostLease(Exception):
    """Another worker has the report now; this one must stop without writing."""


def place_of(scope):
    """(region, chain, committee) of a scope of the figures engine. Raises LookupError for a scope without reports."""
    if scope.kind == ScopeKind.REGION:
        return Region.objects.get(pk=scope.region_id), None, None
    if scope.kind == ScopeKind.CHAIN:
        chain = Chain.objects.select_related("region").get(pk=scope.chain_id)
        return chain.region, chain, None
    if scope.kind == ScopeKind.COMMITTEE:
        committee = Committee.objects.select_related("region", "chain").get(pk=scope.committee_id)
        return committee.region, committee.chain, committee
    raise LookupError(scope.kind)


def request_report(scope, month: Month, *, by: Actor):
    """Ask for the report of a scope and month; returns (report, whether it is new).

    While one is in the making, that one is returned: a double click makes one report. Raises `Refused`.
    """
    place = place_of(scope)
    refusal = perms.may_make(scope, place, by)
    if refusal:
        raise Refused(refusal)
    if month > Month.of(clock.today()):
        raise Refused(Refusal("future", _("%(month)s尚未到来，不能生成月报。") % {"month": month.name}))
    mine = Q(scope_key=scope.key, month=month.first_day)
    try:
        with transaction.atomic():
            # One edition number at a time for a scope and month.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"report {scope.key} {month}"])
            running = Report.objects.unfinished().filter(mine).first()
            return (running, False) if running else (_create(scope, place, month, by), True)
    except IntegrityError:
        return Report.objects.unfinished().get(mine), False


def _create(scope, place, month, by):
    region, chain, committee = place
    last = Report.objects.filter(scope_key=scope.key, month=month.first_day).aggregate(last=Max("edition"))["last"]
    now = clock.now()
    report = Report.objects.create(
        scope_kind=scope.kind,
        scope_key=scope.key,
        scope_name=str(scope.name),
        region=region,
        chain=chain,
        committee=committee,
        month=month.first_day,
        edition=(last or 0) + 1,
        requested_by_id=by.user_id,
        created_at=now,
        queued_at=now,
        step=_("等待后台处理"),
    )
    trail.record(by, "report.requested", report, scope=scope.key, month=str(month), edition=report.edition)
    _wake(report.pk)
    return report


def retry(report, *, by: Actor):
    """Put a failed report back into the queue with its attempts forgotten. Raises `Refused`."""
    with transaction.atomic():
        report = _locked(report.pk)
        refusal = may_retry(report, by)
        if refusal:
            raise Refused(refusal)
        _queue_again(report)
        report.attempts, report.error, report.snapshot, report.as_of = 0, "", None, None
        report.save()
        trail.record(by, "report.retried", report)
    return report


def may_retry(report, actor: Actor) -> Refusal | None:
    """Only what failed is tried again, by somebody who could ask for it anew."""
    from indicators import scopes

    if report.state != ReportState.FAILED:
        return Refusal("state", _("只有未能生成的月报可以重新生成。"))
    if Report.objects.unfinished().filter(scope_key=report.scope_key, month=report.month).exists():
        return Refusal("running", _("该范围该月份的另一版月报正在生成。"))
    try:
        scope = scopes.parse(report.scope_key)
    except (LookupError, ValueError):
        return Refusal("gone", _("该范围已不存在。"))
    return perms.may_make(scope, (report.region, report.chain, report.committee), actor)


# --- for the worker -----------------------------------------------------------------------------------------------


def take(report_id):
    """Take a queued report under a fresh lease; None when there is nothing to do (finished, or somebody is on it)."""
    with transaction.atomic():
        report = (
            Report.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk=report_id).first()
        )
        if report is None or not _is_free(report):
            return None
        if report.attempts >= MAX_ATTEMPTS:
            _park(report, report.error or _("连续三次处理中断，已停止重试。"))
            return None
        report.attempts += 1
        report.state, report.progress, report.step, report.error = ReportState.RUNNING, 5, _("开始处理"), ""
        report.lease, report.lease_until = uuid.uuid4(), clock.now() + LEASE
        report.save()
        return report


def advance(report, progress, step, **changes):
    """One step done: renew the lease and write `changes`, in one commit. Raises `LostLease`."""
    _write(report, progress=progress, step=step, lease_until=clock.now() + LEASE, **changes)


def add_file(report, kind: FileKind, *, storage_name, name, size, sha256):
    """Enter a file that lies whole in its place; entering it again replaces the entry. Raises `LostLease`."""
    with transaction.atomic():
        _check_lease(_locked(report.pk), report.lease)
        ReportFile.objects.update_or_create(
            report=report,
            kind=kind,
            defaults={
                "storage_name": storage_name,
                "name": name,
                "size": size,
                "sha256": sha256,
                "created_at": clock.now(),
            },
        )


def finish(report, *, by: Actor):
    """All files are there. Raises `LostLease`."""
    with transaction.atomic():
        _write(
            report,
            state=ReportState.DONE,
            progress=100,
            step=_("已生成"),
            finished_at=clock.now(),
            lease=None,
            lease_until=None,
        )
        trail.record(by, "report.made", report, as_of=report.as_of, files=[f.name for f in report.files.all()])


def give_up(report, sentence, *, by: Actor):
    """End a report for a reason that another attempt would not cure (a right withdrawn, a scope gone)."""
    with transaction.atomic():
        locked = _locked(report.pk)
        _check_lease(locked, report.lease)
        _park(locked, sentence, by=by)


def attempt_failed(report, sentence):
    """An attempt went wrong: back into the queue, or parked after the third. Without effect once the lease is lost."""
    with transaction.atomic():
        locked = _locked(report.pk)
        if locked.lease != report.lease:
            return
        if locked.attempts >= MAX_ATTEMPTS:
            _park(locked, sentence)
        else:
            _queue_again(locked, wake=False)
            locked.error = sentence[:300]
            locked.save()


def sweep():
    """Give lost reports back to the queue and wake a worker for those that wait; returns how many were woken."""
    now = clock.now()
    with transaction.atomic():
        lost = Report.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(
            state=ReportState.RUNNING, lease_until__lt=now
        )
        for report in lost[:50]:
            if report.attempts >= MAX_ATTEMPTS:
                _park(report, _("连续三次处理中断，已停止重试。"))
            else:
                _queue_again(report, wake=False)
                report.queued_at = now - WAKE_AGAIN
                report.save()
    with transaction.atomic():
        waiting = Report.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(
            state=ReportState.QUEUED, queued_at__lte=now - WAKE_AGAIN
        )
        woken = list(waiting.order_by("queued_at")[:50])
        for report in woken:
            report.queued_at = now
            report.save(update_fields=["queued_at"])
            _wake(report.pk)
    return len(woken)


# --- inside -------------------------------------------------------------------------------------------------------


def _locked(report_id):
    return Report.objects.select_for_update(of=("self",), no_key=True).get(pk=report_id)


def _is_free(report):
    if report.state == ReportState.QUEUED:
        return True
    return report.state == ReportState.RUNNING and (report.lease_until is None or report.lease_until < clock.now())


def _check_lease(locked, lease):
    if lease is None or locked.lease != lease or locked.state != ReportState.RUNNING:
        raise LostLease(locked.pk)


def _write(report, **changes):
    with transaction.atomic():
        locked = _locked(report.pk)
        _check_lease(locked, report.lease)
        for name, value in changes.items():
            setattr(locked, name, value)
            setattr(report, name, value)
        locked.save(update_fields=list(changes))


def _queue_again(report, *, wake=True):
    report.state, report.progress, report.step = ReportState.QUEUED, 0, _("等待后台处理")
    report.queued_at, report.lease, report.lease_until = clock.now(), None, None
    if wake:
        _wake(report.pk)


def _park(report, sentence, *, by=None):
    from core.actor import SYSTEM

    report.state, report.error, report.step = ReportState.FAILED, sentence[:300], ""
    report.finished_at, report.lease, report.lease_until = clock.now(), None, None
    report.save()
    trail.record(by or SYSTEM, "report.failed", report, reason=sentence)


def _wake(report_id):
    from reports.tasks import wake

    transaction.on_commit(lambda: wake(report_id), robust=True)
