import pytest

from editorial.enums import Role
from tests.factories import PASSWORD, person

pytestmark = pytest.mark.django_db
ACCOUNT, CHANGE = "/konto/", "/konto/passwort/"
NEW = "korrekt-pferd-batterie-klammer"


def passwords(old=PASSWORD, new=NEW, again=NEW):
    return {"oldpassword": old, "password1": new, "password2": again}


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_who_they_are_here_and_what_they_may_do(login, role):
    page = login(user=person(role, first_name="Erika", last_name="Beispiel")).get(ACCOUNT).content.decode()
    assert "Erika Beispiel" in page
    assert str(role.label) in page
    assert page.count("<li>") >= 1
    assert "Nach 30 Minuten ohne Klick und spätestens nach 10 Stunden endet die Anmeldung" in page


@pytest.mark.parametrize("path", [ACCOUNT, CHANGE])
def test_without_log_in_the_way_leads_to_it(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/konto/anmelden/?next={path}")


def test_a_new_password_replaces_the_old_one_and_ends_other_log_ins(login):
    here = login()
    elsewhere = login(user=here.person)
    answer = here.post(CHANGE, passwords(), follow=True)
    assert (answer.redirect_chain, answer.status_code) == ([(ACCOUNT, 302)], 200)
    assert "Das Passwort wurde geändert." in answer.content.decode()
    assert elsewhere.get(ACCOUNT).status_code == 302
    here.person.refresh_from_db()
    assert (here.person.check_password(NEW), here.person.check_password(PASSWORD)) == (True, False)


@pytest.mark.parametrize(
    "wrong",
    [passwords(old="falsch"), passwords(again="anders"), passwords(new="kurz", again="kurz"), passwords("", "", "")],
)
def test_a_wrong_entry_changes_nothing_and_says_why_in_german(login, wrong):
    client = login()
    answer = client.post(CHANGE, wrong)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()
    client.person.refresh_from_db()
    assert client.person.check_password(PASSWORD)
