"""The door to the public: what anybody may read of us, field by field.

Public views get these frozen values and never a model, so that nothing appears on a public page that is not named
here. No value holds a person of the house: the sender is the institution (K-20).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.text import Truncator

from . import models
from .clock import berlin_day
from .enums import ChannelStatus
from .models import Channel, ConceptVersion, MirrorItem, PublicPage
from .models.media import MIDDLE_PX, SMALL_PX
from .prose import gaps, printable

SENDER = "Jobcenter Bremen"
ITEMS_PER_PAGE = 20
ITEMS_IN_FEED = 30
# What a picture may be sent as; anything else would let a browser guess.
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp")
# Under the names of `views.files`.
COPY_SIZES = (("klein", SMALL_PX), ("mittel", MIDDLE_PX))
VIDEO_TYPE = "video/mp4"


class NeverShown(LookupError):
    """There is and was nothing under this address."""


class TakenDown(LookupError):
    """The Beitrag was public and is so no longer."""


@dataclass(frozen=True)
class Link:
    url: str
    label: str


@dataclass(frozen=True)
class Picture:
    """Or a video: then with captions and transcript. ``credit`` is empty only where none was recorded."""

    url: str
    alt_text: str
    credit: str
    width_px: int
    height_px: int
    is_video: bool = False
    captions_url: str = ""
    transcript: str = ""

    @property
    def copies(self) -> list[tuple[str, int]]:
        """Smaller copies of a wide picture: the name in the address and the width in pixels."""
        longest = max(self.width_px, self.height_px)
        widths = [(name, min(self.width_px, self.width_px * most // longest)) for name, most in COPY_SIZES]
        return widths if self.width_px > COPY_SIZES[0][1] and not self.is_video else []


@dataclass(frozen=True)
class StoredPicture:
    name: str
    media_type: str
    captions: str = ""


@dataclass(frozen=True)
class Correction:
    """What was wrong and what is right, said afterwards (K-25)."""

    at: dt.datetime
    note: str


@dataclass(frozen=True)
class Item:
    """One Beitrag as the public reads it, frozen as approved. For a retweet ``text`` is our own summary."""

    public_id: str
    url: str
    text: str
    topic: str
    shown_from: dt.datetime
    source: Link | None
    twin: Link | None
    original: Link | None
    pictures: tuple[Picture, ...]
    corrections: tuple[Correction, ...] = ()

    @property
    def changed_at(self) -> dt.datetime:
        """When something was last added to it."""
        return max([self.shown_from, *(correction.at for correction in self.corrections)])

    @property
    def headline(self) -> str:
        return Truncator(" ".join(self.text.split())).chars(80)

    @property
    def description(self) -> str:
        return Truncator(" ".join(self.text.split())).chars(160)


@dataclass(frozen=True)
class PublicChannel:
    name: str
    handle: str
    profile_url: str
    is_active: bool
    status: str
    unit: str
    started_on: dt.date | None
    retired_on: dt.date | None
    retired_reason: str
    readable_without_login: bool
    interaction: str


@dataclass(frozen=True)
class Edition:
    """A Stand of the concept in the list of versions; ``until`` is its last valid day, None: still valid."""

    stand: str
    month: dt.date
    valid_from: dt.date
    until: dt.date | None


@dataclass(frozen=True)
class Concept:
    stand: str
    month: dt.date
    title: str
    valid_from: dt.date
    until: dt.date | None
    sha256: str
    blocks: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class PublicText:
    """``changed_on`` is None as long as nobody has edited the text we came with."""

    slug: str
    title: str
    body: str
    is_draft: bool
    has_gaps: bool
    changed_on: dt.date | None


def absolute(path: str) -> str:
    """The address as it stands outside of our pages: in the feed, on paper, in a newspaper."""
    return f"{settings.PUBLIC_BASE_URL}{path}"


# --- the mirror -------------------------------------------------------------------------------------------------------

COLUMNS = (
    *("post__public_id", "text", "topic_name", "shown_from", "source_url", "twin_url", "retweet_url", "media"),
    # Few ever are: their notes are asked for only then.
    Exists(models.Correction.objects.filter(post=OuterRef("post"))),
)


def mirror_page(number: str) -> Page:
    """One page of the mirror, newest first. Raises InvalidPage."""
    # The ids alone are counted and sorted: a late page of thousands moves no texts around.
    page: Any = Paginator(MirrorItem.objects.visible().values("pk"), ITEMS_PER_PAGE).page(number)
    page.object_list = _items(MirrorItem.objects.filter(pk__in=page.object_list).values_list(*COLUMNS))
    return page


def latest_items() -> list[Item]:
    return _items(MirrorItem.objects.visible().values_list(*COLUMNS)[:ITEMS_IN_FEED])


def item(public_id: str) -> Item:
    """Raises TakenDown or NeverShown."""
    found = MirrorItem.objects.filter(post__public_id=public_id)
    row = found.values_list(*COLUMNS, "taken_down_at").first()
    if row is None:
        raise NeverShown(public_id)
    if row[-1] is not None:
        raise TakenDown(public_id)
    return _items([row[:-1]])[0]


def stored_picture(public_id: str, number: int) -> StoredPicture:
    """The file behind a picture of a visible Beitrag. Raises NeverShown."""
    media = MirrorItem.objects.visible().filter(post__public_id=public_id).values_list("media", flat=True).first() or []
    if not 1 <= number <= len(media) or media[number - 1]["media_type"] not in (*PICTURE_TYPES, VIDEO_TYPE):
        raise NeverShown(public_id)
    frozen = media[number - 1]
    return StoredPicture(frozen["file"], frozen["media_type"], frozen.get("captions", ""))


def _items(rows: Iterable[Sequence[Any]]) -> list[Item]:
    found = list(rows)
    notes = _corrections([row[0] for row in found if row[8]])
    return [_item(*row[:8], corrections=tuple(notes.get(row[0], ()))) for row in found]


def _corrections(public_ids: Sequence[str]) -> dict[str, list[Correction]]:
    notes: dict[str, list[Correction]] = {}
    rows = models.Correction.objects.filter(post__public_id__in=public_ids) if public_ids else None
    for public_id, at, note in rows.values_list("post__public_id", "at", "note") if rows is not None else ():
        notes.setdefault(public_id, []).append(Correction(at, printable(note)))
    return notes


def _item(
    public_id: str,
    text: str,
    topic: str,
    shown_from: dt.datetime,
    source: str,
    twin: str,
    original: str,
    media: Any,
    *,
    corrections: tuple[Correction, ...],
) -> Item:
    return Item(
        public_id=public_id,
        url=reverse("editorial:mirror_item", args=[public_id]),
        text=printable(text),
        topic=topic,
        shown_from=shown_from,
        source=_link(source),
        twin=_link(twin) if twin != source else None,
        original=_link(original),
        pictures=tuple(_picture(public_id, number, frozen) for number, frozen in enumerate(media, 1)),
        corrections=corrections,
    )


def _picture(public_id: str, number: int, frozen: dict[str, Any]) -> Picture:
    captions_url = reverse("editorial:mirror_captions", args=[public_id, number]) if frozen.get("captions") else ""
    return Picture(
        is_video=frozen["media_type"] == VIDEO_TYPE,
        captions_url=captions_url,
        transcript=printable(frozen.get("transcript", "")),
        url=reverse("editorial:mirror_picture", args=[public_id, number]),
        alt_text=printable(frozen["alt_text"]),
        credit=printable(frozen["credit"]),
        width_px=frozen["width_px"],
        height_px=frozen["height_px"],
    )


def _link(url: str) -> Link | None:
    """An address with a readable label: the site and the beginning of the path."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    path = "" if parts.path == "/" else parts.path
    return Link(url, Truncator(parts.netloc + path).chars(70))


