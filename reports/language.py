"""The language of a report's sentences (句式): text with figures in braces, clauses in brackets that may fall away.

    {月份}收集问题{problems_raised}[（{problems_raised|对比}）][，办结{problems_resolved}]。 || {月份}没有问题。

`{code}` prints a figure with its unit, `{code|way}` something about it (`WAYS`); `{fact}` one of `reports.facts`. What
is missing is never printed: it takes its clause `[...]` along, without one its sentence. A clause, sentence or
alternative that asks for figures and gets none falls away, and the next alternative after `||` is tried. The comma at
the head of a clause goes where the clauses before it in its row have gone. Nothing is evaluated but this.
"""

import difflib
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators import declarations

# Bounds of one paragraph: what an office would print, several times over, and quick to read whatever is sent.
LONGEST = 1500
DEEPEST = 4
MOST_CODES = 12
SEPARATORS = "，、；"
_NAME = re.compile(r"[^{}\[\]|,，\s]{1,60}")
# What a figure says of itself must not be said before it: 增长环比增长12.5%.
_DIRECTIONS = re.compile(
    r"(环比|同比|较上月|较上年同期|增长|增加|增至|提高|上升|延长|下降|减少|降低|缩短|回落|持平)[了至为]?$"
)


@dataclass(frozen=True)
class Way:
    """One thing to say about a figure: what it prints, for which kinds of figures, whether about several at once."""

    label: str
    kinds: tuple = ()  # of declarations; empty: all
    several: bool = False
    codes: tuple = ()  # only these; empty: all

    def fits(self, one) -> bool:
        return (not self.kinds or one.kind in self.kinds) and (not self.codes or one.code in self.codes)


COUNTED = ("flow", "distinct")
HELD = ("problems_open", "problems_overdue", "decisions_open", "decisions_overdue")
RANKED = ("problems_raised", "problems_resolved", "problems_closed", "problems_open", "problems_overdue", "meetings")
WAYS = {
    "": Way(gettext_lazy("数字和单位")),
    "非零": Way(gettext_lazy("数字和单位，为零时不写")),
    "环比": Way(gettext_lazy("与上月比")),
    "环比变动": Way(gettext_lazy("与上月比，持平时不写")),
    "同比": Way(gettext_lazy("与上年同期比")),
    "对比": Way(gettext_lazy("与上月、上年同期比")),
    "对目标": Way(gettext_lazy("与本年目标比")),
    "首次": Way(gettext_lazy("近十二个月首次出现时写明"), COUNTED),
    "累计": Way(gettext_lazy("年初以来累计"), COUNTED),
    "累计非零": Way(gettext_lazy("年初以来累计，为零时不写"), COUNTED),
    "比": Way(gettext_lazy("分子/分母"), ("ratio",)),
    "中位数": Way(gettext_lazy("中位数"), ("duration",)),
    "最久": Way(gettext_lazy("历时最久的一项"), codes=HELD),
    "按产业链": Way(gettext_lazy("最多的三条产业链（不足5个的不列）"), codes=RANKED),
    "均持平": Way(gettext_lazy("各项均与上月持平时写明"), several=True),
    "有数时": Way(gettext_lazy("条件：其中有不为零的"), several=True),
    "皆零时": Way(gettext_lazy("条件：都为零"), several=True),
}
COMPARING = ("环比", "环比变动", "同比", "对比", "对目标", "均持平")


@dataclass(frozen=True)
class Wrong:
    """What is wrong in a text, and from which character on (counted from one)."""

    at: int
    sentence: str

    def __str__(self):
        return _("第%(at)d个字：%(sentence)s") % {"at": self.at, "sentence": self.sentence}


class NotComputable(Exception):
    """A text that is no template; `wrong` lists what is wrong where."""

    def __init__(self, wrong):
        self.wrong = wrong
        super().__init__("; ".join(str(one) for one in wrong))


@dataclass(frozen=True)
class Asked:
    """A placeholder: figures by code with a way, or a fact by name (then `way` is None)."""

    names: tuple
    way: str | None


@dataclass(frozen=True)
class Clause:
    """A part in brackets, which falls away with what it lacks."""

    parts: tuple

    @property
    def head(self):
        return self.parts[0][:1] if self.parts and isinstance(self.parts[0], str) else ""


