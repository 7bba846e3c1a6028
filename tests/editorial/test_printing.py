"""PDF/UA from our own pages, and nothing from elsewhere."""

import page
import pytest
from PIL import ImageFile

from editorial.printing import NotOurs, pdf
from tests.documents import words_of

HTML = '<!doctype html><html lang="de"><head><title>Probe</title></head><body><h1>Größe</h1>{}</body></html>'


def test_what_it_writes_keeps_to_pdf_ua():
    written = pdf(HTML.format("<p>Ein Satz.</p>"))
    assert [str(failure) for failure in page.validate_pdf_bytes(written).failures] == []
    assert "Größe" in words_of(written)


def test_half_a_picture_is_still_refused_once_a_pdf_was_written():
    pdf(HTML.format("<p>Ein Satz.</p>"))
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_the_validator_would_find_what_is_wrong():
    assert not page.validate_pdf_bytes(pdf(HTML.format("<h3>Zwei Stufen tiefer</h3>"))).is_compliant


@pytest.mark.parametrize(
    "address",
    ["https://example.org/bild.png", "file:///etc/passwd", "../../../settings.py", "data:image/png;base64,aa"],
)
def test_nothing_is_fetched_but_our_own_fonts(address):
    with pytest.raises(NotOurs):
        pdf(HTML.format(f'<img src="{address}" alt="Bild">').replace("<head>", '<head><base href="file:///tmp/">'))
