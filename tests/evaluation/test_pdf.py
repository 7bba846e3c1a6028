"""The published evaluation as PDF: the same words as the page, for everybody, kept by nobody longer than it holds."""

import page
import pytest

from editorial import audit
from evaluation import presenting
from evaluation.models import Review
from tests.documents import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(published_review):
    return f"/evaluation/{published_review.slug}/evaluation.pdf"


def test_it_keeps_to_pdf_ua_and_needs_no_log_in(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"], answer.cookies) == (200, "application/pdf", {})
    assert [str(failure) for failure in page.validate_pdf_bytes(answer.content).failures] == []


def test_it_says_what_the_page_says(client, address, published_review):
    report = presenting.report_of(published_review)
    words = words_of(client.get(address).content).replace("- ", "-")
    assert presenting.title_of(published_review) in words
    for figure in report.key_figures:
        assert figure.value in words
    for chart in report.charts:
        assert chart.title in words
        for _, cells in chart.table.rows:
            assert all(" ".join(cell.split()) in words for cell in cells)
    for line in report.lines:
        assert line.total in words


def test_a_correction_stands_in_it_at_once(client, address):
    client.get(address)
    Review.objects.update(erratum="Im März fehlten zwei Tage.")
    assert "Im März fehlten zwei Tage." in words_of(client.get(address).content)


def test_the_entry_of_the_record_is_printed(client, address, published_review):
    entry = audit.last_entry("publish", subject_type="review", subject_id=published_review.pk)
    words = words_of(client.get(address).content)
    assert entry is None or entry.hash[:20] in words.replace(" ", "")


def test_the_page_links_to_it(client, address, published_review):
    assert f'href="{address}"' in client.get(f"/evaluation/{published_review.slug}/").content.decode()


def test_what_is_not_published_has_none(client, address):
    Review.objects.update(state="draft", published_at=None, published_by=None)
    assert client.get(address).status_code == 404
