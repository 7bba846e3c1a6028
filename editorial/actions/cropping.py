"""The part of a picture that is shown: a shape, placed around the most important spot. The whole picture is kept."""

import io

from PIL import Image

from ..models import Medium
from .media import READ, Prepared, keep, written_as

RATIOS = {"16:9": 16 / 9, "1:1": 1.0, "4:5": 4 / 5}


def box(width_px: int, height_px: int, ratio: float, focus_pct: tuple[int, int]) -> tuple[int, int, int, int]:
    """The largest part of this shape, as near to the focus as the edges allow: left, top, right, bottom."""
    width = min(width_px, max(round(height_px * ratio), 1))
    height = min(height_px, max(round(width_px / ratio), 1))
    left = min(max(round(width_px * focus_pct[0] / 100 - width / 2), 0), width_px - width)
    top = min(max(round(height_px * focus_pct[1] / 100 - height / 2), 0), height_px - height)
    return left, top, left + width, top + height


def recut(medium: Medium) -> None:
    """New files for the chosen part; what was published before keeps its own. Raises OSError where the file is gone."""
    whole = medium.whole.name or medium.file.name or ""
    with medium.file.storage.open(whole) as file:
        data = file.read()
    picture = Image.open(io.BytesIO(data), formats=READ)
    size, kind = picture.size, picture.format or ""
    if medium.crop:
        part = box(*size, RATIOS[medium.crop], (medium.focus_x_pct, medium.focus_y_pct))
        cut = picture.crop(part)
        data, size = written_as(cut, kind), cut.size
    medium.whole.name = whole
    keep(medium, Prepared(data, medium.media_type, whole.rpartition(".")[2], *size))
