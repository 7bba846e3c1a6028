import datetime as dt

import pytest

from editorial import queries
from editorial.enums import DeliveryState, Figure
from editorial.models import Audience, DailyTarget, Delivery, SendPause, Topic
from evaluation import periods, reports, workflow
from evaluation.models import FigureRow
from evaluation.periods import Period
from tests.evaluation.conftest import AFTER, END, STARTED_ON, facts, followers, moment, published, reading
from tests.factories import DeliveryFactory, MediumFactory

pytestmark = pytest.mark.django_db


def frozen(until=END):
    return reports.freeze(facts(), periods.half_year_until(STARTED_ON, until))


def test_the_half_year_is_half_open(half_year):
    for text in ("2026-02-28 23:59", "2026-09-01 00:00"):
        published(text)
    days = [post["published_on"] for post in frozen().figures["posts"]]
    assert days == ["2026-03-02", "2026-05-04", "2026-08-31"]


def test_followers_are_told_at_both_ends_with_their_change(half_year):
    totals = frozen().figures["totals"]
    assert [totals[f"followers_{what}"] for what in ("start", "end", "change")] == [1000, 1100, 100]


def test_figures_are_sums_medians_and_ranges_of_the_own_posts(half_year):
    figures = frozen().figures["totals"]["figures"]
    assert figures["impressions"] == {"count": 2, "missing": 0, "sum": 340, "median": 170, "low": 40, "high": 300}
    assert figures["likes"] == {"count": 1, "missing": 1, "sum": 300, "median": 300, "low": 300, "high": 300}
    assert figures["quotes"] == {"count": 0, "missing": 2, "sum": None, "median": None, "low": None, "high": None}


def test_the_half_year_before_stands_beside_it(half_year):
    before = frozen().figures["before"]
    assert before["period"] == {"start": "2025-09-01", "end": "2026-03-01"}
    assert (before["posts"], before["figures"]["impressions"]["sum"]) == (1, 500)
    assert before["followers_change"] is None


def test_the_first_half_year_has_nothing_to_compare_with(half_year):
    assert frozen(dt.date(2026, 3, 1)).figures["before"] is None


def test_topics_target_groups_kinds_and_pictures_are_counted(half_year):
    topic = Topic.objects.get(slug="lesetipps")
    published(
        "2026-06-01 09:00",
        approval__post__topic=topic,
        approval__post__audiences=Audience.objects.filter(slug__in=["journalisten", "arbeitgeber"]),
        approval__post__media=[MediumFactory()],
        approval__post__twin_url="",
        approval__post__twin_exception="Die Seite war gesperrt.",
    )
    figures = frozen().figures
    assert {row["slug"]: row["posts"] for row in figures["topics"] if row["posts"]} == {
        "dienstleistungen": 3,
        "lesetipps": 1,
    }
    assert len(figures["topics"]) == 10
    assert {row["slug"]: row["posts"] for row in figures["audiences"]} == {
        "leistungsberechtigte": 0,
        "arbeitgeber": 1,
        "traegerversammlung-beirat": 0,
        "potenzielle-leistungsberechtigte": 0,
        "stadtgesellschaft": 3,
        "journalisten": 1,
    }
    assert figures["kinds"] == {"post": 3, "retweet": 1}
    assert figures["media"] == {"with": 1, "without": 2}
    (excepted,) = [post["public_id"] for post in figures["posts"] if not post["has_twin"]]
    assert figures["twins"] == {
        **{"with_twin": 3, "exceptions": 1, "neither": 0},
        "excepted": [{"public_id": excepted, "published_on": "2026-06-01"}],
    }


def test_a_retweet_alone_fulfils_the_daily_target(half_year):
    target = frozen().figures["target"]
    assert (target["working_days"], target["met"]) == (126, 3)
    assert "2026-05-04" not in target["missed"]
    assert "2026-05-05" in target["missed"]


