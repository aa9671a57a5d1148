"""Figures by category: the categories at the top of the tree that every installation has."""

from django.utils.translation import gettext_lazy as _

# The names are those of the seeded categories; a category that a county adds at the top counts as 其他 in charts.
NAMES = {
    "policy": _("政策"),
    "labour": _("用工"),
    "land": _("用地"),
    "finance": _("融资"),
    "market": _("市场拓展"),
    "park": _("园区配套"),
    "talent": _("人才"),
    "construction": _("规划建设"),
    "technology": _("技术"),
    "logistics": _("物流"),
    "environment": _("环保"),
    "other": _("其他"),
}
CODES = list(NAMES)


def category_indicator(code: str) -> str:
    """Code of the indicator that counts the problems raised of one top category."""
    return f"problems_raised_{code}"
