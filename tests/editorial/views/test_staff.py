"""Konten: the Administration opens and shuts accounts; at once, on the record, and never its own."""

import re

import pytest
from django.test import Client

from editorial.actions import accounts
from editorial.enums import Role
from editorial.models import AuditEntry, User
from tests.factories import PASSWORD, person
from tests.mailing import mail_server

pytestmark = pytest.mark.django_db

KONTEN = "/redaktion/konten/"
NEW = {
    "first_name": "Neu",
    "last_name": "Muster",
    "email": "neu@example.org",
    "username": "neu1",
    "role": "gf",
}
GOOD = "Weserdeich-im-Nebel-42"


def of(user):
    return f"{KONTEN}{user.pk}/"


def take(client, user, step, **fields):
    return client.post(f"{of(user)}schritt/{step}/", {"reason": "Ausgeschieden", **fields})


def steps():
    return list(AuditEntry.objects.order_by("position").values_list("step", "note"))


def test_a_new_person_is_invited_over_a_real_mail_server_and_comes_in(login, settings):
    with mail_server(settings) as post_office:
        page = login(Role.ADMIN).post(f"{KONTEN}neu/", NEW, follow=True).content.decode()
    assert "Die Einladung ging an neu@example.org." in page
    user = User.objects.get(username="neu1")
    assert (user.role, user.email, user.has_usable_password()) == (Role.GF, "neu@example.org", False)
    assert [step for step, _ in steps()] == ["create_account", "invite"]
    mail = post_office.mails[0]
    assert mail["To"] == "neu@example.org"
    path = re.search(r"/konto/einladung/\S+", mail.get_content()).group()
    visitor = Client()
    visitor.post(path, {"new_password1": GOOD, "new_password2": GOOD})
    assert visitor.post("/konto/anmelden/", {"login": "neu1", "password": GOOD}).status_code == 302


