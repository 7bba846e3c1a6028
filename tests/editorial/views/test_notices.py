"""The page of what one was told, and the wish about mails in the own account."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from editorial.actions import notices
from editorial.enums import MailWay, NoticeKind, Role
from editorial.models import Notice
from tests.factories import person

pytestmark = pytest.mark.django_db
PAGE = "/redaktion/mitteilungen/"


def tell(*people, words="Ein Beitrag wartet auf eine Freigabe.", path="/redaktion/freigaben/"):
    notices.tell(NoticeKind.SUBMITTED, people, words=words, path=path)


@pytest.mark.parametrize("role", Role)
def test_who_was_told_nothing_reads_what_will_stand_here(login, role):
    page = login(role).get(PAGE).content.decode()
    assert "Noch keine Mitteilungen" in page
    assert "Neue Mitteilungen" not in page


def test_only_ones_own_stand_here_and_the_new_ones_are_counted_on_every_page(login):
    client = login(Role.GF)
    tell(client.person), tell(client.person), tell(person(Role.GF), words="Fremd.")
    page = client.get(PAGE).content.decode()
    assert page.count("Ein Beitrag wartet auf eine Freigabe.</p>") == 2
    assert "2 Mitteilungen sind neu." in page
    assert "Fremd." not in page
    assert "Neue Mitteilungen: </span>2" in client.get("/redaktion/").content.decode()


def test_opening_leads_to_the_page_and_marks_it_as_read(login):
    client = login(Role.GF)
    tell(client.person)
    answer = client.post(f"{PAGE}{Notice.objects.get().pk}/")
    assert (answer.status_code, answer.url) == (302, "/redaktion/freigaben/")
    assert notices.unread(client.person).count() == 0
    assert "Sie haben alles gelesen." in client.get(PAGE).content.decode()


def test_somebody_elses_notice_is_not_there(login):
    tell(person(Role.GF))
    assert login(Role.GF).post(f"{PAGE}{Notice.objects.get().pk}/").status_code == 404
    assert Notice.objects.get().read_at is None


@pytest.mark.parametrize("path", ["https://example.org/", "//example.org/"])
def test_a_notice_never_leads_out_of_the_application(login, path):
    client = login(Role.GF)
    tell(client.person, path=path)
    assert client.post(f"{PAGE}{Notice.objects.get().pk}/").url == PAGE


def test_all_are_marked_as_read_at_once(login):
    client = login(Role.GF)
    tell(client.person), tell(client.person)
    assert "als gelesen vermerkt" in client.post(f"{PAGE}gelesen/", follow=True).content.decode()
    assert notices.unread(client.person).count() == 0


def test_without_a_log_in_nothing_is_shown():
    assert Client().get(PAGE).status_code == 302
    assert Client().post(f"{PAGE}gelesen/").status_code == 302


def test_many_ask_no_more_than_few(login):
    client = login(Role.GF)
    counts = []
    for number in (1, 30):
        for _ in range(number):
            tell(client.person)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize("way", MailWay)
def test_everybody_chooses_how_mails_come(login, way):
    client = login(Role.FACH)
    page = client.post("/konto/mails/", {"mail_way": way}, follow=True).content.decode()
    client.person.refresh_from_db()
    assert client.person.mail_way == way
    assert "Gespeichert." in page


@pytest.mark.parametrize("way", ["", "taube"])
def test_an_unknown_way_changes_nothing_and_says_so(login, way):
    client = login()
    page = client.post("/konto/mails/", {"mail_way": way}, follow=True).content.decode()
    client.person.refresh_from_db()
    assert client.person.mail_way == MailWay.AT_ONCE
    assert "Es hat sich nichts geändert." in page
