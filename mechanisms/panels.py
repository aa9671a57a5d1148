"""What the committee's page shows of the rule radar: the duties that are not in order, and how many there are."""

from core.clock import today
from mechanisms import board
from mechanisms.enums import LIGHTS, ORDER, Verdict

SHOWN = 6


def of_committee(request, committee):
    duties = board.of_committee(committee, request.actor, today())
    if not duties:
        return None
    counts = {}
    for duty in duties:
        counts[duty.verdict] = counts.get(duty.verdict, 0) + 1
    totals = [
        {"label": Verdict(one).label, "light": LIGHTS[one], "count": counts[one]}
        for one in sorted(counts, key=ORDER.get)
        if LIGHTS[one]
    ]
    return "mechanisms/panel_committee.html", {"committee": committee, "duties": duties[:SHOWN], "totals": totals}
