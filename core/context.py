"""What every page's frame needs: who is here, the menu, the theme, and whether figures may lag."""

from django.conf import settings

from core import navigation
from core.actor import Role

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


# Set by the indicators app when it is ready: answers True while figures may lag behind the records. `core` cannot
# import it (the order of the apps), so it registers itself here. It must be cheap: it runs on every page.
figures_may_lag = None


def register_staleness(function) -> None:
    """Register the function that answers whether figures may lag (no argument, True or False, never raises)."""
    global figures_may_lag
    figures_may_lag = function


# Set by the notices app when it is ready: answers what the bell of the top bar shows for an actor, or None. One cheap
# statement: it runs on every full page.
bell_of = None


def register_bell(function) -> None:
    """Register `function(actor)`, which answers {"count", "shown", "url", "poll_url"} or None."""
    global bell_of
    bell_of = function


def theme_of(request) -> str:
    """The theme the person chose, from its cookie; light for anything else."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else THEMES[0]


def chrome(request) -> dict:
    """The context of the frame. A fragment for HTMX has no frame, so it pays for none of it."""
    actor = getattr(request, "actor", None)
    signed_in = actor is not None and actor.user_id is not None
    base = {
        "actor": actor if signed_in else None,
        "theme": theme_of(request),
        "app_version": settings.VERSION,
        "may_raise": signed_in and actor.has(*Role.RAISERS),
    }
    if getattr(request, "htmx", False) and not request.htmx.boosted:
        return base
    match = getattr(request, "resolver_match", None)
    here = match.view_name if match else ""
    return {
        **base,
        "nav": navigation.menu_for(actor, here) if signed_in else [],
        "nav_pages": navigation.pages_for(actor, here) if signed_in else None,
        "nav_tabs": navigation.tabs_for(actor, here) if signed_in else [],
        "figures_may_lag": bool(figures_may_lag and signed_in and figures_may_lag()),
        "bell": bell_of(actor) if bell_of and signed_in else None,
        "languages": settings.LANGUAGES,
        "is_demo": settings.DEMO,
        "may_search": signed_in and actor.has(*navigation.LEDGER_READERS),
    }
