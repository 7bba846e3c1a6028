"""Moments of a working life: all steps of people lie in working hours of Bremen's working days."""

import datetime as dt
from random import Random

from editorial.clock import berlin_day, from_wall, is_working_day, next_working_day

MONTHS_OF_HISTORY = 14
DAYS_OF_PLAN = 28
# When Beiträge go out, Berlin time. What has to move to another day goes out late there.
MORNING = ((8, 30), (9, 0), (9, 15), (10, 0), (10, 30), (11, 0), (11, 45))
AFTERNOON = ((13, 0), (13, 30), (14, 0), (14, 30), (15, 15))
LATE = (15, 40)


def at(day: dt.date, hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    """Never inside a clock change: those hours are no working hours."""
    return from_wall(dt.datetime.combine(day, dt.time(hour, minute, second)))


def working_days_before(day: dt.date, count: int) -> dt.date:
    """The working day that lies so many working days before this one; 0 is the day itself or the last one before."""
    while not is_working_day(day):
        day -= dt.timedelta(days=1)
    for _ in range(count):
        day -= dt.timedelta(days=1)
        while not is_working_day(day):
            day -= dt.timedelta(days=1)
    return day


def working_days_after(day: dt.date, count: int) -> dt.date:
    for _ in range(count):
        day = next_working_day(day)
    return day


def first_of_month_ago(today: dt.date, months: int) -> dt.date:
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return dt.date(year, month + 1, 1)


def last_day_over(present: dt.datetime) -> dt.date:
    """The last working day that is over: whatever hour it is now, its working hours lie in the past."""
    return working_days_before(berlin_day(present) - dt.timedelta(days=1), 0)


def within(rng: Random, day: dt.date, first_hour: int, last_hour: int) -> dt.datetime:
    """Some moment of this day from ``first_hour`` until before ``last_hour``."""
    return at(day, rng.randrange(first_hour, last_hour), rng.randrange(60), rng.randrange(60))
