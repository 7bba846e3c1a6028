"""What an attacker of the log-in tries first: forged forms, names that answer faster, cookies that can be read."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from editorial.enums import Role
from editorial.models import User
from tests.factories import PASSWORD, FilmFactory, MediumFactory, PostFactory, person
from tests.test_permissions import ALL, filled, open_to

pytestmark = pytest.mark.django_db
LOG_IN = "/konto/anmelden/"
# Works without a cookie: a signed token and the origin stand in (test_withdrawing.py).
WITHOUT_COOKIE = {"einwilligung-widerrufen/"}
REFUSED, NO_SUCH_METHOD = 403, 405


def test_no_address_takes_a_form_without_our_token():
    clients = {}
    for role in Role:
        clients[role] = Client(enforce_csrf_checks=True)
        clients[role].force_login(person(role))
    taken = []
    for where, entry in ALL.items():
        allowed = open_to(where, entry)
        role = next(role for role in Role if allowed == "everyone" or role in allowed)
        status = clients[role].post(filled(where), {"text": "x"}).status_code
        if status not in (REFUSED, NO_SUCH_METHOD) and where not in WITHOUT_COOKIE:
            taken.append((where, status))
    assert taken == []


class Counted(MD5PasswordHasher):
    times = 0

    def encode(self, password, salt):
        Counted.times += 1
        return super().encode(password, salt)


def invited(**fields):
    user = person(**fields)
    user.set_unusable_password()
    user.save()
    return user


@pytest.mark.parametrize(
    "make",
    [lambda: "niemand", lambda: person(is_active=False).username, lambda: invited().username],
    ids=["unknown", "closed", "only invited"],
)
def test_the_time_of_an_answer_does_not_tell_who_has_an_account(make, settings):
    """What takes the time is hashing: each failure hashes as often as that of a known name with a wrong password."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted"]

    def hashed(name):
        Counted.times = 0
        Client().post(LOG_IN, {"login": name, "password": "falsch-und-lang"})
        return Counted.times

    known, other = person().username, make()
    assert hashed(other) == hashed(known) == 1


def test_the_cookies_of_a_log_in_cannot_be_read_by_scripts_nor_sent_by_other_sites(client):
    client.get(LOG_IN)
    client.post(LOG_IN, {"login": person().username, "password": PASSWORD})
    assert set(client.cookies) == {"session", "csrf"}
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), cookie.key


def test_the_session_gets_another_key_at_the_log_in(client):
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.post(LOG_IN, {"login": person().username, "password": PASSWORD})
    assert client.session.session_key != session.session_key


def test_a_new_password_ends_the_sessions_elsewhere():
    user = person()
    here, there = Client(), Client()
    for client in (here, there):
        client.post(LOG_IN, {"login": user.username, "password": PASSWORD})
    new = "Weserdeich-im-Nebel-42"
    here.post("/konto/passwort/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert here.get("/konto/").status_code == 200
    assert there.get("/konto/").status_code == 302


def test_a_session_without_its_role_opens_nothing(client):
    user = person(Role.PROE)
    client.force_login(user)
    user.groups.clear()
    assert client.get("/redaktion/").status_code == REFUSED


@pytest.mark.parametrize("password", ["x" * 64, "ein Satz mit Leerzeichen und Umläuten äöü", "1029384756-66"])
def test_long_passwords_of_any_signs_are_taken(password, client):
    user = person()
    client.post(LOG_IN, {"login": user.username, "password": PASSWORD})
    client.post("/konto/passwort/", {"oldpassword": PASSWORD, "password1": password, "password2": password})
    assert User.objects.get(pk=user.pk).check_password(password)


def test_a_draft_and_its_picture_are_no_business_of_the_fachberatung(client):
    medium = MediumFactory()
    post = PostFactory(media=[medium])
    film = FilmFactory()
    client.force_login(person(Role.FACH))
    for path in (
        f"/redaktion/beitraege/{post.pk}/",
        f"/redaktion/medien/{medium.pk}/datei/",
        f"/redaktion/medien/{film.pk}/untertitel.vtt",
    ):
        assert client.get(path).status_code == REFUSED, path
