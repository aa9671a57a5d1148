"""The sections as they were written before sentences became data: what the shipped default is compared with."""

from exchange.structure import Figure, Paragraph
from reports.narrative import LAST_MONTH, amount, comparisons, moved, plain_number


def clause(label, measure, *, compare=True, year=True, level=True):
    """`label` + figure + unit, with the comparisons in brackets: 收集问题23件（环比增长12.5%）. A tuple of parts."""
    parts = [label, measure.figure, amount(measure.value, measure.unit, measure.places)[1]]
    told = comparisons(measure, year=year, level=level) if compare else ""
    if told:
        parts.append(f"（{told}）")
    return tuple(parts)


def sentence(*clauses, between="，", end="。"):
    """Clauses (tuples of parts, or plain text) as one sentence; empty ones are left out."""
    parts = []
    for entry in clauses:
        if not entry:
            continue
        if parts:
            parts.append(between)
        parts.extend((entry,) if isinstance(entry, (str, Figure)) else entry)
    return (*parts, end) if parts else ()


def paragraph(*sentences):
    """Sentences as one paragraph; None when there is nothing to say."""
    parts = tuple(part for entry in sentences for part in ((entry,) if isinstance(entry, str) else entry))
    return Paragraph(_joined(parts)) if parts else None


def _joined(parts):
    """Neighbouring texts as one, so that a snapshot stays small."""
    joined = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return tuple(joined)


# --- the sections -------------------------------------------------------------------------------------------------
# Each takes measures by code and answers paragraphs. A measure that is missing is left out of its sentence; a section
# that has nothing says so in a sentence of its own.


def general(m, place, as_of):
    """General situation (总体情况): the frame, the organisations, the two coverages."""
    counted = [
        (label, m[code])
        for code, label in (
            ("key_chains", "重点产业链"),
            ("chain_committees", "产业链党委"),
            ("member_enterprises", "链上企业"),
            ("party_orgs", "党组织"),
            ("party_members", "党员"),
        )
        if _has(m, code)
    ]
    frame = sentence(*(clause(label, entry, year=False, level=False) for label, entry in counted), end="")
    level = all(
        moved(entry.value, entry.before, entry.unit, LAST_MONTH, entry.places, entry.is_flow).endswith("持平")
        for _label, entry in counted
    )
    coverage = sentence(
        *(_share_clause(label, m[code]) for code, label in (
            ("organisation_coverage", "党的组织覆盖率"),
            ("work_coverage", "党的工作覆盖率"),
        ) if _has(m, code))
    )  # fmt: skip
    if not frame:
        return [_nothing(f"截至{as_of}，{place}尚未登记产业链、党组织和企业。")]
    return [paragraph((f"截至{as_of}，{place}共有", *frame, "，均与上月持平。" if level else "。"), coverage)]


FUNNEL = (
    ("problems_raised", "收集企业困难问题"),
    ("problems_accepted", "受理"),
    ("problems_assigned", "交办"),
    ("problems_decided", "会议议定"),
    ("problems_resolved", "办结"),
    ("problems_solved", "其中全部解决"),
    ("problems_confirmed", "企业确认"),
    ("problems_closed", "销号"),
)
# Compared beside what came in; comparing every step would bury the sentence.
COMPARED = ("problems_resolved", "problems_closed")


def funnel(m, month):
    """The honest funnel (一本账), what is left over, and how well it went."""
    raised = m.get("problems_raised")
    steps = [m[code] for code, _label in FUNNEL if _has(m, code)]
    if not steps:
        return [_nothing(f"{month}问题台账没有可统计的数据。")]
    if all(not step.value for step in steps):
        flow = (f"{month}没有新收集、受理、交办或办结的企业困难问题。",)
    else:
        opening = clause(f"{month}，{FUNNEL[0][1]}", raised) if raised is not None and raised.known else (f"{month}",)
        rest = [
            clause(label, m[code], compare=code in COMPARED, year=False) for code, label in FUNNEL[1:] if _has(m, code)
        ]
        flow = sentence(opening, *rest)
    to_date = _to_date(m)
    left = sentence(
        *(clause(label, m[code], compare=code in ("problems_open", "problems_overdue"), year=False) for code, label in (
            ("problems_open", "期末在办问题"),
            ("problems_overdue", "其中超期"),
            ("problems_near_limit", "临期"),
            ("problems_suspended", "挂起"),
        ) if _has(m, code))
    )  # fmt: skip
    return [entry for entry in (paragraph(flow, to_date), paragraph(left), quality(m, month)) if entry]


def _to_date(m):
    told = [
        (label, f"{plain_number(m[code].to_date, 0)}{m[code].unit.code}")
        for code, label in (("problems_raised", "收集问题"), ("problems_resolved", "办结"), ("problems_closed", "销号"))
        if _has(m, code) and m[code].to_date is not None
    ]
    return (f"年初以来累计{'，'.join(label + text for label, text in told)}。",) if told else ()


