"""What one unit holds, as the board of lights tells it."""

from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse

from alliances.models import Department, HelpTeam


@dataclass
class Held:
    """What one unit holds. Days are working days of its own leg, pauses taken out."""

    name: str
    code: str
    count: int = 0
    late: int = 0
    days: list[tuple[int, int]] = field(default_factory=list)  # (days, how many entries)
    url: str = ""

    @property
    def longest(self) -> int:
        return max(days for days, _n in self.days)

    @property
    def median(self) -> float:
        """The middle of all entries' days; of an even number the mean of the two in the middle."""
        half, seen, found = self.count / 2, 0, []
        for days, number in sorted(self.days):
            seen += number
            if seen >= half:
                found.append(days)
            if seen > half:
                break
        return sum(found) / len(found)


def in_order(found: dict[str, Held], where: dict | None) -> list[Held]:
    """The units by name, those with most overdue entries first; with `where` each opens its open entries there."""
    ids = defaultdict(list)
    for code in found:
        kind, _colon, pk = code.partition(":")
        ids[kind].append(int(pk))
    for kind, model in (("team", HelpTeam), ("department", Department)):
        for pk, name in model.objects.filter(pk__in=ids[kind]).values_list("pk", "name"):
            held = found[f"{kind}:{pk}"]
            held.name = name
            if where is not None:
                query = urlencode({**where, "unit": held.code, "state": "open"})
                held.url = f"{reverse('problems:list')}?{query}"
    return sorted(found.values(), key=lambda held: (-held.late, -held.longest, held.name))
