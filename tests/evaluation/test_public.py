"""What anybody reads without log-in and without a cookie."""

import datetime as dt
import json
import re

import pytest

from editorial.actions import mirroring
from editorial.enums import Role
from evaluation import transparency, workflow
from evaluation.models import Review
from tests.evaluation.conftest import AFTER, END, facts, moment, published
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db

PAGE = "/evaluation/halbjahr-2026-09/"
ALL = ["/", "/evaluation/", PAGE, f"{PAGE}daten.csv", f"{PAGE}daten.json"]


@pytest.fixture(autouse=True)
def in_september(at_this_moment):
    at_this_moment(AFTER)


def shown(text, at="2026-09-01 09:00"):
    post = PostFactory(approved=True, text=text)
    mirroring.show(post, at=moment(at), recorded_at=moment(at))
    return post


def get(client, path):
    return client.get(path).content.decode()


@pytest.mark.parametrize("path", ALL)
def test_public_pages_need_no_log_in_and_set_no_cookie(published_review, client, path):
    answer = client.get(path)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-cache")
    assert answer.cookies == {}
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize("path", ALL)
def test_an_unchanged_page_is_not_sent_again(published_review, client, path):
    tag = client.get(path)["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("path", ALL[:3])
def test_public_pages_are_german_with_one_heading_and_no_inline_style(published_review, client, path):
    page = get(client, path)
    assert page.count("<h1") == 1
    assert '<html lang="de">' in page
    assert "style=" not in page
    assert page.index("<h1") < page.index("<h2")


@pytest.mark.parametrize("path", ALL[2:])
def test_a_draft_is_not_public(review, client, path):
    assert client.get(path).status_code == 404
    assert "Halbjahresprüfung" not in get(client, "/evaluation/")


@pytest.mark.parametrize("path", ALL)
def test_nobody_writes_to_a_public_page(published_review, client, path):
    assert client.post(path).status_code == 405


def test_a_published_review_is_listed_and_linked_from_the_start_page(published_review, client):
    for path in ("/", "/evaluation/"):
        page = get(client, path)
        assert f'<a href="{PAGE}">Halbjahresprüfung März bis August 2026</a>' in page
    assert "Veröffentlicht am Mi, 2. September 2026" in get(client, "/evaluation/")


def test_the_page_shows_figures_comment_frame_and_a_table_for_each_chart(published_review, client):
    page = get(client, PAGE)
    for words in ("1.100", "+100 seit Beginn", "Ein Jahr.", "schnell Grenzen erreichen", "nicht geliefert"):
        assert words in page
    assert page.count('<svg class="app-chart"') == page.count("Zahlen als Tabelle") == 5


def test_no_person_of_the_house_stands_on_the_page(published_review, client):
    for path in ALL:
        assert published_review.published_by.last_name not in get(client, path)


def test_nothing_unbuilt_is_linked(published_review, client):
    page = get(client, PAGE)
    assert "bericht.pdf" not in page
    links = {link for path in ALL[:3] for link in re.findall(r'href="(/[^"]*)"', get(client, path))}
    pages = {link for link in links if not link.startswith("/static/")}
    assert {link: client.get(link).status_code for link in pages} == dict.fromkeys(pages, 200)


def test_the_data_are_offered_as_table_and_as_json(published_review, client):
    table = client.get(f"{PAGE}daten.csv")
    assert table["Content-Type"] == "text/csv; charset=utf-8"
    assert table["Content-Disposition"] == 'attachment; filename="halbjahr-2026-09.csv"'
    data = client.get(f"{PAGE}daten.json")
    assert data["Content-Type"] == "application/json"
    assert json.loads(data.content)["totals"]["posts"] == 3


def test_what_is_due_and_comes_next_is_public(half_year, client):
    page = get(client, "/evaluation/")
    assert (
        "Das Halbjahr März bis August 2026 ist zu Ende, seine Auswertung seit Di, 1. September 2026 fällig "
        "und noch nicht veröffentlicht." in page
    )
    assert "Ab Mo, 1. März 2027 ist die Auswertung des laufenden Halbjahrs fällig." in page


def test_before_the_first_half_year_is_over_nothing_is_due(channel):
    on = dt.date(2025, 12, 1)
    assert transparency.agenda(facts(), on) == transparency.Agenda(None, False, dt.date(2026, 3, 1))


def test_without_a_start_nothing_is_due(channel, client):
    channel.started_on = None
    channel.save()
    assert transparency.agenda(facts(), AFTER.date()) == transparency.NOTHING_DUE
    assert "fällig" not in get(client, "/evaluation/")


def test_the_start_page_shows_the_three_newest_posts(channel, client):
    posts = [shown(f"Meldung {n}", f"2026-09-0{n} 08:00") for n in (1, 2)]
    posts += [shown(f"Meldung {n}", f"2026-08-2{n} 08:00") for n in (8, 9)]
    page = get(client, "/")
    assert [f"Meldung {n}" in page for n in (1, 2, 8, 9)] == [True, True, False, True]
    assert page.index("Meldung 2") < page.index("Meldung 1") < page.index("Meldung 9")
    assert f'href="/beitraege/{posts[0].public_id}/"' in page


def test_what_was_taken_down_is_gone_from_the_start_page(channel, client):
    post = shown("Zurückgezogene Meldung")
    post.mirror_item.taken_down_at = AFTER
    post.mirror_item.save()
    assert "Zurückgezogene Meldung" not in get(client, "/")


def test_an_empty_house_has_a_start_page_too(channel, client):
    page = get(client, "/")
    assert "Noch keine Beiträge" in page
    assert "Es gilt der Stand September 2021." in page
    assert "Das nächste Mal ab Mo, 1. März 2027." in page


def test_the_daily_rhythm_is_told_with_how_it_went(channel, client):
    """Four weeks of twenty working days: 5 August to 1 September."""
    for day in ("2026-08-05 09:00", "2026-09-01 23:59", "2026-08-08 09:00", "2026-09-02 08:00"):
        published(day)
    page = get(client, "/")
    assert "an jedem Arbeitstag mindestens 1 Beitrag zu veröffentlichen" in page
    assert "In den letzten vier Wochen ist das an 2 von 20 Arbeitstagen gelungen." in page


def test_the_rhythm_waits_until_the_channel_is_four_weeks_old(channel, client):
    channel.started_on = AFTER.date() - dt.timedelta(days=27)
    channel.save()
    assert "In den letzten vier Wochen" not in get(client, "/")


@pytest.mark.parametrize("posts", [1, 3])
def test_the_start_page_asks_the_same_number_of_queries_for_one_and_three_posts(
    channel, client, django_assert_num_queries, posts
):
    for number in range(posts):
        shown(f"Meldung {number}")
    # the mark of a demonstration; channel, mirror, concept, newest review, targets, four weeks, what is due
    with django_assert_num_queries(8):
        client.get("/")


@pytest.mark.parametrize("reviews", [1, 2])
def test_the_list_asks_the_same_number_of_queries_for_one_and_two_reviews(
    published_review, client, django_assert_num_queries, reviews
):
    if reviews == 2:
        earlier = workflow.build(facts(), dt.date(2026, 3, 1), at=AFTER)
        workflow.publish(earlier, by=published_review.published_by, seen_digest=earlier.digest(), at=AFTER)
    # the mark of a demonstration; count, rows, channel, what is due
    with django_assert_num_queries(5):
        client.get("/evaluation/")
    assert Review.objects.published().filter(end=END).count() == 1


def test_groups_and_exceptions_are_on_the_page(half_year, client):
    post = half_year.first.post
    type(post).objects.filter(pk=post.pk).update(twin_url="", twin_exception="Nur für intern: die Seite war gesperrt.")
    review = workflow.build(facts(), END, at=AFTER)
    review = workflow.publish(review, by=person(Role.GF), seen_digest=review.digest(), at=AFTER)
    html = client.get(review.get_absolute_url()).content.decode()
    assert "Je Wochentag des Erscheinens" in html
    assert f'href="/beitraege/{post.public_id}/"' in html
    assert "Nur für intern" not in html
