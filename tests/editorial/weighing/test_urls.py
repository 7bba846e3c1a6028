import pytest

from editorial.weighing import Found, extract_urls, extract_urls_with_indices, weigh

MANY_LABELS = ".".join(["a" * 60] * 66)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("Siehe http://example.com.", ["http://example.com"]),
        ("HTTPS://WWW.Example.COM/Pfad", ["HTTPS://WWW.Example.COM/Pfad"]),
        ("ohne Schema: www.jobcenter-bremen.de!", ["www.jobcenter-bremen.de"]),
        ("setup.sh file.py node.js", ["setup.sh", "file.py"]),
        ("Das ist gut.Das auch. Nr.5, z.B. am 12.10.2026", []),
        ("mail@example.com #x.example.com $x.example.com", []),
        ("httpſ://example.com", []),
        ("http://bücher.example.de/ä?ü", ["http://bücher.example.de/ä"]),
        ("пример.рф", []),
        ("http://пример.рф http://ПРИМЕР.РФ", ["http://пример.рф", "http://ПРИМЕР.РФ"]),
        ("日本語example.comは", ["example.com"]),
        ("a.com.は.b.de", ["a.com", "b.de"]),
        ("xn--p1ai.xn--p1ai", ["xn--p1ai.xn--p1ai"]),
        ("http://a_b.example.com http://a.b_c.com", ["http://a_b.example.com"]),
        ("http://-a.com http://a-.com", []),
        ("-a.com _a.com .a.com /a.com", []),
        ("http://a.unbekannt http://localhost http://10.0.0.1", []),
        ("a.com@ a.com+ a.com- a.com_", ["a.com"]),
        ("\ufeffa.com", []),
        ("\u202aa.com\u202c", ["a.com"]),
        ("http://http://a.com", ["http://a.com"]),
        ("xhttp://a.com @http://a.com", []),
        ("http://a.de?x=é.de", ["http://a.de?x="]),
        ("a.-b.com a-.b.com", []),
        ("a.嘉里大酒店 a.嘉里x b.嘉里。", ["a.嘉里大酒店", "b.嘉里"]),
    ],
)
def test_domains_are_found_with_and_without_scheme(text: str, urls: list[str]) -> None:
    assert extract_urls(text) == urls


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://a.de:8080/x", "http://a.de:8080/x"),
        ("http://a.de:8080", "http://a.de:8080"),
        ("a.de:8080", "a.de"),
        ("a.de:8080/x", "a.de:8080/x"),
        ("a.de?x=1", "a.de"),
        ("http://a.de?x=1", "http://a.de?x=1"),
        ("a.de/?x=1&y=[2],", "a.de/?x=1&y=[2"),
        ("a.de/x.", "a.de/x"),
        ("a.de/x...y!", "a.de/x...y"),
        ("a.de/x_(y)", "a.de/x_(y)"),
        ("a.de/x(y(z)w)", "a.de/x(y(z)w)"),
        ("a.de/x(y", "a.de/x"),
        ("(a.de/x)", "a.de/x"),
        ("a.de/]–(x)", "a.de/"),
        ("a.de/x)(y)", "a.de/x"),
        ("a.de/@name/x", "a.de/@name/x"),
        ("a.de/日", "a.de/"),
        ("a.de/жé–1", "a.de/жé–1"),
    ],
)
def test_an_address_ends_where_its_path_and_query_end(text: str, url: str) -> None:
    assert extract_urls(text) == [url]


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("https://t.co/aB3xyz/weiter", ["https://t.co/aB3xyz"]),
        ("https://t.co/aB3?amp=1.", ["https://t.co/aB3?amp=1"]),
        ("https://t.co/" + "a" * 40, ["https://t.co/" + "a" * 40]),
        ("https://t.co/" + "a" * 41, []),
        ("t.co/" + "a" * 41, ["t.co/" + "a" * 41]),
    ],
)
def test_a_short_link_has_no_further_path(text: str, urls: list[str]) -> None:
    assert extract_urls(text) == urls


@pytest.mark.parametrize(
    ("text", "is_url"),
    [
        ("a" * 63 + ".com", True),
        ("a" * 64 + ".com", False),
        ("http://" + "ü" * 57 + ".com", True),
        ("http://" + "ü" * 58 + ".com", False),
        ("http://" + "ü。" * 7 + "a.com", True),
        ("http://" + "ü。" * 8 + "a.com", False),
        ("http://" + "日" * 5 + "x" * 63 + ".com", False),
        ("http://a.de/" + "x" * (4096 - 7 - 12), True),
        ("http://a.de/" + "x" * (4097 - 7 - 12), False),
        (f"{MANY_LABELS}.com", True),
        (f"{MANY_LABELS}.{'a' * 60}.com", False),
        ("http://xn--は.みんな", False),
    ],
)
def test_labels_and_addresses_have_a_greatest_length(text: str, is_url: bool) -> None:
    assert bool(extract_urls(text)) is is_url


def test_places_count_characters_and_not_halves_of_pairs() -> None:
    assert extract_urls_with_indices("😀 a.de und https://b.de/x.") == [
        Found("a.de", 2, 6),
        Found("https://b.de/x", 11, 25),
    ]


@pytest.mark.parametrize(
    ("text", "found", "weight"),
    [
        # The first letter of a text is taken for what stands before an address, when it can be.
        ("über.de", [Found("ber.de", 1, 7)], 24),
        (" über.de", [Found("über.de", 1, 8)], 24),
        # A domain of several parts whose last Latin one is followed by a path, but not directly.
        ("é.com.は.みんな/x", [Found("é.com/x", 0, 13)], 32),
        ("ö é.com.😀.みんな/x", [Found("é.com/x", 2, 15)], 36),
        ("ö é.com.👍🏽.みんな/x", [Found("é.com/x", 2, 16)], 38),
        # A part that also stands earlier is given the earlier place.
        ("a.com1は.a.com", [Found("a.com", 0, 5)], 32),
        # After a sign that forbids an address, one may begin in the middle of an emoji.
        ("@😀a.com", [Found("a.com", 2, 7)], 26),
        ("@😀-a.com", [Found("-a.com", 2, 8)], 26),
    ],
)
def test_peculiarities_of_the_original_are_kept(text: str, found: list[Found], weight: int) -> None:
    assert extract_urls_with_indices(text) == found
    assert weigh(text).weighted == weight
