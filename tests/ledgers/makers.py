"""Ledgers for tests: one of difficulties with a deadline, one of persons."""

from core.actor import SYSTEM
from ledgers import presets
from ledgers.lifecycle import defining, entries
from ledgers.models import Ledger

FIELDS = [
    {"label": "事项", "type": "text", "required": True, "is_title": True, "is_key": True},
    {"label": "类别", "type": "choice", "choices": ["用水", "用电"], "required": True},
    {"label": "企业", "type": "enterprise"},
    {"label": "金额", "type": "wan_yuan"},
]


def ledger(region, *, by=SYSTEM, days=3, fields=FIELDS, **data) -> Ledger:
    """要素台账: 待办 (with a limit) - 办理 - 办结, filled by officers, secretaries and enterprises."""
    data = {
        "region": region, "name": "要素台账", "fill_roles": ["county_officer", "chain_secretary", "branch_secretary"],
        "see_roles": ["leader"], **data,
    }  # fmt: skip
    row = defining.save_ledger(Ledger(), data, by=by)
    defining.change_status(row.statuses.get(is_initial=True), {"days": days}, by=by)
    defining.add_status(row, {"name": "办理", "order": 2}, by=by)
    for order, one in enumerate(fields, start=1):
        defining.add_field(row, {**one, "order": order}, by=by)
    return Ledger.objects.get(pk=row.pk)


def persons(region, by=SYSTEM) -> Ledger:
    """The labour base of a scheme: filled by officers, seen by leaders."""
    return presets.define(presets.definitions("renshou")[0], region, by=by)


def values(ledger, **cells) -> dict:
    """{code: value} of cells named by their labels."""
    codes = {one.label: one.code for one in ledger.all_fields}
    return {codes[label]: value for label, value in cells.items()}


def entry(ledger, *, by=SYSTEM, region=None, enterprise=None, **cells):
    return entries.add_entry(ledger, values(ledger, **cells), region=region, enterprise=enterprise, by=by)


def person(ledger, name="禾一", code="DEMO0001", **more):
    cells = {"姓名": name, "证件号码": code, "手机号码": "10000000001", "务工状态": "县外务工", **more}
    return entry(ledger, **cells)
