"""What changed between two texts, word by word, in the form of partials/_diff.html."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

WORDS = re.compile(r"\s+|[^\s]+")
# Beyond this a comparison word by word takes too long and tells nobody anything.
MOST_COMPARISONS = 1_000_000


@dataclass(frozen=True)
class Segment:
    """``kind``: same, added or removed."""

    kind: str
    text: str


def segments(old: str, new: str) -> list[Segment]:
    """The new text with what was taken away standing where it stood; joined without what is removed it is ``new``."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    if len(before) * len(after) > MOST_COMPARISONS:
        return list(_present(("removed", old), ("added", new)))
    found: list[Segment] = []
    for tag, begin, end, new_begin, new_end in difflib.SequenceMatcher(None, before, after).get_opcodes():
        removed, added = "".join(before[begin:end]), "".join(after[new_begin:new_end])
        found += _present(("same", added)) if tag == "equal" else _present(("removed", removed), ("added", added))
    return found


def _present(*parts: tuple[str, str]) -> Iterator[Segment]:
    return (Segment(kind, text) for kind, text in parts if text)
