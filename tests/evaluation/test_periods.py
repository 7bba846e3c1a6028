import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.clock import berlin_day
from evaluation import periods
from evaluation.periods import NotABoundary, Period

DAYS = st.dates(dt.date(2010, 1, 1), dt.date(2060, 12, 31))
NUMBERS = st.integers(1, 60)
day = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-03-01", 6, "2026-09-01"),
        ("2026-10-15", -9, "2026-01-15"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(start, months, expected):
    assert periods.add_months(day(start), months) == day(expected)


def test_the_end_of_a_year_counts_from_the_start_not_from_a_shortened_month():
    assert [periods.boundary(day("2026-08-31"), n) for n in (1, 2, 3, 4)] == [
        day("2027-02-28"),
        day("2027-08-31"),
        day("2028-02-29"),
        day("2028-08-31"),
    ]


@given(DAYS, NUMBERS)
def test_half_years_follow_each_other_without_gap_or_overlap(started_on, number):
    this, following = periods.half_year(started_on, number), periods.half_year(started_on, number + 1)
    assert this.start < this.end == following.start
    assert 181 <= (this.end - this.start).days <= 184
    assert periods.before(started_on, following) == this
    assert this.ends_at == following.begins_at


@given(DAYS, DAYS)
def test_as_many_half_years_have_ended_as_boundaries_were_passed(started_on, on):
    ended = periods.half_years_ended(started_on, on)
    assert ended == 0 or periods.boundary(started_on, ended) <= on
    assert periods.boundary(started_on, ended + 1) > on
    assert periods.next_due(started_on, on) == periods.boundary(started_on, ended + 1)


@given(DAYS, DAYS)
def test_a_day_is_a_boundary_or_is_refused_with_those_around_it(started_on, until):
    if until in {periods.boundary(started_on, n) for n in range(1, 110)}:
        assert periods.half_year_until(started_on, until).end == until
    else:
        with pytest.raises(NotABoundary) as refusal:
            periods.half_year_until(started_on, until)
        after = refusal.value.nearest[-1]
        assert after > until
        assert refusal.value.nearest[:-1] == () or refusal.value.nearest[0] < until


@given(DAYS, NUMBERS)
def test_six_months_and_all_weeks_fill_the_half_year(started_on, number):
    period = periods.half_year(started_on, number)
    for parts in (periods.months_of(started_on, period), period.weeks()):
        assert (parts[0].start, parts[-1].end) == (period.start, period.end)
        assert all(one.end == next_.start for one, next_ in pairwise(parts))
    assert len(periods.months_of(started_on, period)) == 6


@given(DAYS, NUMBERS)
def test_every_moment_of_a_half_year_lies_on_its_days(started_on, number):
    period = periods.half_year(started_on, number)
    moment = dt.timedelta(microseconds=1)
    assert berlin_day(period.begins_at) == period.start
    assert berlin_day(period.ends_at) == period.end
    assert berlin_day(period.ends_at - moment) == period.last_day
    assert berlin_day(period.begins_at - moment) == period.start - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("period", "hours"),
    [
        (Period(day("2026-03-28"), day("2026-03-30")), 47),  # the hour skipped in spring
        (Period(day("2027-03-28"), day("2027-03-29")), 23),
        (Period(day("2026-10-24"), day("2026-10-26")), 49),  # the hour repeated in autumn
        (Period(day("2028-02-28"), day("2028-03-01")), 48),  # with the leap day
    ],
)
def test_days_are_berlin_days_in_the_nights_of_the_clock_change_too(period, hours):
    assert period.ends_at - period.begins_at == dt.timedelta(hours=hours)


def test_there_is_no_half_year_before_the_first():
    started_on = day("2026-03-01")
    assert periods.before(started_on, periods.half_year(started_on, 1)) is None


def test_the_refusal_names_the_nearest_boundaries():
    with pytest.raises(NotABoundary) as refusal:
        periods.half_year_until(day("2025-09-01"), day("2026-08-31"))
    assert str(refusal.value) == (
        "Am 31.08.2026 endet kein Halbjahr des Kanals. Die nächsten Enden sind: 01.03.2026 und 01.09.2026."
    )


def test_before_the_first_boundary_only_that_one_is_named():
    with pytest.raises(NotABoundary) as refusal:
        periods.half_year_until(day("2025-09-01"), day("2025-09-01"))
    assert str(refusal.value) == "Am 01.09.2025 endet kein Halbjahr des Kanals. Das erste Ende ist: 01.03.2026."


def test_a_review_is_overdue_four_weeks_after_the_half_year():
    due_on = day("2026-09-01")
    assert [periods.is_overdue(due_on, day(on)) for on in ("2026-09-01", "2026-09-29", "2026-09-30")] == [
        False,
        False,
        True,
    ]
