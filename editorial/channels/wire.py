"""The line to a channel: a session that knows whether a byte left the house and ends when time is up.

A read timeout counts per socket read, so a peer that drips one byte a second defeats it. Here a watchdog cuts the
socket at the deadline, whatever the library is waiting for: headers, body or our own bytes going out.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

CONNECT_TIMEOUT_S = 5.0
LONGEST_LIMIT_S = 86400.0  # sockets and timers overflow far beyond
_current: ContextVar["Call | None"] = ContextVar("current_call", default=None)


class TimeIsUp(Exception):
    """The deadline passed before the answer was there in full; whether a byte left, the line says."""


class Rejected(Exception):
    """An answer outside 2xx, raised before the vendor's library could stumble over its body."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__(f"HTTP {response.status_code}")
        self.response = response


class Call:
    """One request: ``left`` once a byte of it was handed to a socket, ``cut`` once the watchdog ended it."""

    def __init__(self, limit_s: float) -> None:
        self.left = self.cut = False
        self._deadline = time.monotonic() + limit_s
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._watchdog = threading.Timer(limit_s, self._cut_off)
        self._watchdog.daemon = True

    def __enter__(self) -> Self:
        self._token = _current.set(self)
        self._watchdog.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watchdog.cancel()
        _current.reset(self._token)
        with self._lock:
            self._socket = None  # it goes back to the pool; a late watchdog must not touch it

    def writes_to(self, connected: socket.socket) -> None:
        with self._lock:
            # The clock as well: in a process that was frozen, the watchdog may wake after this thread.
            if self.cut or time.monotonic() >= self._deadline:
                raise TimeIsUp
            self.left, self._socket = True, connected

    def _cut_off(self) -> None:
        with self._lock:
            self.cut = True
            if self._socket is not None:
                # The plain method also for TLS: the encrypted socket's own one would pull its state from under
                # the thread that is reading. An error means closed already, which is what the watchdog wants.
                with suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _Connection(HTTPConnection):
    """Says so before the first byte of a request goes out."""

    def send(self, data: Any) -> None:
        _announce(self)
        super().send(data)


class _TlsConnection(HTTPSConnection):
    """The same, after TLS is agreed."""

    def send(self, data: Any) -> None:
        _announce(self)
        super().send(data)


def _announce(connection: HTTPConnection) -> None:
    if connection.sock is None:
        connection.connect()
    if (call := _current.get()) is not None:
        call.writes_to(connection.sock)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


class Line(requests.Session):
    """One host, time-outs, a deadline, no retry, no redirect, no proxy or netrc from the environment, no cookies.

    ``alias`` is the address the vendor's library has built in; calls to it go to ``base_url``. One thread at a time.
    """

    def __init__(self, base_url: str, *, alias: str, read_timeout_s: float) -> None:
        super().__init__()
        self._base, self._alias, self._read_timeout_s = base_url.rstrip("/"), alias, read_timeout_s
        self._deadline: float | None = None
        self.last_call: Call | None = None
        self.last_date: tuple[str, float] | None = None
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter(max_retries=0))

    @contextmanager
    def within(self, limit_s: float) -> Iterator[None]:
        """Everything inside ends ``limit_s`` seconds from now, or earlier when an outer limit says so."""
        outer, mine = self._deadline, time.monotonic() + min(limit_s, LONGEST_LIMIT_S)
        self._deadline = mine if outer is None else min(outer, mine)
        try:
            yield
        finally:
            self._deadline = outer

    def left_s(self) -> float:
        return LONGEST_LIMIT_S if self._deadline is None else self._deadline - time.monotonic()

    @property
    def nothing_left(self) -> bool:
        """No byte of the last request was handed to a socket."""
        return self.last_call is None or not self.last_call.left

    @property
    def was_cut(self) -> bool:
        return self.last_call is not None and self.last_call.cut

    def fresh(self) -> None:
        """Forget kept connections: one the peer closed while idle would make the next outcome unclear."""
        self.close()
        self.last_call = None

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        self.last_call = None
        limit_s = self.left_s()
        if limit_s <= 0:
            raise TimeIsUp
        kwargs["timeout"] = (min(CONNECT_TIMEOUT_S, limit_s), min(self._read_timeout_s, limit_s))
        kwargs["allow_redirects"] = False
        with Call(limit_s) as self.last_call:
            response = super().request(method, self._ours(str(url)), *args, **kwargs)
        if self.last_call.cut:
            # http.client takes the end of the stream for the end of the head: what was cut can look whole.
            raise TimeIsUp
        self.last_date = (response.headers.get("date", ""), time.time())
        if not 200 <= response.status_code < 300:
            raise Rejected(response)
        return response

    def _ours(self, url: str) -> str:
        if not url.startswith(f"{self._alias}/"):
            raise ValueError("this line leads to one host only")
        return self._base + url.removeprefix(self._alias)
