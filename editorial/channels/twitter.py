"""X, spoken to through tweepy. The only file that imports it and the only one that says *tweet*."""

import datetime as dt
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import tweepy

from . import parsing
from .addresses import address_to_id, id_to_address, id_to_moment
from .outcomes import clock_ahead_s, judged
from .protocol import (
    Account,
    ChannelRefused,
    ChannelSilent,
    ChannelUnreached,
    Figures,
    Message,
    Receipt,
    TimelineEntry,
)
from .uploading import Uploader, positions
from .wire import CONNECT_TIMEOUT_S, Line

# At DEBUG these print tokens and signatures of every request.
for _name in ("tweepy", "tweepy.client", "requests_oauthlib", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.INFO)

log = logging.getLogger(__name__)
T = TypeVar("T")

BUILT_IN_HOST = "https://api.twitter.com"  # a literal inside tweepy
LOOKUP_SIZE = 100
MEDIA_CATEGORIES = {"image/gif": "tweet_gif", "video/mp4": "tweet_video", "text/srt": "subtitles"}
PAGES = 32  # X keeps the newest 3,200 posts of a timeline within reach
TIMELINE_FIELDS = ["created_at", "entities", "attachments", "referenced_tweets", "note_tweet"]


class XClient(tweepy.Client):
    """tweepy's client on our own line, with the media calls of API v2 that it lacks."""

    def __init__(self, line: Line, keys: Mapping[str, str]) -> None:
        super().__init__(**keys, return_type=dict, wait_on_rate_limit=False)
        self.session = line

    def _get_authenticating_user_id(self, *, oauth_1: bool = False) -> str:
        """Without tweepy's cache, which keeps every client alive that ever asked."""
        return str(self.access_token).split("-", 1)[0]

    def begin_media(self, media_type: str, total_bytes: int) -> Any:
        category = MEDIA_CATEGORIES.get(media_type, "tweet_image")
        wanted = {"media_type": media_type, "total_bytes": total_bytes, "media_category": category}
        return self._make_request("POST", "/2/media/upload/initialize", json=wanted, user_auth=True)

    def append_media(self, media_id: str, index: int, chunk: bytes) -> None:
        # tweepy's own request() takes no files
        handler = tweepy.OAuth1UserHandler(
            self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret
        )
        self.session.post(
            f"{BUILT_IN_HOST}/2/media/upload/{media_id}/append",
            data={"segment_index": str(index)},
            files={"media": ("chunk", chunk)},
            headers={"User-Agent": self.user_agent},
            auth=handler.apply_auth(),
        )

    def finish_media(self, media_id: str) -> Any:
        return self._make_request("POST", f"/2/media/upload/{media_id}/finalize", user_auth=True)

    def media_state(self, media_id: str) -> Any:
        asked = {"command": "STATUS", "media_id": media_id}
        return self._make_request(
            "GET", "/2/media/upload", params=asked, endpoint_parameters=tuple(asked), user_auth=True
        )

    def describe_media(self, media_id: str, alt_text: str) -> Any:
        wanted = {"id": media_id, "metadata": {"alt_text": {"text": alt_text}}}
        return self._make_request("POST", "/2/media/metadata", json=wanted, user_auth=True)

    def caption_media(self, media_id: str, captions_id: str) -> Any:
        captions = {"id": captions_id, "language_code": "DE", "display_name": "Deutsch"}
        wanted = {"id": media_id, "media_category": "TweetVideo", "subtitles": captions}
        return self._make_request("POST", "/2/media/subtitles", json=wanted, user_auth=True)


