"""Web servers on this machine that behave in every bad way, for the link check. Loopback only."""

import datetime as dt
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Answer = tuple[int, dict[str, str], bytes]
BOMB_BYTES = 300_000_000


@dataclass
class Site:
    """``pages``: what it answers by path; ``asked``: the headers of every request that arrived."""

    port: int
    pages: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]]
    scheme: str = "http"
    host: str = "127.0.0.1"
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def also(self) -> frozenset[str]:
        return frozenset({f"127.0.0.1:{self.port}"})

    def url(self, path: str = "/", host: str = "") -> str:
        return f"{self.scheme}://{host or self.host}:{self.port}{path}"


def html(body: str, status: int = 200, **headers: str) -> Answer:
    kind = headers.pop("content_type", "text/html; charset=utf-8")
    return status, {"Content-Type": kind, **headers}, body.encode()


def moved(to: str, status: int = 302) -> Answer:
    return status, {"Location": to}, b""


@contextmanager
def site(
    pages: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]], *, certificate: Path | None = None
) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append({name.lower(): value for name, value in self.headers.items()})
            answer = found.pages.get(self.path, html("Nichts", 404))
            with suppress(OSError):  # who asked has had enough
                if callable(answer):
                    answer(self)
                    return
                status, headers, body = answer
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            pass  # a caller that hangs up is what is tested here

    server = Server(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    found = Site(server.server_address[1], pages, "https" if certificate else "http")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.end_headers()
    request.wfile.write(b"<title>Ohne Ende</title>")
    while True:
        request.wfile.write(b"x" * 65_536)


def dripping(request: BaseHTTPRequestHandler) -> None:
    """One sign at a time, each well within the time-out of a single read."""
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.end_headers()
    while True:
        request.wfile.write(b"x")
        request.wfile.flush()
        time.sleep(0.1)


def bomb() -> Answer:
    """A third of a gigabyte in a few hundred kilobytes."""
    packed = gzip.compress(b"<title>Bombe</title>" + bytes(BOMB_BYTES), 6)
    return 200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, packed


@contextmanager
def counting_listener(address: str = "127.0.0.1") -> Iterator[tuple[int, list[str]]]:
    """A port and who connected to it, whatever they wanted to say."""
    came: list[str] = []
    ended = threading.Event()
    with socket.create_server((address, 0)) as listener:
        listener.settimeout(0.05)

        def count() -> None:
            while not ended.is_set():
                with suppress(TimeoutError, OSError):
                    caller, who = listener.accept()
                    came.append(str(who))
                    caller.close()

        thread = threading.Thread(target=count, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1], came
        finally:
            time.sleep(0.1)
            ended.set()
            thread.join()


def own_certificate(folder: Path, *names: str) -> Path:
    """Key and certificate in one file, signed by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{names[0]}.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
