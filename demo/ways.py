"""The way of working of each real alliance (运行模式), taken over by its demonstration.

The rules hold from the first day that was published on. What is to be so on every day goes on; what comes round by the
period ends with the last whole period of which there are records, so that nobody is told that an alliance missed what
nothing is known of. Where not one period is whole (a rule by the year, records of eight months), that one is judged.
"""

from alliances.models import Region
from core.actor import SYSTEM
from core.cycles import KINDS, Cycle
from core.periods import Period
from demo.published import published
from mechanisms.models import MechanismVersion
from meetings.schemes import catalogue, loading


def take_over(name: str) -> int:
    """The mechanisms of the system with this name; answers how many."""
    page = published(name)
    region = Region.objects.get(code=page["scope"].split(":")[1])
    period = Period.parse(page["period"])
    loading.take(catalogue.get(name), region, by=SYSTEM, starts_on=period.first.first_day)
    versions = MechanismVersion.objects.filter(mechanism__region=region)
    for cadence in KINDS:
        cycle = Cycle.of(cadence, period.last.last_day)
        mine = versions.filter(cadence=cadence)
        if cycle.last > period.last.last_day:
            mine.filter(starts_on__lt=cycle.first).update(ends_on=cycle.first)
        mine.filter(ends_on=None).update(ends_on=cycle.after)
    return versions.count()
