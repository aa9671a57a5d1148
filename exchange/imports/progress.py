"""How far an import of all rows is: its transaction shows nothing before it ends, so the cache is told. Without Redis
the page says that it is at work, no more."""

from django.core.cache import cache

KEPT = 300  # seconds


def tell(import_id: int, done: int) -> None:
    cache.set(_key(import_id), done, timeout=KEPT)


def told(import_id: int) -> int:
    found = cache.get(_key(import_id), 0)
    return found if isinstance(found, int) else 0


def _key(import_id):
    return f"import-done-{import_id}"
