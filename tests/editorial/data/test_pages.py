import re

import pytest

from editorial import prose
from tests.editorial.data.reading import DATA, text_of

SLUGS = ["barrierefreiheit", "datenschutz", "impressum", "kanaele", "kontakt", "netiquette"]
LINKABLE = {f"/{slug}/" for slug in (*SLUGS, "nutzungskonzept", "beitraege", "evaluation")}
GAP = re.compile(r"\[\[Bitte ergänzen: [^\[\]]+\]\]")
LINK = re.compile(r"\[([^\[\]]+)\]\(([^()\s]+)\)")


def page(slug: str) -> str:
    return text_of(f"pages/{slug}.md")


def test_there_is_a_text_for_each_page_of_responsibility():
    assert sorted(path.name for path in (DATA / "pages").iterdir()) == [f"{slug}.md" for slug in SLUGS]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_uses_headings_paragraphs_lists_and_links_only(slug):
    bare = GAP.sub("", LINK.sub("", page(slug)))
    for line in bare.splitlines():
        assert re.match(r"#{1}(?!#)|#{4}|\d+\. |[*+>|`]|    |<", line) is None, line
    assert re.findall(r"[*_`<>\[\]]", bare) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_links_only_to_pages_that_are_there(slug):
    assert {address for _, address in LINK.findall(page(slug))} <= LINKABLE


@pytest.mark.parametrize("slug", SLUGS)
def test_every_gap_is_marked_the_same_way(slug):
    assert re.findall(r"\[\[|\]\]|\{\{|\}\}", GAP.sub("", page(slug)).replace("{{kanaele}}", "")) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_invents_no_telephone_number_address_or_person(slug):
    text = LINK.sub("", page(slug))
    assert re.findall(r"[\w.]+@[\w.]+|\b0\d{2,}|\b\d{5}\b", text) == []
    assert re.findall(r"\w+(?:straße|allee)\s+\d", text) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_the_app_shows_a_page_as_it_was_meant(slug):
    text = page(slug)
    assert prose.problems(text, ("kanaele",)) == []
    assert len(prose.gaps(text)) == text.count("[[")
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    assert [heading.text for heading in prose.render(text).headings] == headings


@pytest.mark.parametrize("slug", ["impressum", "kanaele"])
def test_the_app_puts_the_channels_on_a_line_of_their_own(slug):
    assert page(slug).splitlines().count("{{kanaele}}") == 1


def test_the_impressum_has_all_its_fields_and_names_the_law_in_force():
    text = page("impressum")
    assert "TMG" not in text
    for needed in (
        "§ 5 DDG",
        "§ 18 Absatz 2 MStV",
        "Straße und Hausnummer",
        "vertretungsberechtigten",
        "Telefon:",
        "E-Mail:",
        "Bundesagentur für Arbeit",
        "Freie Hansestadt Bremen",
        "(/datenschutz/)",
        "(/netiquette/)",
        "(/barrierefreiheit/)",
    ):
        assert needed in text


def test_the_statement_on_accessibility_is_honest_and_offers_both_ways():
    text = page("barrierefreiheit")
    for needed in ("teilweise vereinbar", "noch nicht stattgefunden", "EN 301 549 V3.2.1", "§ 16 BGG", "(/kontakt/)"):
        assert needed in text


@pytest.mark.parametrize("slug", SLUGS)
def test_sentences_stay_short(slug):
    prose = GAP.sub("", LINK.sub(r"\1", page(slug)))
    sentences = re.split(r"(?<=[.!?:])\s+|\n+", prose)
    assert [sentence for sentence in sentences if len(sentence.split()) > 25] == []
