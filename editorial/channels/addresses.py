"""Addresses and ids of posts on X."""

import datetime as dt
import re
from urllib.parse import urlsplit

_HOSTS = {f"{prefix}{host}" for host in ("x.com", "twitter.com") for prefix in ("", "www.", "mobile.", "m.")}
_PATH = re.compile(r"/(?:[A-Za-z0-9_]{1,20}|i/web)/status(?:es)?/([0-9]{1,19})(?:/.*)?", re.ASCII)
_EPOCH_MS = 1288834974657  # ids count milliseconds from here, in their upper 42 bits
_FIRST_WITH_MOMENT = 10**15


def address_to_id(url: str) -> str | None:
    """The id in the address of a post on X, or None when this is no such address."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("https", "http") or host not in _HOSTS or parts.username is not None:
        return None
    found = _PATH.fullmatch(parts.path)
    return found[1] if found else None


def id_to_address(external_id: str) -> str:
    return f"https://x.com/i/status/{external_id}"


def id_to_moment(external_id: str) -> dt.datetime | None:
    """The moment of publication that an id carries, in UTC; None for a small id, which carries none."""
    if int(external_id) < _FIRST_WITH_MOMENT:
        return None
    return dt.datetime.fromtimestamp(((int(external_id) >> 22) + _EPOCH_MS) / 1000, dt.UTC)


def moment_to_id(at: dt.datetime, sequence: int = 0) -> str:
    return str((round(at.timestamp() * 1000) - _EPOCH_MS << 22) + sequence)
