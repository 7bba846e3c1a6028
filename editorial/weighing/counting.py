"""The weight of a text after the third configuration of twitter-text."""

import re
import unicodedata

from .emoji import find_emoji
from .urls import Found, extract_urls_with_indices, utf16_length

URL_WEIGHT = 23
HEAVY_WEIGHT = 2

# All but these ranges weigh 2, that is twice as much as a Latin letter.
_HEAVY = re.compile("[^\x00-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
# Normalising takes quadratic time over a long row of combining marks that are out of order.
_LONG_ROW = re.compile(rb"[^\x00]{33,}")
_MARKS_IN_DISGUISE = {sign: unicodedata.normalize("NFD", sign) for sign in ("\u0f73", "\u0f75", "\u0f81")}


def normalised(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", _with_long_rows_in_order(text))


def _with_long_rows_in_order(text: str) -> str:
    """The canonical order that normalising would make anyway: each row of marks stably sorted by its class."""
    for sign, marks in _MARKS_IN_DISGUISE.items():
        text = text.replace(sign, marks)
    rows = _LONG_ROW.finditer(bytes(map(unicodedata.combining, text)))
    pieces, done = [], 0
    for start, end in (row.span() for row in rows):
        pieces += [text[done:start], *sorted(text[start:end], key=unicodedata.combining)]
        done = end
    return "".join([*pieces, text[done:]]) if pieces else text


def plain_weight(text: str) -> int:
    """Each character for itself, links and emoji like any others."""
    return len(text) if text.isascii() else len(text) + len(_HEAVY.findall(text))


def weight(text: str, urls: list[Found] | None = None, *, emoji_as_one: bool = True) -> int:
    """``text`` is normalised; ``urls`` are those in it when they are known already."""
    total = plain_weight(text)
    if urls is None:
        urls = extract_urls_with_indices(text)
    # No emoji is without a heavy character.
    emoji = list(find_emoji(text)) if emoji_as_one and total > len(text) else []
    if not urls and not emoji:
        return total
    pieces = {start: (end, end, HEAVY_WEIGHT) for start, end in emoji}
    pieces |= {url.start: (*_covered(text, url), URL_WEIGHT) for url in urls}
    free_from = 0
    for start in sorted(pieces):
        end, next_free, piece_weight = pieces[start]
        if start >= free_from:
            total += piece_weight - plain_weight(text[start:end])
            free_from = next_free
    return total


def _covered(text: str, url: Found) -> tuple[int, int]:
    """End of what the address replaces, and where the next piece may begin.

    An address whose Latin part is followed by a path, but not directly, is shorter than its place in the text; the
    oracle then replaces as many UTF-16 units as the address has, which may end within a pair.
    """
    units = len(url.text)
    if text.startswith(url.text, url.start):
        return url.start + units, url.start + units
    end = url.start
    while units > 0 and (units > 1 or text[end] <= "\uffff"):
        units -= utf16_length(text[end])
        end += 1
    return end, end + units
