"""The pages of the access register: what is missing is said, nothing typed is lost, who reads and who decides."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from editorial.enums import Role
from editorial.models import AccessReview, ChannelAccess
from editorial.views.accesses import FORMER_PER_PAGE
from tests.factories import ChannelAccessFactory, person

pytestmark = pytest.mark.django_db

PAGE = "/redaktion/zugaenge/"
NEW = {"kind": "delegated_writer", "basis": "Beschluss vom 2. März", "own_handle": "@eigenes_konto"}


def of(access):
    return f"{PAGE}{access.pk}/"


def take(client, access, step, **fields):
    return client.post(f"{of(access)}schritt/{step}/", fields)


def test_a_director_proposed_by_proe_is_granted_by_another_one_and_given_up(login):
    director = person(Role.GF)
    page = login().post(f"{PAGE}neu/", {**NEW, "user": director.pk}, follow=True).content.decode()
    access = ChannelAccess.objects.get()
    assert "Vorgeschlagen. Die Geschäftsführung entscheidet darüber." in page
    assert (access.own_handle, access.granted_at, access.seat) == ("eigenes_konto", None, 1)
    page = take(login(Role.GF), access, "erteilen", follow=True)
    assert page.status_code == 302
    assert "Platz 1 der Geschäftsführung" in login(Role.DSB).get(of(access)).content.decode()
    client = login()
    assert take(client, access, "beenden", reason="Ruhestand").status_code == 302
    assert "Nachweis fehlt" in client.get(of(access)).content.decode()
    assert take(client, access, "nachweisen", removed_on=f"{timezone.localdate()}", proof="Akte 7").status_code == 302
    assert "Akte 7" in client.get(of(access)).content.decode()


def test_a_bad_proposal_is_refused_at_its_field_and_nothing_is_lost(login):
    director, client = person(Role.GF), login()
    for fields, words in (
        ({}, "Dieses Feld ist zwingend erforderlich."),
        ({**NEW, "user": director.pk, "own_handle": ""}, "braucht ein eigenes Konto"),
        ({**NEW, "user": director.pk, "own_handle": "zwei wörter"}, "Buchstaben, Ziffern und Unterstrichen"),
    ):
        answer = client.post(f"{PAGE}neu/", fields)
        html = answer.content.decode()
        assert (answer.status_code, words in html) == (422, True), words
        assert not fields or "Beschluss vom 2. März" in html
    assert not ChannelAccess.objects.exists()


def test_nobody_decides_about_the_own_access_but_may_give_it_up(login):
    client = login(Role.GF)
    access = ChannelAccessFactory(user=client.person, granted_at=None)
    html = client.get(of(access)).content.decode()
    assert ("Zugang erteilen" in html, "Eigenes Konto prüfen" in html, "Zugang beenden" in html) == (False, False, True)
    answer = take(client, access, "erteilen")
    assert answer.status_code == 409
    assert "erteilt eine andere Person der Geschäftsführung" in answer.content.decode()


def test_only_directors_grant_and_sign(login):
    access = ChannelAccessFactory(granted_at=None)
    assert take(login(), access, "erteilen").status_code == 403
    assert login().post(f"{PAGE}pruefung/", {}).status_code == 403
    assert "Prüfung unterschreiben" not in login().get(PAGE).content.decode()
    assert take(login(), access, "verschenken").status_code == 404


def test_a_step_without_its_reason_or_with_a_day_to_come_is_refused_at_the_field(login):
    access, client = ChannelAccessFactory(), login()
    answer = take(client, access, "beenden", reason="")
    assert (answer.status_code, "Bitte nennen Sie einen Grund." in answer.content.decode()) == (422, True)
    take(client, access, "beenden", reason="Ruhestand")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    answer = take(client, access, "nachweisen", removed_on=f"{tomorrow}", proof="Akte 7")
    html = answer.content.decode()
    assert (answer.status_code, "Dieser Tag liegt in der Zukunft." in html, "Akte 7" in html) == (422, True, True)


def test_the_review_asks_for_every_access_and_is_signed_with_all_of_them(login):
    first, second = ChannelAccessFactory(), ChannelAccessFactory(seat=2)
    client = login(Role.GF)
    html = client.post(f"{PAGE}pruefung/", {f"access_{first.pk}": "on"}).content.decode()
    assert "Bitte prüfen Sie auch diesen Zugang, oder beenden Sie ihn." in html
    both = {f"access_{one.pk}": "on" for one in (first, second)}
    assert "Die Prüfung ist unterschrieben." in client.post(f"{PAGE}pruefung/", both, follow=True).content.decode()
    assert len(AccessReview.objects.get().lines) == 2


def test_the_list_shows_free_seats_former_accesses_and_what_is_overdue(login):
    day = timezone.localdate()
    ChannelAccessFactory(starts_on=day - dt.timedelta(days=400), handle_checked_on=day - dt.timedelta(days=200))
    ChannelAccessFactory(seat=2, starts_on=day - dt.timedelta(days=9), ends_on=day)
    html = login(Role.DSB).get(PAGE).content.decode()
    for words in ("Frei", "Konto neu prüfen", "der Nachweis des Entzugs fehlt", "Sie ist überfällig."):
        assert words in html, words


def test_every_former_access_is_found_on_some_page(login):
    day = timezone.localdate()
    for number in range(FORMER_PER_PAGE + 1):
        ChannelAccessFactory(seat=1, starts_on=day, ends_on=day, user=person(last_name=f"Ehemals{number:03}"))
    client = login(Role.GF)
    names = re.findall(r"Ehemals\d+", client.get(PAGE).text + client.get(PAGE, {"seite": 2}).text)
    assert len(set(names)) == FORMER_PER_PAGE + 1


def test_the_second_factor_is_put_right_on_the_page_of_the_access(login):
    access = ChannelAccessFactory(has_second_factor=False)
    assert take(login(Role.GF), access, "zweiter-faktor", is_on="").status_code == 422
    take(login(Role.GF), access, "zweiter-faktor", is_on="ja")
    assert ChannelAccess.objects.get().has_second_factor


def test_the_file_holds_every_access_and_no_formula(login):
    ChannelAccessFactory(basis="=1+1")
    answer = login(Role.DSB).get(f"{PAGE}liste.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert (len(lines), "Platz 1 der Geschäftsführung" in lines[1]) == (2, True)
    assert ";=1+1" not in lines[1]


def test_the_list_costs_the_same_for_one_access_and_for_all(login, django_assert_max_num_queries):
    for seat in (1, 2, 3):
        ChannelAccessFactory(seat=seat)
    for seat in (1, 2):
        ChannelAccessFactory(user=person(), seat=seat)
    client = login(Role.GF)
    with django_assert_max_num_queries(15):
        client.get(PAGE)
