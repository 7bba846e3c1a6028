"""The log-in: the same answer for every failure, a delay that grows, sessions that end."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory

from editorial.enums import Role
from jobcenter_social.login import LocalWordsValidator, client_address
from tests.factories import PASSWORD, person

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
LOG_IN = "/konto/anmelden/"


def log_in(client: Client, username: str, password: str = PASSWORD, **headers: str) -> int:
    return client.post(LOG_IN, {"login": username, "password": password}, **headers).status_code


def fail(client: Client, username: str, times: int) -> list[int]:
    return [log_in(client, username, "falsch") for _ in range(times)]


def test_who_knows_the_password_comes_in_and_gets_out(client):
    user = person(Role.PROE)
    answer = client.post(LOG_IN, {"login": user.username, "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/redaktion/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.post("/konto/abmelden/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_leaving_takes_a_post_so_that_no_link_can_throw_anybody_out(client):
    client.force_login(person())
    client.get("/konto/abmelden/")
    assert "_auth_user_id" in client.session


def test_a_wrong_password_an_unknown_name_and_a_disabled_account_look_the_same(client):
    known, disabled = person(), person(is_active=False)
    bodies = set()
    for name, password in ((known.username, "falsch"), ("niemand", "falsch"), (disabled.username, PASSWORD)):
        answer = Client().post(LOG_IN, {"login": name, "password": password})
        assert answer.status_code == 200
        bodies.add(answer.content.decode().replace(name, "NAME").partition("csrfmiddlewaretoken")[0])
    assert len(bodies) == 1


def test_the_fifth_failure_locks_name_and_address_even_for_the_right_password(client):
    user = person()
    assert fail(client, user.username, 5) == [200, 200, 200, 200, 429]
    assert log_in(client, user.username) == 429
    assert log_in(Client(), user.username, REMOTE_ADDR="192.0.2.7") == 302
    assert log_in(Client(), person().username) == 302


def test_the_lock_grows_with_each_further_round_of_failures(client):
    user = person()
    with time_machine.travel(MONDAY, tick=False) as clock:
        waits = []
        for _ in range(5):
            fail(client, user.username, 5)
            minutes = 0
            while log_in(client, user.username, "falsch") == 429:
                minutes += 1
                clock.shift(dt.timedelta(minutes=1, seconds=1))
                assert minutes < 100
            # That last try counted as the first failure of the next round.
            fail(client, user.username, 4)
            waits.append(minutes)
            clock.shift(dt.timedelta(hours=1, minutes=1))
    assert waits == sorted(waits)
    assert waits[0] < waits[1] < waits[2] <= 61


def test_a_success_forgives_the_earlier_failures(client):
    user = person()
    fail(client, user.username, 4)
    assert log_in(client, user.username) == 302
    client.logout()
    assert fail(client, user.username, 4) == [200, 200, 200, 200]


def test_one_locked_person_does_not_shorten_the_lock_of_another(client):
    first, second = person(), person()
    with time_machine.travel(MONDAY, tick=False) as clock:
        for _ in range(3):
            fail(client, first.username, 5)
            clock.shift(dt.timedelta(minutes=20))
        fail(client, first.username, 5)
        clock.shift(dt.timedelta(minutes=2))
        fail(client, second.username, 1)
        assert log_in(client, first.username) == 429


def test_the_locked_page_keeps_the_typed_name_out_of_the_address_and_says_how_long(client):
    answer = [client.post(LOG_IN, {"login": "niemand", "password": "falsch"}) for _ in range(5)][-1]
    assert (answer.status_code, answer.request["QUERY_STRING"]) == (429, "")
    assert "Minute" in answer.content.decode()


def test_behind_https_only_the_proxys_own_entry_tells_who_asks(settings):
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 192.0.2.9")
    settings.IS_HTTPS = False
    assert client_address(request) == "10.0.0.1"
    settings.IS_HTTPS = True
    assert client_address(request) == "192.0.2.9"


def test_a_session_ends_after_half_an_hour_without_a_request(client):
    user = person()
    with time_machine.travel(MONDAY, tick=False) as clock:
        assert log_in(client, user.username) == 302
        for _ in range(3):
            clock.shift(dt.timedelta(minutes=25))
            assert client.get("/redaktion/beitraege/").status_code == 200
        clock.shift(dt.timedelta(minutes=31))
        assert client.get("/redaktion/beitraege/").status_code == 302


def test_a_session_ends_after_ten_hours_however_busy(client):
    user = person()
    with time_machine.travel(MONDAY, tick=False) as clock:
        assert log_in(client, user.username) == 302
        for _ in range(30):
            assert client.get("/redaktion/beitraege/").status_code == 200
            clock.shift(dt.timedelta(minutes=20))
        clock.shift(dt.timedelta(minutes=5))
        assert client.get("/redaktion/beitraege/").status_code == 302


def test_a_session_is_saved_at_most_once_a_minute(client, django_assert_num_queries):
    log_in(client, person().username)
    client.get("/healthz")
    with django_assert_num_queries(2):  # the session and the ping itself
        client.get("/healthz")


@pytest.mark.parametrize("password", ["Jobcenter2026", "BremenBremen1!", "passwort-bremen", "redaktion12345"])
def test_passwords_made_of_the_houses_own_words_are_refused(password):
    with pytest.raises(ValidationError):
        LocalWordsValidator().validate(password)


def test_a_long_sentence_may_name_the_house():
    LocalWordsValidator().validate("im Jobcenter brennt heute lange Licht")
