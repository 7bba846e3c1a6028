"""Signs that are hard to hear: letters that only look like letters, emoji, hashtags without capitals."""

import json
import re
from functools import cache
from pathlib import Path

Span = tuple[int, int]

# Pseudo-bold, circled, wide, raised and small letters: screen readers spell them out or fall silent.
_LETTERING = re.compile(
    "[\U0001d400-\U0001d7ff\u24b6-\u24e9\u249c-\u24b5\uff21-\uff3a\uff41-\uff5a\U0001f110-\U0001f189"
    "\u1d00-\u1d6a\u1d43-\u1dbf\u2c7c\u2c7d\ua730\ua731\u2102\u210b-\u2115\u2119-\u211d\u2124\u2128\u212c-\u2134]"
    "|[^\\W\\d_][\u0332-\u0338]"  # a letter that is underlined or struck through by a sign of its own
    "|[\u0300-\u036f]{3}"  # signs heaped on each other
)
_PICTURE = "[\u231a-\u23ff\u25aa-\u27bf\u2934-\u2b55\u3030\u303d\u3297\u3299\U0001f004-\U0001f0cf\U0001f18e-\U0001f19a"
_PICTURE += "\U0001f201-\U0001f265\U0001f300-\U0001f3fa\U0001f400-\U0001faff]"
_EMOJI = re.compile(
    f"{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}(?:\u200d{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}){{0,8}}"
    "|[0-9*#]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{2}"
)
_LOWER_TAG = re.compile(r"(?<!\w)#(?P<words>[a-zäöüß]{6,60}|[A-ZÄÖÜ]{12,60})(?P<number>\d{0,4})(?!\w)")
LONG_TAG = 12  # what is longer than this is hardly one word
RUN = 3
MOST_EMOJI = 3
_LINE = re.compile(r"[^\n]+")


def lettering(text: str) -> Span | None:
    """The first letters that only look like some; a whole word of them is one place."""
    first = _LETTERING.search(text)
    if first is None:
        return None
    end = first.end()
    while following := _LETTERING.match(text, end):
        end = following.end()
    return first.start(), end


def emoji(text: str) -> list[Span]:
    return [match.span() for match in _EMOJI.finditer(text)]


def emoji_run(text: str, found: list[Span]) -> Span | None:
    """The first three or more in a row, also with spaces between them."""
    start, count, last = 0, 0, -1
    for begin, end in found:
        if last >= 0 and not text[last:begin].strip():
            count += 1
        else:
            if count >= RUN:
                return start, last
            start, count = begin, 1
        last = end
    return (start, last) if count >= RUN else None


def emoji_bullets(text: str, found: list[Span]) -> Span | None:
    """The first emoji that begins a line with words, where two lines or more begin so."""
    beginnings = {begin: (begin, end) for begin, end in found}
    lines = [match.start() + len(match.group()) - len(match.group().lstrip()) for match in _LINE.finditer(text)]
    bullets = [beginnings[place] for place in lines if place in beginnings]
    return bullets[0] if len(bullets) > 1 else None


def emoji_inside(text: str, found: list[Span]) -> Span | None:
    """The first emoji behind which the same sentence goes on."""
    for begin, end in found:
        before, after = text[max(0, begin - 3) : begin].rstrip(" "), text[end : end + 3].lstrip(" ")
        if before and before[-1].isalnum() and after[:1].islower():
            return begin, end
    return None


@cache
def _words() -> frozenset[str]:
    path = Path(__file__).parent / "data" / "words_in_hashtags.json"
    return frozenset(json.loads(path.read_text(encoding="utf-8")))


def plain_hashtag(text: str) -> tuple[Span, str] | None:
    """The first hashtag in which no capital shows where a word begins, and how to write it; "" where nobody knows."""
    for match in _LOWER_TAG.finditer(text):
        pieces = _pieces(match["words"].lower())
        if len(pieces) > 1:
            return match.span(), "#" + "".join(piece.capitalize() for piece in pieces) + match["number"]
        if len(match.group()) > LONG_TAG and not pieces:
            return match.span(), ""
    return None


def _pieces(tag: str) -> list[str]:
    """The fewest words of the house that make up the whole tag; empty when it is not made of them."""
    best: list[list[str] | None] = [[]] + [None] * len(tag)
    for end in range(1, len(tag) + 1):
        for start in range(max(0, end - 24), end):
            before, word = best[start], tag[start:end]
            if (
                before is not None
                and word in _words()
                and (best[end] is None or len(before) < len(best[end] or []) - 1)
            ):
                best[end] = [*before, word]
    return best[-1] or []
