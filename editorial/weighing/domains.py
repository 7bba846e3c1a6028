"""Where a domain ends: labels, dots and the top-level domains that are known.

Everything here looks at each character a bounded number of times, because texts come from a form: for a run of labels
the ends are found once, from right to left, instead of being tried anew from each place where a domain might begin.
"""

import re
from typing import NamedTuple

from . import tables

_TLDS = tables.read("tlds.txt")
_PLAIN_TLDS = frozenset(name for name in _TLDS["names"] if name.isascii())
_WIDE_TLDS = frozenset(name for name in _TLDS["names"] if not name.isascii())
_TO_LETTER = {ord(pair[0]): pair[1] for pair in _TLDS["other_case_and_letter"]} | {
    point: chr(point).lower() for point in range(ord("A"), ord("Z") + 1)
}
# After a known name no letter or digit of ASCII may follow, else it was the beginning of another word.
_NAME_GOES_ON = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz@+-")
_PLAIN_TLD = re.compile(r"[A-Za-z]{2,}+(?![0-9@+-])")
_PUNYCODE_TLD = re.compile(r"[Xx][Nn]--[-0-9A-Za-z]++")
_DOT = re.compile(r"\.")
_DOT_WITHIN_LABEL = re.compile("[\u3002\uff0e\uff61]")
LABEL_LIMIT = 63
# Encoding adds four characters, and at most eight for each of the label.
_ALWAYS_SHORT_ENOUGH = 7


def _lengths_by_first_letter() -> dict[str, list[int]]:
    lengths: dict[str, set[int]] = {}
    for name in _WIDE_TLDS:
        lengths.setdefault(name[0], set()).add(len(name))
    table = {letter: sorted(found, reverse=True) for letter, found in lengths.items()}
    return table | {chr(other): table[letter] for other, letter in _TO_LETTER.items() if letter in table}


_WIDE_LENGTHS = _lengths_by_first_letter()


class Label(NamedTuple):
    start: int
    dot: int
    own_end: int
    """End of the domain whose name is this label, 0 when no top-level domain follows its dot."""
    further_end: int
    """End of the longest domain that goes on beyond this label, 0 for none."""


def tld_end(text: str, position: int) -> int:
    """End of the top-level domain that begins here, 0 when there is none. The longest name wins."""
    first = text[position : position + 1]
    for length in _WIDE_LENGTHS.get(first, ()):
        end = position + length
        if text[position:end].translate(_TO_LETTER) in _WIDE_TLDS and text[end : end + 1] not in _NAME_GOES_ON:
            return end
    if plain := _PLAIN_TLD.match(text, position):
        if plain[0].lower() in _PLAIN_TLDS:
            return plain.end()
    elif first in "Xx" and (punycode := _PUNYCODE_TLD.match(text, position)):
        return punycode.end()
    return 0


def labels(text: str, begin: int, end: int, *, edges: str) -> list[Label]:
    """The labels of a run in which a domain can begin; none may begin or end with a character of ``edges``.

    An underscore may stand in a subdomain only: a label that holds one is never the name before the top-level domain.
    """
    dots = [hit.start() for hit in _DOT.finditer(text, begin, end)]
    found: list[Label] = []
    further = 0
    for index in range(len(dots) - 1, -1, -1):
        start, dot = dots[index - 1] + 1 if index else begin, dots[index]
        if dot == start or text[dot - 1] in edges:
            further = 0
        elif (own := tld_end(text, dot + 1)) or further:
            found.append(label := Label(start, dot, own, further))
            further = 0 if text[start] in edges else longest_end(text, label, start)
    found.reverse()
    return found


def longest_end(text: str, label: Label, start: int) -> int:
    """End of the longest domain that begins at ``start`` within this label, 0 for none."""
    if label.further_end or text.find("_", start, label.dot) >= 0:
        return label.further_end
    return label.own_end


def has_valid_labels(domain: str) -> bool:
    """Each label takes at most 63 characters in the encoding of RFC 3492."""
    if len(domain) <= LABEL_LIMIT and domain.isascii():
        return True
    return all(_encoded_length(label) <= LABEL_LIMIT for label in domain.split("."))


def _encoded_length(label: str) -> int:
    # An encoded label is never shorter than its characters are many: what cannot matter is not encoded, which is slow.
    if not _ALWAYS_SHORT_ENOUGH < len(label) <= LABEL_LIMIT or label.isascii():
        return len(label)
    parts = _DOT_WITHIN_LABEL.split(label)
    encoded = (len(part) if part.isascii() else len("xn--") + len(part.encode("punycode")) for part in parts)
    return sum(encoded) + len(parts) - 1
