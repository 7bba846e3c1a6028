"""Addresses in a text, with and without scheme, as the service would shorten them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from . import domains, tables
from .domains import Label


class Found(NamedTuple):
    """A piece of a text; start and end count characters (code points) of the text that was searched."""

    text: str
    start: int
    end: int


# No valid text is longer: twelve addresses of 4,096 characters with three marks each stay below. What is longer is not
# searched, so that a whole book sent to a form costs little.
RAW_LIMIT = 200_000
SCHEMELESS_LENGTH = len("https://")
URL_LIMIT = 4096
SHORT_LINK_SLUG_LIMIT = 40

_SPACES = "\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_DIRECTION_MARKS = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
# Everything but these may stand in a label; hyphen and underscore only in its middle.
_BREAKS = re.escape("!'#%&()*+,\\/:;<=>?@[]^{|}~$") + _SPACES + tables.FORBIDDEN + _DIRECTION_MARKS
_EDGES = "-_"
_NEVER_BEFORE = "0-9A-Za-z@＠$#＃" + tables.FORBIDDEN
_DROPPED_AFTER = ("-", "_", ".", "/")

_DOT_IN_WORD = re.compile(rf"\.[^{_BREAKS}\-_.]")
_RUN = re.compile(rf"(?<![^{_BREAKS}])[^{_BREAKS}.]*+\.[^{_BREAKS}]++")
_NEVER_BEFORE_CHAR = re.compile(f"[{_NEVER_BEFORE}]")
_BEGINNING = re.compile(rf"(?<=[^{_NEVER_BEFORE}])[^{_BREAKS}\-_.]|[{tables.ASTRAL}]")
_SCHEMES = (re.compile("https://", re.IGNORECASE | re.ASCII), re.compile("http://", re.IGNORECASE | re.ASCII))

_GOES_ON = (":", "/", "?")
_PORT = re.compile(r":[0-9]++")
_PATH_END = rf"0-9A-Za-z{tables.CYRILLIC_ANY_CASE}{tables.LATIN_ANY_CASE}=+\-_/#"
_PATH_MIDDLE = r"!*';:,.$%\[\]–~@|&"
_IN_PATH = f"[{_PATH_END}{_PATH_MIDDLE}]"
_IN_PARENTHESES = rf"\((?:{_IN_PATH}++|{_IN_PATH}*+\({_IN_PATH}++\){_IN_PATH}*+)\)"
# Parentheses may end a path only where they follow a character that could end it too. The groups repeat greedily and
# not possessively: Python before 3.11.5 (Debian 12) forgets to step back when a possessive group fails half way. The
# parts begin with different characters, so there is only one way to match, and stepping back stays cheap.
_PATH = re.compile(rf"/(?:(?:[{_PATH_MIDDLE}]++|{_IN_PARENTHESES})*[{_PATH_END}]++)*(?:{_IN_PARENTHESES})*")
_IN_QUERY = r"[0-9A-Za-z!?*'@();:&=+$/%#\[\]\-_.,~|]"
_QUERY = re.compile(rf"\?{_IN_QUERY}*+")
_NOT_AT_QUERY_END = "!?*'@();:+$%[].,~|"
_SHORT_LINK = re.compile(r"https?://t\.co/([0-9a-z]++)", re.IGNORECASE | re.ASCII)

_LATIN_RUN = re.compile(rf"[-0-9A-Za-z{tables.LATIN_ANY_CASE}.]++")


class _Domain(NamedTuple):
    start: int
    end: int
    scheme_start: int
    """Where ``http`` begins; the same as start when the address is written without."""
    splits_pair: bool = False
    """The oracle walks UTF-16: after a forbidden character a domain may begin at the second half of a pair."""


def extract_urls(text: str) -> list[str]:
    return [found.text for found in extract_urls_with_indices(text)]


def extract_urls_with_indices(text: str) -> list[Found]:
    return list(_found_in(text))


@lru_cache(maxsize=256)  # preview, counter and every rule read the same text
def _found_in(text: str) -> tuple[Found, ...]:
    if len(text) > RAW_LIMIT or not _DOT_IN_WORD.search(text):
        return ()
    found: list[Found] = []
    free_from = 0
    for run in _RUN.finditer(text):
        if run.end() <= free_from:
            continue
        for label in domains.labels(text, *run.span(), edges=_EDGES):
            if domain := _domain_in(text, label, free_from, is_first=label.start == run.start()):
                found += _urls_of(text, domain, ends := _ends_after(text, domain.end))
                free_from = ends[-1]
    return tuple(found)


# --- Where an address begins ------------------------------------------------------------------------------------------
def _domain_in(text: str, label: Label, free_from: int, *, is_first: bool) -> _Domain | None:
    """The first domain that begins in this label, not before ``free_from``."""
    if label.dot <= free_from:
        return None
    if is_first and free_from <= label.start and text[label.start] not in _EDGES:
        scheme_start = _scheme_start(text, label.start, free_from)
        end = domains.longest_end(text, label, label.start)
        if end and scheme_start is not None:
            return _Domain(label.start, end, scheme_start)
    start = _start_without_scheme(text, label, free_from)
    if start is None:
        return None
    splits_pair = text[start] > "\uffff" and not (start > free_from and _may_precede(text, start - 1))
    return _Domain(start, domains.longest_end(text, label, start), start, splits_pair)


def _may_precede(text: str, position: int) -> bool:
    return not _NEVER_BEFORE_CHAR.match(text, position)


def _scheme_start(text: str, domain_start: int, free_from: int) -> int | None:
    for scheme in _SCHEMES:
        start = domain_start - len(scheme.pattern)
        if start >= 0 and scheme.match(text, start):
            is_free = start == 0 or (start > free_from and _may_precede(text, start - 1))
            return start if is_free else None
    return None


def _start_without_scheme(text: str, label: Label, free_from: int) -> int | None:
    low = max(label.start, free_from)
    if not label.further_end:
        low = max(low, text.rfind("_", low, label.dot) + 1)
    if low >= label.dot:
        return None
    if low == 0 and text[0] not in _EDGES:
        # At the very beginning the oracle first takes the first character for what stands before an address.
        skips_first = text[0] <= "\uffff" and _may_precede(text, 0) and label.dot > 1 and text[1] not in _EDGES
        return int(skips_first)
    if low == free_from and text[low] <= "\uffff":
        low += 1
    beginning = _BEGINNING.search(text, low, label.dot)
    return beginning.start() if beginning else None


# --- Where it ends ----------------------------------------------------------------------------------------------------
def _ends_after(text: str, domain_end: int) -> tuple[int, int, int]:
    """Where the path begins, where it ends, and where the whole address ends."""
    if text[domain_end : domain_end + 1] not in _GOES_ON:
        return domain_end, domain_end, domain_end
    port = _PORT.match(text, domain_end)
    path_start = port.end() if port else domain_end
    path = _PATH.match(text, path_start)
    path_end = path.end() if path else path_start
    return path_start, path_end, _query_end(text, path_end)


def _query_end(text: str, start: int) -> int:
    query = _QUERY.match(text, start)
    return start + len(query[0].rstrip(_NOT_AT_QUERY_END)) if query else start


# --- What counts as an address ----------------------------------------------------------------------------------------
def _urls_of(text: str, domain: _Domain, ends: tuple[int, int, int]) -> Iterator[Found]:
    path_start, path_end, end = ends
    if domain.scheme_start < domain.start:
        if _is_short_enough(text, domain, end):
            yield from _with_scheme(text, domain.scheme_start, end)
        return
    before = text[domain.start - 1] if domain.start and not domain.splits_pair else ""
    latin = [] if before in _DROPPED_AFTER else list(_latin_domains(text[domain.start : domain.end]))
    if not latin or not _is_short_enough(text, domain, end):
        return
    for name, start in latin[:-1]:
        yield Found(name, domain.start + start, domain.start + start + len(name))
    name, start = latin[-1]
    # Only with a path do port, path and query belong to an address without scheme.
    rest = text[domain.end : end] if path_end > path_start else ""
    first = domain.start + start
    yield Found(name + rest, first, end if rest else first + len(name))


def _with_scheme(text: str, start: int, end: int) -> Iterator[Found]:
    url = text[start:end]
    if short := _SHORT_LINK.match(url):
        if len(short[1]) > SHORT_LINK_SLUG_LIMIT:
            return
        end = start + _query_end(url, short.end())
    yield Found(text[start:end], start, end)


def _is_short_enough(text: str, domain: _Domain, end: int) -> bool:
    name = text[domain.start : domain.end]
    if domain.splits_pair:
        name = chr(0xDC00 + (ord(name[0]) & 0x3FF)) + name[1:]
    if name.startswith("xn--") and not any(_latin_domains(name)):
        return False
    scheme_length = domain.start - domain.scheme_start or SCHEMELESS_LENGTH
    # The oracle counts the scheme twice.
    length = scheme_length + utf16_length(text[domain.scheme_start : end])
    return length <= URL_LIMIT and domains.has_valid_labels(name)


def utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _latin_domains(domain: str) -> Iterator[tuple[str, int]]:
    """The domains of Latin letters inside what looks like one domain, with the place where each begins."""
    if _LATIN_RUN.fullmatch(domain):
        yield domain, 0
        return
    free_from, looked_until = 0, 0
    for run in _LATIN_RUN.finditer(domain):
        for label in domains.labels(domain, *run.span(), edges=""):
            start, end = max(label.start, free_from), label.further_end or label.own_end
            if end and start < label.dot:
                name = domain[start:end]
                # The oracle looks the name up again from the end of the last one and takes its first occurrence.
                place = domain.find(name, looked_until)
                yield name, place
                free_from, looked_until = end, place + len(name)
