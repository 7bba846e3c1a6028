"""What PRÖ types becomes HTML that can do nothing but be read."""

import re
import time

import pytest

from editorial import prose
from editorial.prose import Heading


def html(source):
    return str(prose.render(source).html)


def test_headings_begin_below_the_title_of_the_page_and_can_be_linked_to():
    written = prose.render("# Wer wir sind\n\n## Öffnungszeiten & mehr\n\n##### Klein\n\n## Öffnungszeiten & mehr")
    assert re.findall(r"<(h\d) id=\"([^\"]+)\"", written.html) == [
        ("h2", "abschnitt-wer-wir-sind"),
        ("h2", "abschnitt-oeffnungszeiten-mehr"),
        ("h4", "abschnitt-klein"),
        ("h2", "abschnitt-oeffnungszeiten-mehr-2"),
    ]
    assert written.headings[1] == Heading("abschnitt-oeffnungszeiten-mehr", "Öffnungszeiten & mehr")


def test_lists_emphasis_and_line_breaks_are_kept():
    assert html("Straße 1\n28195 Bremen\n\n- **eins**\n- *zwei*") == (
        "<p>Straße 1<br>\n28195 Bremen</p>\n<ul>\n<li><strong>eins</strong></li>\n<li><em>zwei</em></li>\n</ul>"
    )


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("[Kontakt](/kontakt/)", '<a href="/kontakt/">Kontakt</a>'),
        ("[Post](mailto:a@example.org)", '<a href="mailto:a@example.org">Post</a>'),
        ("<a@example.org>", '<a href="mailto:a@example.org">a@example.org</a>'),
        ("https://example.org/a?b=1&c=2.", '<a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a>.'),
        ("(https://example.org/a)", '(<a href="https://example.org/a">https://example.org/a</a>)'),
        ("[https://a.example](https://b.example)", '<a href="https://b.example">https://a.example</a>'),
    ],
)  # fmt: skip
def test_links_work_however_they_are_written(typed, link):
    assert html(typed) == f"<p>{link}</p>"


HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<style>body{display:none}</style>",
    '<iframe src="https://evil.example"></iframe>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "![x](https://evil.example/zaehler.gif)",
    '[x](https://example.org "a\\" onmouseover=alert(1)")',
    "<javascript:alert(1)>",
    "## <svg onload=alert(1)>",
    "[x](//evil.example)",
    "[x](kontakt)",
    "- <a href='javascript:alert(1)'>x</a>",
    "[[Bitte ergänzen: <script>alert(1)</script>]]",
    "{{kanaele}}<script>alert(1)</script>",
    '<p id="inhalt" style="position:fixed" class="app-skip">x</p>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x02klzzwxh:0\x03 \x02wzxhzdk:0\x03",
]
ALLOWED_TAG = re.compile(
    r"</?(?:p|br|strong|em|ul|ol|li|blockquote|hr)>|</?a>|</mark>|<mark class=\"app-gap\">"
    r"|</?h[234](?: id=\"[a-z0-9-]+\")?>"
    r"|<a href=\"(?:https?://|mailto:|tel:|/)[^\"<>]*\">"
)


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("name_gaps", [False, True])
def test_nothing_comes_out_but_the_allowed_elements(typed, name_gaps):
    left = ALLOWED_TAG.sub("", str(prose.render(f"Vorher\n\n{typed}\n\nNachher", name_gaps=name_gaps).html))
    assert "<" not in left
    assert "Vorher" in left
    assert "Nachher" in left


def test_html_that_is_typed_is_shown_as_text_and_not_lost():
    assert html("Das Zeichen <b> macht fett.") == "<p>Das Zeichen &lt;b&gt; macht fett.</p>"


def test_a_gap_says_publicly_only_that_something_follows():
    source = "Telefon: [[Bitte ergänzen: Nummer der Pressestelle]]"
    assert html(source) == '<p>Telefon: <mark class="app-gap">Angabe folgt</mark></p>'
    assert "Bitte ergänzen: Nummer der Pressestelle</mark>" in prose.render(source, name_gaps=True).html
    assert prose.gaps(source) == ["Nummer der Pressestelle"]


def test_a_block_is_put_in_where_its_name_stands_alone():
    written = html("Vorher\n\n{{ kanaele }}\n\nim Satz {{kanaele}}\n\n{{anderes}}")
    filled = prose.fill(written, {"kanaele": prose.mark_safe("<ul></ul>")})
    assert filled == "<p>Vorher</p>\n<ul></ul>\n<p>im Satz {{kanaele}}</p>\n<p>{{anderes}}</p>"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("{{kanal}}", "Der Platzhalter {{kanal}} ist nicht bekannt."),
        ("![Logo](/logo.png)", "Bilder sind in diesen Texten nicht vorgesehen."),
        ("[wir](www.example.org)", "Ein Link beginnt mit https://, mailto:, tel: oder mit / für eine Seite von uns."),
        ("<b>fett</b>", "HTML-Befehle in spitzen Klammern wirken nicht, sie erscheinen als Text."),
        ("[[Telefon]]", "Eine Lücke schreiben Sie so: [[Bitte ergänzen: Telefonnummer]]."),
    ],
)
def test_the_writer_is_told_what_readers_will_not_get(typed, sentence):
    assert prose.problems(typed, ("kanaele",)) == [sentence]


def test_what_is_right_has_no_problems():
    source = "## A\n\n{{kanaele}}\n\n<a@example.org> <https://example.org/x> 3 < 4 [[Bitte ergänzen: B]] [c](/c/)"
    assert prose.problems(source, ("kanaele",)) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mehr: jobcenter-bremen.de/a", 'Mehr: <a href="https://jobcenter-bremen.de/a">jobcenter-bremen.de/a</a>'),
        ("http://a.de/?x=1&y=2", '<a href="http://a.de/?x=1&amp;y=2">http://a.de/?x=1&amp;y=2</a>'),
        ("HTTPS://A.DE/b", '<a href="HTTPS://A.DE/b">HTTPS://A.DE/b</a>'),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ('http://a.de"onclick="alert(1)', '<a href="http://a.de">http://a.de</a>&quot;onclick=&quot;alert(1)'),
        ("https://a.de/'><img src=x>", '<a href="https://a.de/">https://a.de/</a>&#x27;&gt;&lt;img src=x&gt;'),
        ("#Bremen @amt", "#Bremen @amt"),
        ("eine\nzweite Zeile", "eine\nzweite Zeile"),
    ],
)  # fmt: skip
def test_in_a_plain_text_only_web_addresses_become_links(text, shown):
    assert prose.linked(text) == shown


def test_signs_that_end_every_xml_document_are_dropped():
    assert prose.printable("a\x00\x0b\x1f\ufffe\ud800b\r\nc\rd\te") == "ab\nc\nd\te"


@pytest.mark.parametrize(
    "hostile",
    ["[" * 40_000, "[" * 200 + "x" * 39_000, "*a " * 13_000, "![" * 13_000, "[[Bitte ergänzen: " * 2_000, "<" * 30_000],
)
def test_a_hostile_text_of_the_greatest_length_takes_seconds_at_most(hostile):
    began = time.process_time()
    prose.problems(hostile)
    prose.render(hostile)
    assert time.process_time() - began < 3
