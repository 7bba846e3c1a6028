import socket
import ssl
import time

import pytest
import requests
from urllib3.connection import HTTPConnection

from editorial.channels.wire import Call, Line, Rejected, TimeIsUp
from tests.editorial.channels.peers import (
    OK,
    Peer,
    answers,
    babble,
    certificate_for_loopback,
    deaf_port,
    free_port,
    hang,
    ignore,
)

ALIAS = "https://api.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return certificate_for_loopback(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def line_to(address, read_timeout_s=5.0):
    return Line(address, alias=ALIAS, read_timeout_s=read_timeout_s)


def timed(line, limit_s, **more):
    """The error of one POST, whether a byte left, and how long it took."""
    started = time.monotonic()
    with line.within(limit_s), pytest.raises(Exception) as caught:  # noqa: PT011 - each test says which it was
        line.post(f"{ALIAS}/2/tweets", **more)
    return caught.value, not line.nothing_left, time.monotonic() - started


def test_a_call_goes_to_the_base_address_and_keeps_the_path():
    with Peer(answers(OK)) as peer:
        assert line_to(peer.address).get(f"{ALIAS}/2/users/me").json() == {}
        assert peer.requests[0].startswith(b"GET /2/users/me HTTP/1.1\r\n")


@pytest.mark.parametrize("url", ["https://api.example.org/2/tweets", "https://elsewhere.invalid/", "http://127.0.0.1/"])
def test_no_other_host_is_spoken_to(url):
    with pytest.raises(ValueError, match="one host only"):
        line_to("http://127.0.0.1:9").get(url)


def test_a_redirect_is_not_followed():
    with Peer(answers(OK)) as target:
        answer = f"HTTP/1.1 302 Found\r\nlocation: {target.address}/\r\ncontent-length: 0\r\n\r\n".encode()
        with Peer(answers(answer)) as peer, pytest.raises(Rejected):
            line_to(peer.address).post(f"{ALIAS}/2/tweets", json={})
        assert (len(peer.requests), target.connections) == (1, 0)


def test_cookies_are_not_kept():
    with Peer(answers(OK.replace(b"\r\n\r\n", b"\r\nset-cookie: guest=1\r\n\r\n"))) as peer:
        line = line_to(peer.address)
        line.get(f"{ALIAS}/")
        line.get(f"{ALIAS}/")
        assert [b"cookie" in request.lower() for request in peer.requests] == [False, False]


