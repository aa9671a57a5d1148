"""From click to changed figure: an enterprise raises a problem over HTTP while eight writers work, and the figure of
its chain is asked for until it counts it. CLICKS says how often (default 60)."""

import os
import statistics
import time
from urllib.parse import urlencode

from bench.running import Product, Visitor
from bench.writing import SPARED

CLICKS = int(os.environ.get("CLICKS", "60"))
WRITERS = 8
LIMIT = 2.0
# Seconds between two steps of one writer: eight do some fourteen steps a second, more than a province's people.
PAUSE = 0.5
# Seconds between two looks at the figure: asked for all the time, it would take the processor from who counts it.
ASK = 0.1
FIND = """
from accounts.actors import build_actor; from accounts.models import User; from core import clock
from enterprises.models import ChainMembership; from problems.models import Category
firm = min(build_actor(User.objects.get(username={name!r}), clock.today()).ids("enterprise_id", "branch_secretary"))
chain = ChainMembership.objects.filter(enterprise=firm, is_primary=True).values_list("chain", flat=True).get()
print("found", firm, chain, Category.objects.filter(region=None).exclude(parent=None).first().pk, clock.today())
"""


def show() -> bool:
    """Run it and print the spread. Answers whether the 95th percentile is in time."""
    with Product() as product:
        found = product.manage("shell", "--no-imports", "-c", FIND.format(name=SPARED)).stdout.split()
        firm, chain, category, today = found[found.index("found") + 1 :]
        secretary, officer = Visitor(product, SPARED), Visitor(product, "county_officer.yunling")
        query = {"scope": f"chain:{chain}", "indicator": "problems_raised", "from": today[:7], "to": today[:7]}
        figure = "/api/v1/figures/?" + urlencode(query)
        writers = [product.writer(number, CLICKS * 2.0, PAUSE) for number in range(WRITERS)]
        time.sleep(5)
        times = []
        for number in range(CLICKS):
            before = _value(officer, figure)
            started = time.monotonic()
            entry = {"title": f"测量{number}", "text": "测量。", "source": "online", "urgency": "ordinary"}
            secretary.post("/api/v1/problems/", {**entry, "enterprise": firm, "category": category})
            while _value(officer, figure) == before and time.monotonic() - started < 30:
                time.sleep(ASK)
            times.append(time.monotonic() - started)
        for writer in writers:
            writer.kill()
            writer.wait()
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"\nfrom click to changed figure, {WRITERS} writers, {CLICKS} clicks: median {statistics.median(times):.2f} s"
    )
    missed = "" if p95 < LIMIT else "  MISSED"
    print(f"95th percentile {p95:.2f} s, longest {max(times):.2f} s; target < {LIMIT:g} s{missed}")
    return p95 < LIMIT


def _value(officer: Visitor, address: str):
    import json

    return json.loads(officer.get(address))["figures"][0]["value"]
