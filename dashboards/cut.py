"""A part of the rows of a declared figure, as a bar or band shows it and its link opens it."""

from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True)
class Cut:
    """`code` is the figure, `condition` narrows its rows, `number` is how many they are."""

    code: str
    name: str
    condition: Q
    number: int
