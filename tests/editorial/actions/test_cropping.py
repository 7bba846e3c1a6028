"""The part of a picture that is shown lies around the most important spot, and what was approved stays what it was."""

import io

import pytest
from PIL import Image

from editorial.actions import cropping, media
from editorial.models import Medium
from editorial.models.media import small_name
from tests.factories import person


@pytest.mark.parametrize(
    ("size", "ratio", "focus", "expected"),
    [
        ((1600, 900), "16:9", (0, 0), (0, 0, 1600, 900)),
        ((1600, 900), "1:1", (50, 50), (350, 0, 1250, 900)),
        ((1600, 900), "1:1", (0, 50), (0, 0, 900, 900)),
        ((1600, 900), "1:1", (100, 50), (700, 0, 1600, 900)),
        ((1600, 900), "1:1", (40, 50), (190, 0, 1090, 900)),
        ((900, 1600), "16:9", (50, 25), (0, 147, 900, 653)),
        ((1, 60), "16:9", (50, 50), (0, 30, 1, 31)),
        ((60, 1), "4:5", (50, 50), (30, 0, 31, 1)),
    ],
)
def test_the_part_is_as_large_as_the_picture_allows_and_never_leaves_it(size, ratio, focus, expected):
    found = cropping.box(*size, cropping.RATIOS[ratio], focus)
    assert found == expected
    assert 0 <= found[0] < found[2] <= size[0]
    assert 0 <= found[1] < found[3] <= size[1]


@pytest.fixture
def medium(db):
    """Left red, right blue."""
    picture = Image.new("RGB", (400, 200), (220, 0, 0))
    picture.paste((0, 0, 220), (200, 0, 400, 200))
    out = io.BytesIO()
    picture.save(out, format="PNG")
    return media.store(Medium(title="Haus", alt_text="Ein Haus"), media.prepare(out.getvalue()), by=person())


def shown(medium):
    with medium.file.storage.open(medium.file.name) as file:
        picture = Image.open(io.BytesIO(file.read())).convert("RGB")
    return picture.size, picture.getpixel((0, 0))


def test_every_file_of_the_picture_follows_the_chosen_part(medium):
    before, sha256 = medium.file.name, medium.sha256
    medium.crop, medium.focus_x_pct = "1:1", 100
    cropping.recut(medium)
    assert shown(medium) == ((200, 200), (0, 0, 220))
    assert (medium.width_px, medium.height_px) == (200, 200)
    with medium.file.storage.open(small_name(medium.file.name)) as file:
        assert Image.open(file).size == (200, 200)
    assert (medium.whole.name, medium.file.storage.exists(before)) == (before, True)
    assert medium.sha256 != sha256


def test_the_next_part_is_cut_from_the_whole_and_the_whole_comes_back(medium):
    sha256 = medium.sha256
    medium.crop, medium.focus_x_pct = "1:1", 100
    cropping.recut(medium)
    medium.focus_x_pct = 0
    cropping.recut(medium)
    assert shown(medium) == ((200, 200), (220, 0, 0))
    medium.crop = ""
    cropping.recut(medium)
    assert (shown(medium)[0], medium.sha256) == ((400, 200), sha256)
