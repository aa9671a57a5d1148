"""Employees and Party members over time: each count holds until the next one."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records, trail
from core import clock
from core.actor import Actor
from core.transitions import Refusal, Refused
from enterprises import perms
from enterprises.lifecycle.copies import primary_of
from enterprises.models import EmployeeCount, Enterprise, MemberCount, PartyOrganisation

LARGEST = 10_000_000


def _place_spell(rows, on, *, column, number, make):
    """Write `number` as the count from day `on` into one owner's spells: the one in force is closed, the next one
    bounds it, the same day is replaced. Answers (row, number before or None)."""
    same = rows.filter(from_on=on).first()
    if same is not None:
        before = getattr(same, column)
        setattr(same, column, number)
        same.save(update_fields=[column])
        return same, before
    earlier = rows.filter(from_on__lt=on).order_by("-from_on").first()
    later = rows.filter(from_on__gt=on).order_by("from_on").first()
    until = later.from_on if later else None
    if earlier is not None and (earlier.until_on is None or earlier.until_on > on):
        until = earlier.until_on
        earlier.until_on = on
        earlier.save(update_fields=["until_on"])
    return make(from_on=on, until_on=until, **{column: number}), earlier and getattr(earlier, column)


def _judge_number(number, on):
    if not 0 <= number <= LARGEST:
        return Refusal("number", _("人数应在 0 到一千万之间。"))
    if on > clock.today():
        return Refusal("future", _("日期不能晚于今天。"))
    return None


@transaction.atomic
def record_employees(enterprise: Enterprise, employees: int, *, on, by: Actor) -> EmployeeCount:
    """The enterprise has `employees` people from day `on`; earlier days may be filled in later.

    Raises Refused (`not_keeper`, `number`, `future`, `left`).
    """
    row = records.lock(enterprise)
    refusal = perms.record_numbers(row, by) or _judge_number(employees, on)
    if not refusal and row.left_on and on >= row.left_on:
        refusal = Refusal("left", _("该企业在这一天已经退出。"))
    if refusal:
        raise Refused(refusal)
    primary = primary_of(row)

    def make(**values):
        return EmployeeCount.objects.create(
            enterprise=row,
            region_id=row.region_id,
            chain_id=primary.chain_id if primary else None,
            committee_id=primary.committee_id if primary else None,
            **values,
        )

    count, before = _place_spell(row.employee_counts.all(), on, column="employees", number=employees, make=make)
    if row.left_on and count.until_on is None:
        count.until_on = row.left_on
        count.save(update_fields=["until_on"])
    trail.record(by, "enterprise.employees_recorded", row, employees=employees, before=before, on=on)
    return count


@transaction.atomic
def record_members(organisation: PartyOrganisation, members: int, *, on, by: Actor) -> MemberCount:
    """The organisation has `members` Party members from day `on`; earlier days may be filled in later.

    Raises Refused (`not_keeper`, `number`, `future`, `dissolved`).
    """
    row = records.lock(organisation)
    refusal = perms.record_members(row, by) or _judge_number(members, on)
    if not refusal and row.dissolved_on and on >= row.dissolved_on:
        refusal = Refusal("dissolved", _("该党组织在这一天已经撤销。"))
    if refusal:
        raise Refused(refusal)

    def make(**values):
        return MemberCount.objects.create(
            organisation=row, region_id=row.region_id, chain_id=row.chain_id, committee_id=row.committee_id, **values
        )

    count, before = _place_spell(row.member_counts.all(), on, column="members", number=members, make=make)
    if row.dissolved_on and count.until_on is None:
        count.until_on = row.dissolved_on
        count.save(update_fields=["until_on"])
    trail.record(by, "organisation.members_recorded", row, members=members, before=before, on=on)
    return count
