"""From a draft to an issued report: text edited, figures checked, frozen with a fingerprint, withdrawn or replaced.

    draft (done) -> issued -> superseded, by the corrected edition that is issued after it
                           -> withdrawn, with a reason

A draft is the snapshot of the report and nothing else: its files are made from it when somebody asks for them. Every
function locks the row, checks right, state and version, and leaves an event.
"""

import dataclasses
import hashlib
import json
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import trail
from core import clock
from core.actor import Actor
from core.models import Sequence
from core.transitions import Conflict, Refusal, Refused
from exchange.structure import Document, from_json, to_json
from indicators import scopes
from reports import changes, content, editing, files, perms, store
from reports.enums import ENDINGS, FileKind, ReportState, ScopeKind
from reports.models import Report, ReportFile, ReportPractice

LONGEST_REASON = 300


# --- what a draft says --------------------------------------------------------------------------------------------


def current(report: Report) -> Document:
    """The text as it stands."""
    return from_json(report.snapshot)


def as_made(report: Report) -> Document:
    """The text as the machine wrote it."""
    return from_json(report.made or report.snapshot)


def fresh(report: Report, actor: Actor) -> Document:
    """The report as it would be made now. Raises `Refused` where its scope is gone."""
    try:
        scope = scopes.parse(report.scope_key)
        with override("zh-hans"):
            return content.build(scope, report.period, actor)
    except (LookupError, ValueError):
        raise Refused(Refusal("gone", _("该范围已不存在，无法核对。"))) from None


def seal(differences) -> str:
    """A short code of a list of differences: whoever issues confirms the list that the page showed, no other."""
    if not differences:
        return ""
    told = [[*map(str, editing.identity(one.figure)), one.old, one.new] for one in differences]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


# --- editing ------------------------------------------------------------------------------------------------------


def may_edit(report: Report, actor: Actor) -> Refusal | None:
    """A draft, by who may make one of its scope."""
    if not report.is_draft:
        return Refusal("state", _("只有草稿可以修改；已印发的月报如需更正，请另生成一版再印发。"))
    return perms.may_keep(report, actor)


def save_text(report, texts: dict[int, str], *, by: Actor, version: int, confirmed=False) -> Report:
    """The paragraphs at the places of `texts` as typed.

    Raises `Refused`, `Conflict` on another version, ValidationError by field for a figure that was typed over, and
    with the code `bare` for numbers that are bound to nothing, unless `confirmed`.
    """
    with transaction.atomic():
        report = _draft(report, by, version)
        made, before = as_made(report), current(report)
        after = editing.edited(made, before, texts)
        if after == before:
            return report
        bare = editing.bare_numbers(made, before, after)
        if bare and not confirmed:
            raise ValidationError({"confirmed": ValidationError("；".join(bare), code="bare")})
        _rewrite(report, editing.with_typed(after, bare), made)
        told = changes.between(before, after)
        trail.record(by, "report.edited", report, typed=bare, added=len(told.added), removed=len(told.removed))
    return report


def take_new(report, *, by: Actor, version: int) -> Report:
    """Every figure as the engine tells it now, words typed by hand kept. Raises `Refused`, `Conflict`."""
    with transaction.atomic():
        report = _draft(report, by, version)
        now, before = fresh(report, by), current(report)
        told = changes.differing(before, now)
        report.as_of = now.as_of
        _rewrite(report, editing.rebased(as_made(report), before, now), now)
        named = [f"{one.name}{one.old}→{one.new}" for one in told[:20]]
        trail.record(by, "report.figures_taken", report, count=len(told), figures=named)
    return report


def restore(report, *, by: Actor, version: int) -> Report:
    """Back to the text as it was made. Raises `Refused`, `Conflict`."""
    with transaction.atomic():
        report = _draft(report, by, version)
        if report.made is None:
            raise Refused(Refusal("same", _("文字没有改动过。")))
        _rewrite(report, as_made(report), None)
        trail.record(by, "report.restored", report)
    return report


def _rewrite(report, document, made):
    """Another text: the files of the former one are dropped with it."""
    report.snapshot = to_json(document)
    report.made = to_json(made) if made is not None and made != document else None
    report.version += 1
    report.save(update_fields=["snapshot", "made", "version", "as_of"])
    for file in report.files.all():
        _remove_later(file.storage_name)
    report.files.all().delete()


# --- issuing ------------------------------------------------------------------------------------------------------


def may_issue(report: Report, actor: Actor) -> Refusal | None:
    """A draft, by who may make one of its scope, no older than the edition that was issued last."""
    if not report.is_draft:
        return Refusal("state", _("只有草稿可以印发。"))
    refusal = perms.may_keep(report, actor)
    if refusal:
        return refusal
    later = Report.objects.filter(scope_key=report.scope_key, month=report.month, edition__gt=report.edition)
    if later.filter(issued_at__isnull=False).exists():
        return Refusal("later", _("该范围该月份已印发更新的一版，请以新版为准。"))
    return None


def replaced_by(report: Report) -> Report | None:
    """The issued edition that this draft would replace."""
    same = Report.objects.filter(scope_key=report.scope_key, month=report.month, state=ReportState.ISSUED)
    return same.exclude(pk=report.pk).defer("snapshot", "made").first()


