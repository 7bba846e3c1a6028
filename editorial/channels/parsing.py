"""X's answers in our words. Both vocabularies are read: tweet_count and post_count, note_tweet and note_post, …"""

import datetime as dt
import html
import re
from dataclasses import dataclass
from typing import Any

from .addresses import id_to_moment
from .protocol import MEASURES, Account, ChannelSilent, Figures, TimelineEntry

SHORTEST_POLL_S = 0.2
_ID = re.compile(r"[0-9]{1,19}", re.ASCII)
_MEDIA_HOSTS = ("pic.twitter.com/", "pic.x.com/")
_MEDIA_TARGET = re.compile(r"/status/[0-9]+/(?:photo|video)/[0-9]+$", re.ASCII)
_METRICS = dict(
    zip(
        MEASURES,
        (
            ("impression_count",),
            ("retweet_count", "repost_count"),
            ("like_count",),
            ("reply_count",),
            ("quote_count",),
            ("bookmark_count",),
        ),
        strict=True,
    )
)


def data_of(answer: Any) -> dict[str, Any]:
    """The ``data`` object of an answer; ChannelSilent when there is none."""
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, dict):
        raise ChannelSilent("bad_answer", raw=repr(answer))
    return data


def id_of(data: dict[str, Any], key: str = "id") -> str:
    """The id under this key; ChannelSilent when it is missing or no id."""
    found = data.get(key)
    if not isinstance(found, str) or not _ID.fullmatch(found):
        raise ChannelSilent("no_id", raw=repr(data))
    return found


def account_of(answer: Any) -> Account:
    data = data_of(answer)
    handle = data.get("username")
    return Account(id_of(data), handle if isinstance(handle, str) else "", _count(data, ("followers_count",)))


def figures_of(answer: Any, external_ids: list[str]) -> list[Figures]:
    """One entry per id asked. Neither delivered nor reported missing is not gone: its values are just None."""
    if not isinstance(answer, dict):
        raise ChannelSilent("bad_answer", raw=repr(answer))
    found = {post.get("id"): post for post in _dicts(answer, "data")}
    errors = _dicts(answer, "errors")
    if not {*found, *(id_ for error in errors for id_ in _named_ids(error))} & set(external_ids):
        raise ChannelSilent("bad_answer", raw=repr(answer))
    gone = {id_ for error in errors if _says_gone(error) for id_ in _named_ids(error)}
    return [_figures(id_, found.get(id_, {}), id_ in gone and id_ not in found) for id_ in external_ids]


def _figures(external_id: str, post: dict[str, Any], gone: bool) -> Figures:
    return Figures(external_id, {name: _count(post, keys) for name, keys in _METRICS.items()}, gone)


def link_clicks_of(answer: Any) -> dict[str, int]:
    """Per id what was delivered; a post without a link has none, one older than 30 days none any more."""
    found = {
        post.get("id"): _count(post, ("url_link_clicks",), "non_public_metrics") for post in _dicts(answer, "data")
    }
    return {id_: clicks for id_, clicks in found.items() if isinstance(id_, str) and clicks is not None}


def _count(holder: dict[str, Any], keys: tuple[str, ...], kind: str = "public_metrics") -> int | None:
    metrics = holder.get(kind)
    for key in keys:
        value = metrics.get(key) if isinstance(metrics, dict) else None
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
    return None


def _says_gone(error: dict[str, Any]) -> bool:
    return str(error.get("type", "")).rsplit("/", 1)[-1] == "resource-not-found"


def _named_ids(error: dict[str, Any]) -> list[str]:
    return [error[key] for key in ("resource_id", "value") if isinstance(error.get(key), str)]


def page_of(answer: Any) -> tuple[list[TimelineEntry], str | None]:
    """The entries of one timeline page and the token of the next.

    An empty page counts only when the answer says so itself: errors without data must not look like "not there".
    """
    meta = answer.get("meta") if isinstance(answer, dict) else None
    if not isinstance(meta, dict):
        raise ChannelSilent("bad_answer", raw=repr(answer))
    posts = answer.get("data", [])
    if not isinstance(posts, list) or meta.get("result_count", len(posts) or None) != len(posts):
        raise ChannelSilent("bad_answer", raw=repr(meta))
    token = meta.get("next_token")
    return [_entry(post) for post in posts], token if isinstance(token, str) and token else None


