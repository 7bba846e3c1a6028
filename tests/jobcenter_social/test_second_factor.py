"""The second factor: asked of everybody outside the demonstration, good once, reset by the Administration alone."""

import datetime as dt
import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from editorial.enums import Role
from editorial.models import AuditEntry, SendPause
from jobcenter_social.second_factor import Adapter, reseal
from tests.factories import PASSWORD, ConsentFactory, PostFactory, person

pytestmark = pytest.mark.django_db
LOG_IN, CODE, SET_UP = "/konto/anmelden/", "/konto/anmelden/code/", "/konto/zweiter-faktor/"
CONFIRM, PAUSE = "/konto/bestaetigen/", "/redaktion/betrieb/sendepause/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def code_of(secret=SECRET):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def enrolled(**fields):
    user = person(**fields)
    TOTP.activate(user, SECRET)
    return user


def log_in(user, code=None, client=None):
    client = client or Client()
    answer = client.post(LOG_IN, {"login": user.username, "password": PASSWORD})
    return client, client.post(CODE, {"code": code}) if code else answer


def is_in(client):
    return client.get("/redaktion/beitraege/").status_code == 200


def test_who_has_none_comes_only_to_the_page_that_sets_it_up(client):
    log_in(person(), client=client)
    for path in ("/redaktion/", "/konto/", "/redaktion/beitraege/neu/", "/konto/passwort/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, SET_UP), path
    assert client.post("/redaktion/beitraege/neu/", {"text": "x"})["Location"] == SET_UP
    assert client.get(SET_UP).status_code == 200
    assert client.get("/beitraege/").status_code == 200
    assert client.post("/konto/abmelden/").status_code == 302


def test_the_demonstration_lets_people_in_by_their_password(client):
    PostFactory(is_demo=True)
    assert is_in(log_in(person(), client=client)[0])


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_app_is_set_up_at_the_first_log_in_and_shown_at_the_next(mailoutbox):
    user = person()
    client, _ = log_in(user)
    page = client.get(f"{SET_UP}app/").content.decode()
    secret = re.search(r'id="schluessel" value="(\w+)"', page).group(1)
    assert client.post(f"{SET_UP}app/", {"code": "000000"}).status_code == 200
    assert client.post(f"{SET_UP}app/", {"code": code_of(secret)})["Location"] == f"{SET_UP}ersatzcodes/"
    codes = re.findall(r"<code>(\d{8})</code>", client.get(f"{SET_UP}ersatzcodes/").content.decode())
    assert len(set(codes)) == 10
    assert is_in(client)
    assert {entry.step for entry in AuditEntry.objects.all()} == {"add_factor"}
    assert "eine App für Codes" in mailoutbox[0].body
    again, answer = log_in(user)
    assert answer["Location"].startswith(CODE)
    assert not is_in(again)
    assert again.post(CODE, {"code": codes[0]}).status_code == 302
    assert is_in(again)
    assert not is_in(log_in(user, codes[0])[0]), "an emergency code works once"


def test_a_code_works_once_also_in_another_browser():
    with time_machine.travel(MONDAY, tick=False) as clock:
        user = enrolled()
        assert is_in(log_in(user, code_of())[0])
        other, answer = log_in(user, code_of())
        assert "wurde schon benutzt" in answer.content.decode()
        assert not is_in(other)
        clock.shift(31)
        other.post(CODE, {"code": code_of()})
        assert is_in(other)


@pytest.mark.parametrize("seconds", [-31, 31])
def test_a_code_of_another_moment_is_refused(seconds):
    with time_machine.travel(MONDAY, tick=False) as clock:
        user, code = enrolled(), code_of()
        clock.shift(seconds)
        assert not is_in(log_in(user, code)[0])


def test_codes_cannot_be_tried_out():
    with time_machine.travel(MONDAY, tick=False) as clock:
        client, _ = log_in(enrolled(), "000000")
        for number in range(1, 8):
            client.post(CODE, {"code": f"00000{number}"})
        client.post(CODE, {"code": code_of()})
        assert not is_in(client)
        clock.shift(301)
        client.post(CODE, {"code": code_of()})
        assert is_in(client)


def test_the_password_alone_opens_nothing():
    client, _ = log_in(enrolled())
    for path in ("/redaktion/", "/konto/", SET_UP, f"{SET_UP}app/", f"{SET_UP}ersatzcodes/", CONFIRM):
        assert client.get(path)["Location"].startswith(LOG_IN), path
    assert Client().get(CODE)["Location"] == LOG_IN


def test_a_session_from_before_the_factor_has_to_show_it():
    with time_machine.travel(MONDAY, tick=False):
        user = person()
        client, _ = log_in(user)
        TOTP.activate(user, SECRET)
        for path in ("/redaktion/", SET_UP, f"{SET_UP}app/entfernen/"):
            assert client.get(path)["Location"].startswith(f"{CONFIRM}code/"), path
        client.post(f"{CONFIRM}code/", {"code": code_of()})
        assert is_in(client)


def test_the_secret_lies_sealed_in_the_database(settings):
    settings.RECORD_KEYS = ["alt"]
    enrolled()
    kept = Authenticator.objects.get().data["secret"]
    assert SECRET not in kept
    settings.RECORD_KEYS = ["neu", "alt"]
    assert Adapter().decrypt(kept) == SECRET
    settings.RECORD_KEYS = ["neu"]
    assert Adapter().decrypt(kept) == ""


def test_a_new_key_seals_every_factor_anew_so_that_the_old_key_may_go(settings):
    settings.RECORD_KEYS = ["alt"]
    user = enrolled()
    RecoveryCodes.activate(user)
    codes = RecoveryCodes(Authenticator.objects.get(user=user, type="recovery_codes")).get_unused_codes()
    settings.RECORD_KEYS = ["neu", "alt"]
    assert (reseal(), reseal()) == ((2, []), (0, []))
    settings.RECORD_KEYS = ["neu"]
    assert Adapter().decrypt(Authenticator.objects.get(type="totp").data["secret"]) == SECRET
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes() == codes


def test_a_factor_whose_key_is_gone_is_named_with_whose_it_is(settings):
    settings.RECORD_KEYS = ["alt"]
    user = enrolled()
    settings.RECORD_KEYS = ["neu"]
    done, trouble = reseal()
    assert (done, len(trouble)) == (0, 1)
    assert user.get_username() in trouble[0]


def test_without_keys_of_its_own_the_secret_key_seals_also_after_its_change(settings):
    settings.RECORD_KEYS = []
    kept = Adapter().encrypt(SECRET)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]
    assert Adapter().decrypt(kept) == SECRET


