"""A ledger of the fictional county's own: people who come home and found something, from the idea to the business.

Its definition is the one that comes with a scheme; its entries stand in every status, some past their limit.
"""

import datetime as dt

from audit.models import Event
from audit.trail import fields
from core import clock, workdays
from core.actor import SYSTEM
from core.models import Sequence
from demo.rows import Rows
from enterprises.models import Enterprise
from ledgers import presets
from ledgers.models import LedgerEntry, LedgerLimit
from ledgers.values import describe

CODE = "renshou.returned"
# What is founded, line of business, investment in 万元, jobs, policies; then the days ago on which the entry came into
# each status that it has been in.
PROJECTS = [
    ("白石镇粉条加工坊", "加工制造", "46.5", 12, ["创业担保贷款"], (6,)),
    ("青河镇电商服务站", "商贸服务", "18", 5, [], (3,)),
    ("松峰乡菌菇大棚", "种植养殖", "60", 20, ["创业担保贷款", "场地补贴"], (30,)),
    ("石桥镇修理铺", "商贸服务", "9.8", 3, [], (24,)),
    ("红坪乡肉牛育肥场", "种植养殖", "220", 16, ["创业担保贷款"], (70, 58)),
    ("南庄乡服装缝制车间", "加工制造", "135", 48, ["场地补贴", "社保补贴"], (150, 141)),
    ("沙溪乡果品分拣点", "商贸服务", "75", 22, ["税费减免"], (45, 36)),
    ("柳湾镇农机合作服务", "种植养殖", "88", 9, [], (190, 180)),
    ("云阳镇餐具消毒厂", "加工制造", "310", 35, ["创业担保贷款", "税费减免"], (320, 310, 240)),
    ("北原乡黄芪初加工", "加工制造", "96", 18, ["社保补贴"], (260, 251, 190)),
    ("龙潭街道家政服务部", "商贸服务", "12", 15, ["创业担保贷款"], (210, 200, 150)),
    ("高塬乡散养鸡场", "种植养殖", "33", 6, [], (120, 112, 40)),
]


def tell(region) -> None:
    """Define the ledger in the region and write its entries with their limits and events."""
    definition = next(one for one in presets.definitions("renshou") if one["code"] == CODE)
    ledger = presets.define(definition, region, by=SYSTEM)
    codes = {one.label: one.code for one in ledger.all_fields}
    calendar, today = workdays.current(region.path), clock.today()
    firms = list(Enterprise.objects.filter(region__path__startswith=region.path).current().order_by("pk")[:3])
    history = Rows(clock.now())
    first = Sequence.next(f"ledger:{ledger.pk}", len(PROJECTS))
    for number, (name, trade, invested, jobs, policies, ago) in enumerate(PROJECTS, start=first):
        days = [today - dt.timedelta(days=one) for one in ago]
        status = ledger.living_statuses[len(days) - 1]
        cells = {"项目名称": name, "行业": trade, "投资额": invested, "带动就业": jobs, "享受的政策": policies}
        entry = LedgerEntry(
            ledger=ledger, number=number, region=region, values={codes[label]: one for label, one in cells.items()},
            status=status, status_on=days[-1], entered_on=days[0], closed_on=days[-1] if status.is_final else None,
            due_on=calendar.add(days[-1], status.days) if status.days else None,
        )  # fmt: skip
        if status.is_final and firms:
            entry.enterprise = firms.pop()
            entry.region = entry.enterprise.region
        describe(entry, ledger.living_fields)
        entry.save()
        _limits(entry, days, calendar)
        _events(history, entry, days)
    history.write([Event])


def _limits(entry, days, calendar) -> None:
    """The limit of each status that the entry has been in."""
    for place, (status, day) in enumerate(zip(entry.ledger.living_statuses, days, strict=False)):
        if status.days:
            due = calendar.add(day, status.days)
            LedgerLimit.objects.create(
                entry=entry, ledger=entry.ledger, region=entry.region, enterprise=entry.enterprise, status=status,
                from_on=day, due_on=due, overdue_on=due + workdays.DAY,
                until_on=days[place + 1] if place + 1 < len(days) else None,
            )  # fmt: skip


def _events(history, entry, days) -> None:
    names = [one.name for one in entry.ledger.living_statuses]
    for place, day in enumerate(days):
        at = min(clock.at_local(day, 10), clock.now())
        if place == 0:
            told = fields(SYSTEM, "ledgerentry.created", entry, status=names[0])
        else:
            told = fields(SYSTEM, "ledgerentry.moved", entry, old=names[place - 1], new=names[place])
        history.add(Event(**told, at=at))