class Twitter:
    """The account whose keys these are. For one thread; ``keys`` are the four of OAuth 1.0a by tweepy's names.

    ``http_timeout_s`` counts per read, ``task_limit_s`` is the wall clock for one whole call of this object.
    """

    def __init__(self, *, base_url: str, keys: Mapping[str, str], http_timeout_s: float, task_limit_s: float) -> None:
        if not re.match(r"[0-9]{1,19}-", keys["access_token"], re.ASCII):
            raise ValueError("X_ACCESS_TOKEN must begin with the number of the account and a hyphen")
        self._line = Line(base_url, alias=BUILT_IN_HOST, read_timeout_s=http_timeout_s)
        self._client = XClient(self._line, keys)
        self._user_id = keys["access_token"].split("-", 1)[0]
        self._uploader = Uploader(self._client, self._line, self._judged)
        self._task_limit_s = task_limit_s
        # What the pictures must leave for the post itself.
        self._reserve_s = min(CONNECT_TIMEOUT_S + http_timeout_s, task_limit_s / 2)

    # Writing

    def send(self, message: Message) -> Receipt:
        with self._line.within(self._task_limit_s):
            self._line.fresh()
            with self._line.within(self._line.left_s() - self._reserve_s):
                media_ids = self._uploader.upload(message)
            if media_ids and message.is_still_wanted is not None and not message.is_still_wanted():
                raise ChannelUnreached("called_off")
            self._line.fresh()
            receipt = self._create(message, media_ids)
        log.info("sent %s as %s", message.reference or "-", receipt.external_id)
        return receipt

    def _create(self, message: Message, media_ids: list[str]) -> Receipt:
        try:
            with self._judged():
                answer = self._client.create_tweet(text=message.text or None, media_ids=media_ids or None)
                return _receipt(parsing.id_of(parsing.data_of(answer)))
        except ChannelRefused as refusal:
            if refusal.code == "media_invalid" and message.uploads is not None:
                for position in positions(message):
                    message.uploads.forget(position)
            raise

    def retweet(self, address: str) -> Receipt:
        original = _original(address)
        with self._one_write():
            data = parsing.data_of(self._client.retweet(original))
            external_id = parsing.id_of(data, "rest_id")
            if data.get("retweeted") is not True or external_id == original:
                raise ChannelSilent("no_id", raw=repr(data))
        log.info("retweeted %s as %s", original, external_id)
        return _receipt(external_id)

    def delete(self, external_id: str) -> None:
        with self._one_write(gone_is_fine=True):
            _expect(self._client.delete_tweet(external_id), "deleted", True)
        log.info("deleted %s", external_id)

    def unretweet(self, address: str) -> None:
        original = _original(address)
        with self._one_write(gone_is_fine=True):
            _expect(self._client.unretweet(original), "retweeted", False)
        log.info("took back the retweet of %s", original)

    # Reading

    def newest_id(self) -> str | None:
        entries, _ = self._reading(lambda: parsing.page_of(self._page(max_results=5, tweet_fields=["created_at"])))
        return max((entry.external_id for entry in entries), key=int, default=None)

    def timeline(self, since_id: str | None = None, start_at: dt.datetime | None = None) -> list[TimelineEntry]:
        start = {"since_id": since_id} if since_id else {"start_time": start_at}
        return self._reading(lambda: self._all_pages(start))

    def account(self) -> Account:
        found = self._reading(lambda: parsing.account_of(self._client.get_me(user_fields=["public_metrics"])))
        return replace(found, clock_ahead_s=clock_ahead_s(self._line.last_date))

    def figures(self, external_ids: Sequence[str]) -> list[Figures]:
        def look_up() -> list[Figures]:
            found = []
            for ids in _slices(list(external_ids), LOOKUP_SIZE):
                answer = self._client.get_tweets(ids, tweet_fields=["public_metrics"], user_auth=True)
                found += parsing.figures_of(answer, ids)
            return found

        return self._reading(look_up)

    def link_clicks(self, external_ids: Sequence[str]) -> dict[str, int]:
        # A call of its own: asked for together, one refused private figure can cost the public ones too.
        def look_up() -> dict[str, int]:
            found: dict[str, int] = {}
            for ids in _slices(list(external_ids), LOOKUP_SIZE):
                answer = self._client.get_tweets(ids, tweet_fields=["non_public_metrics"], user_auth=True)
                found |= parsing.link_clicks_of(answer)
            return found

        return self._reading(look_up)

    def alt_texts(self, external_id: str) -> tuple[str, ...]:
        def look_up() -> tuple[str, ...]:
            asked = {"expansions": ["attachments.media_keys"], "media_fields": ["alt_text"]}
            answer = self._client.get_tweet(external_id, tweet_fields=["attachments"], user_auth=True, **asked)
            return parsing.alt_texts_of(answer)

        return self._reading(look_up)

    def _page(self, **asked: Any) -> Any:
        return self._client.get_users_tweets(self._user_id, user_auth=True, **asked)

    def _all_pages(self, start: dict[str, Any]) -> list[TimelineEntry]:
        entries: dict[str, TimelineEntry] = {}
        token = None
        for _ in range(PAGES):
            answer = self._page(max_results=100, tweet_fields=TIMELINE_FIELDS, pagination_token=token, **start)
            page, token = parsing.page_of(answer)
            entries |= {entry.external_id: entry for entry in page}
            if token is None:
                return sorted(entries.values(), key=lambda entry: int(entry.external_id), reverse=True)
        raise ChannelSilent("bad_answer", raw="the timeline has no end")

    # Outcomes

    @contextmanager
    def _judged(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # whatever is not understood may have gone out
            outcome = judged(error, self._line, dt.datetime.now(dt.UTC))
            if outcome is error:
                raise
            raise outcome from error

    @contextmanager
    def _one_write(self, *, gone_is_fine: bool = False) -> Iterator[None]:
        self._line.fresh()
        try:
            with self._line.within(self._task_limit_s), self._judged():
                yield
        except ChannelRefused as refusal:
            if not (gone_is_fine and refusal.http_status == 404):
                raise

    def _reading(self, read: Callable[[], T]) -> T:
        with self._line.within(self._task_limit_s), self._judged():
            return read()


def _original(address: str) -> str:
    found = address_to_id(address)
    if found is None:
        raise ChannelRefused("no_address", raw=address)
    return found


def _receipt(external_id: str) -> Receipt:
    at = id_to_moment(external_id) or dt.datetime.now(dt.UTC)
    return Receipt(external_id, at, id_to_address(external_id))


def _expect(answer: Any, name: str, value: bool) -> None:
    data = parsing.data_of(answer)
    if data.get(name) is not value:
        raise ChannelSilent("bad_answer", raw=repr(data))


def _slices(ids: list[str], size: int) -> list[list[str]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
