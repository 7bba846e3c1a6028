"""What changed, word by word."""

import time

from hypothesis import given
from hypothesis import strategies as st

from editorial.differing import segments


def told(old, new):
    return [(segment.kind, segment.text) for segment in segments(old, new)]


def test_a_changed_word_stands_beside_the_old_one():
    assert told("Wir öffnen um acht Uhr.", "Wir öffnen um neun Uhr.") == [
        ("same", "Wir öffnen um "),
        ("removed", "acht"),
        ("added", "neun"),
        ("same", " Uhr."),
    ]


def test_what_is_new_and_what_is_gone():
    assert told("", "Neu") == [("added", "Neu")]
    assert told("Alt", "") == [("removed", "Alt")]
    assert told("Gleich", "Gleich") == [("same", "Gleich")]


@given(st.text(), st.text())
def test_both_texts_can_be_read_from_it(old, new):
    found = segments(old, new)
    assert "".join(segment.text for segment in found if segment.kind != "removed") == new
    assert "".join(segment.text for segment in found if segment.kind != "added") == old
    assert all(segment.text for segment in found)


def test_long_and_hostile_texts_are_compared_at_once():
    began = time.perf_counter()
    for old, new in (("a " * 5_000, "a " * 5_001), ("a b " * 249, "b a " * 249), ("x" * 25_000, "y" * 25_000)):
        assert "".join(segment.text for segment in segments(old, new) if segment.kind != "removed") == new
    assert time.perf_counter() - began < 1
