"""The working pages: PRÖ builds and comments, a member of the Geschäftsführung publishes."""

import datetime as dt

import pytest

from editorial.enums import Role
from evaluation import workflow
from evaluation.models import Review
from tests.evaluation.conftest import AFTER, END, facts, moment

pytestmark = pytest.mark.django_db

LIST = "/redaktion/auswertung/"
PAGE = f"{LIST}halbjahr-2026-09/"
READERS = (Role.PROE, Role.GF)


@pytest.fixture(autouse=True)
def in_september(at_this_moment):
    at_this_moment(AFTER)


def send(client, path, **fields):
    return client.post(f"{PAGE}{path}/", {"digest": Review.objects.get().digest(), **fields})


@pytest.mark.parametrize("path", [LIST, PAGE, f"{PAGE}daten.csv"])
@pytest.mark.parametrize("role", Role)
def test_proe_and_directors_read(review, login, role, path):
    assert login(role).get(path).status_code == (200 if role in READERS else 403)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (f"{LIST}erstellen/", Role.PROE),
        (f"{PAGE}kommentar/", Role.PROE),
        (f"{PAGE}veroeffentlichen/", Role.GF),
        (f"{PAGE}berichtigen/", Role.GF),
    ],
)
def test_each_step_belongs_to_one_role(review, login, client, path, allowed):
    statuses = {role: login(role).post(path).status_code for role in Role}
    assert {role for role, status in statuses.items() if status != 403} == {allowed}
    assert client.post(path).status_code == 302
    assert login(allowed).get(path).status_code == 405
    assert Review.objects.get() == review


def test_proe_builds_the_half_year_that_is_due(half_year, login):
    proe = login()
    page = proe.get(LIST).content.decode()
    assert "Auswertung März bis August 2026 erstellen" in page
    assert 'name="until" value="2026-09-01"' in page
    answer = proe.post(f"{LIST}erstellen/", {"until": "2026-09-01"})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert "Auswertung März bis August 2026 erstellen" not in proe.get(LIST).content.decode()


def test_directors_see_what_is_due_without_a_button(half_year, login):
    page = login(Role.GF).get(LIST).content.decode()
    assert "fällig und noch nicht veröffentlicht" in page
    assert "erstellen" not in page


@pytest.mark.parametrize(("until", "status"), [("2026-08-31", 409), ("2027-03-01", 409), ("Unsinn", 422), ("", 422)])
def test_another_day_is_refused_with_the_page_and_the_reason(half_year, login, until, status):
    answer = login().post(f"{LIST}erstellen/", {"until": until})
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()
    assert Review.objects.count() == 0


@pytest.mark.parametrize(("day", "words"), [("2026-09-29", "Fällig"), ("2026-09-30", "Überfällig")])
def test_what_is_due_becomes_overdue_after_four_weeks(half_year, login, at_this_moment, day, words):
    at_this_moment(moment(f"{day} 12:00"))
    page = login().get(LIST).content.decode()
    assert f"</span>{words}</span>" in page


def test_a_channel_without_a_start_is_explained(channel, login):
    channel.started_on = None
    channel.save()
    page = login().get(LIST).content.decode()
    assert "noch kein Start eingetragen" in page
    answer = login().post(f"{LIST}erstellen/", {"until": "2026-09-01"})
    assert answer.status_code == 409


def test_proe_comments_and_a_director_publishes(review, login, client):
    proe, director = login(), login(Role.GF)
    assert send(proe, "kommentar", comment="Wenig, aber stetig.").status_code == 302
    page = director.get(PAGE).content.decode()
    assert "Die Auswertung erscheint sofort für alle unter /evaluation/halbjahr-2026-09/." in page
    assert client.get("/evaluation/halbjahr-2026-09/").status_code == 404
    assert send(director, "veroeffentlichen").status_code == 302
    found = Review.objects.get()
    assert (found.state, found.published_at, found.published_by) == ("published", AFTER, director.person)
    assert "Wenig, aber stetig." in client.get("/evaluation/halbjahr-2026-09/").content.decode()