# --- channels, concept, texts -----------------------------------------------------------------------------------------


def channels() -> list[PublicChannel]:
    """Every channel of the house, the active ones first."""
    return [
        PublicChannel(
            name=channel.name,
            handle=channel.handle.removeprefix("@"),
            profile_url=channel.profile_url,
            is_active=channel.status == ChannelStatus.ACTIVE,
            status=channel.get_status_display(),
            unit=channel.unit,
            started_on=channel.started_on,
            retired_on=channel.retired_on,
            retired_reason=channel.retired_reason,
            readable_without_login=channel.readable_without_login,
            interaction=channel.interaction,
        )
        for channel in Channel.objects.all()
    ]


def concept(at: dt.datetime, stand: str = "") -> tuple[Concept, list[Edition]]:
    """One version, by default the valid one, and the list of all so far, newest first. Raises NeverShown."""
    versions = list(ConceptVersion.objects.filter(valid_from__lte=berlin_day(at)).defer("text"))
    ends: list[dt.date | None] = [None, *(version.valid_from - dt.timedelta(days=1) for version in versions[:-1])]
    editions = [
        Edition(version.stand, dt.date.fromisoformat(f"{version.stand}-01"), version.valid_from, end)
        for version, end in zip(versions, ends, strict=True)
    ]
    for version, edition in zip(versions, editions, strict=True):
        if stand in ("", version.stand):
            shown = Concept(
                stand=version.stand,
                month=edition.month,
                title=version.title,
                valid_from=version.valid_from,
                until=edition.until,
                sha256=version.sha256,
                blocks=tuple(version.blocks),
            )
            return shown, editions
    raise NeverShown(stand)


def text(slug: str) -> PublicText:
    """The current version of a public text. Raises NeverShown."""
    page = PublicPage.objects.filter(slug=slug).first()
    if page is None:
        raise NeverShown(slug)
    version = page.current
    return PublicText(
        slug=page.slug,
        title=page.title,
        body=version.body,
        is_draft=version.is_draft,
        has_gaps=bool(gaps(version.body)),
        changed_on=berlin_day(version.saved_at) if version.saved_by_id else None,
    )
