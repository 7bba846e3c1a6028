"""Log-in by a service of the house: a real one in small, on this machine."""

import html
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client

from editorial.enums import Role
from editorial.models import SendPause
from jobcenter_social.account_settings import providers
from tests.factories import person

pytestmark = pytest.mark.django_db
WAY = "/konto/anmelden/ueber/haus/"


class House(ThreadingHTTPServer):
    """``claims`` is whom it says the person is."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.claims = {}


class Answers(BaseHTTPRequestHandler):
    server: House

    def do_GET(self):
        house = self.server
        places = {name: f"{house.url}/{name}" for name in ("authorize", "token", "userinfo", "keys")}
        if self.path.startswith("/.well-known/"):
            return self.say(
                {
                    "issuer": house.url,
                    "authorization_endpoint": places["authorize"],
                    "token_endpoint": places["token"],
                    "userinfo_endpoint": places["userinfo"],
                    "jwks_uri": places["keys"],
                }
            )
        return self.say(house.claims)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        now = int(time.time())
        claims = {"iss": self.server.url, "aud": "redaktion", "iat": now, "exp": now + 60, **self.server.claims}
        self.say({"access_token": "a", "token_type": "Bearer", "id_token": jwt.encode(claims, "k" * 32)})

    def say(self, words):
        body = json.dumps(words).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def house(settings):
    running = House()
    threading.Thread(target=running.serve_forever, daemon=True).start()
    settings.OIDC = {"server_url": running.url, "client_id": "redaktion", "secret": "geheim"}
    settings.SOCIALACCOUNT_PROVIDERS = providers(settings.OIDC)
    settings.SECOND_FACTOR_REQUIRED = True
    yield running
    running.shutdown()
    running.server_close()


def come(house, client=None, **claims):
    """Go to the house and come back as the person it names."""
    house.claims = {"sub": "4711", **claims}
    client = client or Client()
    there = urlsplit(client.get(WAY)["Location"])
    asked = parse_qs(there.query)
    assert asked["code_challenge_method"] == ["S256"]
    return client, client.get(f"{WAY}zurueck/", {"code": "c", "state": asked["state"][0]})


def is_in(client):
    return client.get("/redaktion/").status_code == 200


def test_who_is_known_by_the_verified_address_comes_in_with_the_role_we_gave(house):
    user = person(Role.GF, email="Chefin@example.org")
    client, answer = come(house, email="chefin@example.org", email_verified=True)
    assert answer["Location"] == "/redaktion/"
    assert is_in(client)
    assert client.session["_auth_user_id"] == str(user.pk)
    user.email = "anders@example.org"
    user.save()
    assert is_in(come(house, email="chefin@example.org", email_verified=True)[0]), "from then on by its number"
    user.refresh_from_db()
    assert user.has_usable_password()


@pytest.mark.parametrize("claims", [{}, {"email_verified": False}, {"email_verified": True, "email": "x@example.org"}])
def test_who_is_not_known_gets_no_account(house, claims):
    person(email="chefin@example.org")
    client, answer = come(house, **{"email": "chefin@example.org", **claims})
    assert (answer.status_code, is_in(client)) == (403, False)
    assert "kein offenes Konto" in answer.content.decode()


def test_an_address_that_two_accounts_have_opens_neither(house):
    person(email="chefin@example.org")
    person(email="chefin@example.org")
    assert come(house, email="chefin@example.org", email_verified=True)[1].status_code == 403


def test_a_closed_account_stays_closed(house):
    user = person(email="chefin@example.org")
    known, _ = come(house, email="chefin@example.org", email_verified=True)
    user.is_active = False
    user.save()
    assert not is_in(known)
    assert come(house, email="chefin@example.org", email_verified=True)[1].status_code == 403


def test_a_broken_or_forged_way_back_is_refused(house):
    client = Client()
    client.get(WAY)
    assert client.get(f"{WAY}zurueck/", {"code": "c", "state": "geraten"}).status_code == 403
    assert client.get(f"{WAY}zurueck/", {"error": "access_denied"}).status_code == 403


PAUSE = "/redaktion/betrieb/sendepause/"


def long_after(house, monkeypatch, **claims):
    """A director without a password here, an hour after the log-in, begins a Sendepause and confirms at the house."""
    user = person(Role.GF, email="chefin@example.org")
    user.set_unusable_password()
    user.save()
    client, _ = come(house, email="chefin@example.org", email_verified=True)
    now = time.time() + 3600
    monkeypatch.setattr("editorial.roles.time.time", lambda: now)
    stopped = client.post(PAUSE, {"reason": "Störung im Haus"})
    assert stopped["Location"].startswith("/konto/bestaetigen/haus/?next=")
    assert not SendPause.objects.exists()
    there = html.unescape(re.search(r'href="(/konto/anmelden/ueber/[^"]+)"', client.get(stopped["Location"]).text)[1])
    asked = parse_qs(urlsplit(client.get(there)["Location"]).query)
    assert asked["prompt"] == ["login"]
    house.claims |= {"auth_time": int(now), **claims}
    return client, client.get(f"{WAY}zurueck/", {"code": "c", "state": asked["state"][0]})


def test_who_has_no_password_here_confirms_at_the_house_and_what_was_typed_is_taken(house, monkeypatch):
    client, answer = long_after(house, monkeypatch)
    client.get(answer["Location"])
    assert SendPause.objects.get().reason == "Störung im Haus"


@pytest.mark.parametrize(
    ("claims", "words"),
    [({"sub": "anders"}, "eine andere Person"), ({"auth_time": 1}, "nicht noch einmal gefragt")],
)
def test_somebody_else_and_an_old_log_in_at_the_house_confirm_nothing(house, monkeypatch, claims, words):
    client, answer = long_after(house, monkeypatch, **claims)
    assert (answer.status_code, words in answer.text) == (403, True)
    client.get("/konto/bestaetigen/haus/zurueck/", {"next": PAUSE})
    assert not SendPause.objects.exists()


def test_the_log_in_page_offers_it_only_where_there_is_one(house, settings, client):
    assert WAY in client.get("/konto/anmelden/").content.decode()
    settings.OIDC, settings.SOCIALACCOUNT_PROVIDERS = {}, {}
    assert WAY not in client.get("/konto/anmelden/").content.decode()
    assert client.get(WAY).status_code == 404
    assert client.get(f"{WAY}zurueck/").status_code == 404
