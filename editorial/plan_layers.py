"""What lies under the entries of the plan: own days, elections, events, times still free; and what collides.

All layers of a window are one question; what collides is seen from the entries that were read anyway.
"""

import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import CharField, DateField, DateTimeField, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from .clock import BERLIN, start_of_day
from .models import Appointment, Election, Event, FixedDate, RecurringSlot
from .plan import Day, Entry, Words, each_day
from .prepared import Given, Rows

WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True)
class Opening:
    """A time of every week. ``topic`` is its name, empty: any."""

    at: dt.time
    slug: str
    topic: str

    def is_free(self, entries: Iterable[Entry]) -> bool:
        """Neither something in the same hour nor, where it has one, something about its topic."""
        taken = ((entry.at.astimezone(BERLIN).hour, entry.topic) for entry in entries)
        return not any(hour == self.at.hour or (self.topic and topic == self.topic) for hour, topic in taken)


@dataclass(frozen=True)
class Layers:
    """``notes``: words to stand at a day; ``openings`` by weekday."""

    notes: dict[dt.date, list[str]] = field(default_factory=dict)
    openings: dict[int, list[Opening]] = field(default_factory=dict)

    def free_on(self, day: Day) -> list[Opening]:
        """The times of this day that nothing stands at yet and that are still to come."""
        if not day.is_open or day.is_off:
            return []
        found = [one for one in self.openings.get(day.date.weekday(), ()) if one.is_free(day.entries)]
        return [one for one in found if not day.is_today or one.at > day.now.time()]


NONE = Layers()


@dataclass(frozen=True)
class Collision:
    """Entries to come that get in each other's way. ``why`` in German."""

    why: str
    entries: tuple[Entry, ...]


def read(start: dt.date, end: dt.date, known: Words) -> Layers:
    """The layers of start <= day < end."""
    topics = {slug: name for _, slug, name in known.topics}
    notes: dict[dt.date, list[str]] = {}
    openings: dict[int, list[Opening]] = {}
    for kind, title, first, second in sorted(_rows(start, end)):
        if kind == "slot":
            at = dt.time.fromisoformat(first)
            openings.setdefault(int(second), []).append(Opening(at, title, topics.get(title, "")))
            continue
        for day, words in _notes(kind, title, first, second, start, end):
            if start <= day < end:
                notes.setdefault(day, []).append(words)
    return Layers(notes, {weekday: sorted(found, key=lambda one: one.at) for weekday, found in openings.items()})


def _all_rows() -> QuerySet[FixedDate, tuple[str, str, str, str]]:
    """``start`` and ``end`` are days, ``begin`` and ``finish`` the moments they begin at."""
    start, end = Given("start", DateField()), Given("end", DateField())
    begin, finish = Given("begin", DateTimeField()), Given("finish", DateTimeField())
    moments = Q(starts_at__gte=begin, starts_at__lt=finish, archived_at=None)
    days = FixedDate.objects.filter(Q(day__gte=start, day__lt=end) | Q(is_yearly=True)).order_by()
    elections = Election.objects.filter(day__gte=start, quiet_from__lt=end).order_by()
    events = Event.objects.filter(moments).order_by()
    # Nobody hears of an appointment before its director has released it (K-56).
    appointments = Appointment.objects.filter(moments).exclude(released_at=None).order_by()
    topic = Coalesce("topic__slug", Value(""), output_field=CharField())
    return days.values_list(Value("day"), "title", _text("day"), _text("is_yearly")).union(
        elections.values_list(Value("election"), "name", _text("quiet_from"), _text("day")),
        events.values_list(Value("event"), "title", _text("starts_at"), Value("")),
        appointments.values_list(Value("event"), "title", _text("starts_at"), Value("")),
        RecurringSlot.objects.order_by().values_list(Value("slot"), topic, _text("at"), _text("weekday")),
        all=True,
    )


_ALL_ROWS = Rows(_all_rows)


def _rows(start: dt.date, end: dt.date) -> list[tuple[str, str, str, str]]:
    return _ALL_ROWS.ask(start=start, end=end, begin=start_of_day(start), finish=start_of_day(end))


def _text(name: str) -> Cast:
    return Cast(name, CharField())


def _notes(
    kind: str, title: str, first: str, second: str, start: dt.date, end: dt.date
) -> Iterator[tuple[dt.date, str]]:
    if kind == "event":
        moment = dt.datetime.fromisoformat(first)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(BERLIN)
        yield moment.date(), f"{moment:%H:%M} {title}"
    elif kind == "election":
        quiet_from, day = dt.date.fromisoformat(first), dt.date.fromisoformat(second)
        yield day, title
        yield from ((one, "Zurückhaltung vor der Wahl") for one in each_day(max(quiet_from, start), min(day, end)))
    elif second in ("1", "true", "t"):
        yield from ((day, title) for day in _every_year(dt.date.fromisoformat(first), start, end))
    else:
        yield dt.date.fromisoformat(first), title


def _every_year(day: dt.date, start: dt.date, end: dt.date) -> Iterator[dt.date]:
    """The same day and month in each year of the window; the 29th of February only in leap years."""
    for year in range(start.year, end.year + 1):
        try:
            yield day.replace(year=year)
        except ValueError:
            continue


def collisions(entries: Iterable[Entry], now: dt.datetime, most: int) -> list[Collision]:
    """What is still to come and stands too close: the same hour, the same topic on a day, the same words."""
    coming = [entry for entry in entries if entry.at > now and entry.is_movable]
    found = [
        *_alike(coming, "In derselben Stunde", lambda entry: entry.at.replace(minute=0)),
        *_alike(coming, "Am selben Tag zum selben Thema", lambda entry: entry.topic and (entry.day, entry.topic)),
        *_alike(coming, "Fast derselbe Text", lambda entry: frozenset(WORD.findall(entry.text.casefold()))),
    ]
    return sorted(found, key=lambda one: one.entries[0].at)[:most]


def _alike(entries: list[Entry], why: str, key: Callable[[Entry], Hashable]) -> list[Collision]:
    groups: dict[Hashable, list[Entry]] = {}
    for entry in entries:
        if value := key(entry):
            groups.setdefault(value, []).append(entry)
    return [Collision(why, tuple(group)) for group in groups.values() if len(group) > 1]
