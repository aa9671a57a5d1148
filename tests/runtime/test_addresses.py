"""One address in, the forms that libpq, Django, Celery and redis-py want out."""

import pytest

from config.local import addresses


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p@db:5433/chain", ("db", "5433", "chain", "u", "p")),
        ("postgres://u:p%40ss@db/chain", ("db", "", "chain", "u", "p@ss")),
        ("postgresql://u:p@/chain?host=%2FVar%2FMain", ("/Var/Main", "", "chain", "u", "p")),
        ("postgresql://u:p@%2FVar%2FMain/chain", ("/Var/Main", "", "chain", "u", "p")),
        ("postgresql://u@[::1]:5432/chain", ("::1", "5432", "chain", "u", "")),
    ],
)
def test_database_address(url, expected):
    entry = addresses.database_settings(url)
    assert tuple(entry[key] for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD")) == expected


def test_other_databases_are_refused():
    with pytest.raises(ValueError, match="postgresql"):
        addresses.database_settings("sqlite:///file")


def test_database_address_keeps_transport_security():
    assert addresses.database_settings("postgresql://u@db/c?sslmode=require")["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("url", "broker", "cache"),
    [
        ("redis://:pw@redis:6379/0", "redis://:pw@redis:6379/0", "redis://:pw@redis:6379/1"),
        ("rediss://redis", "rediss://redis/0", "rediss://redis/1"),
        ("unix:///run/r.sock?db=4", "redis+socket:///run/r.sock?virtual_host=4", "unix:///run/r.sock?db=5"),
        ("redis+socket:///r.sock", "redis+socket:///r.sock?virtual_host=0", "unix:///r.sock?db=1"),
    ],
)
def test_redis_address_serves_queue_and_cache_apart(url, broker, cache):
    services = addresses.Services("", "", url, local_postgres=False, local_redis=False)
    assert (services.redis_broker_url, services.redis_cache_url) == (broker, cache)


def test_environment_wins(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://web@db/c")
    monkeypatch.delenv("OWNER_DATABASE_URL")
    monkeypatch.setenv("REDIS_URL", "redis://redis")
    found = addresses.resolve()
    assert found.database_url == found.owner_database_url == "postgresql://web@db/c"
    assert not found.local_postgres
    assert not found.local_redis


def test_relative_data_folder_lies_in_the_project(monkeypatch):
    monkeypatch.setenv("DATA_DIR", "elsewhere")
    assert addresses.data_dir() == addresses.PROJECT / "elsewhere"


def test_secret_is_made_once_and_private(data_dir):
    first = addresses.secret_key(data_dir)
    assert addresses.secret_key(data_dir) == first
    assert len(first) >= 50
    assert (data_dir / "secrets" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (data_dir / "secrets").stat().st_mode & 0o777 == 0o700
