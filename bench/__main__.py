"""All benchmarks, one after the other: `make bench`. Ends with 1 where a growth or a target was missed.

BENCH_ONLY names those to run (default "figures,pages,memory,rules").
"""

import importlib
import os
import sys

from bench import ledgers, rules

ONLY = os.environ.get("BENCH_ONLY", "figures,pages,memory,rules").split(",")

growing = [importlib.import_module(f"bench.{name}") for name in ONLY if name != "rules"]
kept = [ledgers.compare(*growing)] if growing else []
if "rules" in ONLY:
    kept.append(rules.show())
sys.exit(not all(kept))
