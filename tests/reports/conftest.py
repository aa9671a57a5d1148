import datetime as dt

import pytest

from core import units
from exchange.structure import Attachment, Document, Figure, Heading, Paragraph, Table, TableColumn
from reports import content
from reports.narrative import Measure

AS_OF = dt.datetime(2026, 11, 5, 1, 30, tzinfo=dt.UTC)


def figure(code, value, unit="件", text=None):
    first, last = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
    return Figure(code, "region:990100", first, last, value, unit, text or str(value), label=code)


def document(**changes):
    """A small report by hand, for what does not read the engine."""
    raised, rate = figure("problems_raised", 23), figure("on_time_rate", 92.592, "%", "92.6")
    number = TableColumn("收集（件）", kind="integer")
    chains = Table(
        (TableColumn("产业链", 2, "left"), number, TableColumn("按期率（%）", kind="percent")),
        (("=1+1", raised, rate), ("乙链", figure("problems_raised", 5), None)),
        caption="各产业链主要指标",
        key="chains",
        totals=("合计", 28, rate),
    )
    overdue = Table(
        (TableColumn("问题编号"), TableColumn("办理期限", kind="date")),
        (("YL-2026-000001", dt.date(2026, 10, 9)), ("@SUM(A1)", None)),
        key="overdue",
    )
    figures = Table(
        (TableColumn("指标"), TableColumn("单位"), TableColumn("本月", kind="number"), TableColumn("口径", 4, "left")),
        (("收集困难问题", "件", raised, "期内提交"), ("按期办结率", "%", rate, "按期办结/办结")),
        key="figures",
    )
    given = {
        "title": "云岭县关于2026年10月\n工作情况的通报",
        "as_of": AS_OF,
        "signer": "中共云岭县委组织部",
        "signed_on": dt.date(2026, 11, 5),
        "label": "内部资料",
        "blocks": (Heading(1, "总体情况", "general"), Paragraph(("收集", raised, "件，按期率", rate, "%。")), chains),
        "attachments": (Attachment("超期清单", (overdue,), landscape=True),),
        "figures": (figures,),
    }
    return Document(**{**given, **changes})


def measure(code, value, unit=units.JIAN, **more):
    return Measure(code, code, unit, value, figure(code, value, unit.code), **more)


@pytest.fixture
def quick_content(monkeypatch):
    """The report's text by hand, so that a test of the machinery does not count figures."""
    calls = []

    def build(scope, period, actor, today=None):
        calls.append((scope.key, str(period.last), actor.name))
        return document()

    monkeypatch.setattr(content, "build", build)
    return calls
