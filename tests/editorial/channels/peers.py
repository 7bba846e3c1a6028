"""Counterparts on the loopback interface that misbehave below HTTP."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class Peer:
    """Listens, hands each connection to ``behave`` and counts them; ends with the block."""

    def __init__(self, behave: Callable[["Peer", socket.socket], None], *, tls: ssl.SSLContext | None = None) -> None:
        self.behave, self.tls = behave, tls
        self.connections = 0
        self.requests: list[bytes] = []
        self.stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    @property
    def address(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopped.set()
        for listening in (self._listener, *self._open):
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                self._start(lambda connection=connection: self._handle(connection))

    def _handle(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            with connection:
                self.behave(self, connection)

    def read_request(self, connection: socket.socket) -> bytes:
        """One request, whole; empty when the other side has gone."""
        with connection.makefile("rb") as stream:
            head = b"".join(iter(stream.readline, b"\r\n")) if stream.peek(1) else b""
            if head:
                length = next(
                    (line for line in head.lower().splitlines() if line.startswith(b"content-length:")), b":0"
                )
                stream.read(int(length.split(b":")[1]))
                self.requests.append(head)
        return head

    def drip(self, connection: socket.socket, content: bytes, every_s: float) -> None:
        for position in range(len(content)):
            connection.sendall(content[position : position + 1])
            if self.stopped.wait(every_s):
                return


def answers(content: bytes) -> Callable[[Peer, socket.socket], None]:
    def behave(peer: Peer, connection: socket.socket) -> None:
        while peer.read_request(connection):
            connection.sendall(content)

    return behave


def hang(peer: Peer, connection: socket.socket) -> None:
    """Reads a request and says nothing."""
    peer.read_request(connection)
    peer.stopped.wait(5)


def ignore(peer: Peer, connection: socket.socket) -> None:
    """Takes the connection and neither reads nor says anything."""
    peer.stopped.wait(5)


def babble(peer: Peer, connection: socket.socket) -> None:
    """Answers whatever comes with something that is no TLS."""
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@contextmanager
def deaf_port() -> Iterator[str]:
    """An address whose queue of connections is full: a further one is neither taken nor refused."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect(listener.getsockname())
            waiting.append(filler)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            for filler in waiting:
                filler.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def certificate_for_loopback(folder: Path) -> Path:
    """A file with a fresh key and a certificate for 127.0.0.1, valid for an hour."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(hours=1)).not_valid_after(now + dt.timedelta(hours=1))
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    plain, form = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    file = folder / "loopback.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, plain)
        + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return file