def test_proxies_of_the_environment_are_ignored(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    with Peer(answers(OK)) as peer:
        line_to(peer.address).get(f"{ALIAS}/")
        assert len(peer.requests) == 1


def test_a_refused_connection_lets_no_byte_out():
    error, left, _ = timed(line_to(f"http://127.0.0.1:{free_port()}"), 5)

    assert (isinstance(error, requests.ConnectionError), left) == (True, False)


def test_an_unknown_name_lets_no_byte_out():
    error, left, _ = timed(line_to("http://no-such-host.invalid"), 5)

    assert (isinstance(error, requests.ConnectionError), left) == (True, False)


def test_a_failed_tls_handshake_lets_no_byte_out():
    with Peer(babble) as peer:
        error, left, _ = timed(line_to(peer.address.replace("http:", "https:")), 5)

    assert (isinstance(error, requests.exceptions.SSLError), left) == (True, False)


def test_a_silent_tls_peer_lets_no_byte_out():
    with Peer(ignore) as peer:
        error, left, took_s = timed(line_to(peer.address.replace("http:", "https:")), 0.3)

    assert (isinstance(error, requests.RequestException), left) == (True, False)
    assert took_s < 2


def test_a_certificate_that_nobody_vouches_for_lets_no_byte_out(tls):
    with Peer(answers(OK), tls=tls) as peer:
        error, left, _ = timed(line_to(peer.address), 5)
        assert (isinstance(error, requests.exceptions.SSLError), left, peer.requests) == (True, False, [])


def test_a_call_over_tls_is_answered(tls, certificate):
    with Peer(answers(OK), tls=tls) as peer:
        line = line_to(peer.address)
        line.verify = str(certificate)
        with line.within(5):
            assert line.get(f"{ALIAS}/2/users/me").json() == {}
        assert (len(peer.requests), line.nothing_left) == (1, False)


def test_a_dripping_answer_over_tls_is_cut_at_the_deadline(tls, certificate):
    def drip(peer, connection):
        peer.read_request(connection)
        peer.drip(connection, OK, 0.05)

    with Peer(drip, tls=tls) as peer:
        line = line_to(peer.address)
        line.verify = str(certificate)
        error, left, took_s = timed(line, 1.0)

    assert (isinstance(error, (requests.RequestException, TimeIsUp)), left, line.was_cut) == (True, True, True)
    assert 0.6 < took_s < 3


def test_a_name_that_is_found_too_late_lets_no_byte_out(monkeypatch):
    find = socket.getaddrinfo

    def find_slowly(*args, **more):
        time.sleep(0.4)
        return find(*args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", find_slowly)
    with Peer(answers(OK)) as peer:
        error, left, _ = timed(line_to(peer.address), 0.2)
        assert (isinstance(error, TimeIsUp), left, peer.requests) == (True, False, [])


def test_a_sender_that_was_frozen_past_the_deadline_lets_no_byte_out(monkeypatch):
    """The clock has moved on and the watchdog has not been heard of yet."""
    monkeypatch.setattr(Call, "_cut_off", lambda call: None)
    connect = HTTPConnection.connect

    def connect_and_freeze(connection):
        connect(connection)
        time.sleep(0.3)

    monkeypatch.setattr(HTTPConnection, "connect", connect_and_freeze)
    with Peer(answers(OK)) as peer:
        error, left, _ = timed(line_to(peer.address), 0.2)
        assert (isinstance(error, TimeIsUp), left, peer.requests) == (True, False, [])


def test_a_connection_that_nobody_takes_lets_no_byte_out():
    with deaf_port() as address:
        error, left, took_s = timed(line_to(address), 0.4)

    assert (isinstance(error, requests.ConnectTimeout), left) == (True, False)
    assert took_s < 2


def test_time_that_is_up_before_the_call_opens_no_connection():
    with Peer(answers(OK)) as peer:
        error, left, _ = timed(line_to(peer.address), 0)
        assert (isinstance(error, TimeIsUp), left, peer.connections) == (True, False, 0)


def test_silence_after_the_request_means_that_bytes_left():
    with Peer(hang) as peer:
        error, left, _ = timed(line_to(peer.address, read_timeout_s=0.2), 5)
        assert (isinstance(error, requests.ReadTimeout), left, len(peer.requests)) == (True, True, 1)


@pytest.mark.parametrize("sent_at_once", [0, 20, len(OK) - 2])
def test_a_dripping_answer_is_cut_at_the_deadline_in_head_and_body(sent_at_once):
    slow = OK.replace(b"length: 2", b"length: 99") + b" " * 97

    def drip(peer, connection):
        peer.read_request(connection)
        connection.sendall(slow[:sent_at_once])
        peer.drip(connection, slow[sent_at_once:], 0.05)

    with Peer(drip) as peer:
        line = line_to(peer.address, read_timeout_s=5)
        error, left, took_s = timed(line, 0.8)

    assert (isinstance(error, (requests.RequestException, TimeIsUp)), left, line.was_cut) == (True, True, True)
    assert 0.6 < took_s < 3


def test_a_peer_that_does_not_read_is_cut_at_the_deadline():
    with Peer(ignore) as peer:
        line = line_to(peer.address, read_timeout_s=5)
        _, left, took_s = timed(line, 0.4, data=b"x" * 30_000_000)

    # Whether the watchdog or the socket's own limit came first is a matter of milliseconds.
    assert left
    assert took_s < 2


def test_an_inner_limit_never_prolongs_the_outer_one():
    line = line_to("http://127.0.0.1:9")
    with line.within(10):
        with line.within(60):
            assert line.left_s() <= 10
        with line.within(1):
            assert line.left_s() <= 1
        assert line.left_s() > 9


def test_a_late_watchdog_does_not_touch_the_next_call():
    with Peer(answers(OK)) as peer:
        line = line_to(peer.address)
        with line.within(0.6):
            line.get(f"{ALIAS}/")
        time.sleep(0.8)
        with line.within(5):
            line.get(f"{ALIAS}/")
        assert (peer.connections, len(peer.requests)) == (1, 2)


def test_a_fresh_line_does_not_use_a_connection_the_peer_may_have_closed():
    def once(peer, connection):
        peer.read_request(connection)
        connection.sendall(OK)
        peer.read_request(connection)  # closes under the second request, as a server does after idling
        connection.shutdown(socket.SHUT_RDWR)

    with Peer(once) as peer:
        line = line_to(peer.address)
        line.get(f"{ALIAS}/")
        line.fresh()
        line.get(f"{ALIAS}/")
        assert peer.connections == 2


@pytest.mark.parametrize("limit_s", [1e12, float("inf")])
def test_any_generous_limit_is_accepted(limit_s):
    with Peer(answers(OK)) as peer:
        line = line_to(peer.address, read_timeout_s=limit_s)
        with line.within(limit_s):
            assert line.get(f"{ALIAS}/").json() == {}
