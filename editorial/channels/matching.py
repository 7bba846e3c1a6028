"""Is what stands on the channel what we sent?"""

import re
import unicodedata
from urllib.parse import parse_qs, urlsplit

from .protocol import TimelineEntry


def text_matches(sent: str, entry: TimelineEntry) -> bool:
    """Compare as a reader would: links in full, no media link, NFC, white space collapsed.

    The entry's text is already free of t.co links and HTML entities. The channel writes a link typed without scheme
    with one; therefore neither side keeps it.
    """
    return _folded(sent) == _folded(entry.text)


def _folded(text: str) -> str:
    text = re.sub(r"https?://", "", unicodedata.normalize("NFC", text), flags=re.IGNORECASE)
    return re.sub(r"/(?=\s|$)", "", " ".join(text.split()))


def carries_token(token: str, entry: TimelineEntry) -> bool:
    """Whether one of its links has our mark (``?t=``); the text around it may have been changed by the channel."""
    return any(token in parse_qs(urlsplit(link).query).get("t", []) for link in entry.links if _is_parsable(link))


def _is_parsable(link: str) -> bool:
    try:
        urlsplit(link)
    except ValueError:
        return False
    return True
