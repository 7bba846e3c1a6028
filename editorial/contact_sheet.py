"""Many small pictures as one: a page that shows a dozen of them then asks for one file, not for twelve."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.storage import Storage
from PIL import Image, ImageOps

from .models import Medium
from .models.media import small_name

TILE_WIDTH_PX, TILE_HEIGHT_PX = 240, 135
NOTHING = (128, 128, 128)


@dataclass(frozen=True)
class Tile:
    """Where on the sheet a picture is: ``top_px`` from above."""

    medium: Medium
    top_px: int

    @property
    def view_box(self) -> str:
        """A pixel less on each side: at other sizes a browser would let the neighbours' edges show."""
        return f"1 {self.top_px + 1} {TILE_WIDTH_PX - 2} {TILE_HEIGHT_PX - 2}"


@dataclass(frozen=True)
class Sheet:
    """``version`` changes with the pictures, so that browsers may keep the file for good."""

    tiles: tuple[Tile, ...]
    version: str
    width_px: int = TILE_WIDTH_PX
    tile_height_px: int = TILE_HEIGHT_PX

    @property
    def height_px(self) -> int:
        return TILE_HEIGHT_PX * len(self.tiles)

    @property
    def keys(self) -> str:
        return ",".join(str(tile.medium.pk) for tile in self.tiles)


def sheet_of(media: Sequence[Medium]) -> Sheet:
    tiles = tuple(Tile(medium, TILE_HEIGHT_PX * place) for place, medium in enumerate(media))
    contents = ",".join(f"{medium.pk}:{medium.sha256}" for medium in media)
    return Sheet(tiles, hashlib.sha256(contents.encode()).hexdigest()[:16])


def drawn(sheet: Sheet) -> bytes:
    """The sheet as WebP, one tile below the other; grey where a file is missing."""
    canvas = Image.new("RGB", (sheet.width_px, max(sheet.height_px, 1)), NOTHING)
    for tile in sheet.tiles:
        if (picture := small_copy(tile.medium)) is not None:
            size = (sheet.width_px, sheet.tile_height_px)
            canvas.paste(ImageOps.fit(picture, size), (0, tile.top_px))
    out = io.BytesIO()
    canvas.save(out, "WEBP", quality=50)
    return out.getvalue()


def small_copy(medium: Medium) -> Image.Image | None:
    """The small copy of a picture or of a video's still, else the file itself; None where neither can be read."""
    storage: Storage = medium.file.storage
    for name in (small_name(medium.file.name or ""), medium.file.name or ""):
        try:
            with storage.open(name) as file:
                return Image.open(file).convert("RGB")
        except OSError:  # not there, not a file, or not a picture
            continue
    return None
