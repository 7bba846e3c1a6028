"""Four Beiträge with duties, written in a real browser: refused while duties are missing, accepted at the end.

Each duty missing alone: tests/editorial/views/test_four_kinds.py.
"""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from editorial.clock import wall_text
from editorial.enums import PostState
from editorial.models import Consent, Event, Medium, Mention, Post
from tests.browsing import log_in, visitor
from tests.factories import (
    PASSWORD,
    ConsentFactory,
    EventFactory,
    FilmFactory,
    MediumFactory,
    MentionFactory,
    OfferFactory,
    ReadingTipFactory,
    person,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
NEW, OWN = "/redaktion/beitraege/neu/", "https://www.jobcenter-bremen.de/thema"
HAND_IN = "button[name=einreichen]"
MOST_TABS = 120
REFUSED = 409
NEEDED_BY_EACH = (
    "Bitte schreiben Sie einen Text.",
    "Bitte wählen Sie ein Thema.",
    "Bitte wählen Sie mindestens eine Zielgruppe.",
    "Bitte nennen Sie die Seite mit demselben Inhalt",
)
WAITS = "Der Beitrag wartet auf die Freigabe."


@pytest.fixture
def page(browser_beside_database, live_server):
    with visitor(browser_beside_database, live_server.url) as context:
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())  # "leave this page?"
        log_in(page, person(username="anna").username, PASSWORD)
        page.goto(NEW)
        yield page


def changed(page, rows, **fields):
    """Somebody filled it in elsewhere meanwhile."""
    rows.update(**fields)
    page.reload()


def slot():
    return wall_text(timezone.now() + dt.timedelta(days=3))


def begin(page, topic, text="Lesen Sie, was neu ist."):
    """Handed in empty first; then everything that each Beitrag needs."""
    refused_for(page, *NEEDED_BY_EACH)
    page.fill("[name=text]", text)
    page.select_option("[name=topic]", topic)
    page.check("[name=audiences][value=stadtgesellschaft]")
    page.fill("[name=source_url]", OWN)
    page.fill("[name=twin_url]", OWN)
    page.fill("[name=slot]", slot())


def is_handed_in(response):
    return response.request.is_navigation_request() and response.request.method == "POST"


def refused_for(page, *sentences):
    """Hand it in, read why not, and come back to the form."""
    with page.expect_response(is_handed_in) as answered:
        page.click(HAND_IN)
    assert answered.value.status == REFUSED
    for sentence in sentences:
        page.get_by_text(sentence).first.wait_for()
    assert Post.objects.get().state == PostState.DRAFT
    page.goto(f"/redaktion/beitraege/{Post.objects.get().pk}/bearbeiten/")


def accepted(page):
    page.click(HAND_IN)
    page.get_by_text(WAITS).wait_for()
    assert Post.objects.get().state == PostState.IN_REVIEW


def tab_to(page, selector):
    """With the Tab key alone, as somebody without a mouse gets there."""
    for _ in range(MOST_TABS):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by the Tab key.")


def choose_by_key(page, selector, label):
    tab_to(page, selector)
    page.keyboard.type(label)


def test_a_press_retweet_by_keyboard_alone(page):
    report = MentionFactory(paywall="unclear")
    page.reload()
    tab_to(page, "[name=kind]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=text]")
    page.keyboard.type("Die Zeitung berichtet über die Jobmesse.")
    choose_by_key(page, "[name=topic]", "Erw")
    tab_to(page, "[name=audiences]")
    page.keyboard.press("Space")
    type_into(page, "[name=source_url]", OWN)
    refused_by_key(page, "Bitte geben Sie die Adresse des Originals an", "Bitte wählen Sie den Bericht")
    type_into(page, "[name=retweet_url]", "https://x.com/zeitung/status/1234567890")
    refused_by_key(page, "Bitte wählen Sie den Bericht aus dem Register.")
    choose_by_key(page, "[name=entry]", str(report)[:6])
    refused_by_key(page, "ist nicht frei zu lesen")
    changed(page, Mention.objects, paywall="free")
    refused_by_key(page, "Bitte nennen Sie die Seite mit demselben Inhalt")
    type_into(page, "[name=twin_url]", OWN)
    tab_to(page, HAND_IN)
    page.keyboard.press("Enter")
    page.get_by_text(WAITS).wait_for()
    assert Post.objects.get().state == PostState.IN_REVIEW


