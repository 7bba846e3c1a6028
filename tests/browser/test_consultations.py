"""A question to the Fachberatung, from asking to taking the proposal over, as two people in the browser do it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import Watch, axe_source, log_in, violations, visitor, wear

pytestmark = pytest.mark.browser

PASSWORD = "redaktion-demo"
LOOKS = [(dark, narrow) for dark in (False, True) for narrow in (False, True)]


def look(page, name):
    found = []
    for dark, narrow in LOOKS:
        wear(page, dark=dark, narrow=narrow)
        found += [f"{name} dark={dark} narrow={narrow}: {line}" for line in violations(page, axe_source())]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{name}: {wide} px too wide"] if wide > 0 else []
    wear(page, dark=False, narrow=False)
    assert found == []


@pytest.fixture
def people(browser, demo_stack):
    watch = Watch(demo_stack.url)
    pages = []
    for who in ("proe1", "fach1"):
        page = watch.over(visitor(browser, demo_stack.url).new_page())
        log_in(page, who, PASSWORD)
        pages.append(page)
    yield pages
    for page in pages:
        page.context.close()
    assert (watch.foreign, watch.complaints) == ([], [])


def test_proe_asks_the_fachberatung_answers_and_the_proposal_is_taken_over(people):
    proe, fach = people
    proe.goto("/redaktion/beitraege/?status=entwurf")
    proe.get_by_role("link", name=re.compile("Stadtteilfest")).first.click()
    proe.get_by_role("link", name="Fachberatung fragen").click()
    proe.get_by_role("button", name="Frage stellen").click()
    expect(proe.get_by_text("Bitte wählen Sie, wen Sie fragen.").first).to_be_visible()
    look(proe, "bad question")
    proe.get_by_label("Wen fragen Sie?").select_option(label="Markt und Integration")
    proe.get_by_label("Ihre Frage").fill("Gibt es den Beratungstisch wirklich?")
    proe.get_by_label("Antwort bis").fill("2030-01-15T12:00")
    proe.get_by_role("button", name="Frage stellen").click()
    expect(proe.get_by_text("Gefragt: Markt und Integration.")).to_be_visible()
    look(proe, "asked")

    fach.goto("/redaktion/")
    fach.get_by_role("link", name="Gibt es den Beratungstisch wirklich?").click()
    fach.get_by_label("Änderungsvorschlag").check()
    text = fach.get_by_label("Ihr Vorschlag für den Text")
    text.fill(text.input_value().replace("einen Beratungstisch", "einen Infostand"))
    fach.get_by_role("button", name="Antwort senden").click()
    expect(fach.get_by_text("Bitte begründen Sie das").first).to_be_visible()
    expect(text).to_have_value(re.compile("Infostand"))
    look(fach, "bad answer")
    fach.get_by_label("Begründung").fill("Beraten wird dort nicht.")
    fach.get_by_role("button", name="Antwort senden").click()
    expect(fach.get_by_text("Ihre Antwort ist bei der PRÖ.")).to_be_visible()

    proe.reload()
    expect(proe.locator("ins", has_text="Infostand")).to_be_visible()
    look(proe, "answered")
    proe.get_by_role("button", name="Vorschlag übernehmen").click()
    expect(proe.get_by_text("Vorschlag übernommen von")).to_be_visible()
    look(proe, "taken over")
