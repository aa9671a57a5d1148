"""The regions whose calendar somebody may look at: `core` keeps the calendar and knows no region."""

from core import calendar
from core.actor import Actor


def of(actor: Actor) -> list[tuple[str, str]]:
    """(path, name) of the regions this person sees, from the top down."""
    from alliances.models import Region

    return list(Region.objects.visible_to(actor).filter(is_active=True).order_by("path").values_list("path", "name"))


def register() -> None:
    calendar.register_regions(of)
