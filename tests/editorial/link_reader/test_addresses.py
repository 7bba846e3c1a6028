import pytest

from editorial.link_reader.addresses import Refused, ask_system, checked, is_public, target
from editorial.link_reader.fetching import fetch
from tests.sites import counting_listener

PRIVATE = (
    *("127.0.0.1", "127.255.0.9", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "192.0.0.8", "198.18.0.1", "203.0.113.5", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("168.63.129.16", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1"),
    *("64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:1::1", "2001:db8::1", "fc00::1", "fd00:ec2::254", "fe80::1"),
    *("fec0::1", "ff02::1", "kein-mensch"),
)
LOOPBACK = (
    *(
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "0",
        "0.0.0.0",
    ),
    *("[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "localhost", "LOCALHOST"),
    *("127.0.0.1.", "localhost.", "①②⑦.⓪.⓪.①", "127。0。0。1"),
)


@pytest.mark.parametrize("number", PRIVATE)
def test_a_number_inside_some_network_is_not_public(number):
    assert not is_public(number)


@pytest.mark.parametrize("number", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_a_number_of_the_open_web_is_public(number):
    assert is_public(number)


@pytest.mark.parametrize("host", LOOPBACK)
def test_loopback_in_every_spelling_is_refused_and_nobody_connects(host):
    with counting_listener() as (port, came):
        with pytest.raises(Exception) as refusal:  # noqa: PT011 - a spelling the system cannot read is refused otherwise
            fetch(f"http://{host}:{port}/")
        assert type(refusal.value).__name__ in ("Refused", "NotFound")
    assert came == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f000001", "[::1]", "localhost"])
def test_the_refusal_says_that_the_place_is_private(host):
    with pytest.raises(Refused, match="private"):
        fetch(f"http://{host}/")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", "scheme"),
        ("gopher://example.org/", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("jobcenter-bremen.de", "scheme"),
        ("http://wer:was@example.org/", "credentials"),
        ("http://example.org@127.0.0.1/", "credentials"),
        ("http://example.org\\@127.0.0.1/", "malformed"),
        ("http://example.org/\r\nX-Mehr: 1", "malformed"),
        ("http://[fe80::1%25eth0]/", "malformed"),
        ("http://", "malformed"),
        ("http://example.org:99999/", "malformed"),
        ("https://example.org/" + "x" * 3000, "malformed"),
    ],
)
def test_what_is_no_plain_address_of_the_web_is_refused(url, why):
    with pytest.raises(Refused, match=why):
        target(url)


@pytest.mark.parametrize("port", [22, 25, 6379, 5432, 8000])
def test_other_ports_than_those_of_the_web_are_refused(port):
    with pytest.raises(Refused, match="port"):
        checked(target(f"http://example.org:{port}/"), lambda host, port: ["93.184.216.34"], frozenset())


def test_one_private_number_among_public_ones_is_enough():
    with pytest.raises(Refused, match="private"):
        checked(target("http://example.org/"), lambda host, port: ["93.184.216.34", "10.0.0.1"], frozenset())


def test_what_tests_may_dial_is_exactly_one_number_and_port():
    also = frozenset({"127.0.0.1:8123"})
    assert checked(target("http://127.0.0.1:8123/"), ask_system, also) == "127.0.0.1"
    for other in ("http://127.0.0.1:8124/", "http://127.0.0.2:8123/"):
        with pytest.raises(Refused):
            checked(target(other), ask_system, also)


def test_umlauts_in_a_name_and_signs_in_a_path_are_sent_as_ascii():
    found = target("https://bürgerhaus.example/straße?wer=jürgen#unten")
    assert found.host == "xn--brgerhaus-q9a.example"
    assert found.path == "/stra%C3%9Fe?wer=j%C3%BCrgen"
