"""Words for everybody: the colon of the house, and neutral words for those that name men only (K-81)."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

Offer = tuple[int, int, str]  # start, end, what to write instead

_SPLIT = re.compile(
    r"(?P<stem>\b[^\W\d_]{2,40})(?:[*_·|]|/-?|\()(?P<ending>in(?:nen)?)\b\)?"
    r"|(?P<word>\b[^\W\d_]{1,40}?[a-zäöüß])I(?P<end>nnen|(?<=erI|ntI|stI|orI|urI|geI)n)\b"
)


def other_signs(text: str) -> Iterator[Offer]:
    """Partner*innen, Partner_innen, Partner/-innen, Partner(innen), PartnerInnen: with the colon instead."""
    for match in _SPLIT.finditer(text):
        if match["stem"]:
            yield match.start(), match.end(), f"{match['stem']}:{match['ending']}"
        else:
            yield match.start(), match.end(), f"{match['word']}:i{match['end']}"


@cache
def _neutral() -> tuple[re.Pattern[str], dict[str, str]]:
    path = Path(__file__).parent / "data" / "neutral_words.json"
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    listed = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    # Not what already has both forms (Bürgerinnen und Bürger), the colon, or is part of a longer word (Kunden-Portal).
    return re.compile(rf"(?<![\w:*-])(?<!nnen und )(?<!nnen oder )(?:{listed})(?![\w:*/(·-])"), words


def men_only(text: str) -> Iterator[Offer]:
    """Words that name men only, each with a neutral one."""
    pattern, words = _neutral()
    for match in pattern.finditer(text):
        stem = match.group()[:-2]  # Teilnehmer und Teilnehmerinnen, Kunden und Kundinnen
        if not text.startswith((f" und {stem}", f" oder {stem}"), match.end()):
            yield match.start(), match.end(), words[match.group()]
