"""Emoji of several characters, which are shown, and counted, as one. Those of one character need no attention."""

import re
from collections.abc import Iterator

from . import tables

_EMOJI = frozenset(tables.read("emoji.txt")["emoji"])


def _lengths_by_first_character() -> dict[str, list[int]]:
    lengths: dict[str, set[int]] = {}
    for sequence in _EMOJI:
        lengths.setdefault(sequence[0], set()).add(len(sequence))
    return {first: sorted(found, reverse=True) for first, found in lengths.items()}


_LENGTHS = _lengths_by_first_character()
# A class that is quick to search: all of the supplementary planes that can matter, then the table decides.
_ASTRAL = [first for first in _LENGTHS if first > "\uffff"]
_OTHERS = "".join(sorted(first for first in _LENGTHS if "\x7f" < first <= "\uffff")) + f"{min(_ASTRAL)}-{max(_ASTRAL)}"
_BEGINNING = re.compile(f"[{_OTHERS}]")
# Digits are frequent, and begin an emoji only before the sign of a key: they are not looked at in vain.
_KEYCAP = "\u20e3"
_BEGINNING_OR_KEY = re.compile(f"[0-9*#{_OTHERS}]")


def find_emoji(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each emoji; where several would fit, the longest counts."""
    free_from = 0
    for beginning in (_BEGINNING_OR_KEY if _KEYCAP in text else _BEGINNING).finditer(text):
        start = beginning.start()
        if start < free_from:
            continue
        for length in _LENGTHS.get(text[start], ()):
            if text[start : start + length] in _EMOJI:
                free_from = start + length
                yield start, free_from
                break
