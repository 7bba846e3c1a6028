"""Hashtags, mentions and lists in a text."""

import re
from typing import NamedTuple

from . import tables
from .urls import RAW_LIMIT, Found, extract_urls_with_indices


class FoundMention(NamedTuple):
    """``list_slug`` begins with its slash and is empty when a person is meant, not one of their lists."""

    screen_name: str
    list_slug: str
    start: int
    end: int


_IN_TAG = tables.HASHTAG_LETTERS + tables.HASHTAG_OTHERS
# The selector or the keycap after the sign makes it an emoji.
_TAG = re.compile(rf"[#＃](?![\ufe0f\u20e3])([{_IN_TAG}]++)")
_TAG_LETTER = re.compile(f"[{tables.HASHTAG_LETTERS}]")
_BEFORE_TAG = re.compile(rf"[\ufe0e\ufe0f]|[^{_IN_TAG}&\ud800-\udfff]")
_MENTION = re.compile(r"[@＠]([0-9A-Za-z_]{1,20}+)(/[A-Za-z][-0-9A-Za-z_]{0,24}+)?")
_NEVER_BEFORE_MENTION = re.compile(r"[0-9A-Za-z_!#$%&*@＠]")
_NEVER_BEFORE_RETWEET = re.compile(r"[0-9A-Za-z_+~.\-]")
_ENDS_NO_MENTION = re.compile(rf"[@＠{tables.LATIN}]|://")
_ENDS_NO_TAG = re.compile("[#＃]|://")


def extract_hashtags(text: str) -> list[str]:
    return [found.text for found in extract_hashtags_with_indices(text)]


def extract_hashtags_with_indices(text: str, urls: list[Found] | None = None) -> list[Found]:
    """Without the sign; the places count it. A hashtag inside an address is none; ``urls`` when they are known."""
    if len(text) > RAW_LIMIT or not (tags := _all_hashtags(text)):
        return []
    return _outside(tags, extract_urls_with_indices(text) if urls is None else urls)


def _all_hashtags(text: str) -> list[Found]:
    found = []
    free_from = 0
    for tag in _TAG.finditer(text):
        start = tag.start()
        may_begin = start == 0 or (start > free_from and _BEFORE_TAG.match(text, start - 1))
        if not may_begin or not _TAG_LETTER.search(tag[1]):
            continue
        free_from = tag.end()
        if not _ENDS_NO_TAG.match(text, free_from):
            found.append(Found(tag[1], start, free_from))
    return found


def _outside(tags: list[Found], urls: list[Found]) -> list[Found]:
    """Whichever begins first keeps its place, be it a hashtag or an address."""
    if not urls:
        return tags
    kept: list[Found] = []
    taken_until = 0
    are_tags = set(tags)
    for piece in sorted([*tags, *urls], key=lambda piece: piece.start):
        if piece.start >= taken_until:
            taken_until = piece.end
            if piece in are_tags:
                kept.append(piece)
    return kept


def extract_mentions(text: str) -> list[str]:
    return [found.screen_name for found in extract_mentions_with_indices(text)]


def extract_mentions_with_indices(text: str) -> list[FoundMention]:
    return [found for found in extract_mentions_or_lists_with_indices(text) if not found.list_slug]


def extract_mentions_or_lists_with_indices(text: str) -> list[FoundMention]:
    if len(text) > RAW_LIMIT:
        return []
    found = []
    free_from = 0
    for mention in _MENTION.finditer(text):
        start = mention.start()
        if not _may_mention(text, start, free_from):
            continue
        free_from = mention.end()
        if not _ENDS_NO_MENTION.match(text, free_from):
            found.append(FoundMention(mention[1], mention[2] or "", start, free_from))
    return found


def _may_mention(text: str, start: int, free_from: int) -> bool:
    """At the beginning, after a character that is no part of a word, or after the sign of a retweet, "RT"."""
    if start == 0:
        return True
    if start > free_from and not _NEVER_BEFORE_MENTION.match(text, start - 1):
        return True
    retweet = start - 2
    if retweet < 0 or text[retweet:start].lower() != "rt":
        return False
    return retweet == 0 or (retweet > free_from and not _NEVER_BEFORE_RETWEET.match(text, retweet - 1))
