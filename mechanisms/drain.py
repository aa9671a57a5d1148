"""From marks to verdicts (判定): takes marks, looks again at what they name, deletes them; one commit, one at a time.

The lock is taken before anything is read, as in the engine of figures: at READ COMMITTED every later statement sees
what was committed before it, so that no mark is consumed without the change that it stands for. A killed drain leaves
its marks; a second one finds no difference.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from alliances.models import Region
from core import clock
from mechanisms import registry
from mechanisms.models import Mark, MechanismVersion, Progress
from mechanisms.reckoning import Unknown
from mechanisms.syncing import sync

log = logging.getLogger(__name__)

LOCK = 0x5241_4441
BATCH = 2000


class Busy(Exception):
    """Another drain holds the lock for longer than one was willing to wait."""


@contextmanager
def alone(patience: int = 10):
    """A transaction that alone may write verdicts. Raises Busy after `patience` seconds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT current_setting('lock_timeout')")
        usual = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{patience * 1000}ms"])
        try:
            with transaction.atomic():
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") == "55P03":
                raise Busy from error
            raise
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])
        yield cursor


class Work:
    """What marks ask for: per version either everything, or actors with days (None: all of their periods)."""

    def __init__(self, versions: list[MechanismVersion]):
        self.versions = versions
        self.whole: set[int] = set()
        self.parts: dict[int, dict[int, set]] = defaultdict(lambda: defaultdict(set))

    def add(self, mark: Mark, above: dict[int, list[int]]) -> None:
        for version in self.versions:
            if mark.subject == Mark.ALL or (mark.subject == Mark.MECHANISM and mark.actor_id == version.mechanism_id):
                self.whole.add(version.pk)
            elif mark.subject == Mark.ACT and mark.code == version.act:
                self._of_actor(version, mark, above, mark.day)
            elif mark.subject == Mark.ACTOR:
                if mark.code == version.reaches:
                    self.whole.add(version.pk)
                elif mark.code == version.actor:
                    self._of_actor(version, mark, above, None)

    def _of_actor(self, version, mark: Mark, above, day) -> None:
        if mark.actor_id is None:
            self.whole.add(version.pk)
        elif mark.actor_kind == version.actor:
            ids = above.get(mark.actor_id, [mark.actor_id]) if mark.actor_kind == "region" else [mark.actor_id]
            for pk in ids:
                self.parts[version.pk][pk].add(day)

    def run(self, today: dt.date) -> int:
        written = 0
        for version in self.versions:
            try:
                if version.pk in self.whole:
                    written += sync(version, today)
                elif version.pk in self.parts:
                    written += self._run_part(version, self.parts[version.pk], today)
            except Unknown as missing:
                log.warning("radar: version %s names %s, which is not registered; left as it is", version.pk, missing)
        return written

    def _run_part(self, version, actors: dict[int, set], today: dt.date) -> int:
        always = {pk for pk, days in actors.items() if None in days}
        dated = actors.keys() - always
        written = sync(version, today, ids=always) if always else 0
        if dated:
            days = [day for pk in dated for day in actors[pk]]
            written += sync(version, today, ids=dated, first=min(days), last=max(days))
        return written


def versions() -> list[MechanismVersion]:
    return list(MechanismVersion.objects.select_related("mechanism__region").order_by("pk"))


def drain(today: dt.date | None = None, patience: int = 10, batches: int = 50) -> int:
    """Work off every mark that can be had and bring the day up to date; answers how many marks. Raises Busy."""
    done = 0
    for _round in range(batches):
        taken = _batch(today or clock.today(), patience)
        done += taken
        if taken < BATCH:
            break
    return done


def _batch(today: dt.date, patience: int) -> int:
    with alone(patience) as cursor:
        progress = Progress.objects.filter(pk=1).first()
        if progress is not None and progress.registered != registry.fingerprint():
            log.warning("radar: the database knows another registry than this process; not judging")
            return 0
        cursor.execute("SELECT clock_timestamp()")
        moment = cursor.fetchone()[0]
        keys = list(
            Mark.objects.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH]
        )
        marks = list(Mark.objects.filter(pk__in=keys))
        Mark.objects.filter(pk__in=keys).delete()
        work = Work(versions())
        if progress is None:
            work.whole.update(version.pk for version in work.versions)
        above = _above(marks)
        for mark in marks:
            work.add(mark, above)
        work.run(today)
        if progress is not None and progress.day != today:
            _turn(work, min(progress.day, today), today)
        values = {"day": today, "as_of": moment, "registered": registry.fingerprint()}
        Progress.objects.update_or_create(pk=1, defaults=values)
        return len(marks)


def _above(marks: list[Mark]) -> dict[int, list[int]]:
    """{region: itself and those above it} for the regions that marks name."""
    wanted = {mark.actor_id for mark in marks if mark.actor_kind == "region" and mark.actor_id}
    if not wanted:
        return {}
    regions = list(Region.objects.filter(pk__in=wanted))
    by_path = dict(
        Region.objects.filter(path__in={path for one in regions for path in one.ancestor_paths}).values_list(
            "path", "pk"
        )
    )
    return {one.pk: [by_path[path] for path in one.ancestor_paths if path in by_path] for one in regions}


def _turn(work: Work, since: dt.date, today: dt.date) -> None:
    """A new day: periods end and begin, what lasts has gone on. Only what runs, or ran since the last look, moves."""
    for version in work.versions:
        if version.starts_on > today or version.pk in work.whole:
            continue
        try:
            sync(version, today, first=since, last=today)
        except Unknown:
            continue


def rebuild(today: dt.date | None = None, patience: int = 30) -> int:
    """Judge everything anew; answers how many rows differed. Raises Busy."""
    today = today or clock.today()
    with alone(patience) as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment = cursor.fetchone()[0]
        Mark.objects.filter(
            pk__in=list(Mark.objects.select_for_update(skip_locked=True).values_list("pk", flat=True))
        ).delete()
        work = Work(versions())
        work.whole.update(version.pk for version in work.versions)
        written = work.run(today)
        values = {"day": today, "as_of": moment, "registered": registry.fingerprint()}
        Progress.objects.update_or_create(pk=1, defaults=values)
        return written


def as_of() -> dt.datetime | None:
    """The moment up to which changes are in the verdicts; None before the first look."""
    oldest = Mark.objects.order_by("at").values_list("at", flat=True).first()
    return oldest or (clock.now() if Progress.objects.exists() else None)
