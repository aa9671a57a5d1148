"""Loading a demonstration: one transaction for the rows and the recount of the figures, once and never twice."""

import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Post, User
from alliances.models import Region
from audit.models import Event
from core.actor import Role
from core.models import Sequence
from demo import agendas, books, closed, deeds, duties, entering, gatherings, place, shelves, ventures, ways
from demo.accounts import password_hash
from demo.published import SYSTEMS
from indicators import recount
from mechanisms import drain
from notices import looking_back
from problems.models import Assignment, Extension, Instruction, Objection, Problem, Reminder, Slip, StateSpan, StepLimit

# Referred to before referring: members and seats carry accounts.
ORDER = [
    *place.ORDER[:4], User, *place.ORDER[4:], *books.ORDER, *place.PEOPLE, Post,
    Problem, StateSpan, Assignment, Objection, Extension, StepLimit, Slip, Reminder, Instruction,
    *gatherings.ORDER, *deeds.ORDER, *shelves.ORDER,
    *ventures.ORDER, Event,
]  # fmt: skip
_LOCK = 990_100_002


class NotAllowed(Exception):
    """Demonstrations are off in this installation."""


def names() -> dict[str, tuple[str, str, Callable]]:
    """{name: (code of its region, what it is, builder)} of the demonstrations there are."""
    from demo.hefei import Hefei
    from demo.longjiang import Longjiang
    from demo.nanqiao import Nanqiao
    from demo.pingliang import Pingliang
    from demo.renshou import Renshou
    from demo.yunling import Yunling
    from demo.zitong import Zitong

    proofs = {
        Pingliang: "2022年1—8月，1+X+N",
        Longjiang: "2022年1—8月，1+17+N",
        Nanqiao: "2023年1—3月，功能型产业链党委",
        Renshou: "2019—2021年，农民工流动党支部和五级专员",
        Zitong: "2022年1—8月，一片一行长、一镇一经理",
        Hefei: "2016—2020年，工业互联网上中下游",
    }
    found = {"yunling": ("990100", "云岭县（虚构）：最近24个月，供试用", Yunling)}
    for proof, about in proofs.items():
        found[proof.slug] = (proof.code, f"{proof.label}：{about}；汇总数等于公开数据的记录，供核对", proof)
    return found


def load(name: str) -> dict | None:
    """Load one demonstration; {model: rows} of what was written, or None where it was there already."""
    return load_all([name])[name]


def load_all(wanted: list[str]) -> dict[str, dict | None]:
    """Load several in one transaction with one recount; answers for each what `load` does."""
    if not settings.DEMO:
        raise NotAllowed(_("本系统未开启演示（DEMO=off），不能加载演示数据。"))
    known = names()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        counts = {name: _write(known[name], cursor) for name in wanted}
        fresh = [name for name in wanted if counts[name] is not None]
        new = [known[name][0] for name in fresh]
        if fresh:
            system_admin()
            agendas.name_items()
            if counts.get("yunling") is not None:
                agendas.tell(Region.objects.get(code=known["yunling"][0]))
            # Rows of this transaction have no statistics: loops over them would be taken for cheap, until its end.
            cursor.execute("SET LOCAL enable_nestloop = off")
            _judge(fresh, cursor)
            recount.rebuild()
            for name in fresh:
                entering.tell(name)
            if counts.get("yunling") is not None:
                entering.invent(Region.objects.get(code=known["yunling"][0]))
                closed.tell(Region.objects.get(code=known["yunling"][0]))
            for code in new:
                looking_back.tell(Region.objects.get(code=code), timezone.now())
    return counts


def _write(known: tuple[str, str, Callable], cursor) -> dict | None:
    code, _about, builder = known
    if Region.objects.filter(code=code).exists():
        return None
    demonstration = builder(password_hash())
    rows = demonstration.build()
    counts = rows.count()
    cursor.execute("SET LOCAL app.bulk = 'on'")
    rows.write(ORDER)
    if hasattr(demonstration, "afterwards"):
        demonstration.afterwards()
    _remember_numbers(demonstration.last_numbers)
    cursor.execute("SET LOCAL app.bulk = 'off'")
    return counts


def _judge(names: list[str], cursor) -> None:
    """The mechanisms of the demonstrations, and the verdicts on their records; figures follow after."""
    cursor.execute("SET LOCAL app.bulk = 'on'")
    for name in names:
        if name in SYSTEMS:
            ways.take_over(name)
        else:
            duties.enact(duties.CODE)
    drain.rebuild()
    cursor.execute("SET LOCAL app.bulk = 'off'")


def _remember_numbers(last: dict[tuple[str, str, int], int]) -> None:
    """So that the next entry's number follows the last of the demonstration."""
    for (code, kind, year), value in last.items():
        Sequence.objects.update_or_create(name=f"{kind}:{code}:{year}", defaults={"value": value})


def system_admin() -> None:
    """The account `system_admin`, which keeps accounts and belongs to no place."""
    if User.objects.filter(username="system_admin").exists():
        return
    user = User.objects.create(
        username="system_admin", name="系统管理员", password=password_hash(), is_demo=True, date_joined=timezone.now()
    )
    Post.objects.create(user=user, role=Role.SYSTEM_ADMIN, title="系统管理员", started_on=timezone.localdate())


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self):
        self._begin = time.monotonic()

    def __str__(self):
        return f"{time.monotonic() - self._begin:.1f}"

    def __format__(self, specification):
        return format(str(self), specification)
