"""Pictures: decoded with limits, turned upright, stripped of metadata and written anew (security.md: uploads)."""

import datetime as dt
import hashlib
import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from PIL import Image, ImageOps, UnidentifiedImageError

from .. import audit
from ..clock import database_now
from ..enums import SENT_DELIVERY_STATES, PostState
from ..models import Delivery, EarlierCut, Medium, Post, User
from ..models.media import MIDDLE_PX, SMALL_PX, middle_name, small_name
from . import drafting
from .file_kinds import refusal_of

ACCEPTED = ("image/jpeg", "image/png", "image/webp")
# What is read, and how it is written again. MPO is a JPEG with a second picture behind it, as some phones make it.
READ = ("JPEG", "PNG", "WEBP")
WRITTEN = {
    "JPEG": ("JPEG", "image/jpeg", "jpg"),
    "MPO": ("JPEG", "image/jpeg", "jpg"),
    "PNG": ("PNG", "image/png", "png"),
    "WEBP": ("WEBP", "image/webp", "webp"),
}
# The smaller copies for pages; JPEG is for readers whose program knows no WebP.
COPIED_AS = ("webp", "jpg")
LARGEST_BYTES = 10_000_000
LARGEST_PIXELS = 25_000_000
WIDEST_PX = 2048  # what the channel shows at most
TOO_MANY_PIXELS = (
    "Das Bild hat zu viele Bildpunkte. Erlaubt sind 25 Millionen, zum Beispiel 6000 × 4000. "
    "Bitte verkleinern Sie es und laden Sie es dann hoch."
)
DAMAGED = (
    "Das Bild ist beschädigt und lässt sich nicht öffnen. Bitte speichern Sie es neu oder holen Sie es noch einmal."
)
# What was changed on the way in, and a person may not expect.
WAS_MOVING = "Das Bild bewegt sich. Übernommen ist nur die erste Ansicht. Bewegtes laden Sie bitte als Video hoch."
WAS_FOR_PRINT = (
    "Das Bild hatte Druckfarben (CMYK). Sie sind in Bildschirmfarben umgewandelt: Bitte sehen Sie es sich an."
)
WAS_DEEP = "Das Bild hatte 16 Bit je Farbe. Es ist in 8 Bit umgewandelt: Bitte sehen Sie es sich an."
# What readers get to see or hear of a description: to change it is to change the Beitrag.
SHOWN = ("sha256", "alt_text", "captions", "transcript")
HEAVIEST_SENT_BYTES = 5_000_000  # what the channel takes at most (x-api.md 2.3)


class UnusablePicture(ValueError):
    """The file is not a picture we take; the text says why, in German."""


@dataclass(frozen=True)
class Prepared:
    data: bytes
    media_type: str
    suffix: str
    width_px: int
    height_px: int
    notes: tuple[str, ...] = ()


