"""HTTP on the loopback interface: reads requests, sends answers, and disturbs the connection where a fault says so."""

import os
import socket
import struct
import sys
import time
from collections.abc import Callable
from email.utils import formatdate
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from . import control, service
from .exchange import Answer, Request
from .simulation import Simulation

LARGEST_BODY = 16 * 1024 * 1024
DISCARDED_AT_MOST = 64 * 1024 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1")
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, sim: Simulation, port: int, host: str = "127.0.0.1") -> None:
        if host not in LOOPBACK:
            raise ValueError(f"the simulator binds only to the loopback interface, not to {host}")
        self.sim = sim
        if host == "::1":
            self.address_family = socket.AF_INET6
        super().__init__((host, port), Handler)

    @property
    def address(self) -> str:
        host, port = self.server_address[:2]
        shown = f"[{host!s}]" if self.address_family == socket.AF_INET6 else str(host)
        return f"http://{shown}:{port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no event."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "x-simulator"
    sys_version = ""
    disable_nagle_algorithm = True
    server: Server
    date_skew_s = 0.0

    def serve(self) -> None:
        sim = self.server.sim
        request = self.read_request()
        if request is None:
            return
        if control.is_control(request):
            self.send(control.handle(sim, request))
            return
        self.deliver(service.handle(sim, request))

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = serve  # noqa: N815 - the names that http.server calls

    def read_request(self) -> Request | None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal():
            self.close_connection = True
            self.send(Answer(411))
            return None
        if int(length) > LARGEST_BODY:
            self.discard(int(length))
            self.send(Answer(413))
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return None
        return Request(self.command, self.path, headers, body)

    def discard(self, length: int) -> None:
        """Reads on, so that the client sees the answer and not a reset."""
        self.close_connection = True
        left = min(length, DISCARDED_AT_MOST)
        while left > 0 and (piece := self.rfile.read(min(left, 1 << 16))):
            left -= len(piece)

    def deliver(self, reply: service.Reply) -> None:
        """The log is completed first: a client may look there as soon as it has its answer."""
        log, entry, answer = self.server.sim.log, reply.entry, reply.answer
        self.date_skew_s = reply.drawn.seconds("clock_skew")
        main = reply.drawn.main
        outcome, send = DISTURBED.get(main.kind if main else "", ("answered", Handler.plainly))
        log.close(entry, outcome, None if outcome in SILENT else answer.status)
        try:
            send(self, answer, main.args if main else {})
        except OSError:
            self.close_connection = True
            log.close(entry, "client_gone", None)

    def plainly(self, answer: Answer, args: dict[str, Any]) -> None:
        self.send(answer)

    def by_reset(self, answer: Answer, args: dict[str, Any]) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        os.close(self.connection.detach())

    def by_hanging(self, answer: Answer, args: dict[str, Any]) -> None:
        self.close_connection = True
        self.server.sim.stopping.wait(float(args.get("seconds", 60)))

    def by_dripping(self, answer: Answer, args: dict[str, Any]) -> None:
        self.close_connection = True
        self.start(answer)
        for byte in answer.body:
            self.wfile.write(bytes([byte]))
            if self.server.sim.stopping.wait(float(args.get("interval_s", 1))):
                break

    def send(self, answer: Answer) -> None:
        self.start(answer, answer.body)

    def start(self, answer: Answer, body: bytes = b"") -> None:
        """Head and body in one write."""
        date = formatdate(time.time() + self.date_skew_s, usegmt=True)
        headers = {"date": date, **answer.headers, "content-length": str(len(answer.body))}
        if self.close_connection:
            headers["connection"] = "close"
        lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in headers.items() if value]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body)

    def log_message(self, format: str, *args: Any) -> None:
        """The record is GET /_sim/log."""


SILENT = ("reset", "hung")
DISTURBED: dict[str, tuple[str, Callable[[Handler, Answer, dict[str, Any]], None]]] = {
    "reset_before": ("reset", Handler.by_reset),
    "accept_then_reset": ("reset", Handler.by_reset),
    "accept_then_hang": ("hung", Handler.by_hanging),
    "slow_body": ("dripped", Handler.by_dripping),
}