def test_an_invitation_that_no_mail_server_takes_is_said_and_can_be_sent_again(login, settings, mailoutbox):
    client = login(Role.ADMIN)
    with mail_server(settings) as post_office:
        post_office.answer = "451 spaeter"
        page = client.post(f"{KONTEN}neu/", NEW, follow=True).content.decode()
    assert "Der Mailserver antwortet nicht" in page
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    user = User.objects.get(username="neu1")
    assert "Die Einladung ging an" in client.post(f"{of(user)}schritt/einladen/", follow=True).content.decode()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"username": "PROE9"}, "Diesen Anmeldenamen gibt es schon."),
        ({"username": "mit leerzeichen"}, "Anmeldename"),
        ({"email": "Proe9@example.org"}, "Jede Person hat nur eines."),
        ({"email": "keine"}, "gültige E-Mail-Adresse"),
        ({"role": ""}, "Rolle"),
        ({"role": "chef"}, "Rolle"),
        ({"last_name": ""}, "Nachname"),
    ],
)
def test_a_new_account_with_bad_values_is_refused_at_the_field_and_nothing_is_lost(login, wrong, sentence):
    person(username="proe9", email="proe9@example.org")
    answer = login(Role.ADMIN).post(f"{KONTEN}neu/", {**NEW, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Neu"' in page
    assert not User.objects.filter(last_name="Muster").exists()


def test_a_closed_account_is_out_with_the_next_request_and_stays_out_when_it_is_opened_again(login):
    user, admin = person(Role.PROE), login(Role.ADMIN)
    somewhere = login(user=user)
    assert somewhere.get("/redaktion/").status_code == 200
    assert take(admin, user, "sperren").status_code == 302
    assert somewhere.get("/redaktion/").status_code == 302
    take(admin, user, "oeffnen", reason="Zurück")
    assert login(user=User.objects.get(pk=user.pk)).get("/redaktion/").status_code == 200
    assert steps() == [("disable_account", "Ausgeschieden"), ("enable_account", "Zurück")]


def test_a_session_of_before_does_not_revive_with_the_account(login):
    user, admin = person(Role.PROE), login(Role.ADMIN)
    somewhere = login(user=user)
    somewhere.get("/redaktion/")
    take(admin, user, "sperren")
    take(admin, user, "oeffnen")
    assert somewhere.get("/redaktion/").status_code == 302


def test_a_closed_account_cannot_log_in(login, client):
    user = person()
    take(login(Role.ADMIN), user, "sperren")
    assert client.post("/konto/anmelden/", {"login": user.username, "password": PASSWORD}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_another_role_holds_from_the_next_request_of_an_open_session(login):
    user, admin = person(Role.PROE), login(Role.ADMIN)
    somewhere = login(user=user)
    assert somewhere.get("/redaktion/medien/").status_code == 200
    take(admin, user, "rolle", role="fach", reason="Andere Aufgabe")
    assert somewhere.get("/redaktion/medien/").status_code == 403
    entry = AuditEntry.objects.get(step="change_role")
    assert (entry.source, entry.target, entry.note) == ("proe", "fach", "Andere Aufgabe")


def test_logging_out_everywhere_leaves_the_account_open(login):
    user, admin = person(), login(Role.ADMIN)
    somewhere = login(user=user)
    take(admin, user, "abmelden")
    assert somewhere.get("/redaktion/").status_code == 302
    assert login(user=User.objects.get(pk=user.pk)).get("/redaktion/").status_code == 200


@pytest.mark.parametrize("step", ["sperren", "rolle", "oeffnen"])
def test_nobody_changes_the_own_account(login, step):
    client = login(Role.ADMIN)
    person(Role.ADMIN)
    answer = take(client, client.person, step, role="proe")
    assert answer.status_code == 409
    assert "andere Person der Administration" in answer.content.decode()
    assert User.objects.get(pk=client.person.pk).role == Role.ADMIN
    assert steps() == []
    assert "schritt/" not in client.get(of(client.person)).content.decode()


@pytest.mark.parametrize(
    "act", [accounts.disable, lambda *args, by: accounts.change_role(args[0], Role.PROE, "x", by=by)]
)
def test_the_last_administration_stays(act):
    """Only somebody who is no longer open could try: two who close each other in the same moment."""
    first, second = person(Role.ADMIN), person(Role.ADMIN)
    accounts.disable(second, "x", by=first)
    with pytest.raises(accounts.Refused, match="inzwischen gesperrt"):
        accounts.disable(first, "x", by=second)
    other = person(Role.PROE)
    with pytest.raises(accounts.Refused, match="letzte offene Konto"):
        act(first, "x", by=other)
    assert User.objects.get(pk=first.pk).is_active


@pytest.mark.parametrize("step", ["sperren", "rolle"])
def test_harm_needs_a_reason(login, step):
    user = person()
    answer = take(login(Role.ADMIN), user, step, reason=" ", role="fach")
    assert answer.status_code == 422
    assert "Bitte nennen Sie einen Grund." in answer.content.decode()
    user = User.objects.get(pk=user.pk)
    assert (user.is_active, user.role) == (True, Role.PROE)


def test_what_is_so_already_is_refused(login):
    admin, user = login(Role.ADMIN), person(is_active=False)
    assert take(admin, user, "sperren").status_code == 409
    assert take(admin, user, "einladen").status_code == 409
    assert take(admin, person(), "oeffnen").status_code == 409
    assert take(admin, person(), "rolle", role="proe").status_code == 409
    assert take(admin, user, "gibt-es-nicht").status_code == 404
    assert steps() == []


def test_a_new_address_is_told_to_the_old_one(login, mailoutbox):
    user = person(email="alt@example.org")
    fields = {"first_name": "Probe", "last_name": "Neuer", "email": "neu@example.org"}
    assert login(Role.ADMIN).post(of(user), fields).status_code == 302
    user.refresh_from_db()
    assert (user.last_name, user.email) == ("Neuer", "neu@example.org")
    assert mailoutbox[0].to == ["alt@example.org"]
    assert steps() == [("rename_account", "last_name, email")]


def test_a_wrong_address_stays_in_the_field(login):
    user, client = person(), login(Role.ADMIN)
    answer = client.post(of(user), {"first_name": "A", "last_name": "B", "email": "keine"})
    assert answer.status_code == 422
    assert 'value="keine"' in answer.content.decode()


def test_the_list_is_searched_cut_and_paged(login, django_assert_max_num_queries):
    client = login(Role.ADMIN)
    for number in range(32):
        person(Role.FACH, last_name=f"Muster{number:02}")
    person(is_active=False, last_name="Zuletzt")
    with django_assert_max_num_queries(10):
        page = client.get(KONTEN).content.decode()
    assert "Seite 1 von 2" in page
    assert "Zuletzt" in client.get(f"{KONTEN}?seite=2").content.decode()
    found = client.get(f"{KONTEN}?q=muster07+probe").content.decode()
    assert "1 Treffer" in found
    assert "Zuletzt" in client.get(f"{KONTEN}?liste=gesperrt").content.decode()
    assert (
        "Zuletzt" not in client.get(f"{KONTEN}?liste=offen&q=zul").content.decode().split("</search>")[1].split("„")[0]
    )
    assert "Niemand gefunden" in client.get(f"{KONTEN}?q=gibtesnicht").content.decode()


def test_no_page_tells_when_somebody_was_here(login):
    client, user = login(Role.ADMIN), person()
    Client().post("/konto/anmelden/", {"login": user.username, "password": PASSWORD})
    user.refresh_from_db()
    assert user.last_login
    for path in (KONTEN, of(user)):
        assert "nmeldung am" not in client.get(path).content.decode()


def test_the_record_names_nobody(login):
    admin, user = login(Role.ADMIN), person(last_name="Geheimname", email="geheim@example.org")
    take(admin, user, "rolle", role="fach")
    take(admin, user, "sperren")
    written = " ".join(map(str, AuditEntry.objects.values_list("note", "source", "target")))
    assert "Geheim" not in written
    assert "geheim" not in written


def test_a_second_factor_that_is_not_there_cannot_be_reset(login):
    user = person()
    answer = take(login(Role.ADMIN), user, "faktor")
    assert answer.status_code == 409
    assert "Dieses Konto hat keinen zweiten Faktor." in answer.content.decode()
    assert "reset_second_factor" not in dict(steps())