def quality(m, month):
    """On-time rate, working days taken, and what the enterprises said; rating and satisfaction never blurred."""
    on_time = sentence(_share_clause("按期办结率", m["on_time_rate"])) if _has(m, "on_time_rate") else ()
    days = m.get("handling_days")
    length = ()
    if days is not None and days.mean is not None:
        told = moved(days.mean, days.before, days.unit, LAST_MONTH, 1)
        median = f"，中位数{plain_number(days.median, 1)}个工作日" if days.median is not None else ""
        length = ("办理用时平均", days.figure, f"个工作日{f'（{told}）' if told else ''}{median}。")
    rated = sentence(
        *(_share_clause(label, m[code]) for code, label in (
            ("rating_rate", "企业评价率"),
            ("satisfaction_rate", "已评价事项满意率"),
        ) if _has(m, code))
    )  # fmt: skip
    if on_time or length or rated:
        return paragraph(on_time, length, rated)
    return _nothing(f"{month}没有办结或评价的事项，按期办结率、办理用时和满意率无从计算。")


def chains(rows, month):
    """One sentence on where the month's problems lie; the table beside it has the rest.

    `rows` are (chain name, raised Measure, open Measure). Nobody is ranked on fewer than five cases.
    """
    if not rows:
        return [_nothing("尚未登记产业链，没有分链数据。")]
    busy = sorted((row for row in rows if row[1].value and row[1].value >= 5), key=lambda row: -row[1].value)
    if not busy:
        return [paragraph(f"{month}各产业链收集问题均不足5个，数量过少，不作比较。详见下表。")]
    told = sentence(*((f"{name}", raised.figure, raised.unit.code) for name, raised, _open in busy[:3]), between="、")
    return [paragraph((f"{month}收集问题较多的产业链依次为：",), told, "各产业链情况详见下表。")]


def meetings(m, month, quarter, late, total):
    """Meetings held, matters decided and what became of them, and the rule of one meeting a quarter.

    `late` names the committees that have not met in the quarter so far; `total` counts all committees.
    """
    held = m.get("meetings")
    said = []
    if held is not None and held.known:
        if held.value:
            matters = m.get("matters_decided")
            decided = clause("议定事项", matters) if matters is not None and matters.known else ()
            said.append(sentence(clause(f"{month}召开会议", held), decided))
        else:
            said.append((f"{month}没有召开会议的记录。",))
    followed = [
        clause(label, m[code], compare=False)
        for code, label in (
            ("decisions_done", "本月落实议定事项"),
            ("decisions_open", "期末尚未落实"),
            ("decisions_overdue", "其中超期"),
        )
        if _has(m, code)
    ]
    if any(m[code].value for code in ("decisions_done", "decisions_open") if _has(m, code)):
        said.append(sentence(*followed))
    if total:
        rule = "按产业链党委每季度至少召开一次会议的规定，"
        if late:
            names = "、".join(late[:8]) + ("等" if len(late) > 8 else "")
            said.append((f"{rule}{quarter}尚有{len(late)}个产业链党委未召开：{names}。",))
        else:
            said.append((f"{rule}{quarter}各产业链党委均已召开。",))
    return [paragraph(*said) or _nothing(f"{month}没有会议数据。")]


def teams(m, month, rows):
    """Help teams and what they handled. `rows` are the lines of the table that follows, perhaps none."""
    count = m.get("help_teams")
    if count is None or not count.known or not count.value:
        return [_nothing("尚未组建帮办团。")]
    after = "各帮办团办理情况详见下表。" if rows else f"{month}没有由帮办团牵头办理的问题。"
    return [paragraph(sentence(clause("现有帮办团", count, year=False, level=False)), after)]


def overdue(count, as_of, held_by):
    """The overdue list in one sentence. `held_by` are (unit name, number) in falling order."""
    if not count:
        return [_nothing(f"截至{as_of}，没有超期未办结的问题。")]
    units_told = "、".join(f"{name}{number}个" for name, number in held_by[:5])
    rest = "等" if len(held_by) > 5 else ""
    return [paragraph(f"截至{as_of}，超期未办结的问题共{count}个，分布在：{units_told}{rest}。清单见附件。")]


def _share_clause(label, measure):
    """A rate with its parts: 按期办结率92.6%（25/27，较上月提高0.2个百分点）."""
    _number, unit = amount(measure.value, measure.unit, measure.places)
    inside = []
    if measure.numerator is not None and measure.denominator:
        inside.append(f"{plain_number(measure.numerator, 0)}/{plain_number(measure.denominator, 0)}")
    told = comparisons(measure)
    if told:
        inside.append(told)
    return (label, measure.figure, unit, f"（{'，'.join(inside)}）" if inside else "")


def _has(m, code):
    return code in m and m[code].known


def _nothing(text):
    """A section without data says so, instead of leaving a heading over nothing."""
    return Paragraph((text,))
