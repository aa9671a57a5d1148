"""A meeting's papers in the official layout: notice (会议通知), minutes (会议纪要), hand-over slips (交办单).

Made from the records when they are asked for; the same records give the same bytes. They are Chinese whatever
language their reader works in, and a row without a value is left out rather than printed empty.
"""

import io
import zipfile

from django.utils import translation

from core.clock import SHANGHAI, local_date, today
from exchange.official import grid, slip
from exchange.official.body import chinese_date
from exchange.responses import safe_file_name
from exchange.structure import Facts, Heading
from meetings.enums import TOOK_PLACE, DecisionState, Presence
from meetings.lifecycle import owner_of, told_by_notice
from meetings.models import Decision, Meeting

_CHINESE = "zh-hans"
_WEEKDAYS = "一二三四五六日"


def _chinese(make):
    def made(*arguments):
        with translation.override(_CHINESE):
            return make(*arguments)

    return made


# --- notice ---
@_chinese
def notice(meeting: Meeting) -> bytes:
    """To every seat in office on the day and everybody invited."""
    seats, guests = told_by_notice(meeting)
    units = list(dict.fromkeys(guest.unit or guest.name for guest in guests))
    addressees = [f"{meeting.committee.name}各成员", *units]
    items = [item.title.rstrip("。；") for item in meeting.agenda.all()]
    parts = [
        f"经研究，定于{_when(meeting)}召开{meeting.title}。现将有关事项通知如下。",
        *_section("会议时间", f"{_when(meeting)}。"),
        *_section("会议地点", f"{meeting.place}。" if meeting.place else ""),
        *_section("主持人", f"{meeting.chair}。" if meeting.chair else ""),
        *_section("会议议题", *(f"{number}.{title}。" for number, title in enumerate(items, start=1))),
        *_section("参会人员", *_invited(seats, units)),
        *_section("有关要求", f"请准时参加。因故不能参加的，请在会前向{meeting.committee.name}请假。"),
    ]
    return slip(
        f"关于召开{meeting.title}的通知",
        addressee="、".join(addressees),
        paragraphs=parts,
        unit=meeting.committee.name,
        signed_on=meeting.notified_on or today(),
    )


def _invited(seats, units) -> list[str]:
    lines = []
    if seats:
        people = [f"{seat.person}（{seat.get_kind_display()}）" for seat in seats]
        lines.append(f"出席：{'、'.join(people)}。")
    if units:
        lines.append(f"列席：{'、'.join(units)}。")
    return lines


def _when(meeting: Meeting) -> str:
    """2026年12月3日（星期四）上午9时30分."""
    moment = meeting.starts_at.astimezone(SHANGHAI)
    half, hour = ("上午", moment.hour) if moment.hour < 12 else ("下午", moment.hour - 12 or 12)
    minute = f"{moment.minute}分" if moment.minute else ""
    return f"{chinese_date(moment.date())}（星期{_WEEKDAYS[moment.weekday()]}）{half}{hour}时{minute}"


def _section(title: str, *lines: str) -> list:
    """A heading with its lines; nothing where there are none."""
    lines = [line for line in lines if line]
    return [Heading(1, title), *lines] if lines else []


# --- minutes ---
@_chinese
def minutes(meeting: Meeting) -> bytes:
    """Roll, what was said, how each item ended, and what was decided with who answers for it until when."""
    decisions = _standing(meeting)
    parts = [
        _facts(
            ("会议时间", _when(meeting)),
            ("会议地点", meeting.place),
            ("主持人", meeting.chair),
            ("席位到会", _seats(meeting)),
            *_roll(meeting),
        ),
        *(line.strip() for line in meeting.minutes.splitlines() if line.strip()),
        *_table("议题结果", [("序号", 1), ("议题", 6, "left"), ("结果", 1.2)], [
            (item.order, item.title, item.get_end_display()) for item in meeting.agenda.all() if item.end
        ]),
        *_table("议定事项", [("序号", 1), ("议定内容", 4, "left"), ("责任", 2), ("完成期限", 2.5)], [
            (number, one.text, owner_of(one), chinese_date(one.due_on)) for number, one in enumerate(decisions, start=1)
        ]),
    ]  # fmt: skip
    return slip(
        f"{meeting.title}纪要",
        paragraphs=parts,
        unit=meeting.committee.name,
        signed_on=meeting.minuted_on or today(),
    )


