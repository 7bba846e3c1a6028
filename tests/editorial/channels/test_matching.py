import datetime as dt

import pytest

from editorial.channels.matching import text_matches
from editorial.channels.parsing import page_of
from editorial.channels.protocol import TimelineEntry

AT = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)


def entry(text):
    return TimelineEntry("1700000000000000001", AT, text)


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("Heute geöffnet", "Heute geöffnet"),
        ("Heute geo\u0308ffnet", "Heute geöffnet"),
        ("Heute\r\n\r\ngeöffnet ", "Heute\n\ngeöffnet"),
        ("Siehe www.example.org/a", "Siehe http://www.example.org/a"),
        ("Siehe https://www.example.org", "Siehe https://www.example.org/"),
    ],
)
def test_what_reads_the_same_matches(sent, seen):
    assert text_matches(sent, entry(seen))


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("Heute geöffnet", "Heute geschlossen"),
        ("Heute geöffnet", "Heute geöffnet!"),
        ("Siehe https://example.org/?t=a1", "Siehe https://example.org/?t=a2"),
        ("5 &lt; 6", "5 < 6"),
    ],
)
def test_what_reads_differently_does_not_match(sent, seen):
    assert not text_matches(sent, entry(seen))


def test_a_post_as_x_shows_it_matches_what_was_sent():
    shown = {
        "id": "1700000000000000001",
        "text": "Beratung &amp; Hilfe: https://t.co/aaaaaaaaaa https://t.co/bbbbbbbbbb",
        "created_at": "2026-11-22T09:30:00.000Z",
        "attachments": {"media_keys": ["3_17"]},
        "entities": {
            "urls": [
                {"url": "https://t.co/aaaaaaaaaa", "expanded_url": "https://www.example.org/?a=1&t=k7"},
                {
                    "url": "https://t.co/bbbbbbbbbb",
                    "expanded_url": "https://x.com/demo/status/1700000000000000001/photo/1",
                    "display_url": "pic.x.com/bbbbbbbbbb",
                    "media_key": "3_17",
                },
            ]
        },
    }
    entries, _ = page_of({"data": [shown], "meta": {"result_count": 1}})

    assert text_matches("Beratung & Hilfe: https://www.example.org/?a=1&t=k7", entries[0])
    assert (entries[0].links, entries[0].media_count) == (("https://www.example.org/?a=1&t=k7",), 1)


def test_what_we_wrote_as_an_entity_stays_one():
    shown = {"id": "1700000000000000001", "text": "So schreibt man &amp;amp; in HTML"}
    entries, _ = page_of({"data": [shown], "meta": {"result_count": 1}})

    assert text_matches("So schreibt man &amp; in HTML", entries[0])
