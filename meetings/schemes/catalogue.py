"""Reading the schemes: one file each under `data/`, checked when it is read.

A scheme names the shape of its alliances, its own kinds of meetings and activities, categories of problems, names of
ledgers, and each of its mechanisms by number. A mechanism is carried by a rule of the radar (`rule`, `more`), by
something that the product does (`by`, with the `test` that shows it), is a fact in the background (`fact`), or is not
carried yet (`open`).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data"
CARRIERS = ("rule", "by", "fact", "open")
RULE_TEST = "meetings/test_schemes::test_every_rule_of_a_scheme_is_kept_and_judged"


@dataclass(frozen=True)
class Entry:
    """One mechanism of a scheme: its number, its title, and what carries it."""

    code: str
    title: str
    rules: tuple[dict, ...] = ()
    by: str = ""
    fact: str = ""
    open: str = ""
    test: str = ""

    @property
    def carrier(self) -> str:
        """One of CARRIERS."""
        return "rule" if self.rules else "by" if self.by else "fact" if self.fact else "open"


@dataclass(frozen=True)
class Scheme:
    """A ready-made way of working."""

    code: str
    name: str
    alliance: str
    about: str
    meeting_kinds: tuple[dict, ...]
    activity_kinds: tuple[dict, ...]
    categories: tuple[dict, ...]
    ledgers: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def rules(self) -> list[tuple[str, dict]]:
        """(number, values) of every rule; further rules of one mechanism are numbered on: NQ-M08b."""
        return [
            (entry.code if number == 0 else f"{entry.code}{chr(97 + number)}", rule)
            for entry in self.entries
            for number, rule in enumerate(entry.rules)
        ]


def _entry(code: str, row: dict) -> Entry:
    named = [name for name in CARRIERS if row.get(name)]
    if len(named) != 1:
        raise ValueError(f"{code}: exactly one of {', '.join(CARRIERS)} is wanted, not {named}")
    rules = (row["rule"], *row.get("more", ())) if "rule" in row else ()
    test = RULE_TEST if rules else row.get("test", "")
    if row.get("by") and not test:
        raise ValueError(f"{code}: what the product does names its test")
    return Entry(code, row["title"], rules, row.get("by", ""), row.get("fact", ""), row.get("open", ""), test)


@cache
def get(code: str) -> Scheme:
    """The scheme with this code. Raises KeyError."""
    if code not in codes():
        raise KeyError(code)
    row = yaml.safe_load((DATA / f"{code}.yaml").read_text(encoding="utf-8"))
    return Scheme(
        code=code,
        name=row["name"],
        alliance=row["alliance"],
        about=row["about"],
        meeting_kinds=tuple(row.get("meeting_kinds") or ()),
        activity_kinds=tuple(row.get("activity_kinds") or ()),
        categories=tuple(row.get("categories") or ()),
        ledgers=tuple(row.get("ledgers") or ()),
        entries=tuple(_entry(number, one) for number, one in row["mechanisms"].items()),
    )


def codes() -> list[str]:
    """Codes of all schemes, in order."""
    return sorted(path.stem for path in DATA.glob("*.yaml"))


def schemes() -> list[Scheme]:
    return [get(code) for code in codes()]
