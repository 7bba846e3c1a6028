"""What a page says of itself: title, language, whether everybody may read it."""

import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

LONGEST_TITLE, LONGEST_SCRIPT, LONGEST_URL, DEEPEST = 300, 200_000, 1_000, 12
# What a browser takes them for; anything else is read as UTF-8 with gaps.
CHARSETS = re.compile(
    r"utf-?8|utf-16(le|be)?|us-ascii|iso-?8859-?\d{1,2}|latin-?[19]|windows-125\d|cp125\d|koi8-[ru]|macintosh"
    r"|gb2312|gbk|gb18030|big5|euc-(jp|kr)|shift[_-]jis",
    re.ASCII,
)
LIKE_WINDOWS = ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii")  # browsers read them as windows-1252
IN_PAGE = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
# Services and words by which paying readers are told apart.
SELLERS = re.compile(
    r"tinypass\.com|piano\.io|plenigo|laterpay|poool\.fr|steadyhq\.com|zephr|evolok|leaky-?paywall|selectyourads"
)
WALLS = re.compile(r"(?:^|[\s_-])(?:paywall|pay-wall|piano-(?:offer|container)|subscription-wall|regwall|loginwall)")
LOG_IN_PATH = re.compile(
    r"/(?:login|log-in|signin|sign-in|anmelden|anmeldung|sso|cas|oauth2?|accounts?/login)(?:[/?.]|$)", re.I
)
LITTLE_TEXT = 1_500


@dataclass
class Page:
    """``is_free``: as the page itself declares (schema.org ``isAccessibleForFree``); None where it says nothing."""

    title: str = ""
    language: str = ""
    canonical: str = ""
    is_free: bool | None = None
    marks: str = ""
    asks_to_log_in: bool = False


def read(body: bytes, content_type: str) -> Page:
    reader = _Reader()
    reader.feed(text_of(body, content_type))
    reader.close()
    page = Page(
        title=" ".join("".join(reader.title).split())[:LONGEST_TITLE],
        language=reader.language[:35],
        canonical=reader.canonical[:LONGEST_URL],
        marks=", ".join(sorted(reader.marks))[:200],
        asks_to_log_in=reader.has_password_field and reader.text_length < LITTLE_TEXT,
    )
    said = [free for script in reader.scripts if (free := _declared_in(script)) is not None]
    if reader.tier in ("locked", "metered"):
        said.append(False)
    page.is_free = all(said) if said else None
    return page


def text_of(body: bytes, content_type: str) -> str:
    for mark, charset in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(charset, errors="replace")
    said = re.search(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", content_type, re.IGNORECASE)
    in_page = IN_PAGE.search(body[:2048])
    named = said.group(1) if said else in_page.group(1).decode("ascii", errors="replace") if in_page else "utf-8"
    charset = named.lower()
    charset = "cp1252" if charset in LIKE_WINDOWS else charset
    try:
        return body.decode(charset if CHARSETS.fullmatch(charset) else "utf-8", errors="replace")
    except LookupError:
        return body.decode("utf-8", errors="replace")


def is_log_in_address(path: str) -> bool:
    return LOG_IN_PATH.search(path) is not None


def _declared_in(script: str) -> bool | None:
    """Of JSON-LD, however deep; what says *no* anywhere means no."""
    try:
        found = list(_declared(json.loads(script), 0))
    except (ValueError, RecursionError):
        return None
    return all(found) if found else None


def _declared(data: Any, depth: int) -> Any:
    if depth > DEEPEST:
        return
    if isinstance(data, list):
        for part in data:
            yield from _declared(part, depth + 1)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key.rpartition("/")[2].rpartition(":")[2] == "isAccessibleForFree":
                word = str(value).rpartition("/")[2].strip().lower()
                if word in ("true", "false"):
                    yield word == "true"
            else:
                yield from _declared(value, depth + 1)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.scripts: list[str] = []
        self.marks: set[str] = set()
        self.language = self.canonical = self.tier = ""
        self.has_password_field = False
        self.text_length = 0
        self._inside = ""
        self._script: list[str] | None = None
        self._has_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style", "title", "noscript"):
            self._inside = tag
        match tag:
            case "html":
                self.language = self.language or given.get("lang", "")
            case "link" if "canonical" in given.get("rel", "").lower().split():
                self.canonical = self.canonical or given.get("href", "").strip()
            case "meta" if given.get("property", given.get("name", "")).lower() == "article:content_tier":
                self.tier = given.get("content", "").strip().lower()
            case "script":
                if given.get("type", "").split(";")[0].strip().lower() == "application/ld+json":
                    self._script = []
                self._note(SELLERS.search(given.get("src", "").lower()))
            case "input" if given.get("type", "").lower() == "password":
                self.has_password_field = True
            case _:
                self._note(WALLS.search(f"{given.get('class', '')} {given.get('id', '')}".lower()))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            self.scripts.append("".join(self._script)[:LONGEST_SCRIPT])
            self._script = None
        if tag == "title":
            self._has_title = True
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)
        elif self._inside == "title":
            if not self._has_title and len(self.title) < 50:
                self.title.append(data[:LONGEST_TITLE])
        elif not self._inside:
            self.text_length += len(data.strip())

    def _note(self, found: re.Match[str] | None) -> None:
        if found:
            self.marks.add(found.group().strip(" _-"))
