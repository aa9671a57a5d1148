"""The tree of categories as lists that pages need: in order, with depth, with everything below one of them."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from problems.models import Category


def ordered(rows: Iterable[Category]) -> list[Category]:
    """Depth first, brothers in their order; each row gets `depth` and `full_name`, rows without their parent in the
    list are left out."""
    below: dict = {}
    for row in sorted(rows, key=lambda row: (row.order, row.pk)):
        below.setdefault(row.parent_id, []).append(row)
    found: list[Category] = []

    def walk(parent_id, depth, above):
        for row in below.get(parent_id, []):
            row.depth, row.full_name = depth, f"{above} · {row.spoken}" if above else row.spoken
            found.append(row)
            walk(row.pk, depth + 1, row.full_name)

    walk(None, 0, "")
    return found


def offered(rows=None) -> list[Category]:
    """The active categories among `rows` (all), without those below a disabled one."""
    rows = Category.objects.all() if rows is None else rows
    return ordered(rows.filter(is_active=True))


def choices(rows=None) -> list[tuple]:
    """For a select: every active category by its full name."""
    return [("", _("请选择")), *((row.pk, row.full_name) for row in offered(rows))]


def subtree(category: Category) -> list[int]:
    """The ids of a category and everything below it."""
    below: dict = {}
    for pk, parent_id in Category.objects.values_list("pk", "parent_id"):
        below.setdefault(parent_id, []).append(pk)
    found, open_ = [], [category.pk]
    while open_:
        pk = open_.pop()
        found.append(pk)
        open_ += below.get(pk, [])
    return found
