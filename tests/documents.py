"""Reading back what the application wrote as PDF."""

import pypdfium2


def words_of(pdf: bytes) -> str:
    """All words of all pages, in the order in which they are read."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    finally:
        document.close()
