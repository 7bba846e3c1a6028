import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.queries import PublishedDelivery, TargetFacts
from evaluation import measures, wording
from evaluation.measures import Reading, Spread
from evaluation.periods import Period
from tests.evaluation.conftest import moment

HALF_YEAR = Period(dt.date(2026, 3, 1), dt.date(2026, 9, 1))
DAILY = [TargetFacts(dt.date(2021, 9, 1), 1)]
POST = PublishedDelivery(1, "abc", moment("2026-03-02 09:00"), None, "post", "lesetipps", (), False, True, False)


def count(value, at, row_pk=1):
    return Reading(row_pk, None, "followers", value, "" if value is not None else "not_delivered", moment(at))


def likes(delivery_pk, value, at, row_pk=1):
    return Reading(row_pk, delivery_pk, "likes", value, "" if value is not None else "not_delivered", moment(at))


def test_a_missing_value_is_neither_counted_nor_zero():
    assert measures.spread([5, None, 0]) == Spread(count=2, missing=1, sum=5, median=2.5, low=0, high=5)
    assert measures.spread([None, None]) == Spread(0, 2, None, None, None, None)
    assert measures.spread([]) == Spread(0, 0, None, None, None, None)


@given(st.lists(st.none() | st.integers(0, 10**9), max_size=30), st.randoms())
def test_a_spread_depends_on_the_values_and_not_on_their_order(values, random):
    found = measures.spread(values)
    known = [value for value in values if value is not None]
    assert (found.count, found.missing) == (len(known), values.count(None))
    assert found.sum == (sum(known) if known else None)
    assert not known or found.low <= found.median <= found.high
    shuffled = list(values)
    random.shuffle(shuffled)
    assert measures.spread(shuffled) == found


def test_the_last_reading_with_a_value_stands_for_a_post():
    late, early = likes(1, 9, "2026-03-09 09:00", 2), likes(1, 4, "2026-03-03 09:00", 1)
    not_delivered = likes(1, None, "2026-04-01 09:00", 3)
    kept = measures.Kept()
    for one in (early, late, not_delivered):
        kept.take(one)
    assert (kept.values, kept.missing) == ({(1, "likes"): late}, {(1, "likes"): not_delivered})
    assert kept.row_pks() == {late.row_pk}


def test_a_reason_is_kept_where_there_is_no_value_or_the_post_was_gone():
    kept = measures.Kept()
    gone = replace(likes(2, None, "2026-04-01 09:00", 5), reason="gone")
    for one in (likes(1, None, "2026-03-01 09:00", 3), likes(2, 7, "2026-03-01 09:00", 4), gone):
        kept.take(one)
    assert kept.row_pks() == {3, 4, 5}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([("2026-02-28 12:00", 10), ("2026-03-01 12:00", 20)], 10),  # before the beginning is closer to it
        ([("2026-02-20 12:00", 10), ("2026-03-01 12:00", 20), ("2026-03-02 12:00", 30)], 20),
        ([("2026-02-20 12:00", 10), ("2026-03-08 12:00", 20)], None),  # nothing near the beginning
        ([("2026-02-28 12:00", None), ("2026-03-01 00:00", 0)], 0),
    ],
)
def test_the_level_at_the_beginning(counts, expected):
    found = measures.level_at_start([count(value, at) for at, value in counts], HALF_YEAR.begins_at)
    assert (found.value if found else None) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([("2026-08-30 12:00", 10), ("2026-09-01 00:00", 20)], 10),  # the end is exclusive
        ([("2026-08-31 23:59", 30), ("2026-08-30 12:00", 10)], 30),
        ([("2026-08-20 12:00", 10)], None),
        ([("2026-08-30 12:00", 10), ("2026-08-31 12:00", None)], 10),
    ],
)
def test_the_level_at_the_end(counts, expected):
    found = measures.level_at_end([count(value, at) for at, value in counts], HALF_YEAR.ends_at)
    assert (found.value if found else None) == expected


def test_nothing_is_compared_with_nothing():
    assert (measures.change(5, 3), measures.change(None, 3), measures.change(5, None)) == (2, None, None)


