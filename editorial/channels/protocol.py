"""What crosses the wall between the house and a channel: our words, no model, no vendor."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

MEASURES = ("impressions", "retweets", "likes", "replies", "quotes", "bookmarks")


@dataclass(frozen=True)
class Picture:
    """Or a video, which then stands alone. ``captions`` is SubRip, empty for a picture."""

    data: bytes = field(repr=False)
    media_type: str
    alt_text: str
    captions: str = field(default="", repr=False)


@dataclass(frozen=True)
class UploadState:
    """How far a picture got: ``segments`` the channel has taken; from ``expires_at`` on the id is worth nothing.

    ``is_described``: the alternative text, or the captions of a video, are on the channel.
    """

    external_id: str
    segments: int = 0
    is_ready: bool = False
    is_described: bool = False
    expires_at: dt.datetime | None = None


class UploadMemory(Protocol):
    """What one attempt leaves for the next, by the picture's place in the message. ``note`` is kept at once."""

    def known(self, position: int, sha256: str) -> UploadState | None:
        """None also when there was another picture at this place."""

    def note(self, position: int, sha256: str, state: UploadState) -> None: ...

    def forget(self, position: int) -> None: ...


@dataclass(frozen=True)
class Message:
    """``reference`` is our own id of the Ausspielung; it never leaves the house, it stands in one log line.

    Without ``uploads`` each attempt begins its pictures anew. Pictures take their time: ``is_still_wanted`` is asked
    between the last of them and the post; False, and nothing goes out.
    """

    text: str
    pictures: tuple[Picture, ...] = ()
    reference: str = ""
    uploads: UploadMemory | None = field(default=None, repr=False, compare=False)
    is_still_wanted: Callable[[], bool] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Receipt:
    """``at`` is the channel's own moment of publication, in UTC."""

    external_id: str
    at: dt.datetime
    url: str


@dataclass(frozen=True)
class Account:
    """``followers`` is None when the channel did not deliver the number, which is not zero.

    ``clock_ahead_s``: how far this machine's clock runs ahead of the channel's; None when it did not say.
    """

    external_id: str
    handle: str
    followers: int | None
    clock_ahead_s: float | None = None


@dataclass(frozen=True)
class Figures:
    """One value per name in MEASURES; None was not delivered, which is not zero.

    ``gone`` means that the channel says there is no such post (any more); then every value is None.
    """

    external_id: str
    values: Mapping[str, int | None]
    gone: bool = False


@dataclass(frozen=True)
class TimelineEntry:
    """One post of the own timeline. ``text`` reads as on the screen: full links, no entities, no media link."""

    external_id: str
    at: dt.datetime
    text: str
    links: tuple[str, ...] = ()
    media_count: int = 0
    is_retweet_of: str | None = None


class Publisher(Protocol):
    """Each writing call is one attempt. A ChannelError says what is known of it; nothing is tried twice in here."""

    def send(self, message: Message) -> Receipt:
        """Put the message out once, with all its pictures or not at all."""

    def retweet(self, address: str) -> Receipt:
        """Repeat the post at this address. Doing it twice leaves one. ``external_id`` is the retweet's own id."""

    def delete(self, external_id: str) -> None:
        """Take the own post down; safe to repeat, a post already gone is fine. For a retweet use ``unretweet``."""

    def unretweet(self, address: str) -> None:
        """Take back the retweet of the post at this address; safe to repeat."""

    def newest_id(self) -> str | None:
        """The id of the newest own post, or None when there is none: the ``since_id`` of a later reading."""

    def timeline(self, since_id: str | None = None, start_at: dt.datetime | None = None) -> list[TimelineEntry]:
        """All own posts after ``since_id`` (else from ``start_at`` on), newest first.

        Complete or a ChannelError: an answer that cannot be read in full never looks like an absent post.
        """


class Reader(Protocol):
    def account(self) -> Account: ...

    def figures(self, external_ids: Sequence[str]) -> list[Figures]:
        """One entry per id, in the order asked."""

    def link_clicks(self, external_ids: Sequence[str]) -> dict[str, int]:
        """Of those ids for which they were delivered; the channel gives them for 30 days only."""

    def alt_texts(self, external_id: str) -> tuple[str, ...]:
        """Of the pictures of this post, in order, as the channel shows them; "" where there is none."""


class Channel(Publisher, Reader, Protocol):
    """Both sides of one channel."""


