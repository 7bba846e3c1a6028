"""Many small pictures in one file."""

import io

import pytest
from PIL import Image

from editorial.actions import media
from editorial.contact_sheet import TILE_HEIGHT_PX, TILE_WIDTH_PX, drawn, sheet_of
from editorial.enums import Role
from editorial.models import Medium
from tests.factories import person

pytestmark = pytest.mark.django_db


def stored(colour):
    """A picture of one colour, as it is handed in."""
    motif = io.BytesIO()
    Image.new("RGB", (640, 360), colour).save(motif, "PNG")
    prepared = media.prepare(motif.getvalue())
    return media.store(Medium(title=str(colour), alt_text="Fläche"), prepared, by=person(Role.PROE))


def colours(data, tiles):
    """The colour in the middle of each tile."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    assert picture.size == (TILE_WIDTH_PX, TILE_HEIGHT_PX * tiles)
    middles = [(TILE_WIDTH_PX // 2, TILE_HEIGHT_PX * place + TILE_HEIGHT_PX // 2) for place in range(tiles)]
    return [tuple(round(value / 255) for value in picture.getpixel(middle)) for middle in middles]


def test_each_picture_has_its_place_from_above():
    red, blue = stored((255, 0, 0)), stored((0, 0, 255))
    sheet = sheet_of([blue, red])
    assert [(tile.medium, tile.top_px) for tile in sheet.tiles] == [(blue, 0), (red, TILE_HEIGHT_PX)]
    assert colours(drawn(sheet), 2) == [(0, 0, 1), (1, 0, 0)]


def test_a_missing_file_leaves_a_grey_place_and_breaks_nothing():
    red, gone = stored((255, 0, 0)), stored((255, 255, 255))
    for name in (media.small_name(gone.file.name), gone.file.name):
        gone.file.storage.delete(name)
    assert colours(drawn(sheet_of([gone, red])), 2)[1] == (1, 0, 0)
    assert Image.open(io.BytesIO(drawn(sheet_of([gone])))).convert("RGB").getpixel((50, 50)) == pytest.approx(
        (128, 128, 128), abs=3
    )


def test_another_picture_makes_another_version():
    red, blue = stored((255, 0, 0)), stored((0, 0, 255))
    versions = {sheet_of(media).version for media in ([red], [blue], [red, blue], [blue, red])}
    assert len(versions) == 4
