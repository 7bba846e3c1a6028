import socket
import time
import tracemalloc

import pytest

from editorial.link_reader import fetching
from editorial.link_reader.fetching import (
    BrokenSecurity,
    NoAnswer,
    NotFound,
    Refused,
    TooManyRedirects,
    TooSlow,
    fetch,
)
from tests.sites import bomb, counting_listener, dripping, endless, html, moved, own_certificate, site


def answers(*numbers):
    return lambda host, port: list(numbers)


def test_a_page_is_fetched_with_the_name_it_was_asked_for_and_nothing_of_ours():
    with site({"/seite": html("<title>Hallo</title>")}) as here:
        found = fetch(here.url("/seite", "www.example.org"), also=here.also, resolve=answers("127.0.0.1"))
    assert (found.status, b"Hallo" in found.body) == (200, True)
    (asked,) = here.asked
    assert asked["host"] == f"www.example.org:{here.port}"
    assert asked["user-agent"].startswith("Jobcenter-Bremen-Linkpruefung/")
    assert not {"cookie", "authorization", "referer", "proxy-authorization"} & set(asked)


def test_a_redirect_is_followed_and_a_cookie_is_not_kept():
    with site({"/a": (302, {"Location": "/b", "Set-Cookie": "wer=du"}, b""), "/b": html("da")}) as here:
        found = fetch(here.url("/a"), also=here.also)
    assert (found.url, found.status) == (here.url("/b"), 200)
    assert "cookie" not in here.asked[1]


@pytest.mark.parametrize(
    "inside",
    ["http://127.0.0.1:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "//127.1:{port}/", "http://localhost:{port}/"],
)
def test_a_redirect_to_a_private_place_ends_there_and_nobody_connects(inside):
    with counting_listener() as (port, came):
        with site({"/": moved(inside.format(port=port))}) as here, pytest.raises(Refused, match="private"):
            fetch(here.url(), also=here.also)
        assert len(here.asked) == 1
    assert came == []


@pytest.mark.parametrize("elsewhere", ["file:///etc/passwd", "http://wer:was@example.org/", "ftp://example.org/"])
def test_a_redirect_to_something_else_than_the_web_is_refused(elsewhere):
    with site({"/": moved(elsewhere)}) as here, pytest.raises(Refused):
        fetch(here.url(), also=here.also)


def test_after_five_redirects_it_is_enough():
    pages = {f"/{number}": moved(f"/{number + 1}") for number in range(20)}
    with site(pages) as here:
        with pytest.raises(TooManyRedirects):
            fetch(here.url("/0"), also=here.also)
        assert len(here.asked) == 6
        here.pages["/5"] = html("da")
        assert fetch(here.url("/0"), also=here.also).status == 200


def test_a_name_that_answers_otherwise_the_second_time_is_not_asked_twice():
    """Rebinding: the number that was found good is the one that is dialled."""
    with counting_listener("127.0.0.2") as (_, came), site({"/": html("da")}) as here:
        said = iter([["127.0.0.1"], ["127.0.0.2"], ["10.0.0.1"]])
        asked = []

        def changing(host, port):
            asked.append(host)
            return next(said)

        found = fetch(here.url("/", "wechselt.example"), also=here.also, resolve=changing)
        assert (found.status, found.hops, asked) == (200, ["127.0.0.1"], ["wechselt.example"])
    assert came == []


def test_a_name_that_turns_private_between_two_hops_is_refused():
    with counting_listener("127.0.0.2") as (_, came), site({"/": moved("/weiter"), "/weiter": html("da")}) as here:
        said = iter([["127.0.0.1"], ["127.0.0.2"]])
        with pytest.raises(Refused, match="private"):
            fetch(here.url("/", "wechselt.example"), also=here.also, resolve=lambda host, port: next(said))
        assert len(here.asked) == 1
    assert came == []


def test_the_environments_proxy_is_not_asked(monkeypatch):
    with counting_listener() as (port, came), site({"/": html("da")}) as here:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        assert fetch(here.url(), also=here.also).status == 200
    assert came == []


def test_an_endless_page_is_cut_off():
    with site({"/": endless}) as here:
        found = fetch(here.url(), also=here.also)
    assert b"Ohne Ende" in found.body
    assert len(found.body) <= fetching.MOST_RAW_BYTES + fetching.CHUNK_BYTES


def test_a_packed_bomb_is_unpacked_only_as_far_as_the_limit():
    with site({"/": bomb()}) as here:
        tracemalloc.start()
        try:
            found = fetch(here.url(), also=here.also)
            _, most_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (len(found.body), b"Bombe" in found.body) == (fetching.MOST_BYTES, True)
    assert most_bytes < 5 * fetching.MOST_BYTES, most_bytes


@pytest.mark.parametrize(
    ("packed_as", "body"), [("gzip", b"das ist nicht gepackt"), ("br", b"\x0b"), ("gzip, gzip", b"x")]
)
def test_what_cannot_be_unpacked_is_not_read(packed_as, body):
    with site({"/": (200, {"Content-Type": "text/html", "Content-Encoding": packed_as}, body)}) as here:
        assert fetch(here.url(), also=here.also).body is None


def test_a_page_that_drips_has_little_time(monkeypatch):
    monkeypatch.setattr(fetching, "WITHIN_S", 1.0)
    began = time.monotonic()
    with site({"/": dripping}) as here, pytest.raises(TooSlow):
        fetch(here.url(), also=here.also)
    assert time.monotonic() - began < 3


def test_a_server_that_says_nothing_is_too_slow(monkeypatch):
    monkeypatch.setattr(fetching, "READ_WITHIN_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(TooSlow):
            fetch(f"http://127.0.0.1:{port}/", also=frozenset({f"127.0.0.1:{port}"}))


def test_a_closed_port_and_an_unknown_name_are_two_things():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NoAnswer):
        fetch(f"http://127.0.0.1:{port}/", also=frozenset({f"127.0.0.1:{port}"}))
    with pytest.raises(NotFound):
        fetch("http://gibt-es-nicht.invalid/")


def test_a_certificate_that_proves_nothing_is_an_error(tmp_path):
    with site({"/": html("da")}, certificate=own_certificate(tmp_path, "www.example.org")) as here:
        with pytest.raises(BrokenSecurity):
            fetch(here.url("/", "www.example.org"), also=here.also, resolve=answers("127.0.0.1"))
        assert here.asked == []


def test_a_certificate_has_to_be_the_names(tmp_path, monkeypatch):
    certificate = own_certificate(tmp_path, "www.example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with site({"/": html("da")}, certificate=certificate) as here:
        found = fetch(here.url("/", "www.example.org"), also=here.also, resolve=answers("127.0.0.1"))
        assert found.status == 200
        with pytest.raises(BrokenSecurity):
            fetch(here.url("/", "andere.example.org"), also=here.also, resolve=answers("127.0.0.1"))
        assert len(here.asked) == 1
