"""Time in one place: the database's moment, Berlin's wall clock, Bremen's working days."""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from django.db import connection
from django.utils import timezone

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE_HOURS = (dt.time(8), dt.time(16))


class MomentDoesNotExist(ValueError):
    """The wall clock never shows this time: it lies in the hour skipped in spring."""


class MomentIsAmbiguous(ValueError):
    """The wall clock shows this time twice: it lies in the hour repeated in autumn."""


def database_now() -> dt.datetime:
    """The moment by the database's own clock (I10): a wrong clock of one worker changes no decision."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0]
    # SQLite runs inside this process: its clock is this machine's clock.
    return timezone.now()


def from_wall(wall: dt.datetime) -> dt.datetime:
    """Turn a naive Berlin wall time into a UTC moment.

    Raises MomentDoesNotExist or MomentIsAmbiguous in the two nights of the clock change.
    """
    first, second = wall.replace(tzinfo=BERLIN, fold=0), wall.replace(tzinfo=BERLIN, fold=1)
    if first.utcoffset() != second.utcoffset():
        back = first.astimezone(dt.UTC).astimezone(BERLIN).replace(tzinfo=None)
        raise MomentIsAmbiguous(str(wall)) if back == wall else MomentDoesNotExist(str(wall))
    return first.astimezone(dt.UTC)


def wall_text(moment: dt.datetime | None) -> str:
    """What the wall clock in Berlin shows, ``YYYY-MM-DDTHH:MM``; empty for None."""
    return f"{moment.astimezone(BERLIN):%Y-%m-%dT%H:%M}" if moment else ""


def berlin_day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(BERLIN).date()


def start_of_day(day: dt.date) -> dt.datetime:
    """The UTC moment at which this day begins in Berlin. Clock changes never happen at midnight."""
    return dt.datetime.combine(day, dt.time(), BERLIN).astimezone(dt.UTC)


@cache
def _bremen(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("DE", subdiv="HB", years=year, language="de")


def holiday_name(day: dt.date) -> str | None:
    """The name of the public holiday in Bremen, or None."""
    return _bremen(day.year).get(day)


def is_working_day(day: dt.date) -> bool:
    """Monday to Friday without public holidays in Bremen (decision on K-44)."""
    return day.weekday() < 5 and holiday_name(day) is None


def working_days(start: dt.date, end: dt.date) -> list[dt.date]:
    """All working days with start <= day < end."""
    days = (start + dt.timedelta(days=n) for n in range((end - start).days))
    return [day for day in days if is_working_day(day)]


def office_time_before(moment: dt.datetime, span: dt.timedelta) -> dt.datetime:
    """The moment from which so much office time passes until this one; at most a year before it."""
    for back in range(366):
        begins, ends = _office_hours(berlin_day(moment) - dt.timedelta(days=back))
        worked = max(min(moment, ends) - begins, dt.timedelta())
        if span <= worked:
            return min(moment, ends) - span
        span -= worked
    return moment - dt.timedelta(days=365)


def office_time_after(moment: dt.datetime, span: dt.timedelta) -> dt.datetime:
    """The moment at which so much office time has passed since this one; at most a year after it."""
    for ahead in range(366):
        begins, ends = _office_hours(berlin_day(moment) + dt.timedelta(days=ahead))
        worked = max(ends - max(moment, begins), dt.timedelta())
        if span <= worked:
            return max(moment, begins) + span
        span -= worked
    return moment + dt.timedelta(days=365)


def _office_hours(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Begin and end; the same moment twice on a day on which nobody works."""
    begins, ends = (from_wall(dt.datetime.combine(day, hour)) for hour in OFFICE_HOURS)
    return (begins, ends) if is_working_day(day) else (begins, begins)


def next_working_day(day: dt.date) -> dt.date:
    day += dt.timedelta(days=1)
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day
