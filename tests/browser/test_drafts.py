"""What somebody types in the composer is never lost: not by waiting, not by a log-in that ends, not by a reload."""

import pytest

from editorial.models import Post
from tests.browsing import axe_source, log_in, violations, visitor
from tests.factories import PASSWORD, PostFactory, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
NEW = "/redaktion/beitraege/neu/"
SAVED = "[data-autosave-status][data-state='saved']"


@pytest.fixture
def page(browser_beside_database, live_server):
    with visitor(browser_beside_database, live_server.url) as context:
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())  # "leave this page?"
        log_in(page, person(username="anna").username, PASSWORD)
        yield page


def write(page, text):
    page.fill("[name=text]", text)
    page.keyboard.press("Control+s")


def texts():
    return list(Post.objects.order_by("pk").values_list("text", flat=True))


def test_a_new_draft_saves_itself_while_typing_and_stays_one_draft(page):
    page.goto(NEW)
    page.fill("[name=text]", "Erste Fassung")
    page.wait_for_selector(SAVED)
    assert texts() == ["Erste Fassung"]
    page.fill("[name=text]", "Zweite Fassung")
    page.click("text=Entwurf speichern")
    page.wait_for_url("**/redaktion/beitraege/*/")
    assert texts() == ["Zweite Fassung"]


def test_an_idea_is_filed_as_one_however_long_it_was_typed_on(page):
    page.goto(NEW)
    page.fill("[name=text]", "Eine Idee")
    page.wait_for_selector(SAVED)
    page.click("text=Als Idee ablegen")
    page.get_by_text("Die Idee ist abgelegt.").wait_for()
    assert list(Post.objects.values_list("text", "state")) == [("Eine Idee", "idea")]


def test_control_s_saves_at_once(page):
    page.goto(NEW)
    write(page, "Sofort gespeichert")
    page.wait_for_selector(SAVED, timeout=2500)  # sooner than the pause after which typing alone saves
    assert texts() == ["Sofort gespeichert"]


def test_a_log_in_that_ends_while_typing_loses_nothing(page):
    page.goto(NEW)
    page.context.clear_cookies()
    write(page, "Während der Pause geschrieben")
    page.wait_for_selector("text=Ihre Anmeldung ist abgelaufen")
    page.click("text=Entwurf speichern")
    page.wait_for_timeout(500)
    assert (page.input_value("[name=text]"), texts()) == ("Während der Pause geschrieben", [])
    with page.expect_popup() as opened:
        page.click("text=Neu anmelden")
    log_in(opened.value, "anna", PASSWORD)
    opened.value.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # headless windows do not lose it
    page.wait_for_selector(SAVED)
    assert (texts(), page.locator("text=Ihre Anmeldung ist abgelaufen").count()) == (
        ["Während der Pause geschrieben"],
        0,
    )


def test_what_could_not_be_saved_is_offered_after_a_reload(page):
    page.goto(NEW)
    page.context.clear_cookies()
    write(page, "Nur in diesem Browser")
    page.wait_for_selector("text=Ihre Anmeldung ist abgelaufen")
    log_in(page, "anna", PASSWORD)
    page.goto(NEW)
    page.click("text=Wiederherstellen")
    assert page.input_value("[name=text]") == "Nur in diesem Browser"
    page.wait_for_selector(SAVED)
    assert (texts(), page.evaluate("localStorage.length")) == (["Nur in diesem Browser"], 0)


def test_nobody_is_offered_what_another_person_typed(page):
    page.goto(NEW)
    page.context.clear_cookies()
    write(page, "Annas Text")
    page.wait_for_selector("text=Ihre Anmeldung ist abgelaufen")
    log_in(page, person(username="bert").username, PASSWORD)
    page.goto(NEW)
    assert page.locator("text=Wiederherstellen").count() == 0


def test_logging_out_leaves_no_text_behind(page):
    page.goto(NEW)
    page.context.set_offline(True)
    write(page, "Nicht für die Nächsten am Rechner")
    page.wait_for_selector("text=Keine Verbindung")
    page.context.set_offline(False)
    page.goto("/konto/abmelden/")
    page.click("main button[type=submit]")
    page.wait_for_url("**/")
    assert page.evaluate("localStorage.length") == 0


@pytest.fixture
def two(page):
    """Anna and Bert have the same draft open, each in a browser of their own."""
    post = PostFactory(text="Der Anfang")
    with visitor(page.context.browser, page.url.split("/konto")[0].split("/redaktion")[0]) as context:
        bert = context.new_page()
        bert.on("dialog", lambda dialog: dialog.accept())
        log_in(bert, person(username="bert", first_name="Bert", last_name="Beispiel").username, PASSWORD)
        for one in (page, bert):
            one.goto(f"/redaktion/beitraege/{post.pk}/bearbeiten/")
        yield page, bert


def by_itself(page, text):
    write(page, text)
    page.wait_for_selector(f"{SAVED}, [data-conflict] section")


