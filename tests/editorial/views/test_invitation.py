"""The first password: a link that works once, for one person, for a while."""

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from tests.factories import person

pytestmark = pytest.mark.django_db

GOOD = "ein-sehr-langes-Kennwort-27"


@pytest.fixture
def invited():
    user = person()
    user.set_unusable_password()
    user.save()
    return user


def link(user, *, key=None, token=None):
    key = key or urlsafe_base64_encode(force_bytes(user.pk))
    return f"/konto/einladung/{key}/{token or default_token_generator.make_token(user)}/"


def test_the_link_sets_a_password_and_is_used_up_by_it(client, invited):
    path = link(invited)
    assert client.get(path).status_code == 200
    answer = client.post(path, {"new_password1": GOOD, "new_password2": GOOD})
    assert (answer.status_code, answer["Location"]) == (302, "/konto/anmelden/")
    invited.refresh_from_db()
    assert invited.check_password(GOOD)
    assert client.get(path).status_code == 410
    assert client.post(path, {"new_password1": GOOD + "x", "new_password2": GOOD + "x"}).status_code == 410


@pytest.mark.parametrize(
    ("one", "two"),
    [("", ""), (GOOD, GOOD + "x"), ("kurz", "kurz"), ("passwort1234", "passwort1234"), ("a\x00b", "a\x00b")],
)
def test_a_weak_or_mistyped_password_is_refused(client, invited, one, two):
    answer = client.post(link(invited), {"new_password1": one, "new_password2": two})
    assert answer.status_code == 422
    invited.refresh_from_db()
    assert not invited.has_usable_password()


def test_a_link_is_of_no_use_for_anybody_else(client, invited):
    token = default_token_generator.make_token(invited)
    assert client.get(link(person(), token=token)).status_code == 410


def test_a_closed_account_is_not_opened_by_its_invitation(client, invited):
    path = link(invited)
    invited.is_active = False
    invited.save()
    assert client.get(path).status_code == 410


@pytest.mark.parametrize("inside", [b"", b"abc", b"\x00", b"\xff\xfe", b"9" * 40, b"-1", b"1.5", "٣".encode()])
def test_a_link_with_nonsense_in_it_is_gone(client, invited, inside):
    key = urlsafe_base64_encode(inside) or "0"
    assert client.get(link(invited, key=key)).status_code == 410
    assert client.get(link(invited, token="x")).status_code == 410
