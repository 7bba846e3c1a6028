"""Days and entries of the plan, ready to be written down.

A month has up to 42 days and well over a hundred entries: what a template would work out again for each of them is
worked out here. Both are tuples, because a template reads the parts of an unpacked tuple at once, but asks an object
for each attribute in three ways.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse

from .. import plan, plan_layers
from ..templatetags.kern import LABELS, LOOKS, berlin_day, berlin_time, day_short


class Card(NamedTuple):
    """An entry. ``move_url`` is empty where this person cannot move it, ``topic`` where there is no room for it."""

    url: str
    move_url: str
    time: str
    label: str
    tone: str
    icon: str
    text: str
    topic: str


class Cell(NamedTuple):
    """A day. ``marks`` are its CSS classes; ``new_url``, ``gap`` and ``more_url`` are empty where there is none.

    ``openings``: times of every week that are still free, as (address, words).
    """

    day: plan.Day
    marks: str
    number: str
    short: str
    long: str
    new_url: str
    gap: str
    more_url: str
    cards: tuple[Card, ...]
    notes: tuple[str, ...]
    openings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Desk:
    """Who looks, and where links from a day lead: ``more_address`` lacks only the day."""

    may_write: bool
    most_chars: int
    with_topic: bool = True
    with_move: bool = True
    more_address: str = ""

    @cached_property
    def _posts(self) -> str:
        return reverse("editorial:posts")

    def cells(
        self, days: Iterable[plan.Day], *, month: int | None = None, layers: plan_layers.Layers = plan_layers.NONE
    ) -> list[Cell]:
        """The days as cells; those outside ``month`` are marked as belonging to another."""
        new = reverse("editorial:post_new")
        return [self._cell(day, new, month not in (None, day.date.month), layers) for day in days]

    def cards(self, entries: Iterable[plan.Entry]) -> tuple[Card, ...]:
        return tuple(self._card(entry, f"{self._posts}{entry.pk}/") for entry in entries)

    def _cell(self, day: plan.Day, new: str, is_other: bool, layers: plan_layers.Layers) -> Cell:
        notes = tuple(layers.notes.get(day.date, ()))
        new_url = f"{new}?slot={day.slot_to_draft}" if self.may_write and day.is_open else ""
        is_empty = not (day.entries or day.is_gap or day.holiday or day.is_today or notes)
        marks = {"today": day.is_today, "other": is_other, "off": day.is_off, "gap": day.is_gap, "empty": is_empty}
        return Cell(
            day=day,
            marks="".join(f" app-day--{name}" for name, holds in marks.items() if holds),
            number=str(day.date.day),
            short=day_short(day.date),
            long=berlin_day(day.date),
            new_url=new_url,
            gap=gap_words(day),
            more_url=f"{self.more_address}{day.date}" if day.more else "",
            cards=self.cards(day.entries),
            notes=(day.holiday, *notes) if day.holiday else notes,
            openings=self._openings(day, new, layers) if self.may_write and layers.openings else (),
        )

    def _openings(self, day: plan.Day, new: str, layers: plan_layers.Layers) -> tuple[tuple[str, str], ...]:
        return tuple(
            (
                f"{new}?slot={day.date}T{one.at:%H:%M}{f'&thema={one.slug}' if one.slug else ''}",
                f"{one.at:%H:%M} frei{f': {one.topic}' if one.topic else ''}",
            )
            for one in layers.free_on(day)
        )

    def _card(self, entry: plan.Entry, url: str) -> Card:
        look = LOOKS[entry.state]
        text = f"Retweet: {entry.headline}" if entry.is_retweet else entry.headline
        return Card(
            url=url,
            move_url=move_address(entry, url) if self.may_write and self.with_move else "",
            time=berlin_time(entry.at),
            label=LABELS[entry.state],
            tone=look.tone,
            icon=look.icon,
            text=text if len(text) <= self.most_chars else f"{text[: self.most_chars].rstrip()} …",
            topic=entry.topic if self.with_topic else "",
        )


def move_address(entry: plan.Entry, url: str) -> str:
    return f"{url}verschieben/" if entry.is_movable else ""


def gap_words(day: plan.Day) -> str:
    if not day.is_gap:
        return ""
    if day.is_past:
        return f"{day.counted} von {day.wanted} erschienen" if day.counted else "Nichts erschienen"
    return f"{day.counted} von {day.wanted} geplant" if day.counted else "Noch nichts geplant"
