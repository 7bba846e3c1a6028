"""How long a text is for X, and what in it becomes a link: after twitter-text 3, configuration 3.

Pure functions of a text. Names come without # and @, addresses as written; places count characters (code points).
"""

import re
from typing import NamedTuple

from . import tables
from .counting import URL_WEIGHT, normalised, plain_weight, weight
from .tags import (
    FoundMention,
    extract_hashtags,
    extract_hashtags_with_indices,
    extract_mentions,
    extract_mentions_or_lists_with_indices,
    extract_mentions_with_indices,
)
from .urls import RAW_LIMIT, Found, extract_urls, extract_urls_with_indices

__all__ = [
    "LIMIT",
    "RAW_LIMIT",
    "URL_WEIGHT",
    "Found",
    "FoundMention",
    "Parsed",
    "Weighed",
    "extract_hashtags",
    "extract_hashtags_with_indices",
    "extract_mentions",
    "extract_mentions_or_lists_with_indices",
    "extract_mentions_with_indices",
    "extract_urls",
    "extract_urls_with_indices",
    "parse",
    "weigh",
]

LIMIT = 280
_FORBIDDEN = re.compile(f"[{tables.FORBIDDEN}]")


class Weighed(NamedTuple):
    weighted: int
    valid: bool
    """Neither empty nor too long, and without U+FFFE, U+FEFF and U+FFFF."""
    limit: int
    remaining: int
    """Negative when the text is too long."""


class Parsed(NamedTuple):
    weighted: int
    valid: bool
    urls: list[str]
    hashtags: list[str]
    mentions: list[str]


def weigh(text: str, *, emoji_as_one: bool = True) -> Weighed:
    """With ``emoji_as_one=False`` after configuration 2, in which the parts of an emoji count one by one."""
    if len(text) > RAW_LIMIT:  # invalid in any case, see RAW_LIMIT
        return _weighed(text, plain_weight(text))
    text = normalised(text)
    return _weighed(text, weight(text, emoji_as_one=emoji_as_one))


def parse(text: str) -> Parsed:
    """Weight and everything that is found; addresses and names as they stand in the text, before normalising."""
    urls = extract_urls_with_indices(text)
    tags = extract_hashtags_with_indices(text, urls)
    is_normal = len(text) <= RAW_LIMIT and normalised(text) == text
    weighed = _weighed(text, weight(text, urls)) if is_normal else weigh(text)
    return Parsed(
        weighed.weighted,
        weighed.valid,
        [url.text for url in urls],
        [tag.text for tag in tags],
        extract_mentions(text),
    )


def _weighed(text: str, weighted: int) -> Weighed:
    valid = 0 < weighted <= LIMIT and not _FORBIDDEN.search(text)
    return Weighed(weighted, valid, LIMIT, LIMIT - weighted)
