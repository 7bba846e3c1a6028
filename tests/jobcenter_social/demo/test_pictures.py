import io

import pytest
from PIL import Image

from editorial.actions.media import prepare
from jobcenter_social.demo import pictures, texts


def opened(name: str) -> Image.Image:
    return Image.open(io.BytesIO(pictures.draw(name)))


def test_each_described_picture_can_be_drawn_and_no_other():
    assert [picture.name for picture in texts.pictures()] == list(pictures.NAMES)


@pytest.mark.parametrize("name", pictures.NAMES)
def test_a_picture_is_taken_like_an_uploaded_one(name):
    prepared = prepare(pictures.draw(name))
    assert (prepared.media_type, prepared.width_px, prepared.height_px) == ("image/png", 1200, 675)
    assert len(prepared.data) < 200_000


def test_a_picture_is_the_same_in_every_run():
    assert pictures.draw("kreise") == pictures.draw("kreise")


def test_pictures_differ():
    assert len({pictures.draw(name) for name in pictures.NAMES}) == len(pictures.NAMES)


@pytest.mark.parametrize("name", pictures.NAMES)
def test_the_word_stands_in_white_on_a_dark_band(name):
    band = opened(name).crop((300, 565, 900, 675)).convert("L")
    darkest, lightest = band.getextrema()
    assert darkest < 60
    assert lightest > 240


@pytest.mark.parametrize("picture", texts.pictures(), ids=lambda picture: picture.name)
def test_the_alt_text_says_what_is_seen_and_that_it_is_a_demonstration(picture):
    assert pictures.WORD in picture.alt_text
    assert picture.alt_text.startswith("Demonstrationsbild: ")
    assert len(picture.alt_text) <= 1000
    assert picture.title not in picture.alt_text


def test_an_unknown_name_is_an_error():
    with pytest.raises(KeyError):
        pictures.draw("unbekannt")
