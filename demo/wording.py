"""The texts that demonstrations are told in: YAML files of `demo/texts`, with variables."""

from functools import cache
from pathlib import Path

import yaml


@cache
def texts(name: str):
    """One of the YAML files of `demo/texts`."""
    return yaml.safe_load((Path(__file__).parent / "texts" / f"{name}.yaml").read_text(encoding="utf-8"))


def fill(text: str, values: dict) -> str:
    """The text with its variables."""
    return text.format_map(values)
