"""Figures that a person typed or took from a file. Nothing is overwritten: a correction keeps what it replaces."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from editorial import audit, queries
from editorial.clock import berlin_day, database_now, start_of_day
from editorial.enums import Figure
from editorial.queries import ChannelFacts, PublishedPost
from editorial.roles import User

from .analytics_csv import Row
from .models import FigureRow, Missing, Source, Unit

OF_A_POST = (
    *(Figure.IMPRESSIONS, Figure.RETWEETS, Figure.LIKES, Figure.REPLIES),
    *(Figure.QUOTES, Figure.BOOKMARKS, Figure.LINK_CLICKS),
)
NOON = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Preview:
    """What a file would bring: ``matched`` rows with their Beitrag, and what is left aside.

    ``repeated`` say the same as an earlier row. ``unreadable`` rows, or rows that contradict each other, carry their
    problems; with one of them nothing of the file is taken.
    """

    matched: list[tuple[PublishedPost, Row]]
    unknown: list[Row]
    repeated: list[Row]
    unreadable: list[Row]


class Faulty(ValueError):
    """The file has rows that cannot be taken as they stand, so none of it was stored."""


def moment_of(day: dt.date, at: dt.datetime) -> dt.datetime:
    """When figures of this day count as taken: now if it is today, else its noon."""
    return at if day == berlin_day(at) else min(start_of_day(day) + NOON, at)


def enter(
    channel: ChannelFacts,
    values: Mapping[Figure, int | None],
    *,
    post: PublishedPost | None,
    day: dt.date,
    by: User,
    source: Source = Source.HAND,
    at: dt.datetime | None = None,
) -> int:
    """Store what is new; ``post=None``: the channel's own. Returns how many figures that were.

    An empty figure is not delivered, never zero: it is stored only where it takes back what was said before.
    """
    at = at or database_now()
    with transaction.atomic():
        channel_lock(channel)
        taken_at = max(moment_of(day, at), post.published_at) if post else moment_of(day, at)
        standing = _standing(channel, post, day)
        new = [
            _row(channel, figure, value, post=post, source=source, taken_at=taken_at, replaces=standing.get(figure))
            for figure, value in values.items()
            if _says_something_new(value, standing.get(figure))
        ]
        for row in new:
            row.save()
        if new:
            audit.record(
                "enter_figures",
                subject_type="figures",
                subject_id=post.pk if post else channel.pk,
                at=at,
                by=by,
                note=f"{source.label}, Stand {day:%d.%m.%Y}: {len(new)}",
            )
    return len(new)


def preview(channel: ChannelFacts, rows: Sequence[Row]) -> Preview:
    """Which rows belong to a Beitrag of ours; a file names a Beitrag once."""
    posts = {post.external_id: post for post in queries.published_posts(channel.pk, [row.external_id for row in rows])}
    readable: dict[str, Row] = {}
    repeated, unreadable = [], []
    for row in rows:
        first = readable.get(row.external_id)
        if row.problems:
            unreadable.append(row)
        elif first is None:
            readable[row.external_id] = row
        elif first.values == row.values:
            repeated.append(row)
        else:
            words = f"Derselbe Beitrag steht mit anderen Zahlen schon in Zeile {first.line}."
            unreadable.append(replace(row, problems=(words,)))
    return Preview(
        matched=[(posts[id_], row) for id_, row in readable.items() if id_ in posts],
        unknown=[row for id_, row in readable.items() if id_ not in posts],
        repeated=repeated,
        unreadable=unreadable,
    )


def take_over(
    channel: ChannelFacts, rows: Sequence[Row], *, day: dt.date, by: User, at: dt.datetime | None = None
) -> int:
    """Store what a file says; reading it twice stores it once. Returns how many Beiträge got something new.

    Raises Faulty: with one row that cannot be taken nothing is.
    """
    at = at or database_now()
    with transaction.atomic():
        found = preview(channel, rows)
        if found.unreadable:
            raise Faulty
        stored = [
            enter(channel, row.values, post=post, day=day, by=by, source=Source.CSV, at=at)
            for post, row in found.matched
        ]
    return sum(map(bool, stored))


def channel_lock(channel: ChannelFacts) -> None:
    """Two people who enter at once do so one after the other: neither corrects what the other has just corrected."""
    list(
        FigureRow.objects.select_for_update(no_key=True).filter(channel=channel.pk).order_by("pk").values_list("pk")[:1]
    )


def _standing(channel: ChannelFacts, post: PublishedPost | None, day: dt.date) -> dict[str, FigureRow]:
    """What a person said about this day before, per figure."""
    begin, end = start_of_day(day), start_of_day(day + dt.timedelta(days=1))
    said = FigureRow.objects.standing().filter(
        channel=channel.pk,
        delivery=post.pk if post else None,
        source__in=(Source.HAND, Source.CSV),
        taken_at__gte=begin,
        taken_at__lt=end,
    )
    return {row.figure: row for row in said}


def _says_something_new(value: int | None, standing: FigureRow | None) -> bool:
    return value is not None if standing is None else value != standing.value


def _row(
    channel: ChannelFacts,
    figure: Figure,
    value: int | None,
    *,
    post: PublishedPost | None,
    source: Source,
    taken_at: dt.datetime,
    replaces: FigureRow | None,
) -> FigureRow:
    return FigureRow(
        channel_id=channel.pk,
        delivery_id=post.pk if post else None,
        figure=figure,
        value=value,
        missing_reason="" if value is not None else Missing.NOT_DELIVERED,
        unit=Unit.ACCOUNTS if figure == Figure.FOLLOWERS else Unit.TIMES,
        source=source,
        taken_at=taken_at,
        replaces=replaces,
    )
