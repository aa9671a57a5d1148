"""All benchmarks, one after the other: `make bench`."""

from bench import figures

figures.main()
