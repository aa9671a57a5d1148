"""The hand-over sheet of a quarter on duty (轮值交接单) and a member's annual report (述职报告) as Word files."""

import datetime as dt

from django.utils import translation

from exchange.official.slips import grid, slip
from exchange.structure import Heading
from meetings import yearly
from meetings.enums import ReportState
from meetings.lifecycle import duty
from meetings.rounds import rounds_of

CHINESE = "zh-hans"


def hand_over_sheet(term, *, today: dt.date) -> bytes:
    """What the unit did in its quarter and leaves to the next, to be signed by both."""
    with translation.override(CHINESE):
        rounds, nxt = rounds_of(term, today), duty.following(term)
        facts = [
            ("产业链党委", term.committee.name),
            ("轮值季度", term.quarter.name),
            ("轮值单位", str(term.unit)),
            ("接任单位", str(nxt.unit) if nxt else "尚未排定"),
            ("走访企业", f"{rounds.firms}户（{rounds.visits}户次）"),
            ("收集问题", f"{rounds.problems}件"),
        ]
        return slip(
            "季度轮值交接单",
            paragraphs=[f"现将{term.quarter.name}轮值工作情况和未了事项移交如下。"],
            facts=facts,
            after=[
                Heading(1, "调研发现"), term.findings or "无。",
                Heading(1, "移交事项"), term.left_over or "无。",
            ],
            unit=term.committee.name,
            signed_on=term.handed_over_on or today,
            hands=("移交单位", "接任单位"),
        )  # fmt: skip


def annual_report(report, *, today: dt.date) -> bytes:
    """The report with its figures: frozen once it was handed in, as of today before."""
    with translation.override(CHINESE):
        frozen = report.state != ReportState.DRAFT
        figures = report.figures if frozen else yearly.figures_of(report.seat, report.year)
        rows = [(row["label"], f"{row['value']}{row['unit']}") for row in figures]
        seat = report.seat
        return slip(
            f"{report.year}年度述职报告",
            addressee=report.committee.name,
            facts=[
                ("述职人", seat.person), ("席位", str(seat.get_kind_display())),
                ("单位职务", f"{seat.employer}{seat.post_title}" or "无"),
            ],
            after=[
                Heading(1, "年度数据"), grid([("事项", 3, "left"), ("数据", 2, "center")], rows,
                                        note="数据由系统从会议、活动、问题和轮值记录中取得，不由本人填报。"),
                Heading(1, "履职情况"), report.duties or "（待撰写）",
                Heading(1, "存在不足"), report.shortfalls or "（待撰写）",
                Heading(1, "下步打算"), report.plans or "（待撰写）",
            ],
            unit=f"述职人：{seat.person}",
            signed_on=report.submitted_on or today,
        )  # fmt: skip
