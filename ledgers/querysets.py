"""Who sees which ledger and which entry, and who fills them. Nobody sees what no rule here gives."""

from django.apps import apps
from django.db import models
from django.db.models import Case, Q, Value, When

from core.actor import NOTHING, Actor, Duty, Role, under

_SEGMENT = 4
_GOVERNING = (Role.COUNTY_OFFICER, Role.LEADER)


def _line(path: str) -> list[str]:
    """The paths from the root down to this one."""
    return [path[:end] for end in range(_SEGMENT, len(path) + 1, _SEGMENT)]


def _open_to(duty: Duty, columns: tuple[str, ...]) -> Q:
    """The ledgers that name the duty's role in one of the columns: of the duty's own place and above it; those below
    too for who governs them."""
    place = Q(region__path__in=_line(duty.region_path))
    if duty.role in _GOVERNING:
        place |= under([duty.region_path], "region__path")
    named = NOTHING
    for column in columns:
        named |= Q(**{f"{column}__contains": [duty.role]})
    if duty.role == Role.DEPARTMENT_OFFICER:
        named &= Q(department=None) | Q(department_id=duty.department_id)
    return place & named


def _rows(duty: Duty, user_id) -> Q:
    """The entries inside one duty's reach, in the ledgers that are open to it."""
    own = Q(created_by_id=user_id) if user_id else NOTHING
    if duty.role == Role.BRANCH_SECRETARY:
        return own | (Q(enterprise_id=duty.enterprise_id) if duty.enterprise_id else NOTHING)
    if duty.role == Role.CHAIN_SECRETARY or duty.chain_id is not None:
        enterprise = apps.get_model("enterprises", "Enterprise")
        mine = enterprise.objects.visible_to(Actor(user_id=user_id, duties=(duty,)))
        return own | Q(enterprise__in=mine.values("pk"))
    return under([duty.region_path], "region__path")


def _reached(actor: Actor, columns: tuple[str, ...]) -> Q:
    """The entries inside the actor's reach in ledgers that name one of his roles in one of the columns."""
    ledger = apps.get_model("ledgers", "Ledger")
    condition = NOTHING
    for duty in actor.duties_as(*Role.BUSINESS):
        ledgers = ledger.objects.filter(_open_to(duty, columns)).values("pk")
        condition |= Q(ledger__in=ledgers) & _rows(duty, actor.user_id)
    return condition


def filling(actor: Actor) -> Q:
    """The condition of `filled_by`, for a search that reads more of the entries that the actor fills."""
    return Q() if actor.is_system else _reached(actor, ("fill_roles",))


class LedgerQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Officers the ledgers of their region and below, which they define; everybody whose role a ledger of the own
        place names."""
        if actor.is_system:
            return self.all()
        condition = under(actor.region_paths(Role.COUNTY_OFFICER), "region__path")
        return self.filter(condition | self._named(actor, ("fill_roles", "see_roles")))

    def filled_by(self, actor: Actor):
        """The ledgers that this actor adds entries to."""
        if actor.is_system:
            return self.all()
        return self.filter(self._named(actor, ("fill_roles",)))

    @staticmethod
    def _named(actor, columns) -> Q:
        condition = NOTHING
        for duty in actor.duties_as(*Role.BUSINESS):
            condition |= _open_to(duty, columns)
        return condition


class OfLedgerQuerySet(models.QuerySet):
    """What belongs to a ledger (columns, statuses, limits): seen with it."""

    def visible_to(self, actor: Actor):
        ledger = apps.get_model("ledgers", "Ledger")
        return self.filter(ledger__in=ledger.objects.visible_to(actor).values("pk"))


class LedgerLimitQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Limits are seen with their entry."""
        entry = apps.get_model("ledgers", "LedgerEntry")
        return self.filter(entry__in=entry.objects.visible_to(actor).values("pk"))


class LedgerEntryQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Officers every entry in their region; others those inside their own reach (own enterprise, own committee's
        enterprises, own place, own entries) of ledgers that name their role."""
        if actor.is_system:
            return self.all()
        governed = under(actor.region_paths(Role.COUNTY_OFFICER), "ledger__region__path")
        return self.filter(governed | _reached(actor, ("fill_roles", "see_roles")))

    def filled_by(self, actor: Actor):
        """The entries that this actor may change, personal columns included."""
        return self.filter(filling(actor))

    def marked(self, actor: Actor):
        """Each row with `may_fill`: whether this actor fills it, and so reads its personal columns."""
        condition = filling(actor)
        yes = Case(When(condition, then=Value(True)), default=Value(False), output_field=models.BooleanField())
        return self.annotate(may_fill=Value(True) if actor.is_system else yes)

    def living(self):
        """Entries that were not archived."""
        return self.filter(archived_on=None)
