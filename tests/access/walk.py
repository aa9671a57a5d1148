"""Every address of the product, found in the URLconf itself."""

from dataclasses import dataclass

from django.db import transaction
from django.urls import get_resolver, reverse

from tests.access.world import NOWHERE, QUERIES, arguments
from tests.cast import CheckedClient

METHODS = ("GET", "POST")


# What these addresses name comes with the product and is the same for every county.
SHIPPED = {"meetings:scheme_detail", "exchange:register_template"}


@dataclass(frozen=True)
class Address:
    name: str
    takes: tuple[str, ...]

    @property
    def of_record(self) -> bool:
        """Whether it shows or changes one record, named in the path or the query."""
        return (bool(self.takes) and self.name not in SHIPPED) or self.name in QUERIES


def addresses() -> list[Address]:
    """All named addresses with their arguments, in the order of the URLconf. An address without a name is an error."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver, namespace):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            below = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, below)
        else:
            assert pattern.name, f"an address without a name: {pattern.pattern}"
            yield Address(f"{namespace}{pattern.name}", tuple(pattern.pattern.converters))


def path_of(address: Address, county) -> str:
    """The path of the address for a record of this county."""
    wanted = arguments(address.name, county) if address.takes else {}
    path = reverse(address.name, kwargs={name: wanted[name] for name in address.takes})
    return path + QUERIES.get(address.name, "").format(code=county.region.code)


def path_nowhere(address: Address, county) -> str:
    """As `path_of`, for a record that does not exist."""
    wanted = arguments(address.name, county) if address.takes else {}
    wanted = {name: NOWHERE if isinstance(value, int) else value for name, value in wanted.items()}
    path = reverse(address.name, kwargs={name: wanted[name] for name in address.takes})
    return path + QUERIES.get(address.name, "").format(code="990999")


def client_as(world, person: str) -> CheckedClient:
    client = CheckedClient(raise_request_exception=True)
    if person != "anonymous":
        client.force_login(world.people[person], backend="accounts.backends.AccountBackend")
    return client


def ask(client, method: str, path: str):
    """One request, undone afterwards."""
    cookies = dict(client.cookies)
    mark = transaction.savepoint()
    try:
        if method == "GET":
            response = client.get(path)
        else:
            kind = {"content_type": "application/json"} if path.startswith("/api/") else {}
            response = client.post(path, {}, **kind)
        if response.streaming:
            # Read to its end: the client then closes the file (closing it by hand would close the connection, too).
            b"".join(response.streaming_content)
        return response
    finally:
        transaction.savepoint_rollback(mark)
        client.cookies.clear()
        client.cookies.update(cookies)