EXPLANATIONS = {
    # nothing went out, a person must look
    "invalid_request": "X hat den Beitrag als fehlerhaft zurückgewiesen.",
    "too_long": "X hält den Text für zu lang.",
    "media_invalid": "X hat das Bild oder Video nicht angenommen.",
    "media_failed": "X konnte das Bild oder Video nicht verarbeiten.",
    "captions_refused": "X hat die Untertitel nicht angenommen. Das Video wurde nicht gesendet.",
    "forbidden": "X hat den Beitrag nicht zugelassen.",
    "client_forbidden": "X hat den Zugang für diesen Aufruf nicht zugelassen.",
    "not_found": "X kennt den angesprochenen Beitrag nicht.",
    "no_address": "Die Adresse des Originals ist keine Adresse eines Beitrags auf X.",
    # nothing went out, later again
    "rate_limit": "X nimmt wegen zu vieler Aufrufe vorübergehend nichts an.",
    "usage_capped": "Die bei X vereinbarte Menge an Aufrufen ist ausgeschöpft.",
    # nothing went out, the account is blocked
    "expired_token": "X hat die Anmeldung des Kontos abgelehnt.",
    "clock_wrong": "X hat die Anmeldung abgelehnt. Die Uhr dieses Rechners weicht von der Uhr bei X ab.",
    "no_credits": "Das Guthaben bei X ist aufgebraucht.",
    "suspended": "X hat das Konto gesperrt.",
    "read_only": "Der Zugang darf bei X nur lesen.",
    # provably not sent
    "unreached": "X war nicht zu erreichen. Es wurde nichts gesendet.",
    "deadline": "Die Frist war vor dem Senden abgelaufen. Es wurde nichts gesendet.",
    "called_off": "Während X das Bild oder Video annahm, hat sich etwas geändert. Es wurde nichts gesendet.",
    "media_unclear": "Das Bild oder Video konnte nicht übertragen werden. Der Beitrag wurde nicht gesendet.",
    "media_pending": "X hat das Bild oder Video nicht rechtzeitig verarbeitet. Der Beitrag wurde nicht gesendet.",
    # looked for and not found, or found older
    "older_post": "Auf X steht ein älterer Beitrag mit demselben Text. Dieser ist nicht erschienen.",
    "absent_late": "Der Beitrag ist nicht erschienen, und die Nachfrist ist vorbei.",
    "absent_often": "Der Beitrag ist auch nach drei Versuchen nicht erschienen.",
    # it may have gone out
    "duplicate": "X hält den Text für eine Wiederholung. Er steht vielleicht schon dort.",
    "no_answer": "X hat nicht geantwortet. Ob der Beitrag erschienen ist, ist unklar.",
    "too_slow": "X hat zu langsam geantwortet. Ob der Beitrag erschienen ist, ist unklar.",
    "server_error": "X hat einen eigenen Fehler gemeldet. Ob der Beitrag erschienen ist, ist unklar.",
    "redirected": "X hat auf eine andere Adresse verwiesen. Ob der Beitrag erschienen ist, ist unklar.",
    "bad_answer": "X hat unverständlich geantwortet. Ob der Beitrag erschienen ist, ist unklar.",
    "no_id": "X hat ohne Nummer des Beitrags geantwortet. Ob er erschienen ist, ist unklar.",
    "unexpected": "Beim Senden ist ein unerwarteter Fehler aufgetreten. Ob der Beitrag erschienen ist, ist unklar.",
}


class ChannelError(Exception):
    """``code`` is the machine's word, ``detail`` says it in German, ``raw`` is what the channel said, shortened.

    ``http_status`` is None when no answer came. ``str()`` gives code and status only: it may go into an audit note.
    """

    def __init__(self, code: str, *, http_status: int | None = None, raw: str = "") -> None:
        super().__init__(code)
        self.code, self.http_status, self.raw = code, http_status, raw[:500]

    def __str__(self) -> str:
        return self.code if self.http_status is None else f"{self.code} ({self.http_status})"

    @property
    def detail(self) -> str:
        return EXPLANATIONS.get(self.code, EXPLANATIONS["unexpected"])


class ChannelRefused(ChannelError):
    """Nothing went out; a person must look: 400, 404, other 403."""


class ChannelBusy(ChannelError):
    """Nothing went out; the channel takes nothing before ``wait_until``: 429."""

    def __init__(
        self, wait_until: dt.datetime, code: str = "rate_limit", *, http_status: int | None = 429, raw: str = ""
    ) -> None:
        super().__init__(code, http_status=http_status, raw=raw)
        self.wait_until = wait_until


class ChannelLocked(ChannelError):
    """Nothing went out; the account is blocked until a person acts: 401, 402, 403 suspended or read-only."""


class ChannelUnreached(ChannelError):
    """Provably nothing was sent: DNS, refused connection, TLS, time up before the call, or a picture that stuck."""

    def __init__(self, code: str = "unreached", *, http_status: int | None = None, raw: str = "") -> None:
        super().__init__(code, http_status=http_status, raw=raw)


class ChannelSilent(ChannelError):
    """It may have gone out: never send again without reading the timeline. For a reading call: no usable answer."""

    def __init__(self, code: str = "no_answer", *, http_status: int | None = None, raw: str = "") -> None:
        super().__init__(code, http_status=http_status, raw=raw)