def test_the_last_factor_cannot_be_removed():
    with time_machine.travel(MONDAY, tick=False):
        client, _ = log_in(enrolled(), code_of())
        assert "letzter zweiter Faktor" in client.get(f"{SET_UP}app/entfernen/").content.decode()
        client.post(f"{SET_UP}app/entfernen/")
        assert Authenticator.objects.exists()


def test_the_administration_resets_a_lost_factor_and_the_person_hears_of_it(mailoutbox):
    with time_machine.travel(MONDAY, tick=False) as clock:
        user, admin = enrolled(), enrolled(role=Role.ADMIN)
        RecoveryCodes.activate(user)
        somewhere, _ = log_in(user, code_of())
        desk, _ = log_in(admin, code_of())
        path = f"/redaktion/konten/{user.pk}/"
        assert "Zweiten Faktor zurücksetzen" in desk.get(path).content.decode()
        assert desk.post(f"{path}schritt/faktor/", {"reason": ""}).status_code == 422
        assert desk.post(f"{path}schritt/faktor/", {"reason": "Handy verloren"}).status_code == 302
        assert not Authenticator.objects.filter(user=user).exists()
        assert not is_in(somewhere)
        assert AuditEntry.objects.get().step == "reset_second_factor"
        assert "zurückgesetzt" in mailoutbox[0].body
        assert desk.post(f"{path}schritt/faktor/", {"reason": "noch einmal"}).status_code == 409
        clock.shift(60)
        client, _ = log_in(user)
        assert client.get("/redaktion/")["Location"] == SET_UP