def _entry(post: Any) -> TimelineEntry:
    if not isinstance(post, dict):
        raise ChannelSilent("bad_answer", raw=repr(post))
    external_id = id_of(post)
    at = _moment(post.get("created_at")) or id_to_moment(external_id)
    if at is None:
        raise ChannelSilent("bad_answer", raw=repr(post))
    body = next((post[key] for key in ("note_tweet", "note_post") if isinstance(post.get(key), dict)), post)
    urls, media_urls = _urls(body), [url for url in (*_urls(body), *_urls(post)) if _is_media(url)]
    attached = post.get("attachments")
    keys = attached.get("media_keys") if isinstance(attached, dict) else None
    return TimelineEntry(
        external_id=external_id,
        at=at,
        text=_readable(body.get("text") or post.get("text") or "", urls, media_urls),
        links=tuple(_target(url) for url in urls if not _is_media(url)),
        media_count=len(keys) if isinstance(keys, list) else len(media_urls),
        is_retweet_of=_original(post),
    )


def _readable(text: str, urls: list[dict[str, Any]], media_urls: list[dict[str, Any]]) -> str:
    text = html.unescape(text)
    for url in media_urls:
        text = text.replace(url["url"], "")
    for url in urls:
        text = text.replace(url["url"], _target(url))
    return text.rstrip()


def _urls(holder: dict[str, Any]) -> list[dict[str, Any]]:
    entities = holder.get("entities")
    urls = _dicts(entities, "urls") if isinstance(entities, dict) else []
    return [url for url in urls if isinstance(url.get("url"), str) and url["url"]]


def _target(url: dict[str, Any]) -> str:
    expanded = url.get("expanded_url")
    return expanded if isinstance(expanded, str) and expanded else str(url["url"])


def _is_media(url: dict[str, Any]) -> bool:
    shown = str(url.get("display_url", ""))
    return bool(url.get("media_key") or shown.startswith(_MEDIA_HOSTS) or _MEDIA_TARGET.search(_target(url)))


def _original(post: dict[str, Any]) -> str | None:
    references = [*_dicts(post, "referenced_tweets"), *_dicts(post, "referenced_posts")]
    return next((id_of(ref) for ref in references if ref.get("type") in ("retweeted", "reposted")), None)


@dataclass(frozen=True)
class Progress:
    """What the channel is still doing with a picture."""

    failed: bool
    check_after_s: float
    message: str


def processing_of(answer: Any) -> Progress | None:
    """None when the picture is ready."""
    info = data_of(answer).get("processing_info")
    if info is None:
        return None
    state = info.get("state") if isinstance(info, dict) else None
    if state == "succeeded":
        return None
    if state not in ("pending", "in_progress", "failed"):
        raise ChannelSilent("bad_answer", raw=repr(info))
    wait_s, error = info.get("check_after_secs"), info.get("error")
    wait_s = max(float(wait_s), SHORTEST_POLL_S) if isinstance(wait_s, (int, float)) else 1.0
    return Progress(state == "failed", wait_s, str(error.get("message", "")) if isinstance(error, dict) else "")


def lifetime_s_of(data: dict[str, Any]) -> float | None:
    """How long the id of a picture is good for; None when the channel did not say."""
    found = data.get("expires_after_secs")
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def alt_texts_of(answer: Any) -> tuple[str, ...]:
    """In the order of the post's pictures; ChannelSilent when the answer does not say what they are."""
    attached = data_of(answer).get("attachments")
    keys = attached.get("media_keys") if isinstance(attached, dict) else None
    included = answer.get("includes")
    shown = {medium.get("media_key"): medium for medium in _dicts(included, "media")} if keys else {}
    if not isinstance(keys or [], list) or any(key not in shown for key in keys or []):
        raise ChannelSilent("bad_answer", raw=repr(included))
    return tuple(str(shown[key].get("alt_text") or "") for key in keys or [])


def _moment(written: Any) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(written)
    except (TypeError, ValueError):
        return None
    return found.astimezone(dt.UTC) if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _dicts(holder: Any, key: str) -> list[dict[str, Any]]:
    found = holder.get(key) if isinstance(holder, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