def test_the_daily_target_counts_working_days_in_bremen():
    """Week of Easter 2026: Good Friday and Easter Monday are holidays."""
    week = Period(dt.date(2026, 3, 30), dt.date(2026, 4, 8))
    moments = [moment("2026-03-30 09:00"), moment("2026-03-31 23:59"), moment("2026-04-04 10:00")]
    found = measures.daily_target(moments, DAILY, week)
    assert (found.working_days, found.met) == (5, 2)
    assert found.missed == (dt.date(2026, 4, 1), dt.date(2026, 4, 2), dt.date(2026, 4, 7))


def test_reformation_day_is_no_working_day_in_bremen():
    weekend = Period(dt.date(2025, 10, 31), dt.date(2025, 11, 3))
    assert measures.daily_target([], DAILY, weekend).working_days == 0


def test_a_post_at_midnight_counts_for_its_berlin_day_in_the_night_of_the_clock_change_too():
    days = Period(dt.date(2026, 3, 27), dt.date(2026, 4, 1))
    moments = [dt.datetime(2026, 3, 29, 21, 59, tzinfo=dt.UTC), dt.datetime(2026, 3, 29, 22, 0, tzinfo=dt.UTC)]
    found = measures.daily_target(moments, DAILY, days)
    assert found.missed == (dt.date(2026, 3, 27), dt.date(2026, 3, 31))


def test_the_target_in_force_on_the_day_counts():
    targets = [TargetFacts(dt.date(2026, 3, 3), 1), TargetFacts(dt.date(2026, 3, 5), 2)]
    days = Period(dt.date(2026, 3, 2), dt.date(2026, 3, 7))
    moments = [moment(f"2026-03-0{day} 09:00") for day in (3, 4, 5, 6, 6)]
    found = measures.daily_target(moments, targets, days)
    assert (found.working_days, found.met, found.missed) == (4, 3, (dt.date(2026, 3, 5),))


def test_each_name_is_counted_also_with_zero():
    items = [("a", "b"), ("a",), ()]
    assert measures.count_by(items, lambda item: item, ["a", "b", "c"]) == {"a": 2, "b": 1, "c": 0}


def test_twins_exceptions_and_gaps_are_three_things():
    without = replace(POST, has_twin=False)
    posts = [POST, POST, replace(without, has_twin_exception=True), without]
    assert measures.twins(posts) == measures.Twins(with_twin=2, exceptions=1, neither=1)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(19, 19, None), (0, 0, None), (10, 20, 50), (1, 200, 1), (1, 201, 0), (1, 40, 3), (126, 126, 100)],
)
def test_there_is_no_percentage_below_twenty_cases(part, whole, expected):
    assert measures.percent(part, whole) == expected


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (1000, 1000, "Die Zahl der Follower:innen ist gleich geblieben."),
        (1000, 1020, "Die Zahl der Follower:innen hat sich kaum verändert (20 Konten mehr)."),
        (1000, 980, "Die Zahl der Follower:innen hat sich kaum verändert (20 Konten weniger)."),
        (10, 11, "Die Zahl der Follower:innen hat sich kaum verändert (ein Konto mehr)."),
    ],
)
def test_a_flat_curve_is_called_expected(start, end, words):
    assert wording.curve(start, end) == f"{words} Das ist bei einem regionalen Angebot zu erwarten."


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_no_curve_raises_an_alarm(start, end):
    words = wording.curve(start, end).lower()
    assert [word for word in ("leider", "nur", "ziel", "verfehlt", "erfolg", "einbruch", "!") if word in words] == []


def test_larger_changes_are_told_plainly_and_missing_ones_too():
    assert wording.curve(1000, 1021) == "Die Zahl der Follower:innen ist um 21 Konten gestiegen."
    assert wording.curve(2000, 500) == "Die Zahl der Follower:innen ist um 1.500 Konten gesunken."
    assert wording.curve(None, 500) == (
        "Die Entwicklung lässt sich nicht angeben, weil am Anfang oder am Ende eine Zahl fehlt."
    )


def test_the_frame_quotes_the_concept(settings):
    concept = (settings.BASE_DIR / "editorial/data/nutzungskonzept-2021-09.txt").read_text(encoding="utf-8")
    quoted = wording.FRAME.split("„")[1].split("“")[0]
    assert quoted in concept
