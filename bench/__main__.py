"""All benchmarks, one after the other: `make bench`. Ends with 1 where a growth or a target was missed."""

import sys

from bench import figures, ledgers, rules

kept = [ledgers.compare(figures), rules.show()]
sys.exit(not all(kept))