@dataclass(frozen=True)
class Template:
    """One paragraph: alternatives of sentences of parts (`str`, `Asked`, `Clause`)."""

    alternatives: tuple

    def codes(self):
        """The codes of all figures it asks for, in order."""
        return list(dict.fromkeys(code for one in self.asked() if one.way is not None for code in one.names))

    def asked(self):
        def within(parts):
            for part in parts:
                if isinstance(part, Asked):
                    yield part
                elif isinstance(part, Clause):
                    yield from within(part.parts)

        for alternative in self.alternatives:
            for sentence in alternative:
                yield from within(sentence)


# --- reading ------------------------------------------------------------------------------------------------------


def parse(text: str, facts) -> Template:
    """The template that `text` says; `facts` are the names that stand beside the figures. Raises NotComputable."""
    if len(text) > LONGEST:
        sentence = _("一段最多%(most)d个字，请分成几段。") % {"most": LONGEST}
        raise NotComputable([Wrong(LONGEST + 1, sentence)])
    reader = _Reader(text, facts)
    template = reader.template()
    if reader.wrong:
        raise NotComputable(sorted(reader.wrong, key=lambda one: one.at))
    return template


class _Reader:
    def __init__(self, text, facts):
        self.text, self.facts, self.at, self.wrong = text, facts, 0, []
        self.known = {one.code: one for one in declarations.indicators()}

    def template(self):
        alternatives = [self.sentences()]
        while self.at < len(self.text):
            self.at += 2
            alternatives.append(self.sentences())
        return Template(tuple(one for one in alternatives if one))

    def sentences(self):
        found = []
        while self.at < len(self.text) and not self.text.startswith("||", self.at):
            parts = self.parts(0)
            if any(not isinstance(part, str) or part.strip() for part in parts):
                found.append(self.trimmed(parts, first=not found))
        return tuple(found)

    def trimmed(self, parts, *, first):
        """Without the blanks around an alternative."""
        parts = list(parts)
        if first and isinstance(parts[0], str):
            parts[0] = parts[0].lstrip()
        if isinstance(parts[-1], str) and (self.at >= len(self.text) or self.text.startswith("||", self.at)):
            parts[-1] = parts[-1].rstrip()
        return tuple(part for part in parts if part != "")

    def parts(self, depth):
        """Up to the end of a sentence, of the alternative, or of the clause one is in."""
        parts, plain, opened = [], "", self.at
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign in "{[":
                parts, plain = self.joined(parts, plain), ""
                parts.append(self.asked(parts) if sign == "{" else self.clause(depth))
                continue
            if sign == "]" or (depth == 0 and self.text.startswith("||", self.at)):
                if depth or sign != "]":
                    break
                self.complain(self.at, _("多了一个“]”。"))
            elif sign == "}":
                self.complain(self.at, _("多了一个“}”。"))
            elif sign == "|":
                self.complain(self.at, _("“|”只用在大括号里；另一种写法用“||”隔开。"))
            elif ord(sign) < 32:
                self.complain(self.at, _("这里有一个不能打印的字符。"))
            plain, self.at = plain + sign, self.at + 1
            if sign == "。" and depth == 0:
                break
        if depth and not self.text.startswith("]", self.at):
            self.complain(opened - 1, _("“[”没有对应的“]”。"))
        return [part for part in self.joined(parts, plain) if part is not None]

    def joined(self, parts, plain):
        return [*parts, plain] if plain else parts

    def clause(self, depth):
        at = self.at
        self.at += 1
        if depth >= DEEPEST:
            raise NotComputable([Wrong(at + 1, str(_("方括号最多套%(most)d层。") % {"most": DEEPEST}))])
        parts = self.parts(depth + 1)
        self.at += 1
        if not any(not isinstance(part, str) for part in parts):
            self.complain(at, _("方括号里没有指标，不会省略，请去掉方括号。"))
        return Clause(tuple(parts))

    def asked(self, before):
        at, end = self.at, self.text.find("}", self.at)
        if end < 0:
            self.complain(at, _("“{”没有对应的“}”。"))
            self.at = len(self.text)
            return None
        inside, self.at = self.text[at + 1 : end], end + 1
        names, bar, way = inside.partition("|")
        names, way = [name.strip() for name in re.split("[,，]", names)], way.strip()
        if not bar and len(names) == 1 and names[0] in self.facts:
            return Asked((names[0],), None)
        return self.of_figures(at, names, way, before)

    def of_figures(self, at, names, way, before):
        unknown = [name for name in names if name not in self.known]
        if way not in WAYS:
            self.complain(
                at, _("没有“%(way)s”这种写法；可用：%(ways)s。") % {"way": way[:20], "ways": "、".join(WAYS)[1:]}
            )
        elif unknown:
            self.complain(at, self.not_known(unknown[0]))
        elif len(names) > (MOST_CODES if WAYS[way].several else 1):
            self.complain(at, _("这种写法只用于一项指标。") if not WAYS[way].several else _("指标太多。"))
        elif misfit := [name for name in names if not WAYS[way].fits(self.known[name])]:
            values = {"name": self.known[misfit[0]].name, "way": way}
            self.complain(at, _("“%(name)s”不能用“%(way)s”。") % values)
        elif way in COMPARING and before and isinstance(before[-1], str) and _DIRECTIONS.search(before[-1]):
            self.complain(at, _("升降由数字决定，前面不要写“%(word)s”。") % {"word": _DIRECTIONS.search(before[-1])[0]})
        return Asked(tuple(names), way)

    def not_known(self, name):
        if not _NAME.fullmatch(name):
            return _("大括号里应是指标编码或事实名称。")
        near = difflib.get_close_matches(name, [*self.known, *self.facts], 1, 0.6)
        if near:
            return _("没有“%(name)s”这项指标，是不是“%(near)s”？") % {"name": name, "near": near[0]}
        return _("没有“%(name)s”这项指标。") % {"name": name}

    def complain(self, at, sentence):
        if len(self.wrong) < 20:
            self.wrong.append(Wrong(at + 1, str(sentence)))


