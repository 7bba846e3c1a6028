"""What the figures say: pure functions over rows and days. Missing is not zero, and nothing here knows a database."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar

from editorial.clock import berlin_day, working_days
from editorial.enums import PostKind
from editorial.queries import PublishedDelivery, TargetFacts

from .periods import Period

# A follower count taken at most this long before or after a boundary stands for the boundary.
NEAR_BOUNDARY = dt.timedelta(days=7)
# Up to this change of the followers a half-year is called even (K-69).
EVEN_PCT, EVEN_ACCOUNTS = 2, 5
# Below this many cases a percentage says less than the two numbers.
FEWEST_FOR_PERCENT = 20

T = TypeVar("T")


@dataclass(frozen=True)
class Reading:
    """One stored figure. ``delivery_pk`` None: the channel's own. ``value`` None: missing, for ``reason``."""

    row_pk: int
    delivery_pk: int | None
    figure: str
    value: int | None
    reason: str
    taken_at: dt.datetime


@dataclass(frozen=True)
class Spread:
    """``count`` posts brought a value, ``missing`` did not. Without any value the other fields are None, not zero."""

    count: int
    missing: int
    sum: int | None
    median: float | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Target:
    """Of ``working_days`` with a target, ``met`` reached it; ``missed`` are the others (K-44)."""

    working_days: int
    met: int
    missed: tuple[dt.date, ...]


@dataclass(frozen=True)
class Twins:
    """Beiträge with a page of the same content for everyone (K-45), with a reasoned exception, and with neither."""

    with_twin: int
    exceptions: int
    neither: int


@dataclass
class Kept:
    """Per delivery and figure the last reading that brought a value, and the last one that brought none.

    Readings come in order of time and are let go again: what is kept grows with the posts, not with the readings.
    """

    values: dict[tuple[int, str], Reading] = field(default_factory=dict)
    missing: dict[tuple[int, str], Reading] = field(default_factory=dict)

    def take(self, reading: Reading) -> None:
        assert reading.delivery_pk is not None
        side = self.missing if reading.value is None else self.values
        side[reading.delivery_pk, reading.figure] = reading

    def row_pks(self) -> set[int]:
        """What the figures rest on: the values, and the reasons where there is none or where a post was gone."""
        reasons = (r for key, r in self.missing.items() if key not in self.values or r.reason == "gone")
        return {reading.row_pk for reading in (*self.values.values(), *reasons)}


def spread(values: Iterable[int | None]) -> Spread:
    given = list(values)
    known = [value for value in given if value is not None]
    missing = len(given) - len(known)
    if not known:
        return Spread(0, missing, None, None, None, None)
    middle = median(known)
    # One way to write a number, whatever stored it: 170 and never 170.0.
    middle = int(middle) if middle == int(middle) else middle
    return Spread(len(known), missing, sum(known), middle, min(known), max(known))


def level_at_start(readings: Iterable[Reading], start: dt.datetime) -> Reading | None:
    """The followers at the beginning: the last count of the week before, else the first of the week after."""
    known = [reading for reading in _in_order(readings) if reading.value is not None]
    earlier = [reading for reading in known if start - NEAR_BOUNDARY <= reading.taken_at < start]
    later = [reading for reading in known if start <= reading.taken_at < start + NEAR_BOUNDARY]
    return next(iter([*earlier[-1:], *later[:1]]), None)


def level_at_end(readings: Iterable[Reading], end: dt.datetime) -> Reading | None:
    """The followers at the end: the last count of the last week."""
    known = [reading for reading in _in_order(readings) if reading.value is not None]
    return next((r for r in reversed(known) if end - NEAR_BOUNDARY <= r.taken_at < end), None)


def last_value_in(readings: Iterable[Reading], period: Period) -> int | None:
    within = [r for r in _in_order(readings) if period.begins_at <= r.taken_at < period.ends_at]
    return next((reading.value for reading in reversed(within) if reading.value is not None), None)


def change(now: int | None, then: int | None) -> int | None:
    """None when either side is missing: nothing can be compared with nothing."""
    return None if now is None or then is None else now - then


def count_by(items: Sequence[T], keys_of: Callable[[T], Iterable[str]], names: Sequence[str]) -> dict[str, int]:
    """How many items carry each name, zero included; an item with two names counts with both."""
    found = dict.fromkeys(names, 0)
    for item in items:
        for key in keys_of(item):
            found[key] = found.get(key, 0) + 1
    return found


def daily_target(moments: Iterable[dt.datetime], targets: Sequence[TargetFacts], period: Period) -> Target:
    """Working days in Bremen on which as much went out as the target in force asked for; a retweet counts."""
    published: dict[dt.date, int] = {}
    for moment in moments:
        day = berlin_day(moment)
        published[day] = published.get(day, 0) + 1
    asked = {day: target_on(day, targets) for day in working_days(period.start, period.end)}
    counted = [day for day, wanted in asked.items() if wanted]
    missed = tuple(day for day in counted if published.get(day, 0) < asked[day])
    return Target(len(counted), len(counted) - len(missed), missed)


def target_on(day: dt.date, targets: Sequence[TargetFacts]) -> int:
    """How many Beiträge this working day should have; 0 before the first target."""
    valid = [target for target in targets if target.valid_from <= day]
    return max(valid, key=lambda target: target.valid_from).per_working_day if valid else 0


def twins(posts: Sequence[PublishedDelivery]) -> Twins:
    with_twin = sum(post.has_twin for post in posts)
    exceptions = sum(post.has_twin_exception for post in posts)
    return Twins(with_twin, exceptions, len(posts) - with_twin - exceptions)


def is_own(post: PublishedDelivery) -> bool:
    return post.kind == PostKind.POST


def own_posts(posts: Iterable[PublishedDelivery]) -> list[PublishedDelivery]:
    """Without retweets: their figures belong to the original."""
    return [post for post in posts if is_own(post)]


def is_even(start: int, end: int) -> bool:
    return abs(end - start) <= max(EVEN_ACCOUNTS, start * EVEN_PCT / 100)


def percent(part: int, whole: int) -> int | None:
    """Rounded half up; None where there are too few cases for a percentage."""
    return (200 * part + whole) // (2 * whole) if whole >= FEWEST_FOR_PERCENT else None


def months_without_value(readings: Sequence[Reading], months: Iterable[Period]) -> list[Period]:
    """Months in which the followers were not counted once: the series has a gap there (K-66)."""
    return [month for month in months if last_value_in(readings, month) is None]


def values_of(
    posts: Iterable[PublishedDelivery], figure: str, last: Mapping[tuple[int, str], Reading]
) -> list[int | None]:
    found = (last.get((post.pk, figure)) for post in posts)
    return [reading.value if reading else None for reading in found]


def _in_order(readings: Iterable[Reading]) -> list[Reading]:
    return sorted(readings, key=lambda reading: (reading.taken_at, reading.row_pk))
