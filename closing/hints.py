"""What is said beside a date that lies in a closed month: nothing is refused, and the report will tell of it."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from alliances.models import Region
from chains.models import Committee
from closing.enums import ClosingState
from closing.models import Closing
from core import clock, dated
from core.actor import Actor
from core.periods import Month
from enterprises.models import Enterprise


def register() -> None:
    """Tell the forms; called once when this app is ready."""
    dated.register(of_day)


def of_day(actor: Actor, day: dt.date, units: dated.Units) -> str:
    """That the month of a day is closed for these units or for regions above them; empty where it is for none."""
    month = Month.of(day)
    if month >= Month.of(clock.today()):
        return ""
    rows = Closing.objects.filter(month=month.first_day, state=ClosingState.LOCKED)
    if not rows.exists():
        return ""
    committees, paths = _places(actor, units)
    closed = rows.filter(Q(committee__in=committees) | Q(committee=None, region__path__in=paths))
    closed = closed.select_related("region", "committee").order_by("-region__path", "committee_id")
    names = [str(one.committee or one.region) for one in closed]
    if not names:
        return ""
    sentence = _(
        "%(month)s的数据已封账（%(units)s）。在此登记、改动仍会保存，但不改变封账数，列入更正，在下一期月报中说明。"
    )
    return sentence % {"month": month.name, "units": _("、").join(names)}


def _places(actor, units):
    """(committees, paths of the regions above them) that these units stand for, as far as the actor sees them."""
    firms = Enterprise.objects.visible_to(actor).filter(pk__in=units.enterprises)
    on_chains = firms.filter(memberships__left_on=None).values_list("memberships__committee", flat=True)
    named = Q(pk__in=Committee.objects.visible_to(actor).filter(pk__in=units.committees).values("pk"))
    committees = Committee.objects.filter(named | Q(pk__in=on_chains)).select_related("region")
    regions = Region.objects.visible_to(actor).filter(pk__in=units.regions)
    own = [*(one.region for one in committees), *regions, *(firm.region for firm in firms.select_related("region"))]
    return committees, {path for region in own for path in region.ancestor_paths}
