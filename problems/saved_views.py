"""Views of the ledger under a name (常用视图): those that ship with each role, one's own, and those shared with a role.

A view is kept as the text of an address. It is read through the ledger's own filter with the rights of whoever looks,
so that it never shows more than the person may see.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleChoice
from alliances.models import Region
from audit import sentences, trail
from core import clock
from core.actor import Actor, Role
from core.transitions import Refusal, Refused
from problems.columns import COLUMNS
from problems.filters import FilterForm
from problems.models import SavedView

LONGEST_QUERY = 1000
MOST_OWN = 50
# Present in an address: which view it came from. `all` is the ledger without any view.
PARAMETER = "view"
NONE = "all"
FIELDS = (frozenset(FilterForm.base_fields) | {"sort"}) - {PARAMETER}


@dataclass(frozen=True)
class View:
    """A view as it is offered: `key` stands in the address, `own` is the row where it is one."""

    key: str
    name: object
    query: str = ""
    columns: tuple[str, ...] = ()
    row: SavedView | None = None
    group: object = ""

    @property
    def url(self) -> str:
        more = f"&{self.query}" if self.query else ""
        return f"{reverse('problems:list')}?{urlencode({PARAMETER: self.key})}{more}"


def _view(key, name, query, *columns):
    return View(key, name, query, columns, group=_("常用"))


_OVERDUE = _view("overdue", _("超期"), "light=red&sort=due_on")
_WEEK = _view("week", _("本周到期"), "due=week&sort=due_on")
_OPEN = _view("open", _("在办"), "state=open")
_CONFIRM = _view(
    "confirm", _("待确认"), "state=resolved",
    "light", "number", "title", "enterprise", "state", "lead", "resolved_on", "outcome", "rating", "next_on",
)  # fmt: skip
_ESCALATED = _view(
    "escalated", _("已提级"), "state=open&escalated=1", "light", "number", "title", "enterprise", "state", "lead",
    "days_left", "escalated_to", "bounces",
)  # fmt: skip
_URGENT = _view("urgent", _("紧急"), "state=open&urgency=urgent&sort=due_on")
_UNIT = _view("unit", _("本单位办理的"), "state=open&mine=unit&sort=due_on")
_CLOSED = _view(
    "closed", _("已销号"), "state=closed", "number", "title", "enterprise", "lead", "closed_on", "handling_days",
    "on_time", "outcome", "rating", "closing_number",
)  # fmt: skip
SHIPPED = {
    Role.COUNTY_OFFICER: [
        _view("todo-accept", _("待受理"), "state=submitted"), _view("todo-assign", _("待交办"), "state=accepted"),
        _OVERDUE, _WEEK, _CONFIRM, _ESCALATED, _URGENT, _CLOSED,
    ],
    Role.LEADER: [_OVERDUE, _ESCALATED, _URGENT, _OPEN, _CLOSED],
    Role.CHAIN_SECRETARY: [
        _view("todo-accept", _("待受理"), "state=submitted"), _OVERDUE, _WEEK, _CONFIRM, _ESCALATED, _CLOSED,
    ],
    Role.TEAM_MEMBER: [_UNIT, _view("todo-sign", _("待签收"), "state=assigned"), _WEEK, _OVERDUE, _CONFIRM, _CLOSED],
    Role.DEPARTMENT_OFFICER: [
        _UNIT, _view("todo-sign", _("待签收"), "state=assigned"), _WEEK, _OVERDUE, _CONFIRM, _CLOSED,
    ],
    Role.BRANCH_SECRETARY: [_OPEN, _view("todo-rate", _("待评价"), "todo=rate"), _CLOSED],
}  # fmt: skip


def shipped(actor: Actor) -> list[View]:
    """The views that ship with the actor's roles, each once."""
    found: dict[str, View] = {}
    for duty in actor.duties:
        for view in SHIPPED.get(duty.role, ()):
            found.setdefault(view.key, view)
    return list(found.values())


@dataclass
class Offer:
    """All views that one person is offered, read in one statement."""

    views: list[View]
    actor: Actor

    @classmethod
    def to(cls, actor: Actor) -> "Offer":
        rows = SavedView.objects.visible_to(actor).select_related("region").order_by("name", "id")
        own, shared = [], []
        for row in rows:
            mine = row.owner_id == actor.user_id
            group = _("我的视图") if mine else _("共享给我的")
            view = View(str(row.pk), row.name, clean_query(row.query), tuple(row.columns), row, group)
            (own if mine else shared).append(view)
        return cls([*shipped(actor), *own, *shared], actor)

    def by_key(self, key: str) -> View | None:
        return next((view for view in self.views if view.key == key), None)

    @property
    def default(self) -> View | None:
        """What this person begins with: the own default, else that of a role, the nearest region's first."""
        rows = [view for view in self.views if view.row is not None and view.row.is_default]
        own = [view for view in rows if not view.row.shared_with and view.row.owner_id == self.actor.user_id]
        if own:
            return own[0]
        shared = [view for view in rows if view.row.shared_with and self.actor.has(view.row.shared_with)]
        shared.sort(key=lambda view: -len(view.row.region.path if view.row.region else ""))
        return shared[0] if shared else None

    def columns(self, chosen: View | None) -> tuple[str, ...]:
        """The columns to show: those of the view, else those that the person keeps."""
        if chosen is not None and chosen.columns:
            return chosen.columns
        default = self.default
        return default.columns if default is not None else ()

    def grouped(self) -> list[tuple[object, list[View]]]:
        found: dict[str, list[View]] = {}
        for view in self.views:
            found.setdefault(str(view.group), []).append(view)
        return list(found.items())


