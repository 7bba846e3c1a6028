"""Emoji in a text: sequences of characters that are shown, and counted, as one."""

import re
from collections.abc import Iterator

from . import tables

_TABLE = tables.read("emoji.txt")
_EMOJI = frozenset(_TABLE["emoji"])
# Symbols that are shown as a letter, and counted as one, when the text selector follows.
_SYMBOLS = frozenset(_TABLE["text"])
_TEXT_SELECTOR = "\ufe0e"


def _lengths_by_first_character() -> dict[str, list[int]]:
    lengths: dict[str, set[int]] = {}
    for sequence in _EMOJI | _SYMBOLS:
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
            sequence = text[start : start + length]
            if sequence in _EMOJI or (sequence in _SYMBOLS and not text.startswith(_TEXT_SELECTOR, start + 1)):
                free_from = start + length
                yield start, free_from
                break
