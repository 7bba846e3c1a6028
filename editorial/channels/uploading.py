"""Pictures and videos on their way to X: in pieces, on from where an attempt stopped, described before the post.

Unattached media is invisible, so whatever goes wrong in here, nothing went out.
"""

import datetime as dt
import hashlib
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Protocol

from . import parsing
from .protocol import ChannelRefused, ChannelSilent, ChannelUnreached, Message, Picture, UploadMemory, UploadState
from .wire import Line

CHUNK_BYTES = 4 * 1024 * 1024  # X takes up to 8 MB and advises 5
APPEND_TRIES = 3
LONGEST_POLL_S = 5.0
# An id that ends before the post can be out is not used any more.
STILL_GOOD_FOR = dt.timedelta(minutes=5)
# Where the captions of a video are remembered: behind everything that can be attached.
CAPTIONS_AFTER = 100


class MediaCalls(Protocol):
    def begin_media(self, media_type: str, total_bytes: int) -> Any: ...
    def append_media(self, media_id: str, index: int, chunk: bytes) -> None: ...
    def finish_media(self, media_id: str) -> Any: ...
    def media_state(self, media_id: str) -> Any: ...
    def describe_media(self, media_id: str, alt_text: str) -> Any: ...
    def caption_media(self, media_id: str, captions_id: str) -> Any: ...


class Forgetful:
    """The memory of somebody who has none: every attempt begins anew."""

    def known(self, position: int, sha256: str) -> UploadState | None:
        return None

    def note(self, position: int, sha256: str, state: UploadState) -> None:
        """Nothing is kept."""

    def forget(self, position: int) -> None:
        """Nothing was kept."""


class Uploader:
    """``judged`` turns whatever goes wrong in a call into a ChannelError."""

    def __init__(self, calls: MediaCalls, line: Line, judged: Callable[[], AbstractContextManager[None]]) -> None:
        self._calls, self._line, self._judged = calls, line, judged

    def upload(self, message: Message) -> list[str]:
        """The ids to attach, in order: all pictures ready and described, or a ChannelError."""
        memory = message.uploads or Forgetful()
        try:
            with self._judged():
                return [self._one(place, picture, memory) for place, picture in enumerate(message.pictures)]
        except ChannelSilent as unclear:
            raise ChannelUnreached("media_unclear", http_status=unclear.http_status, raw=unclear.raw) from unclear

    def _one(self, position: int, picture: Picture, memory: UploadMemory) -> str:
        sha256 = hashlib.sha256(picture.data).hexdigest()
        known = memory.known(position, sha256)
        if known is not None and _lasts(known):
            try:
                return self._go_on(position, picture, sha256, known, memory)
            except ChannelRefused:
                # X does not know this id any more, or cannot use it: once more from the beginning.
                memory.forget(position)
        return self._go_on(position, picture, sha256, self._begin(picture), memory)

    def _begin(self, picture: Picture) -> UploadState:
        with self._judged():
            data = parsing.data_of(self._calls.begin_media(picture.media_type, len(picture.data)))
            lifetime_s = parsing.lifetime_s_of(data)
            ends = None if lifetime_s is None else dt.datetime.now(dt.UTC) + dt.timedelta(seconds=lifetime_s)
            return UploadState(parsing.id_of(data), expires_at=ends)

    def _go_on(self, position: int, picture: Picture, sha256: str, state: UploadState, memory: UploadMemory) -> str:
        def note(**news: Any) -> UploadState:
            found = replace(state, **news)
            memory.note(position, sha256, found)
            return found

        state = note()
        if not state.is_ready:
            starts = range(0, len(picture.data), CHUNK_BYTES)
            for index in range(state.segments, len(starts)):
                self._append(state.external_id, index, picture.data[starts[index] : starts[index] + CHUNK_BYTES])
                state = note(segments=index + 1)
            try:
                with self._judged():
                    self._wait_until_processed(state.external_id, self._calls.finish_media(state.external_id))
            except ChannelRefused:
                memory.forget(position)
                raise
            state = note(is_ready=True)
        if not state.is_described:
            self._describe(position, picture, state.external_id, memory)
            state = note(is_described=True)
        return state.external_id

    def _describe(self, position: int, picture: Picture, media_id: str, memory: UploadMemory) -> None:
        """The alternative text of a picture, the captions of a video: X takes no alternative text for those."""
        if picture.captions:
            self._caption(position, picture.captions.encode(), media_id, memory)
        elif picture.alt_text and not picture.media_type.startswith("video/"):
            with self._judged():
                parsing.data_of(self._calls.describe_media(media_id, picture.alt_text))

    def _caption(self, position: int, captions: bytes, media_id: str, memory: UploadMemory) -> None:
        try:
            captions_id = self._one(CAPTIONS_AFTER + position, Picture(captions, "text/srt", ""), memory)
            with self._judged():
                parsing.data_of(self._calls.caption_media(media_id, captions_id))
        except ChannelRefused as refusal:
            raise ChannelRefused("captions_refused", http_status=refusal.http_status, raw=refusal.raw) from refusal

    def _append(self, media_id: str, index: int, chunk: bytes) -> None:
        """The same segment again after an unclear answer: it replaces itself."""
        for tries_left in reversed(range(APPEND_TRIES)):
            try:
                with self._judged():
                    self._calls.append_media(media_id, index, chunk)
                return
            except ChannelSilent:
                if not tries_left:
                    raise

    def _wait_until_processed(self, media_id: str, answer: Any) -> None:
        while (progress := parsing.processing_of(answer)) is not None:
            if progress.failed:
                raise ChannelRefused("media_failed", raw=progress.message)
            wait_s = min(progress.check_after_s, LONGEST_POLL_S)
            if wait_s >= self._line.left_s():
                raise ChannelUnreached("media_pending")
            time.sleep(wait_s)
            answer = self._calls.media_state(media_id)


def positions(message: Message) -> list[int]:
    """Every place under which something of this message may be remembered."""
    places = range(len(message.pictures))
    return [*places, *(CAPTIONS_AFTER + place for place in places if message.pictures[place].captions)]


def _lasts(state: UploadState) -> bool:
    return state.expires_at is None or state.expires_at > dt.datetime.now(dt.UTC) + STILL_GOOD_FOR
