"""Facts that sentences may name beside the figures (事实): words of the report itself, and what single rows say.

Each answers a text, or None where there is nothing of the kind; then the clause that asks for it falls away. Reports
are Chinese, whoever asks for them; the labels, which a page shows, are in the reader's language.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from closing import entered, places
from core import units
from exchange.official.body import chinese_date
from indicators import declarations
from mechanisms import reading as radar
from mechanisms.models import Obligation
from meetings.models import Decision
from reports import lists, narrative

# So many of a kind are named; the rest is 等.
NAMED = 5


@dataclass(frozen=True)
class Fact:
    """One fact by its name in a sentence; `always` where it is never missing, `condition` where it prints nothing."""

    label: str
    tell: Callable
    always: bool = False
    condition: bool = False


def named(names, most=NAMED):
    """Some names and 等 for the rest; None for none."""
    return "、".join(names[:most]) + ("等" if len(names) > most else "") if names else None


def _short(text, most=40):
    return text if len(text) <= most else f"{text[:most]}…"


# --- meetings, teams, overdue, chains -----------------------------------------------------------------------------


def _late(material):
    _quarter, late, _total = material.quarterly
    return late


def _all_met(material):
    _quarter, late, total = material.quarterly
    return "各产业链党委均已召开" if total and not late else None


def _holders(material):
    told = [f"{name}{number}个" for name, number in material.held_by[:NAMED]]
    return "、".join(told) + ("等" if len(material.held_by) > NAMED else "") if told else None


def _team_rows(wanted):
    return lambda material: "" if bool(material.team_table.rows) == wanted else None


def _few_cases(material):
    rows = material.by_chain("problems_raised")
    return "" if rows and not any(one.value and one.value >= 5 for _name, one in rows) else None


def _corrected(material):
    counts = Counter(line.cells[0] for line in material.late.lines)
    return "、".join(f"{month}{count}项" for month, count in counts.items()) or None


# --- what comes next ----------------------------------------------------------------------------------------------


def _until(material):
    """The end of the month after the report's: what falls due until then is work of that month."""
    return (material.period.last + 1).last_day


def _coming_decisions(material):
    rows = lists.figure_rows("decisions_open", material.scope, material.period, material.actor)
    if rows.model is not Decision:
        return None
    found = list(rows.filter(due_on__lte=_until(material)).select_related("committee").order_by("due_on", "pk"))
    if not found:
        return None
    told = [f"{one.committee.name}“{_short(one.text)}”（{chinese_date(one.due_on)}）" for one in found]
    return f"共{len(found)}项：{named(told)}"


def _coming_duties(material):
    day, until = material.day, _until(material)
    rows = Obligation.objects.visible_to(material.actor).filter(is_judged=True, last_on__range=(day, until))
    rows = lists.in_scope(rows.filter(Q(complied_on=None) | Q(complied_on__gt=day)), material.scope)
    count = rows.count()
    if not count:
        return None
    found = list(rows.select_related("version").order_by("last_on", "pk")[: NAMED + 1])
    wanted = {}
    for one in found:
        wanted.setdefault(one.actor_kind, set()).add(one.actor_id)
    names = radar.names(wanted)
    told = [
        f"{names.get((one.actor_kind, one.actor_id), ('', None))[0]}“{one.version.name}”（{chinese_date(one.last_on)}）"
        for one in found
    ]
    return f"共{count}项：{named(told)}"


# --- what is broken down, and what is entered ---------------------------------------------------------------------


def _by_kind(code, column):
    """What a figure counts in the year so far, by the name of a column: 电话云招商124个."""

    def tell(material):
        rows = material.rows_to_date(code)
        if rows is None:
            return None
        found = rows.order_by().values_list(column).annotate(n=Count("pk")).order_by("-n", column)
        unit = declarations.get(code).unit.code
        return "、".join(f"{name or '其他'}{number}{unit}" for name, number in found) or None

    return tell


def _agreements(material):
    rows = material.rows_to_date("agreements")
    if rows is None:
        return None
    found = rows.order_by().values_list("source__name").annotate(n=Count("pk"), whole=Sum("agreement_amount"))
    told = []
    for name, number, whole in found.order_by("-n", "source__name"):
        money = "".join(narrative.amount(whole, units.WAN_YUAN)) if whole else ""
        told.append(f"{name or '其他'}{number}个{f'、{money}' if money else ''}")
    return "，".join(told) or None


def _entered(material):
    """The newest of each kind that was entered for the scope's unit and whose period ended within the year."""
    place = places.of_scope(material.scope)
    if place is None or material.scope.chain_id:
        return None
    rows = [one.row for one in entered.of_place(place, material.period.last)]
    return "，".join(f"{row.period.name}{row.kind.name}{row.text}" for row in rows) or None


FACTS = {
    "月份": Fact(_("报告月份"), lambda m: m.period.name, always=True),
    "截至": Fact(_("数据截至的日期"), lambda m: chinese_date(m.day), always=True),
    "范围": Fact(_("范围，如全县"), lambda m: m.place_name, always=True),
    "季度": Fact(_("所在季度"), lambda m: m.quarterly[0], always=True),
    "未召开党委数": Fact(_("本季度未开会的产业链党委个数"), lambda m: f"{len(_late(m))}个" if _late(m) else None),
    "未召开党委": Fact(_("本季度未开会的产业链党委名称"), lambda m: named(_late(m), 8)),
    "各党委均已召开": Fact(_("本季度各产业链党委都开过会时写明"), _all_met),
    "超期责任单位": Fact(_("超期问题在哪些单位，各几个"), _holders),
    "帮办团有办件时": Fact(_("条件：本月有帮办团牵头的问题"), _team_rows(True), condition=True),
    "帮办团无办件时": Fact(_("条件：本月没有帮办团牵头的问题"), _team_rows(False), condition=True),
    "各链收集较少时": Fact(_("条件：各产业链收集问题均不足5个"), _few_cases, condition=True),
    "更正月份": Fact(_("有更正的月份及项数"), _corrected),
    "到期议定事项": Fact(_("下月底前到期而未落实的议定事项"), _coming_decisions),
    "到期机制事项": Fact(_("下月底前到期而未落实的机制事项"), _coming_duties),
    "签约来源": Fact(_("年初以来签约项目按来源的个数和金额"), _agreements),
    "代办种类": Fact(_("年初以来服务代办按类别的次数"), _by_kind("agency_services", "kind__name")),
    "其他活动种类": Fact(_("年初以来其他活动按类别的次数"), _by_kind("other_activities", "kind__name")),
    "填报数": Fact(_("填报的统计数，取最近一期"), _entered),
}
