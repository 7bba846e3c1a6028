import time

import pytest

from x_simulator.text import cashtags, links, mentions, weighted_length


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("Grüße aus Bremen", 16),
        ("„Zitat“ – mehr …", 17),
        ("Cafe\u0301", 4),
        ("https://example.org/" + "a" * 100, 23),
        ("siehe example.de.", 30),
        ("x@example.de", 12),
        ("👍🏽", 2),
        ("👩‍👩‍👧‍👦", 2),
        ("🇩🇪🇪🇺", 4),
        ("1️⃣", 2),
        ("漢字", 4),
        ("5 €", 4),
    ],
)
def test_a_text_weighs(text: str, weight: int) -> None:
    assert weighted_length(text) == weight


def test_links_end_before_punctuation() -> None:
    found = [link.address for link in links("(https://a.de/b_(c)), „b.bremen/x?y=1“, c.org! v1.2 datei.txt x@d.de")]
    assert found == ["https://a.de/b_(c)", "http://b.bremen/x?y=1", "http://c.org"]


def test_mentions_and_cashtags_are_found() -> None:
    assert mentions("@eins, x@zwei.de (@drei)") == ["eins", "drei"]
    assert cashtags("$ABC 5$ $12 $DEF.") == ["$ABC", "$DEF"]


@pytest.mark.parametrize("text", ["a." * 12500, "https://" * 3000, "#" * 25000, "(" * 25000, "a" * 25000])
def test_hostile_texts_are_weighed_quickly(text: str) -> None:
    started = time.perf_counter()
    weighted_length(text)
    assert time.perf_counter() - started < 1
