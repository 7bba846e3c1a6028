"""Fetches one page: redirects by hand, each asked about anew, and little of everything else."""

import ssl
import time
import zlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError, SSLError, TimeoutError

from .addresses import NotFound, Refused, Resolve, Target, ask_system, checked, target

MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
WITHIN_S, CONNECT_WITHIN_S, READ_WITHIN_S = 10.0, 5.0, 5.0
MOST_RAW_BYTES, MOST_BYTES, CHUNK_BYTES = 2_000_000, 4_000_000, 16_384
PACKED = ("gzip", "x-gzip", "deflate")
HEADERS = {
    "User-Agent": "Jobcenter-Bremen-Linkpruefung/1.0",
    "Accept": "text/html, application/xhtml+xml;q=0.9, */*;q=0.5",
    "Accept-Language": "de, en;q=0.5",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}


class TooSlow(Exception):
    pass


class TooManyRedirects(Exception):
    pass


class BrokenSecurity(Exception):
    """The certificate does not prove that this is the site."""


class NoAnswer(Exception):
    pass


@dataclass(frozen=True)
class Fetched:
    """``body`` unpacked, as far as the limits let it; None where it cannot be unpacked. Header names in lower case."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes | None
    hops: list[str] = field(default_factory=list)


def fetch(url: str, *, also: frozenset[str] = frozenset(), resolve: Resolve = ask_system) -> Fetched:
    """Raises Refused, NotFound, NoAnswer, TooSlow, TooManyRedirects, BrokenSecurity."""
    deadline, hops = time.monotonic() + WITHIN_S, []
    for _ in range(MOST_REDIRECTS + 1):
        wanted = target(url)
        number = checked(wanted, resolve, also)
        hops.append(number)
        found = _ask(wanted, number, deadline)
        if found.status not in REDIRECTS or "location" not in found.headers:
            return Fetched(found.url, found.status, found.headers, found.body, hops)
        url = _next(wanted, found.headers["location"])
    raise TooManyRedirects


def _next(wanted: Target, location: str) -> str:
    try:
        return urljoin(wanted.url, location.strip())
    except ValueError:
        raise Refused("malformed") from None


def _ask(wanted: Target, number: str, deadline: float) -> Fetched:
    """One question to exactly this number. No proxy, no cookie, no log-in: the pool is used once and knows nobody."""
    left_s = deadline - time.monotonic()
    if left_s <= 0:
        raise TooSlow
    timeout = urllib3.Timeout(connect=min(CONNECT_WITHIN_S, left_s), read=min(READ_WITHIN_S, left_s))
    pool = _pool(wanted, number, timeout)
    try:
        answer = pool.urlopen(
            "GET",
            wanted.path,
            headers={**HEADERS, "Host": wanted.shown_host},
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
        )
        headers = {name.lower(): value for name, value in answer.headers.items()}
        is_last = answer.status not in REDIRECTS
        body = _body(answer, headers.get("content-encoding", ""), deadline) if is_last else b""
        return Fetched(wanted.url, answer.status, headers, body)
    except (SSLError, ssl.SSLError):
        raise BrokenSecurity from None
    except NewConnectionError:  # for urllib3 a kind of time-out
        raise NoAnswer from None
    except (ReadTimeoutError, TimeoutError):
        raise TooSlow from None
    except (HTTPError, OSError, ValueError):
        raise NoAnswer from None
    finally:
        pool.close()


def _pool(wanted: Target, number: str, timeout: urllib3.Timeout) -> urllib3.HTTPConnectionPool:
    """To this number, asking for that name: the certificate has to be the name's."""
    if wanted.scheme == "http":
        return urllib3.HTTPConnectionPool(number, wanted.port, timeout=timeout, maxsize=1)
    names: dict[str, Any] = {"server_hostname": wanted.host, "assert_hostname": wanted.host}
    return urllib3.HTTPSConnectionPool(
        number, wanted.port, timeout=timeout, maxsize=1, cert_reqs="CERT_REQUIRED", **names
    )


def _body(answer: urllib3.BaseHTTPResponse, packed_as: str, deadline: float) -> bytes | None:
    """What is endless is cut off: everything asked about stands near the beginning."""
    packed_as = packed_as.strip().lower()
    if packed_as not in ("", "identity", *PACKED):
        return None
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if packed_as in PACKED else None
    raw, body = 0, bytearray()
    while raw < MOST_RAW_BYTES and len(body) < MOST_BYTES:
        if time.monotonic() > deadline:
            raise TooSlow
        chunk = answer.read1(CHUNK_BYTES, decode_content=False)
        if not chunk:
            break
        raw += len(chunk)
        try:
            body += unpack.decompress(chunk, MOST_BYTES - len(body)) if unpack else chunk
        except zlib.error:
            return None
    return bytes(body)


__all__ = [
    "BrokenSecurity",
    "Fetched",
    "NoAnswer",
    "NotFound",
    "Refused",
    "TooManyRedirects",
    "TooSlow",
    "fetch",
]
