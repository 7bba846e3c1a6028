import io
import re

import pytest
from django.core.management import CommandError, call_command

from editorial.enums import Role
from editorial.models import AuditEntry, User

pytestmark = pytest.mark.django_db

GOOD = "Weserdeich-im-Nebel-42"


def create(*more, stdin="", monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    call_command("create_account", "neu1", "--role", "gf", "--email", "neu1@example.org", *more)


def test_an_account_with_a_password_from_standard_input_can_log_in(monkeypatch, client):
    create("--password-stdin", stdin=GOOD + "\n", monkeypatch=monkeypatch)
    user = User.objects.get()
    assert (user.role, user.check_password(GOOD)) == (Role.GF, True)
    assert AuditEntry.objects.get().step == "create_account"
    answer = client.post("/konto/anmelden/", {"login": "neu1", "password": GOOD})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("stdin", "sentence"), [("kurz\n", "12 Zeichen"), ("\n", "Eingabe ist leer"), ("passwort1234\n", "Wörtern wie")]
)
def test_a_weak_password_is_refused_in_german(monkeypatch, stdin, sentence):
    with pytest.raises(CommandError, match=sentence):
        create("--password-stdin", stdin=stdin, monkeypatch=monkeypatch)
    assert User.objects.count() == 0


def test_a_name_is_given_once(monkeypatch):
    create("--password-stdin", stdin=GOOD, monkeypatch=monkeypatch)
    with pytest.raises(CommandError, match="neu1 gibt es schon"):
        create("--password-stdin", stdin=GOOD, monkeypatch=monkeypatch)


def test_an_invitation_sets_the_first_password_once(monkeypatch, mailoutbox, client):
    create(monkeypatch=monkeypatch)
    assert not User.objects.get().has_usable_password()
    assert "Der Link gilt einmal und 3 Tage lang." in mailoutbox[0].body
    path = re.search(r"/konto/einladung/\S+", mailoutbox[0].body).group()
    assert client.get(path).status_code == 200
    assert client.post(path, {"new_password1": GOOD, "new_password2": "anders"}).status_code == 422
    assert client.post(path, {"new_password1": GOOD, "new_password2": GOOD}).status_code == 302
    assert User.objects.get().check_password(GOOD)
    assert client.get(path).status_code == 410
    assert client.get("/konto/einladung/xx/yy/").status_code == 410
