"""Posting to an address that a person typed, without becoming a tool against the own network.

Only hosts of `WEBHOOK_HOSTS` (names or addresses, with a port where it is not the usual one). The name is resolved
here, every address behind it is judged, and the connection goes to the address that was judged: a second answer of
the name server changes nothing. No redirect is followed, no proxy used; the exchange has a deadline, the answer a size.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

CONNECT_SECONDS, WHOLE_SECONDS = 3.0, 8.0
MOST_BYTES = 4096
LONGEST = 500
_PORTS = {"http": 80, "https": 443}


class Unsafe(ValueError):
    """The address may not be used; the sentence says why."""


class Undelivered(Exception):
    """It did not arrive. `final` when trying again would not help."""

    def __init__(self, sentence: str, *, final: bool = False):
        super().__init__(sentence)
        self.final = final


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


def allowed_hosts() -> frozenset[tuple[str, int | None]]:
    """{(host, port or None for the usual one)} from the environment."""
    found = set()
    for entry in settings.WEBHOOK_HOSTS:
        parts = urlsplit(f"//{entry.strip()}")
        if parts.hostname:
            found.add((parts.hostname.lower(), parts.port))
    return frozenset(found)


def check_url(url: str) -> SplitResult:
    """The parts of an address that may be used. Raises Unsafe with the reason."""
    if len(url) > LONGEST or any(ord(one) <= 32 or ord(one) == 127 for one in url):
        raise Unsafe(_("地址过长，或含有空格等不能使用的字符。"))
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").lower()
        url.encode("ascii")
    except (ValueError, UnicodeError):
        raise Unsafe(_("地址的写法不正确。")) from None
    if parts.scheme not in _PORTS or not host:
        raise Unsafe(_("地址应以 http:// 或 https:// 开头。"))
    if parts.username or parts.password:
        raise Unsafe(_("地址里不能带用户名和密码。"))
    usual = port is None or port == _PORTS[parts.scheme]
    if (host, port) not in allowed_hosts() and not (usual and (host, None) in allowed_hosts()):
        raise Unsafe(_("这台主机不在允许的名单里，请系统管理员在 WEBHOOK_HOSTS 中登记。"))
    return parts


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses behind a host, each judged. Raises Unsafe, or OSError where the name is unknown."""
    with contextlib.suppress(ValueError):
        return [str(ipaddress.ip_address(host))]  # named on the list itself
    found = {entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    for text in found:
        address = ipaddress.ip_address(text.partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified:
            raise Unsafe(_("主机名指向了本机或不允许的网络地址。"))
        if address.is_reserved:
            raise Unsafe(_("主机名指向了本机或不允许的网络地址。"))
    return sorted(found)


def post(url: str, body: bytes) -> Answer:
    """Post JSON. Raises Unsafe, Undelivered."""
    parts = check_url(url)
    host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
    try:
        address = addresses_of(host, port)[0]
    except OSError:
        raise Undelivered(_("主机名无法解析。")) from None
    connection = _connection(parts.scheme, host, port, address)
    guard = threading.Timer(WHOLE_SECONDS, _cut, [connection])
    guard.daemon = True
    guard.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "chain-alliance", "Accept": "*/*"}
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(MOST_BYTES))
    except TimeoutError:
        raise Undelivered(_("对方没有在规定时间内答复。")) from None
    except (OSError, http.client.HTTPException, AttributeError) as error:
        # http.client meets a socket that the guard has cut as an AttributeError in some places.
        sentence = _("没有连上，或连接中断（%(error)s）。") % {"error": type(error).__name__}
        raise Undelivered(sentence) from None
    finally:
        guard.cancel()
        connection.close()


def _connection(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    """A connection to the judged address that speaks as to the host's name."""
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    options = {"context": ssl.create_default_context()} if scheme == "https" else {}
    connection = kind(host, port, timeout=CONNECT_SECONDS, **options)
    connection._create_connection = lambda _place, timeout, source: socket.create_connection(
        (address, port), timeout, source
    )
    return connection


def _cut(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