def test_a_missed_day_has_its_reasons(half_year):
    DeliveryFactory(state=DeliveryState.MISSED, slot=moment("2026-06-02 09:00"))
    DeliveryFactory(state=DeliveryState.BLOCKED, slot=moment("2026-06-03 09:00"))
    begun, over = moment("2026-06-03 12:00"), moment("2026-06-04 12:00")
    SendPause.objects.create(started_at=begun, ended_at=over, reason="Störung")
    reasons = frozen().figures["target"]["reasons"]
    assert [reasons[f"2026-06-0{day}"] for day in (1, 2, 3, 5)] == [
        "kein Beitrag geplant",
        "ein Beitrag wurde verpasst",
        "das Senden war angehalten, ein Beitrag durfte nicht hinaus",
        "kein Beitrag geplant",
    ]
    assert reasons["2026-06-04"] == "das Senden war angehalten"  # Fronleichnam is no holiday in Bremen
    assert list(reasons) == frozen().figures["target"]["missed"]


def test_a_day_with_some_but_too_few_says_so(half_year):
    DailyTarget.objects.update(per_working_day=2)
    assert frozen().figures["target"]["reasons"]["2026-05-04"] == "weniger Beiträge geplant als das Tagesziel"


def test_the_same_half_year_a_year_ago_stands_beside_it_too(half_year):
    figures = frozen(dt.date(2027, 3, 1)).figures
    assert figures["year_before"]["period"] == {"start": "2025-09-01", "end": "2026-03-01"}
    assert figures["year_before"]["figures"]["impressions"]["sum"] == 500
    assert figures["before"]["period"] == {"start": "2026-03-01", "end": "2026-09-01"}
    assert frozen().figures["year_before"] is None


def test_groups_have_medians_and_ranges_and_keep_their_order(half_year):
    groups = {group["name"]: group["rows"] for group in frozen().figures["groups"]}
    assert list(groups) == ["Thema", "Zielgruppe", "Art", "Bild", "Wochentag"]
    days = {row["name"]: (row["posts"], row["figures"]["impressions"]["median"]) for row in groups["Wochentag"]}
    assert list(days) == ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
    assert (days["Montag"], days["Dienstag"]) == ((2, 170), (0, None))
    (services,) = [row for row in groups["Thema"] if row["posts"]]
    assert services["figures"]["impressions"] == {
        **{"count": 2, "missing": 0, "sum": 340},
        **{"median": 170, "low": 40, "high": 300},
    }
    own, retweets = groups["Art"]
    assert (own["posts"], retweets["posts"], retweets["figures"]["likes"]["count"]) == (2, 1, 0)


def test_without_a_target_no_day_is_missed(half_year):
    DailyTarget.objects.all().delete()
    assert frozen().figures["target"] == {"working_days": 0, "met": 0, "missed": [], "reasons": {}}


def test_a_series_has_a_gap_where_nothing_was_delivered(half_year):
    found = frozen().figures["followers"]
    weeks = {week["from"]: week["value"] for week in found["weeks"]}
    assert len(weeks) == 27
    assert {day: value for day, value in weeks.items() if value is not None} == {"2026-08-30": 1100}
    assert [month["start"] for month in found["months_without_value"]] == [
        *("2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01", "2026-07-01")
    ]


def test_months_add_up_to_the_half_year(half_year):
    figures = frozen().figures
    assert [month["posts"] for month in figures["months"]] == [1, 0, 1, 0, 0, 1]
    assert [month["impressions"] for month in figures["months"]] == [300, 0, 0, 0, 0, 40]
    assert sum(month["impressions"] for month in figures["months"]) == 340
    assert [month["likes"] for month in figures["months"]] == [300, 0, 0, 0, 0, None]


def test_deleted_posts_are_marked_whoever_deleted_them(half_year):
    Delivery.objects.filter(pk=half_year.first.pk).update(
        state=DeliveryState.DELETED, deleted_at=moment("2026-08-31 12:00")
    )
    Delivery.objects.filter(pk=half_year.retweet.pk).update(
        state=DeliveryState.DELETED, deleted_at=moment("2026-09-01 00:00")
    )
    reading(half_year.second, Figure.LIKES, None, "2026-08-31 23:59", reason="gone")
    figures = frozen().figures
    assert [post["deleted"] for post in figures["posts"]] == [True, False, True]
    assert figures["deleted"] == 2
    assert figures["totals"]["figures"]["impressions"]["sum"] == 340