def prepare(data: bytes) -> Prepared:
    """Re-encode a picture. Raises UnusablePicture."""
    try:
        picture = Image.open(io.BytesIO(data), formats=READ)
        if picture.width * picture.height > LARGEST_PIXELS:
            raise UnusablePicture(TOO_MANY_PIXELS)
        _, media_type, suffix = WRITTEN[picture.format or ""]
        notes = tuple(_notes(picture, data))
        clean = _clean(picture)
        clean.thumbnail((WIDEST_PX, WIDEST_PX))
        written = written_as(clean, picture.format or "")
        while len(written) > HEAVIEST_SENT_BYTES:
            clean = clean.resize((max(clean.width * 3 // 4, 1), max(clean.height * 3 // 4, 1)))
            written = written_as(clean, picture.format or "")
        return Prepared(written, media_type, suffix, *clean.size, notes)
    except UnidentifiedImageError:
        raise UnusablePicture(refusal_of(data)) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnusablePicture(TOO_MANY_PIXELS) from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, UnusablePicture):
            raise
        raise UnusablePicture(DAMAGED) from error


def _notes(picture: Image.Image, data: bytes) -> Iterator[str]:
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        yield WAS_MOVING
    if picture.mode == "CMYK":
        yield WAS_FOR_PRINT
    # Pillow hands colours with 16 bits over as 8 and only the head of the file still tells.
    if picture.format == "PNG" and data[24] == 16:
        yield WAS_DEEP


def _clean(picture: Image.Image) -> Image.Image:
    """Upright, eight bits a channel, on a fresh canvas: nothing of the original file but its pixels comes along."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I"):  # grey with sixteen bits, which would only be cut off at white
        upright = upright.convert("I").point(lambda value: value / 256).convert("L")
    elif picture.format in ("JPEG", "MPO") or not upright.has_transparency_data:
        upright = upright.convert("L" if upright.mode in ("1", "L") else "RGB")
    else:
        upright = upright.convert("RGBA")
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    return clean


def written_as(picture: Image.Image, read_as: str) -> bytes:
    kind = WRITTEN[read_as][0]
    out = io.BytesIO()
    picture.save(out, format=kind, **({} if kind == "PNG" else {"quality": 88}))
    return out.getvalue()


def small_copy(data: bytes, longest_px: int = SMALL_PX, suffix: str = "webp") -> bytes:
    """For pages, where a picture is one of many: a tenth of the bytes. ``suffix`` is one of COPIED_AS."""
    picture = Image.open(io.BytesIO(data))
    picture.thumbnail((longest_px, longest_px))
    out = io.BytesIO()
    if suffix == "jpg":
        _on_white(picture).save(out, format="JPEG", quality=75, optimize=True, progressive=True)
    else:
        picture.save(out, format="WEBP", quality=70)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """JPEG knows nothing transparent; unmixed, what was transparent would turn black."""
    if not picture.has_transparency_data:
        return picture.convert("L" if picture.mode == "L" else "RGB")
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def store(medium: Medium, prepared: Prepared, *, by: User | None, at: dt.datetime | None = None) -> Medium:
    """Keep a prepared picture under a random name; ``medium`` brings title, alt text and rights."""
    at = at or database_now()
    medium.uploaded_at, medium.uploaded_by = at, by
    keep(medium, prepared)
    with transaction.atomic():
        medium.save()
        audit.record("upload", subject_type="medium", subject_id=medium.pk, at=at, by=by, digest=medium.sha256)
    return medium


def keep(medium: Medium, prepared: Prepared) -> None:
    """Write the files, each under a new random name, and note in ``medium`` what they are."""
    medium.media_type = prepared.media_type
    medium.sha256 = hashlib.sha256(prepared.data).hexdigest()
    medium.width_px, medium.height_px = prepared.width_px, prepared.height_px
    medium.size_bytes = len(prepared.data)
    medium.file.save(f"{secrets.token_hex(12)}.{prepared.suffix}", ContentFile(prepared.data), save=False)
    storage, name = medium.file.storage, str(medium.file.name)
    for suffix in COPIED_AS:
        storage.save(small_name(name, suffix), ContentFile(small_copy(prepared.data, SMALL_PX, suffix)))
        if prepared.width_px > SMALL_PX:
            storage.save(middle_name(name, suffix), ContentFile(small_copy(prepared.data, MIDDLE_PX, suffix)))


def describe(medium: Medium, *, by: User, at: dt.datetime | None = None) -> list[Post]:
    """Store a changed description. What readers see or hear of it, changed, is an edit of every Beitrag not sent yet.

    Returns those whose Freigabe ended with it.
    """
    at = at or database_now()
    with transaction.atomic():
        # All of them locked at once and in one order, before anything is written.
        posts = list(not_sent_yet(medium).select_for_update(no_key=True).order_by("pk"))
        shown = {name: getattr(medium, name) for name in SHOWN}
        for cut in Medium.objects.filter(pk=medium.pk).exclude(sha256=medium.sha256).values_list("sha256", flat=True):
            EarlierCut.objects.get_or_create(medium=medium, sha256=cut)
        changes_what_is_read = not Medium.objects.filter(pk=medium.pk, **shown).exists()
        medium.save()
        audit.record("describe", subject_type="medium", subject_id=medium.pk, at=at, by=by, digest=medium.sha256)
        ended = [post for post in posts if changes_what_is_read and post.state == PostState.APPROVED]
        for post in posts if changes_what_is_read else ():
            drafting.record_change(post, by=by, at=at)
    return ended


def not_sent_yet(medium: Medium) -> QuerySet[Post]:
    sent = Delivery.objects.filter(state__in=SENT_DELIVERY_STATES, post=OuterRef("pk"))
    in_work = (PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED)
    return Post.objects.filter(~Exists(sent), pk__in=medium.post_links.values("post"), state__in=in_work)
