"""A Richtigstellung on the reading page, on the mirror, on the start page and in the feed (K-25)."""

import datetime as dt
from xml.etree import ElementTree

import pytest

from editorial.actions import correcting
from editorial.enums import Role
from editorial.models import Correction
from tests.editorial.views.shown import MORNING, page_of, shown
from tests.factories import person

pytestmark = pytest.mark.django_db
LATER = MORNING + dt.timedelta(hours=3)
NOTE = "Das Haus öffnet um 8 Uhr, nicht um 7 Uhr."
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def corrected():
    item = shown(text="Das Haus öffnet um 7 Uhr.")
    correcting.correct(item.post, NOTE, by=person(first_name="Xaveria", last_name="Zimtstern"), at=LATER)
    return item


def page_at(client, path):
    return client.get(path).content.decode()


def test_the_public_reads_the_correction_with_its_date_before_the_text(client, corrected):
    for path in (page_of(corrected), "/beitraege/"):
        page = page_at(client, path)
        said = page.index("Richtigstellung vom")
        assert said < page.index(NOTE) < page.index("Das Haus öffnet um 7 Uhr.</p>")
        assert "Mi, 25. November 2026, 12:00 Uhr" in page
        assert "Zimtstern" not in page


def test_the_start_page_marks_what_was_corrected(client, corrected):
    shown(MORNING + dt.timedelta(hours=1))
    assert page_at(client, "/").count("Mit Richtigstellung") == 1


def test_the_feed_brings_it_as_an_update_of_the_same_entry(client, corrected):
    root = ElementTree.fromstring(client.get("/beitraege/feed.atom").content)
    [entry] = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}updated").startswith("2026-11-25T11:00")
    assert entry.findtext(f"{ATOM}published").startswith("2026-11-25T08:00")
    assert NOTE in entry.findtext(f"{ATOM}content")


def test_a_note_is_text_and_nothing_else(client):
    item = shown()
    correcting.correct(item.post, "<script>alert(1)</script> https://www.jobcenter-bremen.de/a", by=person(), at=LATER)
    page = page_at(client, page_of(item))
    assert "<script>alert(1)</script>" not in page
    assert '<a href="https://www.jobcenter-bremen.de/a">' in page


def test_the_list_needs_one_query_more_however_many_are_corrected(client, django_assert_num_queries):
    for hour in range(3):
        item = shown(MORNING + dt.timedelta(hours=hour))
        correcting.correct(item.post, NOTE, by=person(), at=LATER)
    client.get("/beitraege/")
    with django_assert_num_queries(3):
        client.get("/beitraege/")


@pytest.mark.parametrize("role", [Role.PROE, Role.GF])
def test_it_is_written_on_the_reading_page(login, role):
    client, post = login(role), shown().post
    where = f"/redaktion/beitraege/{post.pk}/"
    assert "Richtigstellen" in page_at(client, where)
    answer = client.post(f"{where}richtigstellung/", {"reason": NOTE})
    assert (answer.status_code, answer["Location"]) == (302, where)
    page = page_at(client, where)
    assert "Die Richtigstellung steht auf der Website und im Feed." in page
    assert page.count(NOTE) >= 2  # in the list of corrections and in the history
    assert "Richtiggestellt" in page


def test_an_empty_one_is_refused(login):
    post = shown().post
    answer = login().post(f"/redaktion/beitraege/{post.pk}/richtigstellung/", {"reason": " "})
    assert answer.status_code == 409
    assert "Bitte schreiben Sie, was richtig ist." in answer.content.decode()
    assert not Correction.objects.exists()


def test_others_neither_see_the_form_nor_use_it(login):
    post = shown().post
    client = login(Role.FACH)
    assert "Richtigstellen" not in page_at(client, f"/redaktion/beitraege/{post.pk}/")
    answers = {role: login(role).post(f"/redaktion/beitraege/{post.pk}/richtigstellung/") for role in Role}
    assert {role for role, answer in answers.items() if answer.status_code == 403} == {Role.FACH, Role.ADMIN, Role.DSB}