def test_the_regional_frame_and_the_concept_in_force_are_part_of_it(half_year):
    figures = frozen().figures
    assert figures["concept"] == "2021-09"
    assert "wird die Entwicklung überschaubar bleiben und schnell Grenzen erreichen" in figures["texts"]["frame"]
    assert figures["texts"]["curve"] == "Die Zahl der Follower:innen ist um 100 Konten gestiegen."


def test_every_figure_can_be_computed_again_from_the_rows_kept_with_it(half_year):
    kept = frozen()
    rows = FigureRow.objects.filter(pk__in=kept.sources["figure_rows"])
    last = {}
    for row in rows.order_by("taken_at", "pk").exclude(value=None):
        last[row.delivery_id, row.figure] = row.value
    assert last[half_year.first.pk, "impressions"] + last[half_year.second.pk, "impressions"] == 340
    assert kept.sources["deliveries"] == sorted(
        delivery.pk for delivery in (half_year.first, half_year.second, half_year.retweet, half_year.long_ago)
    )
    assert not rows.filter(taken_at__gte=moment("2026-09-01 00:00")).exists()


def test_the_digits_stay_the_same_when_everything_else_goes_on(half_year):
    before = frozen()
    reading(half_year.first, Figure.IMPRESSIONS, 5000, "2026-10-01 09:00")
    followers(2000, "2026-09-05 12:00")
    published("2026-09-02 09:00")
    Delivery.objects.filter(pk=half_year.second.pk).update(
        state=DeliveryState.DELETED, deleted_at=moment("2026-10-01 00:00")
    )
    assert frozen() == before


def test_a_corrected_value_replaces_the_wrong_one(half_year):
    wrong = FigureRow.objects.get(delivery=half_year.second, figure="impressions")
    reading(half_year.second, Figure.IMPRESSIONS, 60, "2026-08-31 23:59", replaces=wrong)
    assert frozen().figures["totals"]["figures"]["impressions"]["sum"] == 360


def test_a_half_year_without_a_single_post_is_told_too(channel):
    figures = frozen().figures
    assert (figures["totals"]["posts"], figures["posts"], figures["target"]["met"]) == (0, [], 0)
    assert figures["totals"]["figures"]["likes"]["sum"] is None


def test_a_review_keeps_public_ids_and_no_text(review, half_year):
    assert {post["public_id"] for post in review.figures["posts"]} == {
        delivery.post.public_id for delivery in (half_year.first, half_year.second, half_year.retweet)
    }
    assert half_year.first.post.text not in str(review.figures)


def test_freezing_asks_the_same_number_of_queries_for_three_posts_and_for_thirteen(
    half_year, django_assert_num_queries
):
    # per half-year: posts, their target groups, figures; concept, topics, target groups, targets; what stopped sending
    # (2)
    channel, period = facts(), Period(dt.date(2026, 3, 1), END)
    with django_assert_num_queries(12):
        reports.freeze(channel, period)
    for day in range(10, 20):
        published(f"2026-06-{day} 09:00")
    with django_assert_num_queries(12):
        reports.freeze(channel, period)


def test_a_running_half_year_and_a_channel_without_a_start_cannot_be_frozen(channel):
    last_day = dt.date(2026, 8, 31)
    with pytest.raises(reports.NotYetOver):
        reports.period_until(facts(), END, last_day)
    assert reports.period_until(facts(), END, END) == Period(dt.date(2026, 3, 1), END)
    channel.started_on = None
    channel.save()
    with pytest.raises(reports.NotYetStarted):
        reports.period_until(facts(), END, END)


def test_the_door_gives_facts_and_no_models(half_year):
    found = queries.deliveries_published(facts().pk, moment("2026-03-01 00:00"), moment("2026-09-01 00:00"))
    assert found[0] == queries.PublishedDelivery(
        pk=half_year.first.pk,
        public_id=half_year.first.post.public_id,
        published_at=moment("2026-03-02 09:00"),
        deleted_at=None,
        kind="post",
        topic="dienstleistungen",
        audiences=("stadtgesellschaft",),
        has_media=False,
        has_twin=True,
        has_twin_exception=False,
    )


def test_the_review_in_the_database_has_the_digits_that_were_frozen(half_year):
    built = workflow.build(facts(), END, at=AFTER)
    built.refresh_from_db()
    assert built.figures == frozen().figures
    assert built.sources == frozen().sources
