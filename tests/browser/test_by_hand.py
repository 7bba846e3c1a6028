"""Hand-posting, its settings and its figures in a real browser: accessible, wide and narrow, light and dark."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.channels.addresses import moment_to_id
from editorial.enums import DeliveryState, Role
from editorial.models import Delivery
from tests.browsing import axe_source, log_in, violations, visitor, wear
from tests.factories import PASSWORD, ApprovalFactory, DeliveryFactory, MediumFactory, PostFactory, person
from tests.stack import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

PAGE = "/redaktion/klaerung/von-hand/"


@pytest.fixture
def page(browser_beside_database, live_server):
    context = visitor(browser_beside_database, live_server.url)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    log_in(page, person(Role.PROE, username="presse").username, PASSWORD)
    yield page
    context.close()


def due():
    slot = (timezone.now() - dt.timedelta(minutes=5)).replace(second=0, microsecond=0)
    fields = {"media": [MediumFactory(alt_text="Das Haus im Schnee.")], "message_text": "Öffnungszeiten im Überblick."}
    post = PostFactory(approved=True, slot=slot, created_at=slot, text="Öffnungszeiten im Überblick.", **fields)
    return DeliveryFactory(approval=ApprovalFactory(post=post), slot=slot, created_at=slot - dt.timedelta(hours=1))


def looked_at(page):
    """What axe finds, and whether anything is wider than the screen."""
    found = []
    for dark in (False, True):
        for narrow in (False, True):
            wear(page, dark=dark, narrow=narrow)
            found += [f"{page.url} dark={dark} narrow={narrow}: {line}" for line in violations(page, axe_source())]
            too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found += [f"{page.url} narrow={narrow}: {too_wide} px too wide"] if too_wide > 0 else []
    wear(page, dark=False, narrow=False)
    return found


def test_text_and_description_are_copied_and_the_address_ends_it(page):
    delivery = due()
    page.goto(PAGE)
    assert looked_at(page) == []
    page.click("button:has-text('Text kopieren')")
    page.wait_for_selector("button:has-text('Kopiert')")
    assert page.evaluate("navigator.clipboard.readText()") == delivery.post.message_text
    page.click("button:has-text('Beschreibung 1 kopieren')")
    wait_until(lambda: page.evaluate("navigator.clipboard.readText()") == "Das Haus im Schnee.", 10)

    address = page.get_by_label("Adresse des Beitrags auf dem Kanal")
    address.fill("https://x.com/jobcenter")
    page.click("button:has-text('Ich habe den Beitrag gesendet')")
    page.wait_for_selector("[data-refused]")
    assert looked_at(page) == []
    assert address.input_value() == "https://x.com/jobcenter"
    address.fill(f"https://x.com/jobcenter/status/{moment_to_id(timezone.now() - dt.timedelta(minutes=1))}")
    page.click("button:has-text('Ich habe den Beitrag gesendet')")
    page.wait_for_selector("text=Gerade ist nichts zu senden")
    assert Delivery.objects.get().state == DeliveryState.PUBLISHED


def hand_in(page, content):
    page.goto("/redaktion/auswertung/zahlen/")
    file = {"name": "analytics.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.set_input_files("input[type=file]", file)
    page.click("button:has-text('Datei ansehen')")


def test_settings_and_figures_read_well_on_every_screen(page):
    delivery = DeliveryFactory(published=True, external_id="1234567890123456789")
    found = []
    for address in (
        "/redaktion/einstellungen/",
        "/redaktion/einstellungen/kanaele/x/senden/",
        "/redaktion/auswertung/zahlen/",
        f"/redaktion/auswertung/zahlen/{delivery.pk}/",
    ):
        page.goto(address)
        found += looked_at(page)
    good = "Post id,Impressions,Likes\n1234567890123456789,1240,7\n999,1,1\n"
    hand_in(page, good + "Unsinn,1,1\n")  # taken whole or not at all
    page.get_by_text("Übernommen wird eine Datei nur ganz").wait_for()
    assert page.locator("button:has-text('Zahlen übernehmen')").count() == 0
    found += looked_at(page)
    hand_in(page, good)
    page.wait_for_selector("button:has-text('Zahlen übernehmen')")
    found += looked_at(page)
    page.click("button:has-text('Zahlen übernehmen')")
    page.wait_for_selector("text=Zahlen zu einem Beitrag sind gespeichert.")
    assert found == []
