"""How alike two texts are: the same words in another order, or a few words changed, say the same."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

ALIKE_PERCENT = 85
LEAST_WORDS = 6  # fewer are often alike and mean nothing by it
_LINK = re.compile(r"https?://\S+")
_WORD = re.compile(r"\w+")


def plain(text: str) -> str:
    """The words in small letters and in alphabetical order, without links; empty where there are too few."""
    words = _WORD.findall(_LINK.sub(" ", text).casefold())
    return " ".join(sorted(words)) if len(words) >= LEAST_WORDS else ""


def most_alike(text: str, others: Iterable[tuple[int, str]]) -> int | None:
    """The key of the text that is most like this one, the first of several; None where none is alike."""
    wanted = plain(text)
    if not wanted:
        return None
    known = {key: plain(other) for key, other in others}
    found = process.extractOne(wanted, known, scorer=fuzz.ratio, score_cutoff=ALIKE_PERCENT)
    return found[2] if found else None
