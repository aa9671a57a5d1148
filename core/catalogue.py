"""Which sentences of the project are to be translated: found in Python by its syntax tree, in templates by Django.

Django's own `makemessages` needs a system program that a fresh machine lacks; this needs nothing.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

_SINGLE = {"_", "__", "gettext", "gettext_lazy", "gettext_noop"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_CONTEXT = {"pgettext", "pgettext_lazy"}
# What templatize() leaves of a template: calls that xgettext would read.
_CALL = re.compile(r"\b(gettext|ngettext|pgettext|_)\((.*?)\)(?=\s|$|[^\w'\")])", re.S)
SKIPPED = {".venv", "var", "static", "tests", "bench", "node_modules", ".git", "migrations"}


@dataclass
class Message:
    """One sentence: its Chinese, its plural and context if any, and the files that use it."""

    text: str
    plural: str = ""
    context: str = ""
    places: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text


def messages(root: Path) -> dict[tuple[str, str], Message]:
    """Every sentence of the project by (context, Chinese)."""
    found: dict[tuple[str, str], Message] = {}
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if SKIPPED & set(relative.parts) or path.suffix not in (".py", ".html", ".txt"):
            continue
        if path.suffix == ".py":
            read = _from_python(path.read_text(encoding="utf-8"), str(relative))
        elif relative.parts[0] == "templates":
            source = templatize(path.read_text(encoding="utf-8"), origin=str(relative))
            read = _from_template(source, str(relative))
        else:
            continue
        for message in read:
            found.setdefault(message.key, message).places.add(relative.as_posix())
    return found


def _from_python(source: str, name: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source, name)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        words = [_text(argument) for argument in node.args]
        if called in _SINGLE and len(words) == 1 and words[0]:
            yield Message(words[0])
        elif called in _PLURAL and len(words) >= 2 and words[0] and words[1]:
            yield Message(words[0], plural=words[1])
        elif called in _CONTEXT and len(words) == 2 and words[0] and words[1]:
            yield Message(words[1], context=words[0])


def _text(node: ast.AST) -> str:
    """The text of a literal, '' for anything else (a name's text cannot be read from the source)."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _from_template(source: str, name: str) -> Iterator[Message]:
    for match in _CALL.finditer(source):
        try:
            call = ast.parse(f"{match[1]}({match[2]})", mode="eval").body
        except SyntaxError:
            continue
        words = [_text(argument) for argument in call.args]
        if match[1] == "ngettext" and len(words) >= 2 and words[0]:
            yield Message(words[0], plural=words[1])
        elif match[1] == "pgettext" and len(words) == 2:
            yield Message(words[1], context=words[0])
        elif words and words[0]:
            yield Message(words[0])


def placeholders(text: str) -> list[str]:
    """The named places of a sentence, which every translation must keep."""
    return sorted(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))
