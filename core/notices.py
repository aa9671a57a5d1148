"""Reading a year's holiday notice (放假通知) from the rows of a table, in the many forms that offices write it.

Pure: rows of cells come in (text or dates, whatever read them), days with kinds and sentences about rows that were not
understood come out. Two layouts are known: one row per date or range with its kind (日期, 类型), and one row per
festival with a column of days off and one of days worked (节日, 放假日期, 调休上班日期).
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.models import DayKind

FIRST_YEAR, LAST_YEAR = 2015, 2100
LONGEST_RANGE = 31
_KINDS = {
    DayKind.HOLIDAY: ("放假", "休息", "休", "法定节假日", "节假日", "放假调休", "放假休息", "本地放假"),
    DayKind.MAKEUP: ("上班", "班", "补班", "调休上班", "调休补班", "正常上班", "工作日", "本地补班", "本地上班"),
}
# 调休 alone is said of both: a weekday that is off, a weekend day that is worked.
EITHER = "either"
KIND_WORDS = {"调休": EITHER, **{word: kind for kind, words in _KINDS.items() for word in words}}
_DATE_HEADS = ("日期", "时间", "开始", "起始", "结束", "截止", "终止")
_NAME_HEADS = ("名称", "节日", "假期", "节假日名称")
_KIND_HEADS = ("类型", "性质", "安排", "类别", "状态")
_YEAR = re.compile(r"(20\d\d)\s*年")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_WEEKDAY = re.compile(r"(星期|周|礼拜)[一二三四五六日天]")
_DAY = r"(?:(\d{4})\s*[年./-]\s*)?(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?"
_PART = re.compile(rf"{_DAY}(?:\s*(?:至|到|[-~—–―－]+)\s*(?:{_DAY}|(\d{{1,2}})\s*[日号]?))?")
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)")
_LISTED = re.compile(r"[、,;，；\n]|以及|和")


@dataclass
class Notice:
    """What a table says: the kind and name of each day, the years that it covers whole, and what was not understood."""

    kinds: dict[dt.date, str] = field(default_factory=dict)
    names: dict[dt.date, str] = field(default_factory=dict)
    errors: list[tuple[int, str]] = field(default_factory=list)
    title: str = ""

    @property
    def whole_years(self) -> set[int]:
        """Years whose National Day is among the days off: the notice of the whole year, unless a row was lost."""
        if self.errors:
            return set()
        return {
            day.year for day, kind in self.kinds.items() if (day.month, day.day) == (10, 1) and kind == DayKind.HOLIDAY
        }


class _Wrong(ValueError):
    """A cell that was not understood; its text is the sentence."""


def plain(text: str) -> str:
    """Full-width digits and signs as plain ones, brackets with what they hold and weekdays left out."""
    text = unicodedata.normalize("NFKC", str(text)).strip()
    return _WEEKDAY.sub("", _BRACKETS.sub("", text)).strip()


def kind_of(cell) -> str | None:
    return KIND_WORDS.get(re.sub(r"\s+", "", plain(cell))) if isinstance(cell, str) else None


def days_of(cell, year: int | None) -> list[dt.date]:
    """The days that a cell names: one, a range, or several listed. Raises ValueError with a sentence."""
    if isinstance(cell, dt.datetime):
        return [cell.date()]
    if isinstance(cell, dt.date):
        return [cell]
    found: list[dt.date] = []
    for part in filter(None, (piece.strip() for piece in _LISTED.split(plain(cell)))):
        found += _range(part, year if not found else found[-1].year)
    if not found:
        raise _Wrong(_("没有写日期。"))
    return found


def _range(part: str, year: int | None) -> list[dt.date]:
    part = _COMPACT.sub(r"\1-\2-\3", part)
    match = _PART.fullmatch(part.removesuffix("放假").removesuffix("上班").removesuffix("调休").strip())
    if match is None:
        raise _Wrong(_("看不懂日期“%(text)s”。") % {"text": part[:30]})
    start_year, month, number, end_year, end_month, end_number, last_number = match.groups()
    if start_year is None and year is None:
        raise _Wrong(_("“%(text)s”没有年份；请写上年份，或在标题中写明。") % {"text": part[:30]})
    start = _date(int(start_year or year), month, number, part)
    if last_number:
        end = _date(start.year, start.month, last_number, part)
    elif end_month:
        end = _date(int(end_year or start.year), end_month, end_number, part)
        if end < start and end_year is None:
            end = _date(start.year + 1, end_month, end_number, part)
    else:
        end = start
    if not 0 <= (end - start).days < LONGEST_RANGE:
        raise _Wrong(_("“%(text)s”的起止日期不对。") % {"text": part[:30]})
    return [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]


def _date(year: int, month, day, part: str) -> dt.date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _Wrong(_("年份应在 %(first)s 到 %(last)s 之间。") % {"first": FIRST_YEAR, "last": LAST_YEAR})
    try:
        return dt.date(year, int(month), int(day))
    except ValueError:
        raise _Wrong(_("没有“%(text)s”这一天。") % {"text": part[:30]}) from None


# --- the table ----------------------------------------------------------------------------------------------------
def read(rows: Iterable[tuple[int, list]], year: int | None = None) -> Notice:
    """The notice in these rows. `year` stands in where neither a cell nor the title names one."""
    rows = list(rows)
    notice = Notice()
    heads, body = _heads(rows)
    before = rows[: rows.index(heads)] if heads else rows[:3]
    notice.title, found = _title(before)
    year = found or year
    columns = _columns(heads[1]) if heads else {}
    for number, cells in body:
        try:
            _read_row(notice, cells, columns, year)
        except _Wrong as wrong:
            notice.errors.append((number, str(wrong)))
    if not notice.kinds and not notice.errors:
        notice.errors.append((1, _("没有找到日期和类型；请对照模板填写。")))
    return notice


def _title(rows) -> tuple[str, int | None]:
    for _number, cells in rows:
        for cell in cells:
            if isinstance(cell, str) and (match := _YEAR.search(plain(cell))):
                return cell[:120], int(match[1])
    return "", None


def _heads(rows):
    """(the row of heads, the rows below it); (None, all rows) where there is none among the first ten."""
    for index, row in enumerate(rows[:10]):
        words = [re.sub(r"\s+", "", plain(cell)) for cell in row[1] if isinstance(cell, str)]
        dated = any(any(word.startswith(h) or word.endswith(h) for h in _DATE_HEADS) for word in words)
        if len(words) > 1 and dated and not any(re.search(r"\d", word) for word in words):
            return row, rows[index + 1 :]
    return None, rows


def _columns(cells) -> dict[int, str]:
    """What each column holds: `days` (kind in another column), `holiday`, `makeup` (days of that kind), `kind`, `name`
    or nothing."""
    found = {}
    for place, cell in enumerate(cells):
        word = re.sub(r"\s+", "", plain(cell or ""))
        dated = any(head in word for head in _DATE_HEADS)
        if word in _NAME_HEADS:
            found[place] = "name"
        elif word in _KIND_HEADS:
            found[place] = "kind"
        elif any(sign in word for sign in ("上班", "补班", "调休")):
            found[place] = DayKind.MAKEUP
        elif any(sign in word for sign in ("放假", "休息")):
            found[place] = DayKind.HOLIDAY
        elif dated:
            found[place] = "days"
    if "kind" in found.values():
        found = {place: "days" if what in DayKind.values else what for place, what in found.items()}
    return found


def _read_row(notice: Notice, cells, columns, year) -> None:
    filled = [(place, cell) for place, cell in enumerate(cells) if cell not in (None, "")]
    name = next((str(cell) for place, cell in filled if columns.get(place) == "name"), "")
    by_kind = [(columns[place], cell) for place, cell in filled if columns.get(place) in DayKind.values]
    if by_kind:
        for kind, cell in by_kind:
            if str(cell).strip() not in ("无", "—", "-", "/"):
                _note(notice, days_of(cell, year), kind, name)
        return
    kind = next(
        (found for place, cell in filled if columns.get(place, "kind") == "kind" and (found := kind_of(cell))), None
    )
    dated = [cell for place, cell in filled if (columns.get(place) == "days" if columns else _looks_dated(cell))]
    if not columns and kind is None and not dated:
        return  # a line of words above or below the table
    if not dated:
        if kind is None:
            return
        raise _Wrong(_("没有写日期。"))
    if kind is None:
        raise _Wrong(_("没有写类型；可写：放假、休息、调休、上班、补班。"))
    if not columns:
        name = next((str(c) for _p, c in filled if isinstance(c, str) and kind_of(c) is None and c not in dated), "")
    _note(notice, _span(dated, year), kind, name)


def _span(dated, year) -> list[dt.date]:
    """The days of one date cell, or from the first of the first to the last of the second."""
    first = days_of(dated[0], year)
    if len(dated) == 1:
        return first
    last = days_of(dated[1], first[0].year)
    if not 0 <= (last[-1] - first[0]).days < LONGEST_RANGE:
        raise _Wrong(_("“%(text)s”的起止日期不对。") % {"text": f"{first[0]} {last[-1]}"})
    return [first[0] + dt.timedelta(days=n) for n in range((last[-1] - first[0]).days + 1)]


def _looks_dated(cell) -> bool:
    return isinstance(cell, dt.date) or bool(re.search(r"\d\s*[月年./-]\s*\d|20\d{6}", plain(cell)))


def _note(notice: Notice, days: list[dt.date], kind: str, name: str) -> None:
    name = plain(name)[:60]
    for day in days:
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise _Wrong(_("年份应在 %(first)s 到 %(last)s 之间。") % {"first": FIRST_YEAR, "last": LAST_YEAR})
        if notice.kinds.get(day, _of(kind, day)) != _of(kind, day):
            raise _Wrong(_("%(day)s 前面已写为另一种类型。") % {"day": day.isoformat()})
        if kind == DayKind.MAKEUP and day.weekday() < 5:
            raise _Wrong(_("%(day)s 不是周六、周日，不需要调休上班。") % {"day": day.isoformat()})
    for day in days:
        notice.kinds[day] = _of(kind, day)
        if name:
            notice.names[day] = name


def _of(kind: str, day: dt.date) -> str:
    if kind == EITHER:
        return str(DayKind.MAKEUP if day.weekday() >= 5 else DayKind.HOLIDAY)
    return str(kind)