def type_into(page, selector, words):
    tab_to(page, selector)
    page.keyboard.type(words)


def refused_by_key(page, *sentences):
    tab_to(page, HAND_IN)
    with page.expect_response(is_handed_in) as answered:
        page.keyboard.press("Enter")
    assert answered.value.status == REFUSED
    for sentence in sentences:
        page.get_by_text(sentence).first.wait_for()
    assert Post.objects.get().state == PostState.DRAFT
    tab_to(page, f"a[href$='/beitraege/{Post.objects.get().pk}/bearbeiten/']")
    page.keyboard.press("Enter")
    page.wait_for_selector(HAND_IN)


def test_a_reading_tip_with_a_picture(page):
    tip, picture = ReadingTipFactory(paywall="paid"), MediumFactory(alt_text="")
    page.reload()
    begin(page, "lesetipps")
    page.fill("[name=source_url]", "")
    page.check(f"#id_media_{picture.pk}")
    no_alt, no_entry = "braucht einen Alternativtext", "Bitte wählen Sie den Lesetipp aus dem Register."
    refused_for(page, "Quelle", no_entry, no_alt)
    page.fill("[name=source_url]", "https://www.iab.de/studie")
    refused_for(page, no_entry, no_alt)
    page.select_option("[name=entry]", str(tip.pk))
    refused_for(page, "Bitte schreiben Sie „Bezahlinhalt“ in den Text.", no_alt)
    page.fill("[name=text]", "Lesen Sie, was neu ist (Bezahlinhalt).")
    refused_for(page, no_alt)
    page.goto(f"/redaktion/medien/{picture.pk}/")
    page.fill("[name=alt_text]", "Das Haus der Agentur im Schnee")
    page.get_by_role("button", name="Speichern").first.click()
    page.wait_for_load_state()
    assert Medium.objects.get().alt_text == "Das Haus der Agentur im Schnee"
    page.goto(f"/redaktion/beitraege/{Post.objects.get().pk}/bearbeiten/")
    accepted(page)


def test_an_event_with_a_video(page):
    event, film = EventFactory(place="", accessibility=""), FilmFactory(captions="", transcript="")
    page.reload()
    begin(page, "veranstaltungen", "Kommen Sie zur Jobbörse.")
    page.check(f"#id_media_{film.pk}")
    no_captions, no_words = "Untertitel", "Textfassung"
    refused_for(page, "Bitte wählen Sie die Veranstaltung aus dem Register.", no_captions, no_words)
    page.select_option("[name=entry]", str(event.pk))
    refused_for(page, "fehlt der Ort", "ob der Ort barrierefrei ist", no_captions)
    changed(page, Event.objects, place="Bürgerhaus")
    refused_for(page, "ob der Ort barrierefrei ist", no_captions)
    changed(page, Event.objects, accessibility="stufenlos")
    refused_for(page, no_captions, no_words)
    changed(page, Medium.objects, captions="WEBVTT\n\n00:00.000 --> 00:02.000\nGuten Tag.\n")
    refused_for(page, no_words)
    changed(page, Medium.objects, transcript="Eine Beraterin sagt: Guten Tag.")
    accepted(page)


def test_a_success_story(page):
    consent = ConsentFactory(ended=True)
    page.reload()
    begin(page, "vorzeigegeschichten", "Sie hat eine Ausbildung gefunden.")
    refused_for(page, "Einwilligung")
    page.check(f"[name=consents][value='{consent.pk}']")
    refused_for(page, "Einwilligung")
    changed(page, Consent.objects, valid_until=dt.date(2099, 12, 31))
    accepted(page)


def test_another_topic_offers_its_own_entries_and_keeps_what_was_chosen(page):
    OfferFactory(title="Kurs")
    EventFactory(title="Messe")
    page.reload()
    options = page.locator("#id_entry option")
    assert options.count() == 3
    page.select_option("[name=topic]", "veranstaltungen")
    expect(options).to_have_count(2)
    assert page.input_value("[name=entry]") == ""
    page.select_option("[name=entry]", index=1)
    page.select_option("[name=topic]", "serviceangebote")
    expect(options).to_have_count(3)
    assert page.locator("#id_entry option:checked").inner_text().startswith("Messe")
