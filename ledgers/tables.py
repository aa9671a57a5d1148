"""The list of a ledger's entries: which columns, in which order, and what of them a reader may read."""

from django.utils.translation import gettext as _

from core import clock, keyset, workdays
from core.actor import Actor
from core.registers import COUNTED_AT_ONCE, counted
from ledgers import values
from ledgers.forms.entries import EntryFilter
from ledgers.models import Ledger, LedgerEntry

PAGE = 50
ORDERS = {"": ["-pk"], "number": ["number", "pk"], "-number": ["-number", "pk"]}
# By title only where every reader may read it.
BY_TITLE = {"title": ["title", "pk"], "-title": ["-title", "pk"]}


class EntryTable:
    """The entries of one ledger as one person sees them under a filter: page, counts and export start here."""

    def __init__(self, ledger: Ledger, actor: Actor, query):
        self.ledger, self.actor = ledger, actor
        self.form = EntryFilter(query, ledger=ledger, actor=actor)
        self.orders = {**ORDERS, **({} if ledger.title_is_personal else BY_TITLE)}

    @property
    def visible(self):
        return LedgerEntry.objects.visible_to(self.actor).filter(ledger=self.ledger)

    @property
    def rows(self):
        return self.form.narrow(self.visible)

    @property
    def columns(self) -> list:
        """Columns of the list; the one that names the entry stands before them."""
        return [one for one in self.ledger.living_fields if one.in_list and not one.is_title]

    def order_of(self, query) -> list[str]:
        return self.orders.get(query.get("sort", ""), ORDERS[""])

    def page(self, request) -> keyset.Page:
        rows = self.rows
        order = self.order_of(request.GET)
        total = counted(rows)
        dressed = LedgerEntry.objects.marked(self.actor).select_related("status", "enterprise", "region", "ledger")
        page = keyset.page(rows, request, order, size=PAGE, total=total, shown=dressed.defer("words", "own_words"))
        if total is None:
            page.more_than, page.counts_follow = COUNTED_AT_ONCE, True
            query = request.GET.copy()
            query["count"] = "1"
            page.count_url = f"?{query.urlencode()}"
        self.dress(page.rows)
        return page

    def dress(self, rows) -> None:
        """Set what the list shows of each row."""
        day, calendars = clock.today(), workdays.everywhere()
        for row in rows:
            row.shown_title = row.named(row.may_fill)
            row.light = "red" if row.due_on and row.due_on < day else ""
            row.days_left = row.due_on and calendars.at(row.region.path).remaining(row.due_on, day)
            row.cells = [(one.heading, cell(row, one)) for one in self.columns]


def cell(row, field) -> str:
    """What a reader gets of one column; a personal one only who fills the entry."""
    if field.personal and not row.may_fill:
        return _("（个人信息）") if values.of(row, field) not in (None, "", []) else "—"
    return values.in_words(row, field) or "—"
