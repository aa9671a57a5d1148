"""docs/mechanisms.md: every mechanism of every scheme with what carries it and the test that shows it."""

import datetime as dt
from collections import Counter

from django.utils import translation

from mechanisms.enums import WARN_DAYS
from mechanisms.lifecycle import draft
from mechanisms.words import sentence
from meetings.schemes.catalogue import Entry, Scheme, schemes

WORDS = {"rule": "rule of the radar", "by": "the product", "fact": "background", "open": "not carried yet"}
HEAD = """# Mechanisms of the six systems, and what carries them

Written by `manage.py mechanisms_doc` from `meetings/schemes/data/`; do not edit. A county takes a scheme over on the
page of schemes (运行模式); its rules then stand on the radar, where they are changed without code.

- **rule of the radar**: a row of `Mechanism` that the scheme loads, told in its own words.
- **the product**: something that the product does, with the test that shows it.
- **background**: a fact, a heading or somebody else's system; there is nothing to carry.
- **not carried yet**: belongs to a part that is not built (the four lists, projects, finance, talent, targets, custom
  ledgers).
"""


def text() -> str:
    """The whole page, the same for the same schemes."""
    with translation.override("zh-hans"):
        found = schemes()
        counted = Counter(entry.carrier for scheme in found for entry in scheme.entries)
        total = sum(counted.values())
        sums = ", ".join(f"{counted[carrier]} {word}" for carrier, word in WORDS.items())
        parts = [HEAD, f"{total} mechanisms: {sums}.\n", *(_scheme(one) for one in found)]
        return "\n".join(parts)


def _scheme(scheme: Scheme) -> str:
    lines = [
        f"## {scheme.code}: {scheme.name}\n",
        "| id | mechanism | carried by | what | test |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [_line(entry) for entry in scheme.entries]
    if scheme.ledgers:
        lines.append(f"\nLedgers named by the scheme: {'、'.join(scheme.ledgers)}.")
    return "\n".join(lines) + "\n"


def _line(entry: Entry) -> str:
    what = "<br>".join(_told(rule) for rule in entry.rules) or entry.by or entry.fact or entry.open
    test = f"`tests/{entry.test.replace('::', '.py::', 1).removesuffix('::')}`" if entry.test else "—"
    return f"| {entry.code} | {entry.title} | {WORDS[entry.carrier]} | {what} | {test} |"


def _told(rule: dict) -> str:
    """The rule in its own words, as the radar says it."""
    values = {"reaches": "", "starts_on": dt.date(2024, 1, 1), "warn_days": 0, "minimum": 1, **rule}
    return f"{rule['name']}：{sentence(draft(None, {**values, 'warn_days': _warning(values)}))}"


def _warning(values: dict) -> int:
    return WARN_DAYS.get(values["cadence"], 0)
