"""Headers, cookies and compression of every answer, with http and with https."""

import pytest
from django.core.management import call_command
from django.test import Client

from editorial.enums import Role
from tests.factories import person

pytestmark = pytest.mark.django_db
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "media-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize("path", ["/healthz", "/konto/anmelden/", "/gibt-es-nicht/", "/redaktion/beitraege/"])
def test_every_answer_carries_the_security_headers(client, path):
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert "camera=()" in answer["Permissions-Policy"]


def test_what_is_private_is_not_kept_by_any_cache(client):
    client.force_login(person(Role.PROE))
    assert "no-store" in client.get("/redaktion/beitraege/")["Cache-Control"]


def test_the_health_page_needs_no_cookie(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content, dict(answer.cookies)) == (200, b"ok\n", {})


def test_pages_are_sent_compressed():
    answer = Client().get("/konto/anmelden/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"


@pytest.fixture
def with_https(load_settings, settings):
    """The settings as they are for https://beispiel.de; every client made after this is served by them."""
    loaded = load_settings(PUBLIC_BASE_URL="https://beispiel.de", SECRET_KEY="".join(map(chr, range(40, 110))))
    for name, value in loaded.items():
        if name.startswith(("SECURE_", "SESSION_", "CSRF_", "IS_", "PUBLIC_")) or name in (
            "ALLOWED_HOSTS",
            "SECRET_KEY",
        ):
            setattr(settings, name, value)
    return Client(headers={"host": "beispiel.de", "x-forwarded-proto": "https"})


def test_with_https_the_deployment_check_finds_nothing(with_https, capsys, monkeypatch):
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE")  # set for browser tests only
    call_command("check", deploy=True, fail_level="WARNING")
    assert "no issues" in capsys.readouterr().out


def test_with_https_cookies_are_bound_to_host_and_transport(with_https):
    (cookie,) = with_https.get("/konto/anmelden/").cookies.values()
    assert cookie.OutputString().startswith("__Host-csrf=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.OutputString().split("; "))


def test_with_https_http_is_redirected_and_https_remembered(with_https):
    plain = with_https.get("/konto/anmelden/", headers={"x-forwarded-proto": "http"})
    assert (plain.status_code, plain["Location"]) == (301, "https://beispiel.de/konto/anmelden/")
    assert with_https.get("/healthz")["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_with_https_no_other_host_name_is_answered(with_https):
    assert with_https.get("/healthz", headers={"host": "boese.example"}).status_code == 400


def test_with_http_nothing_demands_https(client):
    answer = client.get("/konto/anmelden/")
    assert (answer.status_code, "Strict-Transport-Security" in answer.headers) == (200, False)
    assert "Secure" not in answer.cookies["csrf"].OutputString()


def test_a_null_character_in_an_address_is_as_good_as_not_there(client, db):
    answer = client.get("/suche/?q=Woh%00nung")
    assert answer.status_code in (200, 404)
    assert "\x00" not in answer.wsgi_request.META["QUERY_STRING"]
