"""Places on a page that other apps fill: the committee's page shows meetings without knowing what a meeting is.

An app lower in the order registers a panel in its `AppConfig.ready()`; the page of the app above asks for them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string


@dataclass(frozen=True)
class _Panel:
    order: int
    number: int
    make: Callable


_panels: dict[str, list[_Panel]] = {}


def register(place: str, order: int, function: Callable) -> None:
    """Show what `function(request, obj)` answers on pages of kind `place` (`committee`, `enterprise`, `chain`...).

    It answers (template name, context), or None to show nothing for this reader. Lower `order` stands higher.
    """
    panels = _panels.setdefault(place, [])
    panels.append(_Panel(order, len(panels), function))
    panels.sort(key=lambda panel: (panel.order, panel.number))


def render(place: str, request, obj) -> list[str]:
    """The finished panels of a page, in order."""
    made = (panel.make(request, obj) for panel in _panels.get(place, ()))
    return [render_to_string(template, context, request=request) for template, context in filter(None, made)]
