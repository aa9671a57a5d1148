"""All benchmarks, one after the other: `make bench`. Ends with 1 where a growth missed its target."""

import sys

from bench import figures, ledgers

sys.exit(not ledgers.compare(figures))
