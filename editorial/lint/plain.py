"""A text as a machine reads it: strange digits and spaces made plain, invisible signs left out, places kept."""

import re
import unicodedata
from functools import cache

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_ONLY_ASCII_AND_GERMAN = re.compile("[\x00-\x7fäöüÄÖÜß„“–]*")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"


class Plain:
    """``text`` to search in; ``span`` leads from there back to the text as it was typed."""

    def __init__(self, typed: str) -> None:
        self.typed = typed
        self._places: list[int] | None = None
        if _INVISIBLE.search(typed):
            self._places = [place for place, sign in enumerate(typed) if not _INVISIBLE.match(sign)]
            typed = _INVISIBLE.sub("", typed)
        self.text = typed.translate({ord(sign): plain(sign) for sign in set(typed)})

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in what was typed, in code points; ``end`` is exclusive and lies after ``start``."""
        if self._places is None:
            return start, end
        return self._places[start], self._places[end - 1] + 1


@cache
def plain(sign: str) -> str:
    """One sign for one sign, so that places stay where they are."""
    if _ONLY_ASCII_AND_GERMAN.fullmatch(sign) and sign != "–":
        return sign
    if sign in _DASHES:
        return "-"
    if sign.isspace():
        return "\n" if sign in "\x0b\x0c\x85\u2028\u2029" else " "
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 else sign
