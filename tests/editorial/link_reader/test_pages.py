import json

import pytest

from editorial.link_reader.pages import is_log_in_address, read, text_of

HTML = "text/html"


def page(markup, kind=HTML):
    return read(markup.encode(), kind)


def json_ld(data):
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_title_language_and_canonical_address_are_read():
    found = page('<html lang="de"><title> Öffnungs\n zeiten </title><link rel="canonical" href="https://a.example/">')
    assert (found.title, found.language, found.canonical) == ("Öffnungs zeiten", "de", "https://a.example/")


@pytest.mark.parametrize(
    ("said", "is_free"),
    [
        ({"isAccessibleForFree": True}, True),
        ({"isAccessibleForFree": "False"}, False),
        ({"isAccessibleForFree": "http://schema.org/False"}, False),
        ({"@graph": [{"@type": "NewsArticle", "hasPart": {"isAccessibleForFree": False}}]}, False),
        ([{"isAccessibleForFree": True}, {"isAccessibleForFree": False}], False),
        ({"isAccessibleForFree": "vielleicht"}, None),
        ({"name": "Artikel"}, None),
    ],
)
def test_a_page_declares_whether_it_is_free(said, is_free):
    assert page(json_ld(said)).is_free is is_free


def test_broken_or_bottomless_declarations_say_nothing():
    assert page('<script type="application/ld+json">{kaputt</script>').is_free is None
    assert page('<script type="application/ld+json">' + "[" * 100_000 + "</script>").is_free is None


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://cdn.tinypass.com/api/tinypass.min.js"></script>',
        '<script src="https://static.plenigo.com/x.js"></script>',
        '<div class="article paywall-box">',
        '<section id="paywall">',
    ],
)
def test_known_marks_of_a_paywall_are_noted(markup):
    found = page(markup + "<p>Text</p>")
    assert (found.marks != "", found.is_free) == (True, None)


def test_an_ordinary_page_has_no_marks():
    found = page('<div class="content"><p>Die Bezahlung erfolgt am Monatsende. Paywall erklärt.</p></div>')
    assert (found.marks, found.asks_to_log_in) == ("", False)


def test_metered_pages_are_not_free():
    assert page('<meta property="article:content_tier" content="locked">').is_free is False


def test_a_page_that_is_little_more_than_a_password_field_asks_to_log_in():
    form = '<form><input name="wer"><input type="password"></form>'
    assert page(form).asks_to_log_in
    assert not page(form + "<p>" + "Text. " * 500).asks_to_log_in


def test_addresses_of_a_log_in_are_known():
    assert is_log_in_address("https://sso.example/login?von=x")
    assert not is_log_in_address("https://www.example/anmeldeschluss/")


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("Grüße".encode("latin-1"), "text/html; charset=ISO-8859-1", "Grüße"),
        ("Grüße".encode(), "text/html", "Grüße"),
        ("Grüße".encode("utf-16"), "text/html; charset=utf-8", "Grüße"),
        (b'<meta charset="windows-1252">\x80', "text/html", '<meta charset="windows-1252">€'),
        ("Grüße".encode("latin-1"), "text/html; charset=utf-8", "Gr\ufffd\ufffde"),
        ("Grüße".encode(), "text/html; charset=gibt-es-nicht", "Grüße"),
        (b"aGFsbG8=", "text/html; charset=base64", "aGFsbG8="),
        ("Grüße".encode(), "text/html; charset=iso-8859-99", "Grüße"),
    ],
)
def test_a_wrong_charset_never_stops_the_reading(body, kind, text):
    assert text_of(body, kind) == text


def test_thousands_of_open_tags_are_read_in_time():
    assert page("<div>" * 300_000 + "<title>Tief</title>").title == "Tief"
