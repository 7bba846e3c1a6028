"""The book of what was seen: no accounts of people, and a button that makes an idea of it."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.enums import Role
from editorial.models import Observation, Post
from tests.factories import ObservationFactory, PartnerFactory

pytestmark = pytest.mark.django_db

BOOK = "/redaktion/beobachtung/"
SEEN = {"noted_on": "2026-11-02", "subject": "#Ausbildung", "conclusion": "Viele fragen nach Praktika."}


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("subject", "@maria_muster"),
        ("conclusion", "Maria (@maria_muster) fragt nach Praktika."),
        ("conclusion", "Gesehen unter x.com/maria_muster/status/1"),
        ("link", "https://x.com/maria_muster/status/1"),
    ],
)
def test_nobodys_account_is_noted_but_an_organisations_is(field, written, login):
    client = login()
    answer = client.post(BOOK + "neu/", SEEN | {field: written})
    assert answer.status_code == 422
    assert "@maria_muster" in answer.context["form"].errors[field][0]
    assert not Observation.objects.exists()
    PartnerFactory(handle="Maria_Muster")
    assert client.post(BOOK + "neu/", SEEN | {field: written}).status_code == 302


def test_data_of_one_person_are_refused(login):
    answer = login().post(BOOK + "neu/", SEEN | {"conclusion": "BG 21404//0012345 hat sich beschwert."})
    assert "conclusion" in answer.context["form"].errors


def test_a_button_makes_an_idea_and_the_page_shows_what_became_of_it(login):
    seen, client = ObservationFactory(), login()
    page = f"{BOOK}{seen.pk}/"
    assert "Als Idee übernehmen" in client.get(page).content.decode()
    answer = client.post(page + "idee/")
    idea = Post.objects.get()
    assert answer["Location"] == f"/redaktion/beitraege/{idea.pk}/"
    shown = client.get(page).content.decode()
    assert "Als Idee übernehmen" not in shown
    assert f"/redaktion/beitraege/{idea.pk}/" in shown
    assert f"Beitrag {idea.pk}: Idee" in client.get(BOOK).content.decode()


def test_directors_read_and_make_no_ideas_of_it(login):
    seen, client = ObservationFactory(), login(Role.GF)
    assert "Als Idee übernehmen" not in client.get(f"{BOOK}{seen.pk}/").content.decode()
    assert client.post(f"{BOOK}{seen.pk}/idee/").status_code == 403
    assert login(Role.FACH).get(BOOK).status_code == 403


def test_a_gap_of_more_than_a_week_is_told(login):
    client, today = login(), timezone.localdate()
    assert "Bisher ist nichts notiert" in client.get(BOOK).content.decode()
    ObservationFactory(noted_on=today - dt.timedelta(days=8))
    assert "ist nichts notiert" in client.get(BOOK).content.decode()
    ObservationFactory(noted_on=today - dt.timedelta(days=7))
    assert "ist nichts notiert" not in client.get(BOOK).content.decode()
