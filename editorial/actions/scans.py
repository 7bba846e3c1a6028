"""Is this a form we can keep and show? Asked before anything is stored."""

import subprocess
import sys
from dataclasses import dataclass

LARGEST_BYTES = 10_000_000
TIME_S = 30
# By their first bytes; the name of a file says nothing.
KINDS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
ACCEPTED = tuple(media_type for _, media_type in KINDS)

TOO_LARGE = "Die Datei hat mehr als 10 MB. Bitte scannen Sie das Formular mit geringerer Auflösung, etwa 200 dpi."
OTHER_KIND = "Bitte laden Sie das Formular als PDF, JPEG oder PNG hoch."
UNREADABLE = "Diese Datei lässt sich nicht öffnen. Bitte scannen Sie das Formular noch einmal."


class UnusableScan(Exception):
    """This file is not taken; the text says why and what to do."""


@dataclass(frozen=True)
class Page:
    picture: bytes
    count: int


def media_type_of(data: bytes) -> str:
    """Raises UnusableScan for what is too large, of another kind, or cannot be drawn."""
    if len(data) > LARGEST_BYTES:
        raise UnusableScan(TOO_LARGE)
    found = next((media_type for start, media_type in KINDS if data.startswith(start)), None)
    if found is None:
        raise UnusableScan(OTHER_KIND)
    page_of(data, 0)
    return found


def page_of(data: bytes, number: int) -> Page:
    """One page as JPEG, drawn in a process of its own. Raises UnusableScan."""
    command = [sys.executable, "-m", "editorial.scan_reader", str(number)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=TIME_S, check=True, env={})  # noqa: S603 - our own module, the file comes by standard input
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise UnusableScan(UNREADABLE) from None
    count, _, picture = done.stdout.partition(b"\n")
    return Page(picture, int(count))
