"""A channel that exists only in memory: for tests, and for demonstration data built at given moments."""

import datetime as dt
from collections.abc import Callable, Sequence

from .addresses import address_to_id, id_to_address, moment_to_id
from .protocol import (
    MEASURES,
    Account,
    ChannelError,
    ChannelRefused,
    Figures,
    Message,
    Receipt,
    TimelineEntry,
)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class DryRun:
    """``sent``, ``retweeted``, ``deleted`` and ``unretweeted`` tell what happened; ``clock`` says at which moment.

    ``fail_next`` makes one writing call raise. ``measured`` holds the values that ``figures`` delivers per id.
    """

    def __init__(self, clock: Callable[[], dt.datetime] = _now, *, handle: str = "probe", followers: int | None = 0):
        self.clock = clock
        self.handle, self.followers = handle, followers
        self.sent: list[Message] = []
        self.retweeted: list[str] = []
        self.deleted: list[str] = []
        self.unretweeted: list[str] = []
        self.measured: dict[str, dict[str, int | None]] = {}
        self._live: dict[str, TimelineEntry] = {}
        self._alt_texts: dict[str, tuple[str, ...]] = {}
        self._used: set[str] = set()
        self._failures: list[tuple[ChannelError, bool]] = []

    def fail_next(self, error: ChannelError, *, after_going_out: bool = False) -> None:
        """Queue a failure for a writing call; ``after_going_out``: the deed is done and only its answer is lost."""
        self._failures.append((error, after_going_out))

    def send(self, message: Message) -> Receipt:
        alt_texts = tuple(picture.alt_text for picture in message.pictures)
        receipt = self._publish(lambda: self.sent.append(message), message.text, media_count=len(message.pictures))
        self._alt_texts[receipt.external_id] = alt_texts
        return receipt

    def retweet(self, address: str) -> Receipt:
        original = _original(address)
        live = next((entry for entry in self._live.values() if entry.is_retweet_of == original), None)
        if live is not None:
            return Receipt(live.external_id, live.at, id_to_address(live.external_id))
        return self._publish(lambda: self.retweeted.append(address), "", is_retweet_of=original)

    def delete(self, external_id: str) -> None:
        def take_down() -> None:
            self.deleted.append(external_id)
            self._live.pop(external_id, None)

        self._attempt(take_down)

    def unretweet(self, address: str) -> None:
        original = _original(address)

        def take_back() -> None:
            self.unretweeted.append(address)
            self._live = {key: entry for key, entry in self._live.items() if entry.is_retweet_of != original}

        self._attempt(take_back)

    def newest_id(self) -> str | None:
        return max(self._live, key=int, default=None)

    def timeline(self, since_id: str | None = None, start_at: dt.datetime | None = None) -> list[TimelineEntry]:
        entries = sorted(self._live.values(), key=lambda entry: int(entry.external_id), reverse=True)
        if since_id:
            return [entry for entry in entries if int(entry.external_id) > int(since_id)]
        return [entry for entry in entries if start_at is None or entry.at >= start_at]

    def account(self) -> Account:
        return Account("1", self.handle, self.followers)

    def figures(self, external_ids: Sequence[str]) -> list[Figures]:
        return [
            Figures(
                id_,
                {name: self.measured.get(id_, {}).get(name) if id_ in self._live else None for name in MEASURES},
                gone=id_ not in self._live,
            )
            for id_ in external_ids
        ]

    def link_clicks(self, external_ids: Sequence[str]) -> dict[str, int]:
        found = {id_: self.measured.get(id_, {}).get("link_clicks") for id_ in external_ids if id_ in self._live}
        return {id_: clicks for id_, clicks in found.items() if clicks is not None}

    def alt_texts(self, external_id: str) -> tuple[str, ...]:
        return self._alt_texts.get(external_id, ())

    def _publish(
        self, note: Callable[[], None], text: str, *, media_count: int = 0, is_retweet_of: str | None = None
    ) -> Receipt:
        at = self.clock().astimezone(dt.UTC)
        external_id = self._new_id(at)

        def go_out() -> None:
            note()
            links = tuple(word for word in text.split() if word.startswith(("https://", "http://")))
            self._live[external_id] = TimelineEntry(external_id, at, text, links, media_count, is_retweet_of)

        self._attempt(go_out)
        return Receipt(external_id, at, id_to_address(external_id))

    def _attempt(self, deed: Callable[[], None]) -> None:
        error, after_going_out = self._failures.pop(0) if self._failures else (None, True)
        if after_going_out:
            deed()
        if error is not None:
            raise error

    def _new_id(self, at: dt.datetime) -> str:
        sequence = 0
        while (found := moment_to_id(at, sequence)) in self._used:
            sequence += 1
        self._used.add(found)
        return found


def _original(address: str) -> str:
    found = address_to_id(address)
    if found is None:
        raise ChannelRefused("no_address", raw=address)
    return found
