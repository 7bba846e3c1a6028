"""Videos on their way in: read by a process of its own, kept without metadata, with a still picture beside them."""

import datetime as dt
import hashlib
import json
import secrets
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from .. import audit
from ..clock import database_now
from ..enums import MediumKind
from ..models import Medium, User
from ..models.media import small_name, still_name
from .media import small_copy

LARGEST_FILM_BYTES = 100_000_000  # X takes 512 MB; what is larger would not be sent within one attempt
READING_LIMIT_S = 90
TOO_SLOW = (
    "Das Video ließ sich nicht in angemessener Zeit lesen. Bitte speichern Sie es neu: als MP4 mit H.264 und AAC."
)


class UnusableFilm(ValueError):
    """The file is not a video the channel takes; the text says why, in German."""


@dataclass(frozen=True)
class PreparedFilm:
    """``data`` is the clean copy, ``still`` the JPEG shown before it plays."""

    data: bytes = field(repr=False)
    still: bytes = field(repr=False)
    width_px: int
    height_px: int
    duration_s: float
    has_sound: bool
    notes: tuple[str, ...] = ()


def prepare(uploaded: UploadedFile) -> PreparedFilm:
    """Raises UnusableFilm."""
    size = uploaded.size or 0
    if size > LARGEST_FILM_BYTES:
        raise UnusableFilm(
            f"Das Video hat {-(-size // 1_000_000)} MB. Erlaubt sind {LARGEST_FILM_BYTES // 1_000_000} MB. "
            "Bitte kürzen Sie es oder speichern Sie es mit geringerer Datenrate."
        )
    with tempfile.TemporaryDirectory() as folder:
        source, copy, still = (Path(folder) / name for name in ("source", "copy.mp4", "still.jpg"))
        with source.open("wb") as file:
            file.writelines(uploaded.chunks())
        facts = _answer(source, copy, still)
        return PreparedFilm(
            data=copy.read_bytes(),
            still=still.read_bytes(),
            width_px=facts["width_px"],
            height_px=facts["height_px"],
            duration_s=facts["duration_s"],
            has_sound=facts["has_sound"],
            notes=tuple(facts["notes"]),
        )


def store(medium: Medium, film: PreparedFilm, *, by: User, at: dt.datetime | None = None) -> Medium:
    """Keep a prepared video under a random name; ``medium`` brings title, captions, transcript and rights."""
    at = at or database_now()
    medium.kind, medium.media_type = MediumKind.VIDEO, "video/mp4"
    medium.sha256 = hashlib.sha256(film.data).hexdigest()
    medium.width_px, medium.height_px = film.width_px, film.height_px
    medium.duration_s, medium.has_sound = round(film.duration_s), film.has_sound
    medium.size_bytes = len(film.data)
    medium.uploaded_at, medium.uploaded_by = at, by
    medium.file.save(f"{secrets.token_hex(12)}.mp4", ContentFile(film.data), save=False)
    storage, name = medium.file.storage, str(medium.file.name)
    storage.save(still_name(name), ContentFile(film.still))
    storage.save(small_name(name), ContentFile(small_copy(film.still)))
    with transaction.atomic():
        medium.save()
        audit.record("upload", subject_type="medium", subject_id=medium.pk, at=at, by=by, digest=medium.sha256)
    return medium


def _answer(source: Path, copy: Path, still: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "editorial.film_reader", *map(str, (source, copy, still))]
    try:
        done = subprocess.run(  # noqa: S603 - our own program with three paths of our own
            command, cwd=settings.BASE_DIR, env={}, capture_output=True, timeout=READING_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise UnusableFilm(TOO_SLOW) from None
    if done.returncode != 0:  # killed by a limit, or by what it read
        raise UnusableFilm(TOO_SLOW)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        raise UnusableFilm(str(answer["refused"]))
    return answer