def _seats(meeting: Meeting) -> str:
    if not meeting.seats_due:
        return ""
    return f"应到{meeting.seats_due}席，实到{meeting.seats_present}席"


def _roll(meeting: Meeting) -> list[tuple[str, str]]:
    lines = list(meeting.attendances.all())
    rows = []
    for presence in Presence:
        there = [line for line in lines if line.presence == presence]
        names = [f"{line.name}（{line.unit}）" if line.name and line.unit else str(line) for line in there]
        rows.append((presence.label, "、".join(names)))
    return rows


def _facts(*rows) -> Facts:
    return Facts(tuple((str(label), value) for label, value in rows if value))


def _table(title: str, heads, rows) -> list:
    return [Heading(1, title), grid(heads, rows)] if rows else []


def _standing(meeting: Meeting) -> list[Decision]:
    kept = meeting.decisions.filter(state__in=[DecisionState.OPEN, DecisionState.DONE])
    return list(kept.select_related("owner_department", "problem", "item").order_by("id"))


# --- hand-over slips ---
@_chinese
def hand_over(decisions: list[Decision]) -> bytes:
    """One slip for what one owner has to do out of one meeting: in full for one decision, as a table for several."""
    first = decisions[0]
    meeting, owner = first.meeting, owner_of(first)
    day = chinese_date(local_date(meeting.starts_at))
    whom = "你单位" if first.owner_department else "你"
    opening = f"{day}召开的{meeting.title}议定下列事项，现交由{whom}办理，请按期落实，并及时反馈进展和结果。"
    if len(decisions) == 1:
        facts = _facts(
            ("议定事项", first.text),
            ("责任", owner),
            ("完成期限", chinese_date(first.due_on)),
            ("对应议题", first.item.title if first.item else ""),
            ("关联问题", first.problem.number if first.problem else ""),
        )
        paragraphs = [opening, facts]
    else:
        rows = [
            (number, one.text, chinese_date(one.due_on), one.problem.number if one.problem else "无")
            for number, one in enumerate(decisions, start=1)
        ]
        heads = [("序号", 1), ("议定事项", 4, "left"), ("完成期限", 2.5), ("关联问题", 2.5)]
        paragraphs = [opening, grid(heads, rows)]
    return slip(
        "会议议定事项交办单",
        addressee=str(first.owner_department or first.owner_name),
        paragraphs=paragraphs,
        unit=meeting.committee.name,
        signed_on=first.decided_on,
        hands=["签收人"],
    )


def by_owner(meeting: Meeting) -> dict[str, list[Decision]]:
    """The standing decisions of each owner, owners in the order of their first decision."""
    found: dict[str, list[Decision]] = {}
    for decision in _standing(meeting):
        decision.meeting = meeting
        found.setdefault(owner_of(decision), []).append(decision)
    return found


# --- all of one meeting ---
def bundle(meeting: Meeting) -> bytes:
    """Everything that the meeting has so far, as one archive."""
    files = [("会议通知.docx", notice(meeting))]
    if meeting.state in TOOK_PLACE and meeting.minutes.strip():
        files.append(("会议纪要.docx", minutes(meeting)))
    for number, (owner, decisions) in enumerate(by_owner(meeting).items(), start=1):
        files.append((safe_file_name(f"交办单{number:02}_{owner}.docx"), hand_over(decisions)))
    moment = meeting.starts_at.astimezone(SHANGHAI)
    stamp = (max(moment.year, 1980), moment.month, moment.day, moment.hour, moment.minute, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, content)
    return out.getvalue()
