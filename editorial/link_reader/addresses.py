"""Which addresses may be connected to (security.md 2.4, SSRF): public ones, on the ports of the web, and nothing else.

What is asked is always the number that will be dialled, never the name: a name may answer otherwise the next time.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import idna
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]
DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_URL = 2_000
# Public by their number, but leading into a private network or to the machine's own host.
TREACHEROUS = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"),
            *("240.0.0.0/4", "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48"),
            *("100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7"),
            *("fe80::/10", "fec0::/10", "ff00::/8"),
        ),
    )
)


class Refused(Exception):
    """Nobody connects there; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotFound(Exception):
    """No such name."""


@dataclass(frozen=True)
class Target:
    """``path`` with its question mark and what follows, ready to be sent; ``host`` in ASCII, without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def shown_host(self) -> str:
        """As it stands in the header Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.shown_host}{self.path}"


def target(url: str) -> Target:
    """Raises Refused. The port is asked about in ``checked``, together with the number."""
    if len(url) > LONGEST_URL or any(ord(sign) < 33 or ord(sign) == 127 for sign in url) or "\\" in url:
        raise Refused("malformed")
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise Refused("malformed") from None
    scheme = (parts.scheme or "").lower()
    if scheme not in DEFAULT_PORTS:
        raise Refused("scheme")
    if parts.auth is not None:
        raise Refused("credentials")
    if not parts.host:
        raise Refused("malformed")
    return Target(scheme, _ascii(parts.host.strip("[]")), parts.port or DEFAULT_PORTS[scheme], parts.request_uri)


def _ascii(host: str) -> str:
    if "%" in host:  # the zone of an address that is not global, or an escape that two readers read in two ways
        raise Refused("malformed")
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise Refused("malformed") from None


def checked(wanted: Target, resolve: Resolve, also: frozenset[str]) -> str:
    """The one number to dial. Raises Refused, also when only one of several numbers is not public, and NotFound.

    ``also``: exact ``number:port`` that may be dialled all the same; for tests, otherwise empty.
    """
    numbers = resolve(wanted.host, wanted.port)
    if not numbers:
        raise NotFound(wanted.host)
    for number in numbers:
        if f"{number}:{wanted.port}" in also:
            continue
        if not is_public(number):
            raise Refused("private")
        if wanted.port not in DEFAULT_PORTS.values():
            raise Refused("port")
    return numbers[0]


def is_public(number: str) -> bool:
    try:
        address = ip_address(number)
    except ValueError:
        return False
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return not any(address in net for net in TREACHEROUS if net.version == address.version)


def ask_system(host: str, port: int) -> list[str]:
    """Every number of the name; the system also reads the odd spellings (``127.1``, ``0x7f000001``)."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(place[4][0]) for place in found))
