"""Which PostgreSQL and which Redis: from the environment, or the local ones of the data folder.

`DATABASE_URL` is the web role's address, `OWNER_DATABASE_URL` the one that migrates (unset: the same role does
both, and `doctor` warns). `REDIS_URL` is one address from which the forms for Celery and for the cache are made.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from .keys import kept_secret
from .layout import Layout

PROJECT = Path(__file__).resolve().parents[2]
DATABASE = "chain_alliance"
OWNER, WEB, ADMIN = "chain_owner", "chain_web", "postgres"


@dataclass(frozen=True)
class Services:
    """Addresses as the settings want them; `local_*` says which server is ours to start."""

    database_url: str
    owner_database_url: str
    redis_url: str
    local_postgres: bool
    local_redis: bool

    @property
    def redis_broker_url(self) -> str:
        return broker_url(self.redis_url)

    @property
    def redis_cache_url(self) -> str:
        """The database number after the broker's, so that a cache flush leaves the queue alone."""
        return client_url(self.redis_url, shift=1)


def data_dir() -> Path:
    """`DATA_DIR`, read against the project's folder when it is relative; `./var` when unset."""
    return (PROJECT / (os.environ.get("DATA_DIR") or "var")).resolve()


def secret_key(folder: Path) -> str:
    """Django's secret key for an installation that sets none: made once, kept in the data folder."""
    return kept_secret(folder, "secret_key", length=50)


def resolve() -> Services:
    """Read the environment; nothing is started, but the local roles' passwords are made on first use."""
    folder = data_dir()
    layout = Layout(folder)
    url = os.environ.get("DATABASE_URL") or ""
    redis_url = os.environ.get("REDIS_URL") or ""
    if url:
        owner_url = os.environ.get("OWNER_DATABASE_URL") or url
    else:
        url, owner_url = local_database_url(layout, WEB), local_database_url(layout, OWNER)
    return Services(
        database_url=url,
        owner_database_url=owner_url,
        redis_url=redis_url or local_redis_url(layout),
        local_postgres=not os.environ.get("DATABASE_URL"),
        local_redis=not redis_url,
    )


def local_database_url(layout: Layout, role: str, database: str = DATABASE) -> str:
    password = kept_secret(layout.data_dir, f"{role}_password")
    return f"postgresql://{role}:{quote(password)}@/{database}?host={quote(str(layout.sockets), safe='')}"


def local_redis_url(layout: Layout, number: int = 0) -> str:
    return f"unix://{quote(str(layout.redis_socket))}?db={number}"


def database_settings(url: str) -> dict:
    """An entry of Django's DATABASES out of a PostgreSQL address.

    The host may be a socket folder, as libpq writes it: percent-encoded in the host's place or as `?host=`.
    (django-environ lower-cases that part and so breaks paths.) Raises ValueError for another kind of database.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql", "pgsql"):
        raise ValueError("DATABASE_URL must begin with postgresql:// ; other databases are not supported.")
    place = parts.netloc.rpartition("@")[2]
    host, port = place, ""
    if place.startswith("["):
        host, _, rest = place[1:].partition("]")
        port = rest.removeprefix(":")
    elif ":" in place:
        host, _, port = place.rpartition(":")
    query = parse_qs(parts.query)
    entry = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(host)])[0],
        "PORT": query.get("port", [port])[0],
    }
    if "sslmode" in query:
        entry["OPTIONS"] = {"sslmode": query["sslmode"][0]}
    return entry


def broker_url(url: str, shift: int = 0) -> str:
    """The same Redis as Celery names it: `redis+socket://PATH?virtual_host=N` for a socket."""
    if not _is_socket(url):
        return _shift_network(url, shift)
    path, number = _socket_parts(url)
    return f"redis+socket://{path}?virtual_host={number + shift}"


def client_url(url: str, shift: int = 0) -> str:
    """The same Redis as redis-py and Django's cache name it: `unix://PATH?db=N` for a socket."""
    if not _is_socket(url):
        return _shift_network(url, shift)
    path, number = _socket_parts(url)
    return f"unix://{path}?db={number + shift}"


def _is_socket(url: str) -> bool:
    return urlsplit(url).scheme in ("unix", "redis+socket")


def _socket_parts(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    number = query.get("db") or query.get("virtual_host") or ["0"]
    return parts.path, int(number[0])


def _shift_network(url: str, shift: int) -> str:
    parts = urlsplit(url)
    number = int(parts.path.strip("/") or 0) + shift
    return parts._replace(path=f"/{number}").geturl()
