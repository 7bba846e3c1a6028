"""The text of a post as X shows it: links shortened to t.co, & < > escaped, media links appended, entities named."""

import hashlib
import html
from dataclasses import dataclass, field
from typing import Any

from . import text as words
from .model import Post
from .store import Store

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LONG_FROM = 280
LONG_SHOWN = 260
DISPLAY_LENGTH = 30


@dataclass
class Shown:
    text: str = ""
    urls: list[dict[str, Any]] = field(default_factory=list)

    def add(self, plain: str) -> None:
        self.text += html.escape(plain, quote=False)

    def add_link(self, short: str, **more: Any) -> None:
        start = len(self.text)
        self.text += short
        self.urls.append({"start": start, "end": len(self.text), "url": short, **more})

    @property
    def entities(self) -> dict[str, Any]:
        found: dict[str, Any] = {"urls": self.urls}
        found["hashtags"] = [
            {"start": match.start(), "end": match.end(), "tag": match.group(1)}
            for match in words.HASHTAG.finditer(self.text)
        ]
        found["mentions"] = [
            {"start": match.start(), "end": match.end(), "username": match.group(1)}
            for match in words.MENTION.finditer(self.text)
        ]
        return {name: entries for name, entries in found.items() if entries}


def shown(store: Store, post: Post) -> Shown:
    original = store.posts.get(post.retweet_of) if post.kind == "retweet" else None
    if original:
        prefix = f"RT @{store.user(original.author_id).username}: "
        return build(store, original, prefix + original.text)
    if words.weighted_length(post.text) > LONG_FROM:
        result = build(store, post, post.text[:LONG_SHOWN].rstrip() + "… ", with_media=False)
        result.add_link(short_link(post.id, "more"), expanded_url=address_of(store, post))
        return result
    return build(store, post, post.text)


def in_full(store: Store, post: Post) -> Shown | None:
    """The whole of a text that is too long to be shown; None when it is shown whole."""
    if words.weighted_length(post.text) <= LONG_FROM:
        return None
    return build(store, post, post.text, with_media=False)


def build(store: Store, post: Post, text: str, *, with_media: bool = True) -> Shown:
    result, position = Shown(), 0
    for index, link in enumerate(words.links(text)):
        result.add(text[position : link.start])
        short = short_link(post.id, str(index))
        result.add_link(short, expanded_url=link.address, display_url=display_of(link.address))
        position = link.end
    result.add(text[position:])
    if with_media and post.media_ids:
        add_media_link(store, post, result)
    return result


def add_media_link(store: Store, post: Post, result: Shown) -> None:
    if result.text:
        result.add(" ")
    short = short_link(post.id, "media")
    media = store.state.media[post.media_ids[0]]
    part = "video" if media.type == "video" else "photo"
    result.add_link(
        short,
        expanded_url=f"{address_of(store, post)}/{part}/1",
        display_url="pic.x.com/" + short.rsplit("/", 1)[1],
        media_key=media.key,
    )


def short_link(post_id: str, name: str) -> str:
    digest = hashlib.sha256(f"{post_id}:{name}".encode()).digest()
    return "https://t.co/" + "".join(ALPHABET[byte % 62] for byte in digest[:10])


def address_of(store: Store, post: Post) -> str:
    return f"https://x.com/{store.user(post.author_id).username}/status/{post.id}"


def display_of(address: str) -> str:
    bare = address.split("://", 1)[1].removeprefix("www.")
    return bare if len(bare) <= DISPLAY_LENGTH else bare[: DISPLAY_LENGTH - 3] + "…"
