"""Accounts on networks that a text or an address names."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

_MENTION = re.compile(r"(?<![\w@./])@([A-Za-z0-9_][\w.-]{0,48}(?:@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)?)")
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b(?:x|twitter|instagram|facebook|tiktok)\.com/\S+", re.I)
# The first part of a path on these is an account, unless it is one of the network's own pages.
_NETWORKS = ("x.com", "twitter.com", "instagram.com", "facebook.com", "threads.net", "tiktok.com", "bsky.app")
_OWN_PAGES = {
    "",
    "hashtag",
    "search",
    "explore",
    "home",
    "i",
    "intent",
    "share",
    "p",
    "reel",
    "tag",
    "groups",
    "events",
}


def handles_in(text: str) -> Iterator[str]:
    """The accounts named in the text, without @, in lower case."""
    for link in _LINK.findall(text):
        if handle := handle_of(link):
            yield handle
    for handle in _MENTION.findall(_LINK.sub(" ", text)):
        yield handle.rstrip(".-").lower()


def handle_of(url: str) -> str:
    """The account whose page or post this is; empty where the address names none."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("mobile.").removeprefix("m.")
    except ValueError:
        return ""
    steps = [step for step in parts.path.split("/") if step]
    if host == "bsky.app" and steps[:1] == ["profile"]:
        steps = steps[1:]
    first = steps[0].lower() if steps else ""
    if first.startswith("@") and len(first) > 1:  # as on every Mastodon server
        return first[1:]
    return first if host in _NETWORKS and first not in _OWN_PAGES else ""