def test_a_director_is_told_that_the_comment_is_missing_and_may_publish(review, login):
    director = login(Role.GF)
    assert "Es gibt noch keinen Kommentar der PRÖ." in director.get(PAGE).content.decode()
    assert send(director, "veroeffentlichen").status_code == 302


def test_publishing_what_nobody_has_seen_is_refused(review, login):
    director = login(Role.GF)
    for digest in ("", "0" * 64, "x" * 65):
        answer = director.post(f"{PAGE}veroeffentlichen/", {"digest": digest})
        assert answer.status_code == 409
        assert "Bitte lesen Sie noch einmal." in answer.content.decode()
    assert Review.objects.get().state == "draft"


def test_an_empty_comment_is_refused_at_its_field(review, login):
    answer = send(login(), "kommentar", comment="   ")
    assert answer.status_code == 422
    assert "Der Kommentar ist leer." in answer.content.decode()


def test_a_comment_overtaken_by_another_stays_in_the_form(review, login):
    proe, seen = login(), review.digest()
    send(login(), "kommentar", comment="Die andere war schneller.")
    answer = proe.post(f"{PAGE}kommentar/", {"digest": seen, "comment": "Mühsam getippt."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mühsam getippt." in page
    assert Review.objects.get().comment == "Die andere war schneller."
    assert f'name="digest" value="{Review.objects.get().digest()}"' in page


def test_a_published_review_takes_no_comment(published_review, login):
    answer = send(login(), "kommentar", comment="Zu spät.")
    assert answer.status_code == 409
    assert Review.objects.get().comment == "Ein Jahr."
    assert "<textarea" not in login().get(PAGE).content.decode()


def test_a_director_corrects_what_is_published(published_review, login, client):
    director = login(Role.GF)
    assert send(director, "berichtigen", erratum="Es waren 41 Impressionen.").status_code == 302
    page = client.get("/evaluation/halbjahr-2026-09/").content.decode()
    assert '<h2 class="app-panel__title">Berichtigung</h2>' in page
    assert "Es waren 41 Impressionen." in page
    assert Review.objects.get().figures == published_review.figures


def test_a_draft_cannot_be_corrected_but_frozen_again(review, login):
    assert send(login(Role.GF), "berichtigen", erratum="Nein.").status_code == 409
    answer = login().post(f"{LIST}erstellen/", {"until": "2026-09-01"})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert Review.objects.get().version == review.version + 1


def test_the_next_step_is_offered_to_whom_it_belongs(review, login):
    pages = {role: login(role).get(PAGE).content.decode() for role in READERS}
    assert ("Kommentar speichern" in pages[Role.PROE], "Kommentar speichern" in pages[Role.GF]) == (True, False)
    publish = "Auswertung veröffentlichen"
    assert (publish in pages[Role.PROE], publish in pages[Role.GF]) == (False, True)


def test_an_unknown_review_is_not_found(review, login):
    for role, path in ((Role.PROE, ""), (Role.PROE, "daten.csv")):
        assert login(role).get(f"{LIST}halbjahr-1999-09/{path}").status_code == 404
    assert login().post(f"{LIST}halbjahr-1999-09/kommentar/").status_code == 404
    assert login(Role.GF).post(f"{LIST}halbjahr-1999-09/veroeffentlichen/").status_code == 404


@pytest.mark.parametrize("reviews", [1, 2])
def test_the_list_asks_the_same_number_of_queries_for_one_and_two_reviews(
    half_year, login, django_assert_num_queries, reviews
):
    for until in (END, dt.date(2026, 3, 1))[:reviews]:
        workflow.build(facts(), until, at=AFTER)
    proe = login()
    proe.get(LIST)  # the first request of a log-in notes when it began
    # session, user, role, three for the frame of the page; channel, what is due, count, rows, whether it is in work
    with django_assert_num_queries(8):
        proe.get(LIST)


def test_a_review_page_asks_few_queries(review, login, django_assert_num_queries):
    proe = login()
    proe.get(PAGE)  # the first request of a log-in notes when it began
    # session, user, role, three for the frame of the page; the review
    with django_assert_num_queries(4):
        proe.get(PAGE)
