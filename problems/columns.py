"""The columns of the ledger, one registry: the list, its chooser, saved views, the Excel file and print read it.

A row is a dressed entry (`problems.workbooks.dress`). What a column needs beyond the list's own joins is named in
`related`, so that the number of statements does not depend on what is chosen.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from core.templatetags import ui
from exchange.cells import DATE, INTEGER
from problems.models import Assignment

TEXT = "text"


@dataclass(frozen=True)
class Column:
    """One column. `value` answers what a file holds, `shown` the markup of the screen where that differs; `css` goes to
    head and cell (docs/ui.md), `named` says whether the cell names itself on a phone, `sort` the order of its head."""

    key: str
    label: object
    value: Callable
    kind: str = TEXT
    width: int = 12
    css: str = ""
    head_css: str = ""
    sort: str = ""
    related: tuple[str, ...] = ()
    shown: Callable | None = None
    named: bool = True
    standing: bool = False

    def opening(self) -> SafeString:
        """The tag that each of its cells begins with on the screen."""
        if not self.named:
            return format_html('<td class="{}">', self.css)
        return format_html('<td class="{}" data-label="{}">', self.css, self.label)

    def inner(self, row) -> SafeString:
        """What the cell of one row holds on the screen."""
        return conditional_escape(self.shown(row) if self.shown else _plain(self.value(row)))


def _plain(value):
    if value is None or value == "":
        return "—"
    return date_format(value, "Y-m-d") if hasattr(value, "isoformat") else value


def _title(row) -> SafeString:
    mark = format_html(" {}", ui.state_badge(__("提级"), "red")) if row.is_escalated else ""
    return format_html('<a class="t" href="{}">{}</a>{}', row.get_absolute_url(), row.title, mark)


def _yes(value) -> str:
    return "" if value is None else __("是") if value else __("否")


def _helpers(row) -> str:
    return __("、").join(str(leg.unit) for leg in row.helping)


def _date(name: str) -> Callable:
    return lambda row: getattr(row, name)


def _day(key: str, label, css: str = "nw") -> Column:
    return Column(key, label, _date(key), DATE, 12, css=css, head_css=css)


_ALL = [
    Column(
        "light", _("灯号"), lambda row: row.light.label if row.lamp else "", TEXT, 8, css="c-l nw", sort="light",
        shown=lambda row: ui.lamp(row.lamp), named=False,
    ),
    Column("number", _("编号"), lambda row: row.number or "", TEXT, 22, css="c-n no nw", sort="number", named=False),
    Column("title", _("事项"), lambda row: row.title, TEXT, 40, css="c-t", shown=_title, named=False, standing=True),
    Column("enterprise", _("企业"), lambda row: str(row.enterprise), TEXT, 24, css="c-e"),
    Column("category", _("类别"), lambda row: row.category.spoken, TEXT, 12, css="md nw", head_css="md"),
    Column("chain", _("产业链"), lambda row: str(row.chain or ""), TEXT, 16, css="lg c-c", head_css="lg c-c"),
    Column(
        "state", _("状态"), lambda row: str(row.state_label), TEXT, 10, css="nw",
        shown=lambda row: ui.state_badge(row.state_label, row.state),
    ),
    Column("lead", _("牵头单位"), lambda row: str(row.lead or ""), TEXT, 20, css="md c-o", head_css="md"),
    Column(
        "submitted_on", _("提交日期"), _date("submitted_on"), DATE, 12, css="lg nw c-s", head_css="lg c-s", named=False
    ),
    Column("due_on", _("期限"), _date("due_on"), DATE, 12, css="lg nw", head_css="lg", sort="due_on", named=False),
    Column(
        "days_left", _("剩余工作日"), lambda row: row.days_left, INTEGER, 11, css="c-d nw", named=False,
        shown=lambda row: ui.days_left(row.days_left, row.lamp),
    ),
    Column("urgency", _("缓急"), lambda row: str(row.get_urgency_display()), TEXT, 8, css="nw"),
    Column("source", _("来源"), lambda row: str(row.get_source_display()), TEXT, 10, css="nw"),
    Column("region", _("所在区域"), lambda row: row.region.name, TEXT, 16),
    Column(
        "committee", _("产业链党委"), lambda row: str(row.committee or ""), TEXT, 20, related=("committee",)
    ),
    Column(
        "top_category", _("上级类别"),
        lambda row: (row.category.parent or row.category).spoken, TEXT, 12, related=("category__parent",),
    ),
    Column("contact_name", _("联系人"), lambda row: row.contact_name, TEXT, 10, css="nw"),
    Column("helpers", _("协办单位"), _helpers, TEXT, 24, related=("helping",)),
    _day("accepted_on", _("受理日期")),
    _day("assigned_on", _("交办日期")),
    _day("decided_on", _("议定日期")),
    _day("resolved_on", _("办结日期")),
    _day("closed_on", _("首次销号日期")),
    _day("next_on", _("下次回访日期")),
    Column("handling_days", _("办理用时"), lambda row: row.handling_days, INTEGER, 9, css="num", head_css="num"),
    Column("on_time", _("按期办结"), lambda row: _yes(row.on_time), TEXT, 9, css="nw"),
    Column("outcome", _("结果"), lambda row: str(row.get_outcome_display()), TEXT, 12, css="nw"),
    Column("rating", _("评价"), lambda row: str(row.get_rating_display()), TEXT, 10, css="nw"),
    Column("closing_number", _("销号编号"), lambda row: row.closing_number or "", TEXT, 22, css="no nw"),
    Column("bounces", _("退转次数"), lambda row: row.bounces, INTEGER, 9, css="num", head_css="num"),
    Column("reopened_times", _("重办次数"), lambda row: row.reopened_times, INTEGER, 9, css="num", head_css="num"),
    Column("escalated_to", _("提级到"), lambda row: str(row.get_escalated_to_display()), TEXT, 12, css="nw"),
]  # fmt: skip
COLUMNS: dict[str, Column] = {column.key: column for column in _ALL}
DEFAULT = (
    "light", "number", "title", "enterprise", "category", "chain", "state", "lead", "submitted_on", "due_on",
    "days_left",
)  # fmt: skip


# Classes that leave a cell out on narrower screens.
NARROWED = frozenset({"md", "lg", "c-s", "c-c"})


def chosen(keys: Iterable[str]) -> list[Column]:
    """The columns with these keys in the order of the registry; the default ones where none is known.

    The title always stands: it leads to the entry.
    """
    wanted = {key for key in keys if key in COLUMNS} or set(DEFAULT)
    found = [column for column in _ALL if column.key in wanted or column.standing]
    # What somebody has chosen is not left out on a narrow screen: the table scrolls.
    return found if wanted == set(DEFAULT) else [_always(column) for column in found]


def _always(column: Column) -> Column:
    names = {"css": column.css, "head_css": column.head_css}
    kept = {key: " ".join(one for one in text.split() if one not in NARROWED) for key, text in names.items()}
    return replace(column, **kept)


def joined(rows, columns: Iterable[Column]):
    """The entries with what these columns read, joined or fetched at once."""
    related = {name for column in columns for name in column.related}
    if "helping" in related:
        legs = Assignment.objects.filter(is_lead=False, ended_at=None).select_related("team", "department")
        rows = rows.prefetch_related(Prefetch("assignments", queryset=legs.order_by("id"), to_attr="helping"))
    joins = sorted(related - {"helping"})
    return rows.select_related(*joins) if joins else rows


def lay_out(rows, columns: list[Column]) -> None:
    """Give each dressed row its cells for the screen."""
    openings = [(column.opening(), column) for column in columns]
    for row in rows:
        cells = (f"{opening}{column.inner(row)}</td>" for opening, column in openings)
        row.cells = mark_safe("".join(cells))  # noqa: S308 - both parts are escaped