# --- keeping ----------------------------------------------------------------------------------------------------
def clean_query(text: str) -> str:
    """Only fields of the filter and the order, in their order, none twice; '' where it would be too long."""
    try:
        pairs = parse_qsl(text.lstrip("?"), max_num_fields=60)
    except ValueError:
        return ""
    kept = {}
    for name, value in pairs:
        if name in FIELDS and value and "\x00" not in value:
            kept[name] = value
    try:
        found = urlencode(kept)
    except UnicodeEncodeError:
        return ""
    return found if len(found) <= LONGEST_QUERY else ""


def clean_columns(keys) -> list[str]:
    """Known columns in the order of the registry, none twice."""
    wanted = set(keys)
    return [key for key in COLUMNS if key in wanted]


def own_regions(actor: Actor) -> list[str]:
    """Paths of the regions that the actor may share a view in."""
    return sorted(set(actor.region_paths(Role.COUNTY_OFFICER)))


def may_share(actor: Actor) -> Refusal | None:
    if own_regions(actor):
        return None
    return Refusal("share", __("只有组织部工作人员可以把视图共享给一类岗位。"), _("组织部工作人员"))


def may_change(row: SavedView, actor: Actor) -> Refusal | None:
    """The own ones; shared ones also an officer of the region they are shared in."""
    if actor.user_id is not None and row.owner_id == actor.user_id:
        return None
    region = row.region.path if row.region_id else ""
    if row.shared_with and region and any(region.startswith(path) for path in own_regions(actor)):
        return None
    return Refusal("owner", __("这个视图由别人共享，您可以使用，不能修改。"), row.owner.name if row.owner_id else "")


@transaction.atomic
def save(row: SavedView, *, by: Actor, shared_with: str = "", region: Region | None = None, is_default: bool = False):
    """Write a view (new or changed). Making it the default takes that from the one before. Raises Refused."""
    if row.pk:
        _demand(may_change(row, by))
    else:
        row.owner_id, row.made_at = by.user_id, clock.now()
        if SavedView.objects.filter(owner_id=by.user_id).count() >= MOST_OWN:
            raise Refused(Refusal("many", __("最多保存 %(n)d 个视图，请先删去不用的。") % {"n": MOST_OWN}))
    if shared_with:
        _demand(may_share(by))
        if region is None or region.path not in own_regions(by):
            raise Refused(Refusal("region", __("只能在本地区共享视图。")))
    before = row.shared_with if row.pk else ""
    row.query, row.columns = clean_query(row.query), clean_columns(row.columns)
    row.shared_with, row.region, row.is_default = shared_with, region if shared_with else None, is_default
    if is_default:
        rows = SavedView.objects.filter(is_default=True).exclude(pk=row.pk)
        same = Q(shared_with=shared_with, region=row.region)
        if not shared_with:
            same = Q(owner_id=row.owner_id, shared_with="")
        rows.filter(same).update(is_default=False)
    row.save()
    if shared_with or before:
        told = {"name": row.name, "shared_with": shared_with, "region": region, "query": row.query}
        trail.record(by, "ledger.view_shared", row, **told)
    return row


@transaction.atomic
def delete(row: SavedView, *, by: Actor) -> None:
    """Take a view away. Raises Refused."""
    _demand(may_change(row, by))
    if row.shared_with:
        trail.record(by, "ledger.view_deleted", row, name=row.name, shared_with=row.shared_with, query=row.query)
    row.delete()


@transaction.atomic
def keep_columns(keys, *, by: Actor, view: View | None) -> SavedView:
    """Remember the choice of columns: in the own view that is open, else in the person's own default."""
    if view is not None and view.row is not None and view.row.owner_id == by.user_id:
        row = view.row
    else:
        row = SavedView.objects.filter(owner_id=by.user_id, is_default=True, shared_with="").first()
    if row is None:
        name = __("我的列")
        row = SavedView.objects.filter(owner_id=by.user_id, name=name).first()
        row = row or SavedView(owner_id=by.user_id, name=name, made_at=clock.now())
        if not row.shared_with:
            row.is_default = True
    row.columns = clean_columns(keys)
    row.save()
    return row


SENTENCES = {
    "ledger.view_shared": _("台账视图“{name}”共享给{shared_with}，范围{region}"),
    "ledger.view_deleted": _("删除共享给{shared_with}的台账视图“{name}”"),
}


def register() -> None:
    """Give the audit trail the sentences; called once when the app is ready."""
    sentences.add(SENTENCES, labels={"shared_with": RoleChoice})


def _demand(refusal: Refusal | None) -> None:
    if refusal:
        raise Refused(refusal)