# --- saying -------------------------------------------------------------------------------------------------------


def say(template: Template, material) -> tuple:
    """The parts (`str` and `Figure`) that the template says of `material`; empty where no alternative says anything.

    `material.fact(name)` and `material.about(codes, way)` answer parts, or None for what is missing.
    """
    for alternative in template.alternatives:
        said = [_said(sentence, material) for sentence in alternative]
        asked = any(one.asked for one in said)
        if not asked or any(one.told for one in said):
            parts = [part for one in said for part in one.parts]
            if parts:
                return _joined(parts)
    return ()


@dataclass(frozen=True)
class _Said:
    parts: tuple
    asked: bool
    told: bool


def _said(parts, material) -> _Said:
    """What a sentence or clause says: nothing where something required is missing, or all that it asked for."""
    out, asked, told = [], False, False
    lead, kept = None, False  # of a row of clauses: whether its first has a separator, whether one of it is printed
    for part in parts:
        if isinstance(part, str):
            out.append(part)
            lead, kept = None, False
            continue
        if isinstance(part, Asked):
            always, found = _found(part, material)
            asked = asked or not always
            if found is None:
                return _Said((), asked, False)
            told = told or not always
            out.extend(found)
            lead, kept = (lead, kept) if not found else (None, False)
            continue
        inner = _said(part.parts, material)
        asked, told = asked or inner.asked, told or inner.told
        aside = part.head == "（"
        if not aside and lead is None:
            lead = part.head in SEPARATORS and part.head != ""
        if inner.parts:
            out.extend(inner.parts if aside or kept or lead else _unled(inner.parts))
            kept = kept or not aside
    if asked and not told:
        return _Said((), True, False)
    return _Said(tuple(out), asked, told)


def _found(part, material):
    """(whether it is never missing, its parts or None)."""
    if part.way is None:
        return material.always(part.names[0]), material.fact(part.names[0])
    return False, material.about(part.names, part.way)


def _unled(parts):
    head = parts[0]
    return (head[1:], *parts[1:]) if isinstance(head, str) and head[:1] in SEPARATORS else parts


def _joined(parts):
    """Neighbouring texts as one, so that a snapshot stays small."""
    joined = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return tuple(joined)
