"""Half-years counted from the day the channel started (K-65). Pure arithmetic on days; half-open, Berlin time."""

import calendar
import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from editorial.clock import start_of_day

MONTHS = 6
# Time for the comment and the decision, before a review that is due counts as overdue.
WORKING_TIME = dt.timedelta(days=28)


@dataclass(frozen=True)
class Period:
    """All days with start <= day < end."""

    start: dt.date
    end: dt.date

    @property
    def begins_at(self) -> dt.datetime:
        return start_of_day(self.start)

    @property
    def ends_at(self) -> dt.datetime:
        return start_of_day(self.end)

    @property
    def last_day(self) -> dt.date:
        return self.end - dt.timedelta(days=1)

    def weeks(self) -> list["Period"]:
        """Seven days each, counted from the start; the last one may be shorter."""
        week = dt.timedelta(days=7)
        count = -(-(self.end - self.start).days // 7)
        return [Period(self.start + n * week, min(self.start + (n + 1) * week, self.end)) for n in range(count)]


class NotABoundary(ValueError):
    """No half-year of this channel ends on this day; ``nearest`` are the days around it on which one does."""

    def __init__(self, until: dt.date, nearest: tuple[dt.date, ...]) -> None:
        days = " und ".join(f"{day:%d.%m.%Y}" for day in nearest)
        which = "Die nächsten Enden sind" if len(nearest) > 1 else "Das erste Ende ist"
        super().__init__(f"Am {until:%d.%m.%Y} endet kein Halbjahr des Kanals. {which}: {days}.")
        self.nearest = nearest


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def boundary(started_on: dt.date, number: int) -> dt.date:
    """The end of half-year ``number``, and the start of the next; always counted from the start, never chained."""
    return add_months(started_on, MONTHS * number)


def half_years_ended(started_on: dt.date, on: dt.date) -> int:
    """How many half-years have ended by the beginning of this day; 0 also before the start."""
    number = max(((on.year - started_on.year) * 12 + on.month - started_on.month) // MONTHS, 0)
    return number - 1 if number and boundary(started_on, number) > on else number


def half_year(started_on: dt.date, number: int) -> Period:
    return Period(boundary(started_on, number - 1), boundary(started_on, number))


def half_year_until(started_on: dt.date, until: dt.date) -> Period:
    """The half-year that ends before this day. Raises NotABoundary."""
    number = half_years_ended(started_on, until)
    if number and boundary(started_on, number) == until:
        return half_year(started_on, number)
    nearest = [boundary(started_on, n) for n in (number, number + 1) if n]
    raise NotABoundary(until, tuple(nearest))


def before(started_on: dt.date, period: Period) -> Period | None:
    """The half-year before this one, None for the first."""
    number = half_years_ended(started_on, period.end)
    return half_year(started_on, number - 1) if number > 1 else None


def year_before(started_on: dt.date, period: Period) -> Period | None:
    """The same half-year one year ago, None where the channel had not started yet."""
    number = half_years_ended(started_on, period.end)
    return half_year(started_on, number - 2) if number > 2 else None


def months_of(started_on: dt.date, period: Period) -> list[Period]:
    """The six months of a half-year, counted from the start like itself: from the 15th to the 14th, for instance."""
    first = half_years_ended(started_on, period.start) * MONTHS
    days = [add_months(started_on, first + number) for number in range(MONTHS + 1)]
    return [Period(start, end) for start, end in pairwise(days)]


def next_due(started_on: dt.date, on: dt.date) -> dt.date:
    """The next day on which a half-year ends and its review is due."""
    return boundary(started_on, half_years_ended(started_on, on) + 1)


def is_overdue(due_on: dt.date, on: dt.date) -> bool:
    return on > due_on + WORKING_TIME
