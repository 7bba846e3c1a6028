"""The person's box in a real browser: with the keyboard, without script, on a phone."""

import pytest

from tests.browsing import Watch, log_in, visitor

pytestmark = pytest.mark.browser
BOX = "/redaktion/klaerung/"


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def page(request, browser, demo_stack):
    context = visitor(browser, demo_stack.url, narrow=True, script=request.param)
    watch = Watch(demo_stack.url)
    page = watch.over(context.new_page())
    log_in(page, "proe1", "redaktion-demo")
    page.goto(BOX)
    yield page
    assert (watch.foreign, watch.complaints) == ([], [])
    context.close()


def test_the_box_fits_a_phone(page):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_refused_step_keeps_what_was_typed_and_a_taken_one_leads_back_to_the_list(page):
    # One of the demonstration's cases for each look: this test settles it.
    card = page.locator("li.app-card", has_text="Verschieben …").first
    title = card.locator("h3").inner_text()
    card.locator("summary", has_text="Der Beitrag ist online").focus()
    page.keyboard.press("Enter")
    card.locator("[name=address]").fill("https://example.org/1")
    card.locator("form", has=page.locator("[name=address]")).locator("[name=reason]").fill("Ich sehe ihn dort.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Das ist keine Adresse eines Beitrags auf X.").first.wait_for()
    card = page.locator("li.app-card", has_text=title).first
    assert card.locator("[name=address]").input_value() == "https://example.org/1"
    assert card.locator("form", has=page.locator("[name=address]")).locator("[name=reason]").input_value() == (
        "Ich sehe ihn dort."
    )
    card.locator("summary", has_text="Verschieben").click()
    card.locator("[name=slot]").fill("2030-05-06T10:00")
    card.locator("form", has=page.locator("[name=slot]")).locator("button").click()
    page.wait_for_url(lambda url: url.endswith("/klaerung/#faelle"))
    assert page.evaluate("document.activeElement.id") == "faelle"
    assert page.locator("li.app-card", has_text=title).count() == 0