def issue(report, *, by: Actor, version: int, seen: str = "") -> Report:
    """Freeze text, figures and files. Raises `Refused` (code `differs` where bound figures differ from the engine's and
    `seen` is not the code of just these differences) and `Conflict`."""
    with transaction.atomic():
        report = _draft(report, by, version)
        refusal = may_issue(report, by)
        if refusal:
            raise Refused(refusal)
        differences = changes.differing(current(report), fresh(report, by))
        if seal(differences) != seen:
            raise Refused(Refusal("differs", _("文中有数字与现在的数不一致，请先核对：采用新数，或确认按原数印发。")))
        former = replaced_by(report)
        if former:
            former = Report.objects.select_for_update(of=("self",), no_key=True).get(pk=former.pk)
            former.state, former.superseded_by = ReportState.SUPERSEDED, report
            former.version += 1
            former.save(update_fields=["state", "superseded_by", "version"])
            trail.record(by, "report.superseded", former, edition=report.edition)
        _freeze(report, by)
        digests = {file.kind: file.sha256 for file in report.files.all()}
        kept = [f"{one.name}{one.old}" for one in differences]
        told = {"number": report.number, "fingerprint": report.fingerprint, "files": digests, "kept": kept}
        trail.record(by, "report.issued", report, **told)
    return report


def _freeze(report, by):
    document = current(report)
    if ReportPractice.of(report.region).numbered:
        report.number = _next_number(report)
        document = dataclasses.replace(document, number=report.number)
    report.snapshot = to_json(document)
    digests = {kind: _file(report, kind, document) for kind in FileKind.values}
    report.fingerprint = fingerprint(report.snapshot, digests)
    report.state, report.issued_at, report.issued_by_id = ReportState.ISSUED, clock.now(), by.user_id
    report.version += 1
    report.save(update_fields=["snapshot", "number", "fingerprint", "state", "issued_at", "issued_by", "version"])


def _file(report, kind, document):
    """Put the issued file into its place whole, under a name of its own; only the commit shows it."""
    name = store.storage_name(report, ENDINGS[kind], issued=True)
    size, digest = store.put(name, files.render(document, kind))
    former = report.files.filter(kind=kind).first()
    if former and former.storage_name != name:
        _remove_later(former.storage_name)
    shown = files.name_of(document, report.edition, kind)
    ReportFile.objects.update_or_create(
        report=report, kind=kind,
        defaults={"storage_name": name, "name": shown, "size": size, "sha256": digest, "created_at": clock.now()},
    )  # fmt: skip
    return digest


def fingerprint(snapshot, digests: dict[str, str]) -> str:
    """SHA-256 over the text with its figures and over the digests of the files, in a fixed writing."""

    def number(text):
        # The database keeps 1e3 as 1000: numbers are written as they are worth.
        return f"{Decimal(text).normalize():f}"

    told = json.loads(json.dumps([snapshot, sorted(digests.items())]), parse_float=number, parse_int=number)
    told = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _next_number(report) -> str:
    """`云岭县联盟通报〔2026〕3号`: one gapless sequence for each county, kind of paper and year, as slips have."""
    from problems.supervision.slips import county_of

    county, year = county_of(report.region), clock.today().year
    word = "联盟报告" if report.scope_kind == ScopeKind.COMMITTEE else "联盟通报"
    value = Sequence.next(f"report:{word}:{county.pk}:{year}")
    name = county.name[:20]
    if type(county).objects.filter(name=county.name).exclude(pk=county.pk).exists():
        name = f"{name}（{county.code or county.pk}）"
    return f"{name}{word}〔{year}〕{value}号"


# --- afterwards ---------------------------------------------------------------------------------------------------


def may_withdraw(report: Report, actor: Actor) -> Refusal | None:
    if report.state != ReportState.ISSUED:
        return Refusal("state", _("只有已印发的月报可以撤回。"))
    return perms.may_keep(report, actor)


def withdraw(report, *, by: Actor, version: int, reason: str) -> Report:
    """Take an issued report back; it stays readable as withdrawn. Raises `Refused`, `Conflict`, ValidationError."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("请写明撤回原因。")})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("最多%(most)d字。") % {"most": LONGEST_REASON}})
    with transaction.atomic():
        report = _locked(report, version)
        refusal = may_withdraw(report, by)
        if refusal:
            raise Refused(refusal)
        report.state, report.withdrawn_at, report.reason = ReportState.WITHDRAWN, clock.now(), reason
        report.version += 1
        report.save(update_fields=["state", "withdrawn_at", "reason", "version"])
        trail.record(by, "report.withdrawn", report, reason=reason)
    return report


def verify(report: Report, actor: Actor) -> dict:
    """An issued report made again and held against what was issued: {"fingerprint": bool, "files": [(file, how)],
    "figures": what the engine tells otherwise by now}. Writes nothing.

    `how` is `same`; `healed` where the stored file is lost or altered, but made again it is the same; `other` where the
    stored file is the issued one and is made otherwise by now (a newer version of the product); `lost` where neither is
    what was issued.
    """
    kept = list(report.files.select_related("report"))
    return {
        "fingerprint": fingerprint(report.snapshot, {file.kind: file.sha256 for file in kept}) == report.fingerprint,
        "files": [(file, _verdict(file)) for file in kept],
        "figures": changes.differing(current(report), fresh(report, actor)),
    }


def _verdict(file):
    same = files.is_same(file, files.made_again(file))
    stored = files.opened(file)
    if stored is not None:
        stored.close()
        return "same" if same else "other"
    return "healed" if same else "lost"


# --- inside -------------------------------------------------------------------------------------------------------


def _locked(report, version):
    report = (
        Report.objects.select_for_update(of=("self",), no_key=True)
        .select_related("region", "committee")
        .get(pk=report.pk)
    )
    if report.version != version:
        raise Conflict(Refusal("version", _("这份月报刚被他人改动，请刷新后再试；您输入的文字仍在。")))
    return report


def _draft(report, by, version):
    report = _locked(report, version)
    refusal = may_edit(report, by)
    if refusal:
        raise Refused(refusal)
    return report


def _remove_later(name):
    transaction.on_commit(lambda: store.remove(name), robust=True)
