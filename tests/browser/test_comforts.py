"""What the script adds to pages that work without it."""

import datetime as dt
import re

import pytest
from django.test import Client

from editorial.enums import PostState, Role
from editorial.models import Post
from tests.browsing import log_in, visitor
from tests.factories import PASSWORD, PostFactory, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def opened(browser, live_server, **options):
    context = visitor(browser, live_server.url, **options)
    page = context.new_page()
    log_in(page, person(Role.GF, username="chefin").username, PASSWORD)
    return page


@pytest.fixture
def page(browser_beside_database, live_server):
    page = opened(browser_beside_database, live_server)
    yield page
    page.context.close()


def test_a_dangerous_step_says_what_will_happen_and_can_be_called_off(page):
    post = PostFactory(in_review=True)
    page.goto(f"/redaktion/beitraege/{post.pk}/")
    page.click("summary:has-text('Ablehnen')")
    page.fill("form[action$='/ablehnen/'] textarea", "Das steht schon auf der Website.")
    refuse = page.locator("form[action$='/ablehnen/'] button")
    dialog = page.locator("dialog[open]")
    refuse.click()
    assert "Der Beitrag wird nicht veröffentlicht." in dialog.inner_text()
    page.keyboard.press("Escape")
    assert (dialog.count(), Post.objects.get().state) == (0, PostState.IN_REVIEW)
    refuse.click()
    dialog.locator("button:has-text('Ablehnen')").click()
    page.wait_for_selector(".app-badge:has-text('Zurückgezogen')")
    assert Post.objects.get().state == PostState.WITHDRAWN


def test_two_quick_clicks_send_once(page):
    page.goto("/redaktion/beitraege/neu/")
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.route(re.compile("/redaktion/beitraege/neu/$"), lambda route: page.wait_for_timeout(300) or route.continue_())
    page.dblclick("button:has-text('Entwurf speichern')")
    page.wait_for_url(re.compile(r"/redaktion/beitraege/\d+/$"))
    assert (len([url for url in sent if url.endswith("/neu/")]), Post.objects.count()) == (1, 1)


def test_a_check_leads_into_the_field_it_speaks_of(page):
    page.goto("/redaktion/beitraege/neu/")
    page.click("a[data-jump][href$='#id_topic']")
    assert page.evaluate("document.activeElement.id") == "id_topic"


def test_a_check_marks_the_words_it_speaks_of(page):
    page.goto("/redaktion/beitraege/neu/")
    page.fill("#id_text", "Rufen Sie mich gern an: 0421 123456.")
    page.click("a[data-select]")
    assert page.evaluate("document.getSelection().toString()") == "0421 123456"


def test_a_link_from_the_reading_page_opens_the_form_at_the_field(page):
    post = PostFactory(topic=None)
    page.goto(f"/redaktion/beitraege/{post.pk}/")
    page.click("a[href$='/bearbeiten/#id_topic'] >> nth=0")
    page.wait_for_url("**/bearbeiten/#id_topic")
    assert page.evaluate("document.activeElement.id") == "id_topic"


def test_the_menu_of_a_narrow_screen_needs_no_script(browser_beside_database, live_server):
    # The session comes from the test client: it belongs to the person, not to the browser.
    client = Client()
    client.force_login(person(Role.GF), backend="jobcenter_social.login.Backend")
    context = browser_beside_database.new_context(
        base_url=live_server.url, viewport={"width": 375, "height": 700}, java_script_enabled=False
    )
    cookies = [{"name": name, "value": cookie.value, "url": live_server.url} for name, cookie in client.cookies.items()]
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto("/redaktion/beitraege/")
    menu = page.locator("#hauptmenue")
    assert not menu.is_visible()
    page.click("button:has-text('Menü')")
    assert menu.is_visible()
    page.click("button:has-text('Menü schließen')")
    assert not menu.is_visible()
    context.close()


def test_a_template_goes_into_the_text_and_its_first_gap_is_marked(page):
    page.goto("/redaktion/beitraege/neu/")
    page.fill("#id_text", "Guten Morgen.")
    page.select_option("#id_topic", "veranstaltungen")
    page.click("summary:has-text('Kernbotschaften')")
    page.click("li:has-text('Veranstaltung ankündigen') button:has-text('Einfügen')")
    field = page.locator("#id_text")
    assert field.input_value().startswith("Guten Morgen. [Wochentag], [Datum]")
    page.keyboard.type("Montag")  # over the marked gap
    assert field.input_value().startswith("Guten Morgen. Montag, [Datum]")
    page.wait_for_selector("#pruefung >> text=Hier ist noch etwas einzusetzen: [Datum].")
    page.select_option("#id_topic", "lesetipps")
    page.wait_for_selector("li:has-text('Lesetipp geben')")
    assert page.locator("li:has-text('Veranstaltung ankündigen')").count() == 0


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_the_preview_is_a_sheet_that_opens_without_script_too(browser_beside_database, live_server, script):
    post = PostFactory(text="Termine: https://www.jobcenter-bremen.de/service/termine-vereinbaren")
    phone = opened(browser_beside_database, live_server, narrow=True, script=script)
    phone.goto(f"/redaktion/beitraege/{post.pk}/bearbeiten/")
    sheet = phone.locator("#vorschau")
    assert not sheet.is_visible()
    if script:
        phone.fill("#id_text", "Neu: https://www.jobcenter-bremen.de/service/termine-vereinbaren")
    phone.click(".app-savebar button:has-text('Vorschau')")
    # What was typed arrives while the sheet is open, which it stays.
    sheet.get_by_text("Neu:" if script else "Termine:").wait_for()
    assert "jobcenter-bremen.de/service/t…" in sheet.inner_text()
    sheet.locator("button:has-text('Schließen')").click()
    assert not sheet.is_visible()
    phone.context.close()


def test_beside_the_text_the_preview_needs_no_button(page):
    page.goto("/redaktion/beitraege/neu/")
    assert page.locator("#vorschau").is_visible()
    assert page.locator("button:has-text('Vorschau'):visible").count() == 0
    page.fill("#id_text", "Guten Morgen, Bremen.")
    page.locator("#vorschau").get_by_text("Guten Morgen, Bremen.").wait_for()


@pytest.mark.parametrize("style", ["monat", "woche", "liste"])
def test_the_plan_is_printed_without_what_is_only_for_clicking(page, style):
    PostFactory(text="Auf Papier zu lesen", slot=dt.datetime(2030, 11, 20, 8, tzinfo=dt.UTC), approved=True)
    page.goto(f"/redaktion/plan/?ansicht={style}&datum=2030-11-20")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Drucken").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    assert page.get_by_text("Auf Papier zu lesen").first.is_visible()
    assert page.get_by_role("heading", name="Redaktionsplan").is_visible()
    for only_for_clicking in ("nav >> visible=true", "search >> visible=true", "button >> visible=true"):
        assert page.locator(only_for_clicking).count() == 0, only_for_clicking
