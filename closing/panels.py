"""What the committee's page shows of its targets for this year."""

from closing import perms, places, targets
from core import clock
from core.periods import Period
from indicators import scopes


def of_committee(request, committee):
    """Targets are for those who read the committee's figures; who may set them is led there while there are none."""
    place = places.Place(committee.region, committee)
    if not scopes.readable(place.scope, request.actor):
        return None
    lines = targets.of_place(place, Period.year(clock.today().year))
    may_set = perms.set_target(place, request.actor) is None
    if not lines and not may_set:
        return None
    return "closing/panel_committee.html", {"place": place, "lines": lines, "may_set": may_set}