def by_button(page, text):
    page.fill("[name=text]", text)
    with page.expect_navigation():
        page.click("text=Entwurf speichern")


@pytest.mark.parametrize("second", [by_itself, by_button])
@pytest.mark.parametrize("first", [by_itself, by_button])
def test_two_editors_in_any_order_of_saves_lose_nothing(two, first, second):
    earlier, later = two
    first(earlier, "Die frühere Fassung")
    second(later, "Die spätere Fassung")
    # Named, with both texts, and nothing is written over.
    assert later.locator("[data-conflict] blockquote").first.inner_text() == "Die frühere Fassung"
    assert later.input_value("[name=text]") == "Die spätere Fassung"
    assert texts() == ["Die frühere Fassung"]
    assert later.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))")  # it would ask
    # Typing on shows the same and takes the focus from nobody; then the later one decides.
    later.focus("[name=text]")
    later.keyboard.type("!")
    later.keyboard.press("Control+s")
    later.wait_for_selector("[data-autosave-status][data-state='problem']")
    assert later.evaluate("document.activeElement.name") == "text"
    kept = later.input_value("[name=text]")
    with later.expect_navigation():
        later.get_by_role("button", name="Meine Fassung speichern").click()
    versions = [version.payload["text"] for version in Post.objects.get().versions.order_by("pk")]
    assert (texts(), versions[-2:]) == ([kept], ["Die frühere Fassung", kept])
    # The earlier one is not done yet: now it is their turn to be told.
    if first is by_itself:
        by_itself(earlier, "Noch eine frühere")
        assert earlier.locator("[data-conflict] blockquote").first.inner_text() == kept


def test_the_conflict_says_who_it_was_and_goes_when_it_is_settled(two):
    anna, bert = two
    by_itself(bert, "Berts Fassung")
    by_itself(anna, "Annas Fassung")
    assert "Bert Beispiel hat inzwischen gespeichert" in anna.locator("[data-conflict] h2").inner_text()
    assert "Bert Beispiel" in anna.locator("[data-autosave-status]").inner_text()
    assert "Annas Fassung" in anna.inner_text("[data-conflict]")
    assert violations(anna, axe_source()) == []
    anna.get_by_role("button", name="Beide Texte ansehen").press("Enter")
    assert anna.evaluate("document.activeElement.id") == "konflikt"
    by_itself(bert, "Berts zweite Fassung")
    with anna.expect_navigation():
        anna.get_by_role("button", name="Meine Fassung speichern").click()
    assert (texts(), anna.input_value("[name=text]")) == (["Berts zweite Fassung"], "Annas Fassung")
    with anna.expect_navigation():
        anna.get_by_role("button", name="Meine Fassung speichern").click()
    assert texts() == ["Annas Fassung"]


@pytest.mark.parametrize(("typed", "asked"), [("Noch nicht gespeichert", True), ("", False)])
def test_leaving_is_asked_about_only_while_something_is_unsaved(page, typed, asked):
    page.goto(NEW)
    if typed:
        page.click("[name=text]")  # a browser asks only who has touched the page
        page.keyboard.type(typed)
    else:
        write(page, "Gespeichert")
        page.wait_for_selector(SAVED)
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.type))
    page.goto("/redaktion/")
    assert dialogs == (["beforeunload"] if asked else [])


def test_a_change_of_what_is_approved_stays_in_the_browser_until_somebody_decides(page):
    post = PostFactory(state="approved")
    page.goto(f"/redaktion/beitraege/{post.pk}/bearbeiten/")
    before = page.input_value("[name=text]")
    page.press("[name=text]", "Control+Home")
    page.keyboard.type("Geändert: ")
    page.keyboard.press("Control+s")
    page.get_by_text("Die Freigabe gilt noch für den alten Text.").wait_for()
    changed = page.input_value("[name=text]")
    assert (texts(), Post.objects.get().state) == ([before], "approved")
    assert page.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))")  # it would ask
    page.reload()
    page.get_by_role("button", name="Wiederherstellen").click()
    assert page.input_value("[name=text]") == changed
    page.get_by_role("button", name="Änderung speichern, Freigabe beenden").click()
    page.wait_for_url(f"**/redaktion/beitraege/{post.pk}/")
    assert (texts(), Post.objects.get().state) == ([changed], "draft")


def test_without_script_a_log_in_that_ends_while_typing_loses_nothing(browser_beside_database, live_server):
    with visitor(browser_beside_database, live_server.url, script=False) as context:
        page = context.new_page()
        log_in(page, person(username="anna").username, PASSWORD)
        page.goto(NEW)
        page.fill("[name=text]", "Während der Pause geschrieben")
        context.clear_cookies(name="session")
        page.click("text=Entwurf speichern")
        page.fill("[name=login]", "anna")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"**{NEW}")
        assert (page.input_value("[name=text]"), texts()) == ("Während der Pause geschrieben", [])
        page.click("text=Entwurf speichern")
        page.wait_for_url("**/redaktion/beitraege/*/")
        assert texts() == ["Während der Pause geschrieben"]
