"""The second opinion (核对): every verdict counted in plain Python, and compared with what is stored.

It shares the declarations of acts and actors with the radar and nothing else: periods are found by going through the
days one by one, and each actor's acts are counted for itself.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import connection, transaction

from alliances.models import Region
from core import clock
from mechanisms import actors as kinds
from mechanisms import acts
from mechanisms.models import MechanismVersion, Obligation, Vacancy

ONE = dt.timedelta(days=1)


def compare(today: dt.date | None = None) -> tuple[int, list[str]]:
    """(rows looked at, differences in words), in one snapshot. Marks still waiting are no excuse."""
    today = today or clock.today()
    with transaction.atomic():
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("SET LOCAL statement_timeout = 0")
        counted = {}
        for version in MechanismVersion.objects.select_related("mechanism__region"):
            if version.act in {act.code for act in acts.all_acts()}:
                counted |= recount(version, today)
        stored = _stored()
    differences = [
        f"version={key[0]} actor={key[1]} from={key[2]} {key[3]}: stored {stored.get(key)}, counted {counted.get(key)}"
        for key in sorted(stored.keys() | counted.keys())
        if stored.get(key) != counted.get(key)
    ]
    return len(stored), differences


def _stored() -> dict:
    found = {}
    for row in Obligation.objects.iterator():
        found[row.version_id, row.actor_id, row.first_on, "duty"] = (
            row.region_id, row.committee_id, row.last_on, row.is_judged, row.count, row.reached, row.wanted,
            row.complied_on, row.missed_on, row.judged_on, row.planned_on,
        )  # fmt: skip
    for gap in Vacancy.objects.iterator():
        found[gap.version_id, gap.actor_id, gap.from_on, "gap"] = (gap.region_id, gap.committee_id, gap.until_on)
    return found


def _name_of_period(kind: str, day: dt.date):
    """What all days of one period have in common."""
    return {
        "week": day.isocalendar()[:2],
        "ten_days": (day.year, day.month, min((day.day + 9) // 10, 3)),
        "month": (day.year, day.month),
        "quarter": (day.year, (day.month + 2) // 3),
        "half": (day.year, day.month > 6),
        "year": day.year,
    }[kind]


def _periods(version, today: dt.date) -> list[list[dt.date]]:
    """The days of each whole period in which the version held, up to the one that today lies in."""
    groups, day = defaultdict(list), version.starts_on
    stop = today + 370 * ONE
    while day <= stop:
        if version.ends_on is None or day < version.ends_on:
            groups[_name_of_period(version.cadence, day)].append(day)
        day += ONE
    whole = []
    for name, days in groups.items():
        before, after = days[0] - ONE, days[-1] + ONE
        cut = _name_of_period(version.cadence, before) == name or _name_of_period(version.cadence, after) == name
        if days[0] <= today and not cut:
            whole.append(days)
    return whole


def recount(version, today: dt.date) -> dict:
    """{(version, actor, first day, what): values} of one version, counted by hand."""
    act, kind = acts.get(version.act), kinds.get(version.actor)
    paths = dict(Region.objects.values_list("pk", "path"))
    top = version.mechanism.region.path
    offs = [(paths[off.region_id], off.from_on, off.until_on) for off in version.mechanism.switched_off.all()]
    rows = list(_acts(act, version, today, False))
    whose = defaultdict(list)
    for row in rows:
        whose[row[0]].append(row)
    wide = version.actor == "region" and not act.here_alone
    plans = list(_acts(act, version, today, True)) if act.planned is not None else []
    found = {}
    for days in [None] if version.is_standing else _periods(version, today):
        look = today if days is None else min(days[-1], today)
        for actor in kind.placed(kind.rows(version.actor_filters, top, look)):
            pk, begins, ends, region, _chain, committee, enterprise, path = actor
            mine = [row for row in rows if _is_mine(version, row[0], pk, path, paths)] if wide else whose[pk]
            if days is None:
                found |= _standing(version, actor, mine, offs, today)
                continue
            stood = [day for day in days if begins <= day and (ends is None or day < ends)]
            followed = not any(_is_off(offs, path, day) for day in days)
            if not stood or begins > today or not followed:
                continue
            planned = [row[1] for row in plans if _is_mine(version, row[0], pk, path, paths) and row[1] in days]
            whom = _population(version, look, pk, path, committee, enterprise) if version.reaches else set()
            found[version.pk, pk, days[0], "duty"] = (
                region, committee, days[-1], *_judged(version, days, stood, look, mine, whom, today),
                max(planned, default=None),
            )  # fmt: skip
    return found


def _is_off(offs, path: str, day: dt.date) -> bool:
    return any(path.startswith(place) and a <= day and (b is None or b > day) for place, a, b in offs)


def _acts(act, version, today, planned):
    columns = [act.actors[version.actor], "radar_day", act.until or "radar_day"]
    columns.append(act.reaches[version.reaches] if version.reaches and not planned else "pk")
    return act.rows(version.act_filters, None, None if planned else today, planned=planned).values_list(*columns)


def _is_mine(version, whose, pk, path, paths) -> bool:
    if version.actor == "region" and not acts.get(version.act).here_alone:
        return paths.get(whose, "").startswith(path)
    return whose == pk


def _judged(version, days, stood, look, mine, whom, today):
    inside = sorted(row[1] for row in mine if row[1] in set(days) and row[1] <= today)
    is_judged = look in stood and len(stood) * 2 >= len(days)
    needed = 0
    while version.percent and needed * 100 < len(whom) * version.percent:
        needed += 1
    complied = None
    for day in [one for one in days if one <= today]:
        enough = sum(one <= day for one in inside) >= version.minimum
        met = {row[3] for row in mine if row[1] in set(days) and row[1] <= day} & whom
        if enough and len(met) >= needed and (version.maximum is None or len(inside) <= version.maximum):
            complied = day
            break
    met = {row[3] for row in mine if row[1] in set(days) and row[1] <= today} & whom
    over = days[-1] < today
    return (
        is_judged, len(inside), len(met), needed, complied,
        days[-1] if over and is_judged and complied is None else None, days[-1] if over and is_judged else None,
    )  # fmt: skip


def _population(version, look, pk, path, committee, enterprise) -> set:
    kind, found = kinds.get(version.reaches), set()
    for one in kind.placed(kind.standing(version.reaches_filters, version.mechanism.region.path, look)):
        own = {"committee": one[5] == pk, "enterprise": one[6] == pk, "region": one[7].startswith(path)}
        if own.get(version.actor):
            found.add(one[0])
    return found


def _standing(version, actor, mine, offs, today) -> dict:
    pk, begins, ends, region, _chain, committee, _enterprise, path = actor
    last = ends if version.ends_on is None else min(filter(None, [ends, version.ends_on]))
    found, gap, day, number, since = {}, None, max(begins, version.starts_on), 0, max(begins, version.starts_on)
    # Between two of these days nothing can change: it is counted on the first day and on each of them.
    turns = {day, *(row[1] for row in mine), *(row[2] for row in mine), *(one for off in offs for one in off[1:])}
    while day <= today and (last is None or day < last):
        if day in turns:
            number = sum(row[1] <= day and (row[2] is None or row[2] > day) for row in mine)
            wrong = number < version.minimum or (version.maximum is not None and number > version.maximum)
            off = _is_off(offs, path, day)
        if wrong and not off and gap is None:
            gap = day
        elif gap is not None and (off or not wrong):
            found[version.pk, pk, gap, "gap"] = (region, committee, day)
            since, gap = day, None
        day += ONE
    ended = last is not None and last <= today
    if gap is not None:
        found[version.pk, pk, gap, "gap"] = (region, committee, last if ended else None)
    stands = max(begins, version.starts_on) <= today and not ended
    if stands and not _is_off(offs, path, today):
        found[version.pk, pk, version.starts_on, "duty"] = (
            region, committee, None, True, number, 0, 0, None if gap is not None else since, None, None, None,
        )  # fmt: skip
    return found
