"""Text as X sees it: weighted length, links, hashtags, mentions. Simple and sufficient, not twitter-text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MAX_RAW_LENGTH = 25_000
URL_WEIGHT = 23
LIGHT = ((0x0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
INVALID = re.compile("[\ufffe\ufeff\uffff]")

_LABEL = r"[a-z0-9äöüß](?:[a-z0-9äöüß-]{0,61}[a-z0-9äöüß])?"
_ENDING = r"(?:de|com|org|net|eu|info|bremen|berlin|gov|edu|io|at|ch|uk|social|app|dev|py|sh)"
_BARE = rf"(?<![\w@#$./-])(?:{_LABEL}\.){{1,8}}{_ENDING}(?![\w-])(?!\.\w)(?:/[^\s<>\"]*)?"
_FULL = r"(?<![\w@#$])https?://[^\s<>\"]+"
LINK = re.compile(f"{_FULL}|{_BARE}", re.IGNORECASE)
TRAILING = ".,;:!?'\u201c\u201d\u2018\u2019\u2026\u00bb*"

HASHTAG = re.compile(r"(?<![\w&/])[#\uff03](\w*[^\W\d_]\w*)")
MENTION = re.compile(r"(?<![\w!#$%&*@\uff20])[@\uff20](\w{1,20})(?![\w@])", re.ASCII)
CASHTAG = re.compile(r"(?<![\w$])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)")

_EMOJI = (
    "[\U0001f000-\U0001faff\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25aa-\u27bf"
    "\u2934-\u2935\u2b00-\u2bff\u3030\u303d\u3297\u3299]"
)
_DRESSED = f"{_EMOJI}\ufe0f?[\U0001f3fb-\U0001f3ff]?"
EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_DRESSED}[\U000e0020-\U000e007f]*(?:\u200d{_DRESSED})*"
)


@dataclass(frozen=True)
class Link:
    start: int
    end: int
    address: str
    """With its scheme."""


def links(text: str) -> Iterator[Link]:
    for match in LINK.finditer(text):
        found = trimmed(match.group())
        address = found if found.lower().startswith("http") else f"http://{found}"
        yield Link(match.start(), match.start() + len(found), address)


def trimmed(address: str) -> str:
    while address and (address[-1] in TRAILING or (address[-1] == ")" and address.count("(") < address.count(")"))):
        address = address[:-1]
    return address


def weighted_length(text: str) -> int:
    text = unicodedata.normalize("NFC", text)
    total, position = 0, 0
    for link in links(text):
        total += plain_weight(text[position : link.start]) + URL_WEIGHT
        position = link.end
    return total + plain_weight(text[position:])


def plain_weight(text: str) -> int:
    without, emoji = EMOJI.subn("", text)
    return 2 * emoji + sum(1 if is_light(ord(sign)) else 2 for sign in without)


def is_light(point: int) -> bool:
    return any(low <= point <= high for low, high in LIGHT)


def cashtags(text: str) -> list[str]:
    return CASHTAG.findall(text)


def mentions(text: str) -> list[str]:
    return [match.group(1) for match in MENTION.finditer(text)]
