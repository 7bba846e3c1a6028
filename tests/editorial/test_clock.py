"""Berlin's wall clock in both nights of the change, Bremen's holidays, working days."""

import datetime as dt
import time

import pytest

from editorial import clock
from editorial.clock import MomentDoesNotExist, MomentIsAmbiguous

SPRING, AUTUMN = dt.datetime(2027, 3, 28), dt.datetime(2026, 10, 25)


def berlin(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.BERLIN)


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        (dt.datetime(2027, 3, 28, 1, 59), utc(2027, 3, 28, 0, 59)),
        (dt.datetime(2027, 3, 28, 3, 0), utc(2027, 3, 28, 1, 0)),
        (dt.datetime(2026, 10, 25, 1, 59), utc(2026, 10, 24, 23, 59)),
        (dt.datetime(2026, 10, 25, 3, 0), utc(2026, 10, 25, 2, 0)),
        (dt.datetime(2026, 1, 1, 0, 0), utc(2025, 12, 31, 23, 0)),
        (dt.datetime(2026, 7, 1, 0, 0), utc(2026, 6, 30, 22, 0)),
    ],
)
def test_a_wall_time_is_one_moment_and_reads_back_the_same(wall, moment):
    assert clock.from_wall(wall) == moment
    assert clock.wall_text(moment) == f"{wall:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_the_hour_skipped_in_spring_does_not_exist(minute):
    with pytest.raises(MomentDoesNotExist):
        clock.from_wall(SPRING.replace(hour=2, minute=minute))


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_the_hour_repeated_in_autumn_is_ambiguous(minute):
    with pytest.raises(MomentIsAmbiguous):
        clock.from_wall(AUTUMN.replace(hour=2, minute=minute))


def test_every_other_minute_of_both_nights_comes_back_as_it_was_typed():
    for night in (SPRING, AUTUMN):
        walls = [night + dt.timedelta(minutes=n) for n in range(24 * 60) if not 120 <= n < 180]
        moments = [clock.from_wall(wall) for wall in walls]
        assert moments == sorted(set(moments))
        assert [clock.wall_text(moment) for moment in moments] == [f"{wall:%Y-%m-%dT%H:%M}" for wall in walls]


@pytest.mark.parametrize(("day", "hours"), [(SPRING.date(), 23), (AUTUMN.date(), 25), (dt.date(2026, 6, 1), 24)])
def test_a_day_lasts_as_long_as_it_does_in_berlin(day, hours):
    start, end = clock.start_of_day(day), clock.start_of_day(day + dt.timedelta(days=1))
    assert end - start == dt.timedelta(hours=hours)
    assert clock.berlin_day(start) == clock.berlin_day(end - dt.timedelta(microseconds=1)) == day
    assert clock.berlin_day(start - dt.timedelta(microseconds=1)) == day - dt.timedelta(days=1)


def test_no_moment_has_no_text():
    assert clock.wall_text(None) == ""


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2026, 1, 1), "Neujahr"),
        (dt.date(2026, 4, 3), "Karfreitag"),
        (dt.date(2026, 4, 6), "Ostermontag"),
        (dt.date(2026, 5, 1), "Erster Mai"),
        (dt.date(2026, 5, 14), "Christi Himmelfahrt"),
        (dt.date(2026, 5, 25), "Pfingstmontag"),
        (dt.date(2026, 10, 3), "Tag der Deutschen Einheit"),
        (dt.date(2026, 10, 31), "Reformationstag"),
        (dt.date(2027, 10, 31), "Reformationstag"),
        (dt.date(2026, 12, 25), "Erster Weihnachtstag"),
        (dt.date(2026, 12, 26), "Zweiter Weihnachtstag"),
        (dt.date(2026, 1, 6), None),
        (dt.date(2026, 6, 4), None),
        (dt.date(2026, 11, 1), None),
        (dt.date(2026, 11, 18), None),
        (dt.date(2026, 12, 24), None),
        (dt.date(2026, 12, 31), None),
    ],
)
def test_the_holidays_are_those_of_bremen(day, name):
    assert clock.holiday_name(day) == name


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (dt.date(2026, 11, 27), True),
        (dt.date(2026, 11, 28), False),
        (dt.date(2026, 11, 29), False),
        (dt.date(2028, 10, 31), False),
        (dt.date(2026, 12, 24), True),
    ],
)
def test_working_days_are_monday_to_friday_without_holidays(day, works):
    assert clock.is_working_day(day) == works


def test_a_span_of_days_is_half_open():
    monday = dt.date(2026, 11, 23)
    assert clock.working_days(monday, monday) == []
    assert clock.working_days(monday, monday + dt.timedelta(days=1)) == [monday]
    assert len(clock.working_days(dt.date(2026, 1, 1), dt.date(2027, 1, 1))) == 254


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (dt.date(2026, 11, 26), dt.date(2026, 11, 27)),
        (dt.date(2026, 11, 27), dt.date(2026, 11, 30)),
        (dt.date(2027, 3, 25), dt.date(2027, 3, 30)),
        (dt.date(2026, 12, 31), dt.date(2027, 1, 4)),
        (dt.date(2028, 10, 30), dt.date(2028, 11, 1)),
    ],
)
def test_the_next_working_day_is_never_the_same_day(day, following):
    assert clock.next_working_day(day) == following


@pytest.mark.django_db
def test_the_database_tells_its_own_time_also_within_a_transaction():
    first = clock.database_now()
    time.sleep(0.002)
    second = clock.database_now()
    assert first < second
    assert first.utcoffset() == dt.timedelta()


@pytest.mark.parametrize(
    ("moment", "hours", "begin"),
    [
        ("2026-11-26T15:00", 2, "2026-11-26T13:00"),
        ("2026-11-26T10:00", 8, "2026-11-25T10:00"),
        ("2026-11-26T20:00", 8, "2026-11-26T08:00"),
        ("2026-11-23T09:00", 2, "2026-11-20T15:00"),  # over a weekend
        ("2026-12-28T09:00", 2, "2026-12-24T15:00"),  # over Christmas
    ],
)
def test_office_time_goes_back_over_nights_weekends_and_holidays_and_forth_again(moment, hours, begin):
    end, start, span = berlin(moment), berlin(begin), dt.timedelta(hours=hours)
    assert clock.office_time_before(end, span) == start
    assert clock.office_time_after(start, span) == min(end, berlin(moment[:11] + "16:00"))


def test_office_time_of_a_thousand_years_ends_after_one():
    moment, long = berlin("2026-11-26T10:00"), dt.timedelta(hours=10**6)
    assert abs(clock.office_time_before(moment, long) - moment) == dt.timedelta(days=365)
    assert abs(clock.office_time_after(moment, long) - moment) == dt.timedelta(days=365)
