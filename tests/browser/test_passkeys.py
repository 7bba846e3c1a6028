"""A passkey, with a real browser and the authenticator it plays."""

import pytest

from editorial.enums import Role
from tests.browsing import Watch, log_in, visitor
from tests.factories import PASSWORD, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def with_authenticator(page):
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    kind = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "hasResidentKey": True,
        "automaticPresenceSimulation": True,
    }
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": kind})


def test_a_passkey_is_set_up_and_opens_the_next_log_in(browser_beside_database, live_server, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    user, watch = person(Role.FACH, username="anna"), Watch(live_server.url)
    page = watch.over(visitor(browser_beside_database, live_server.url).new_page())
    with_authenticator(page)
    log_in(page, user.username, PASSWORD)
    assert page.url.endswith("/konto/zweiter-faktor/")
    page.click("text=Passkey einrichten")
    page.fill("[name=name]", "Mein Laptop")
    page.click("#passkey")
    page.wait_for_url("**/ersatzcodes/")
    page.goto("/konto/zweiter-faktor/")
    assert "Mein Laptop" in page.inner_text("main")
    page.context.clear_cookies()
    page.goto("/konto/anmelden/")
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/konto/anmelden/code/")
    page.click("#passkey")
    page.wait_for_url("**/redaktion/")
    assert (watch.foreign, watch.complaints) == ([], [])
    page.context.close()


def test_a_device_without_a_passkey_is_told_so(browser_beside_database, live_server):
    user, watch = person(username="bert"), Watch(live_server.url)
    page = watch.over(visitor(browser_beside_database, live_server.url).new_page())
    with_authenticator(page)
    log_in(page, user.username, PASSWORD)
    page.goto("/konto/zweiter-faktor/passkeys/neu/")
    page.evaluate("void (navigator.credentials.create = () => Promise.reject(new Error('abgebrochen')))")
    page.click("#passkey")
    page.wait_for_selector("[data-passkey-failed]:not([hidden])")
    assert watch.complaints == []
    page.context.close()
