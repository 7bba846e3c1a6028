"""Signed forms: checked by their content, drawn in a process of their own."""

import io

import pytest
from PIL import Image

from editorial.actions.scans import UnusableScan, media_type_of, page_of


def pdf(pages=1):
    sheets = [Image.new("RGB", (300, 400), "white") for _ in range(pages)]
    drawn = io.BytesIO()
    sheets[0].save(drawn, "PDF", save_all=True, append_images=sheets[1:])
    return drawn.getvalue()


def test_a_form_is_drawn_page_by_page():
    assert media_type_of(pdf(2)) == "application/pdf"
    page = page_of(pdf(2), 1)
    assert (page.picture[:2], page.count) == (b"\xff\xd8", 2)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7 und dann nichts", "nicht öffnen"),
        (b"\x89PNG\r\n\x1a\n kaputt", "nicht öffnen"),
        (b"<svg></svg>", "PDF, JPEG oder PNG"),
        (b"%PDF-" + b"0" * 10_000_000, "10 MB"),
    ],
)
def test_what_is_no_form_is_refused_with_what_to_do(data, words):
    with pytest.raises(UnusableScan, match=words):
        media_type_of(data)


def test_a_picture_with_too_many_pixels_is_refused():
    drawn = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(drawn, "PNG")
    with pytest.raises(UnusableScan):
        media_type_of(drawn.getvalue())