# --- Confirmation before sensitive steps ------------------------------------------------------------------------------


def later(clock):
    clock.shift(dt.timedelta(minutes=11))


@pytest.fixture
def no_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def test_right_after_the_log_in_no_confirmation_is_asked(no_factor):
    client, _ = log_in(person())
    assert client.post(PAUSE, {"reason": "Test"})["Location"] == PAUSE


def test_a_sensitive_step_asks_again_and_is_then_taken_with_all_that_was_typed(no_factor):
    with time_machine.travel(MONDAY, tick=False) as clock:
        client, _ = log_in(person())
        later(clock)
        asked = client.post(PAUSE, {"reason": "Falscher Beitrag", "until": ""})
        assert asked["Location"].startswith(CONFIRM)
        assert not SendPause.objects.exists()
        wrong = client.post(asked["Location"], {"password": "falsch", "next": PAUSE})
        assert wrong.status_code == 200
        done = client.post(CONFIRM, {"password": PASSWORD, "next": PAUSE})
        assert done["Location"] == PAUSE
        assert SendPause.objects.get().reason == "Falscher Beitrag"


def test_looking_asks_nothing(no_factor):
    with time_machine.travel(MONDAY, tick=False) as clock:
        client, _ = log_in(person())
        later(clock)
        assert client.get(PAUSE).status_code == 200


SENSITIVE = {
    "kill switch": (Role.PROE, lambda: PAUSE),
    "end of the kill switch": (Role.PROE, lambda: f"{PAUSE}beenden/"),
    "consent view": (Role.PROE, lambda: f"/redaktion/einwilligungen/{ConsentFactory().pk}/person/"),
    "consent form": (Role.PROE, lambda: f"/redaktion/einwilligungen/{ConsentFactory().pk}/formular/1/"),
    "all that is kept about a person": (
        Role.PROE,
        lambda: f"/redaktion/einwilligungen/{ConsentFactory().pk}/auskunft/",
    ),
    "way of sending": (Role.PROE, lambda: "/redaktion/einstellungen/kanaele/twitter/senden/"),
    "calendar key": (Role.PROE, lambda: "/konto/kalender/"),
    "new account": (Role.ADMIN, lambda: "/redaktion/konten/neu/"),
    "address of an account": (Role.ADMIN, lambda: f"/redaktion/konten/{person().pk}/"),
    "role": (Role.ADMIN, lambda: f"/redaktion/konten/{person().pk}/schritt/rolle/"),
}


@pytest.mark.parametrize(("role", "path"), SENSITIVE.values(), ids=SENSITIVE)
def test_every_sensitive_step_asks_again(no_factor, role, path):
    with time_machine.travel(MONDAY, tick=False) as clock:
        client, _ = log_in(person(role))
        where = path()
        later(clock)
        assert client.post(where)["Location"].startswith(CONFIRM)


def test_somebody_elses_password_confirms_nothing(no_factor):
    with time_machine.travel(MONDAY, tick=False) as clock:
        client, other = log_in(person())[0], person()
        other.set_password("ein-ganz-anderes-Wort")
        other.save()
        later(clock)
        client.post(PAUSE, {"reason": "x"})
        client.post(CONFIRM, {"password": "ein-ganz-anderes-Wort", "next": PAUSE})
        assert not SendPause.objects.exists()


def test_the_confirmation_leads_nowhere_else(no_factor):
    with time_machine.travel(MONDAY, tick=False) as clock:
        client, _ = log_in(person())
        later(clock)
        done = client.post(CONFIRM, {"password": PASSWORD, "next": "https://boese.example/"})
        assert "boese" not in done["Location"]
