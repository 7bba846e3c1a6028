"""The working page: figures of the half-year that still runs, down to the single post, and how old they are."""

import datetime as dt

import pytest

from editorial.enums import Figure, Role
from editorial.models import Channel
from evaluation import presenting, running
from evaluation.models import FigureRow, Review
from tests.evaluation.conftest import facts, followers, moment, published, reading

pytestmark = pytest.mark.django_db

PLACE = "/redaktion/auswertung/laufend/"
NOW = moment("2026-06-10 12:00")


@pytest.fixture
def today(half_year, at_this_moment):
    at_this_moment(NOW)
    return half_year


def figures(at=NOW):
    return running.figures_at(facts(at), running.period_at(facts(at), at), at)


def test_what_has_not_appeared_yet_is_not_counted(today):
    found = figures()
    assert found["period"] == {"start": "2026-03-01", "end": "2026-06-11"}
    assert (found["totals"]["posts"], found["totals"]["figures"]["impressions"]["sum"]) == (2, 300)
    assert found["target"]["met"] == 2


def test_compared_is_the_same_span_of_the_half_year_before(today):
    before = published("2025-12-11 12:00"), published("2025-12-12 00:00")
    for delivery in before:
        reading(delivery, Figure.IMPRESSIONS, 70, "2025-12-11 13:00")
    reading(before[0], Figure.IMPRESSIONS, 7000, "2025-12-20 13:00")
    found = figures()
    assert found["before"]["period"] == {"start": "2025-09-01", "end": "2025-12-12"}
    assert found["before"]["figures"]["impressions"]["sum"] == 570


def test_on_its_first_day_a_half_year_has_no_working_day_behind_it(today):
    found = figures(moment("2026-03-01 00:00"))
    assert (found["totals"]["posts"], found["target"]) == (0, {"working_days": 0, "met": 0})


def test_posts_are_told_by_the_age_of_their_figures(today):
    for days, name in ((0, "fresh"), (5, "week"), (20, "month")):
        delivery = published("2026-05-06 09:00", approval__post__text=name)
        reading(delivery, Figure.LIKES, 1, str(dt.datetime(2026, 6, 10, 9) - dt.timedelta(days=days)))
    published("2026-06-09 09:00")
    assert figures()["ages"] == [
        ("höchstens einen Tag alt", 1),
        ("höchstens eine Woche alt", 1),
        ("höchstens 30 Tage alt", 1),
        ("älter als 30 Tage", 1),
        ("noch nie gelesen", 1),
    ]


@pytest.mark.parametrize("role", [Role.PROE, Role.GF])
def test_the_page_leads_from_the_half_year_to_each_post(login, today, role):
    html = login(role).get(PLACE).content.decode()
    assert today.first.post.headline in html
    assert (f"/redaktion/auswertung/zahlen/{today.first.pk}/" in html) == (role == Role.PROE)
    assert f'href="/redaktion/beitraege/{today.retweet.post_id}/"' in html
    assert "Oktober bis" not in html
    assert "1. September bis 11. Dezember 2025" in html
    assert Review.objects.count() == 0


def test_a_gap_is_named_and_no_zero(login, today):
    FigureRow.objects.filter(delivery=today.first, figure="likes").delete()
    reading(today.first, Figure.LIKES, None, "2026-03-03 09:00")
    line = presenting.post_line(figures()["posts"][0])
    assert dict(line["cells"])["Likes"] == "nicht geliefert"
    assert dict(line["cells"])["Impressionen"] == "300"


def test_before_the_start_the_page_says_so(login, today):
    Channel.objects.update(started_on=None)
    client = login()
    assert "Noch kein Halbjahr" in client.get(PLACE).content.decode()
    assert client.get(f"{PLACE}daten.csv").status_code == 404


def test_the_table_can_be_taken_along(login, today):
    text = login().get(f"{PLACE}daten.csv").content.decode("utf-8-sig")
    assert "Laufendes Halbjahr;Summe;Impressionen;300;Anzahl;;1 Beiträge mit Wert, 0 ohne" in text
    assert f"Beitrag;{today.first.post.public_id};Impressionen;300;" in text


def test_the_page_asks_the_same_few_questions_for_two_posts_and_for_forty(login, today, django_assert_max_num_queries):
    client = login()
    client.get(PLACE)  # notes that the person is here
    counts = []
    for more in (0, 40):
        for number in range(more):
            delivery = published(f"2026-05-{1 + number % 28:02} 09:{number:02}")
            reading(delivery, Figure.LIKES, number, "2026-06-01 09:00")
            followers(1000 + number, f"2026-05-{1 + number % 28:02} 06:{number:02}")
        with django_assert_max_num_queries(15) as asked:
            client.get(PLACE)
        counts.append(len(asked))
    assert counts[0] == counts[1]
