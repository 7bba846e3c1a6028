"""Pictures: decoded with limits, turned upright, stripped of metadata and written anew (security.md: uploads)."""

import datetime as dt
import hashlib
import io
import secrets
import warnings
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from .. import audit
from ..clock import database_now
from ..models import Medium, User

ACCEPTED = ("image/jpeg", "image/png", "image/webp")
FORMATS = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "WEBP": ("image/webp", "webp")}
LARGEST_BYTES = 10_000_000
LARGEST_PIXELS = 25_000_000
WIDEST_PX = 2048  # what the channel shows at most; also keeps the file below its 5 MB


class UnusablePicture(ValueError):
    """The file is not a picture we take; the text says why, in German."""


@dataclass(frozen=True)
class Prepared:
    data: bytes
    media_type: str
    suffix: str
    width_px: int
    height_px: int


def prepare(data: bytes) -> Prepared:
    """Re-encode a picture. Raises UnusablePicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=list(FORMATS))
            if picture.width * picture.height > LARGEST_PIXELS:
                raise UnusablePicture("Das Bild hat zu viele Bildpunkte. Erlaubt sind 25 Millionen.")
            kind = picture.format or ""
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((WIDEST_PX, WIDEST_PX))
            return _encoded(upright, kind)
    except UnidentifiedImageError:
        raise UnusablePicture("Diese Datei ist kein Bild. Bitte wählen Sie JPEG, PNG oder WebP.") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnusablePicture("Das Bild hat zu viele Bildpunkte. Erlaubt sind 25 Millionen.") from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, UnusablePicture):
            raise
        raise UnusablePicture("Das Bild ist beschädigt und lässt sich nicht öffnen.") from error


def _encoded(picture: Image.Image, kind: str) -> Prepared:
    media_type, suffix = FORMATS[kind]
    if kind == "JPEG" and picture.mode not in ("RGB", "L"):
        picture = picture.convert("RGB")
    # A fresh canvas: nothing of the original file but its pixels comes along.
    clean = Image.new(picture.mode, picture.size)
    if picture.palette:
        clean.putpalette(picture.palette)
    clean.paste(picture)
    out = io.BytesIO()
    clean.save(out, format=kind, **({"quality": 88} if kind != "PNG" else {"optimize": True}))
    return Prepared(out.getvalue(), media_type, suffix, *picture.size)


def store(medium: Medium, prepared: Prepared, *, by: User | None, at: dt.datetime | None = None) -> Medium:
    """Keep a prepared picture under a random name; ``medium`` brings title, alt text and rights."""
    at = at or database_now()
    medium.media_type = prepared.media_type
    medium.sha256 = hashlib.sha256(prepared.data).hexdigest()
    medium.width_px, medium.height_px = prepared.width_px, prepared.height_px
    medium.size_bytes = len(prepared.data)
    medium.uploaded_at, medium.uploaded_by = at, by
    medium.file.save(f"{secrets.token_hex(12)}.{prepared.suffix}", ContentFile(prepared.data), save=False)
    with transaction.atomic():
        medium.save()
        audit.record("upload", subject_type="medium", subject_id=medium.pk, at=at, by=by, digest=medium.sha256)
    return medium


def describe(medium: Medium, *, by: User, at: dt.datetime | None = None) -> Medium:
    """Store a changed description. What was approved with the old alt text thereby needs a new Freigabe."""
    at = at or database_now()
    with transaction.atomic():
        medium.save()
        audit.record("describe", subject_type="medium", subject_id=medium.pk, at=at, by=by, digest=medium.sha256)
    return medium
