"""All benchmarks, one after the other: `make bench`. Ends with 1 where a growth or a target was missed.

BENCH_ONLY names those to run (default "figures,pages,memory,recount,rules,meetings,scale,click,chaos,exports").
"""

import importlib
import os
import sys

from bench import chaos, click, exports, ledgers, meetings, recounting, rules, scale

ONLY = os.environ.get("BENCH_ONLY", "figures,pages,memory,recount,rules,meetings,scale,click,chaos,exports").split(",")

APART = {
    "recount": recounting.show,
    "rules": rules.show,
    "meetings": meetings.compare,
    "scale": scale.show,
    "click": click.show,
    "chaos": chaos.show,
    "exports": exports.show,
}
growing = [importlib.import_module(f"bench.{name}") for name in ONLY if name not in APART]
kept = [ledgers.compare(*growing)] if growing else []
kept += [show() for name, show in APART.items() if name in ONLY]
sys.exit(not all(kept))
