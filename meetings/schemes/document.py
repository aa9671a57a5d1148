"""docs/mechanisms.md: every mechanism of every scheme with what carries it and the test that shows it."""

from collections import Counter

from django.utils import translation

from meetings.schemes.catalogue import Entry, Scheme, schemes
from meetings.schemes.loading import in_words

WORDS = {"rule": "rule of the radar", "by": "the product", "fact": "background", "open": "not carried yet"}
HEAD = """# Mechanisms of the six systems, and what carries them

Written by `manage.py mechanisms_doc` from `meetings/schemes/data/`; do not edit. A county takes a scheme over on the
page of schemes (运行模式); its rules then stand on the radar, where they are changed without code.

- **rule of the radar**: a row of `Mechanism` that the scheme loads, told in its own words.
- **the product**: something that the product does, with the test that shows it.
- **background**: a fact, a heading or somebody else's system; there is nothing to carry.
- **not carried yet**: belongs to a part that is not built.
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
    lines += [_line(entry, scheme) for entry in scheme.entries]
    if scheme.ledgers:
        lines.append(f"\nLedgers named by the scheme: {'、'.join(scheme.ledgers)}.")
    return "\n".join(lines) + "\n"


def _line(entry: Entry, scheme: Scheme) -> str:
    what = "<br>".join(_rules(entry, scheme)) or entry.by or entry.fact or entry.open
    test = f"`tests/{entry.test.replace('::', '.py::', 1).removesuffix('::')}`" if entry.test else "—"
    return f"| {entry.code} | {entry.title} | {WORDS[entry.carrier]} | {what} | {test} |"


def _rules(entry: Entry, scheme: Scheme):
    for code, rule in scheme.rules:
        if code.startswith(entry.code):
            yield f"{rule['name']}：{in_words(code, rule, scheme)}"
