"""Which column of a file fills which field: by the field's label, its synonyms, and what the county chose before."""

from exchange.imports import values
from exchange.imports.declarations import ImportOf
from exchange.imports.sheets import names_of
from exchange.imports.values import squeezed

REMEMBERED = 20  # imports of the county that are looked back at


def known(spec: ImportOf, form) -> dict[str, str]:
    """{squeezed heading: field} of everything that the register is known to be headed by."""
    found = {}
    for column in spec.columns:
        if column.field not in form.fields:
            continue
        label = form.fields[column.field].label
        for word in (*values.in_every_language(label), *map(squeezed, column.synonyms)):
            found.setdefault(word, column.field)
    return found


def remembered(imports) -> dict[str, str]:
    """{squeezed heading: field or ""} that was chosen in `imports` (newest first)."""
    found: dict[str, str] = {}
    for labels, mapping in imports.values_list("labels", "mapping")[:REMEMBERED]:
        for place, label in enumerate(labels):
            if label:
                found.setdefault(squeezed(label), mapping.get(str(place), ""))
    return found


def guess(labels, words: dict[str, str], chosen: dict[str, str]) -> dict[str, str]:
    """{place of the column: field}; what the county chose goes before the names, and no field is filled twice."""
    mapping: dict[str, str] = {}
    for place, label in enumerate(labels):
        field = chosen.get(squeezed(label))
        if field is None:
            field = next((words[name] for name in sorted(names_of(label), key=len, reverse=True) if name in words), "")
        if field and field not in mapping.values():
            mapping[str(place)] = field
    return mapping
