"""Chinese search without a database extension: bigrams and pinyin initials, stored at save.

`tokens(text)` feeds an indexed text-array column; `query(text)` gives the tokens that a match must contain. A token
match may be false (two bigrams from different places), so callers add a plain `icontains` on the text.
"""

import re
import unicodedata
from itertools import pairwise

from pypinyin import Style, lazy_pinyin

_LATIN = re.compile(r"[a-z0-9]+")
_HAN = re.compile(r"[㐀-䶿一-鿿]+")
LONGEST = 4000


def normalise(text: str) -> str:
    """Full-width forms folded, lower case, NUL removed, white space squeezed."""
    folded = unicodedata.normalize("NFKC", text or "").replace("\x00", "")
    return " ".join(folded.lower().split())


def tokens(*texts: str) -> list[str]:
    """Single characters, bigrams and Latin words of the texts, without repetition."""
    found: dict[str, None] = {}
    for text in texts:
        plain = normalise(text)[:LONGEST]
        for word in _LATIN.findall(plain):
            found[word[:60]] = None
        for run in _HAN.findall(plain):
            for character in run:
                found[character] = None
            for first, second in pairwise(run):
                found[first + second] = None
    return list(found)


def query(text: str) -> list[str]:
    """Tokens that every match of `text` has: bigrams where the run is long enough, else the character."""
    wanted: dict[str, None] = {}
    plain = normalise(text)[:200]
    for run in _HAN.findall(plain):
        if len(run) == 1:
            wanted[run] = None
        for first, second in pairwise(run):
            wanted[first + second] = None
    return list(wanted)


def initials(text: str) -> str:
    """Pinyin initials of a name, e.g. 云岭县 -> ylx; Latin letters and digits stay."""
    return "".join(lazy_pinyin(normalise(text)[:200], style=Style.FIRST_LETTER)).replace(" ", "")[:200]
