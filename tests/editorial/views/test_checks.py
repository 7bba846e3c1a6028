"""The panel beside the text, and what the registers offer for a topic."""

import re

from tests.factories import EventFactory, OfferFactory

CHECK = "/redaktion/beitraege/pruefen/"


def test_the_words_that_are_meant_are_marked_and_quoted(login, db):
    page = login().post(CHECK, {"text": "Ruf an: <0421 123456>"}).content.decode()
    assert "Ruf an: &lt;<mark>0421 123456</mark>&gt;" in page
    assert "„0421 123456“" in page
    assert 'data-select="0421 123456"' in page


def test_another_topic_brings_its_own_entries_into_the_page(login, db):
    offer = OfferFactory(title="Kurs")
    EventFactory(title="Messe")
    client = login()
    page = client.get("/redaktion/beitraege/neu/").content.decode()
    assert 'data-hx-get="/redaktion/beitraege/auswahl/"' in page
    assert "<noscript>" in page
    chosen = client.get(
        "/redaktion/beitraege/auswahl/", {"topic": "veranstaltungen", "entry": offer.pk}
    ).content.decode()
    assert chosen.count('data-hx-swap-oob="true"') == 2
    assert "Messe" in chosen
    assert re.search(rf'value="{offer.pk}"\s+selected', chosen)
    odd = client.get("/redaktion/beitraege/auswahl/", {"topic": "x" * 400, "entry": "\x00", "partner": "９"})
    assert odd.status_code == 200
