"""Freezing a half-year: read everything once, compute, and keep the digits with the ids of the rows behind them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from editorial import queries
from editorial.clock import berlin_day
from editorial.enums import Figure, PostKind
from editorial.queries import ChannelFacts, PublishedDelivery

from . import groups, measures, periods, wording
from .collecting import DELIVERY_FIGURES
from .measures import Kept, Reading
from .models import FigureRow, Missing
from .periods import Period

SCHEMA = 2
ROWS_AT_ONCE = 5000


@dataclass(frozen=True)
class Material:
    """All that a period's figures are computed from."""

    period: Period
    posts: list[PublishedDelivery]
    kept: Kept
    follower_readings: list[Reading]

    @property
    def last(self) -> dict[tuple[int, str], Reading]:
        return self.kept.values


@dataclass(frozen=True)
class Frozen:
    figures: dict[str, Any]
    sources: dict[str, list[int]]


class NotYetStarted(ValueError):
    """The channel's start was not entered, so no half-year can be counted."""

    def __init__(self) -> None:
        super().__init__("Für den Kanal ist noch kein Start eingetragen. Ohne ihn gibt es keine Halbjahre.")


class NotYetOver(ValueError):
    """The half-year still runs: what is frozen now would be wrong tomorrow."""

    def __init__(self, until: dt.date) -> None:
        super().__init__(f"Dieses Halbjahr läuft noch. Es kann ab dem {until:%d.%m.%Y} ausgewertet werden.")


def period_until(channel: ChannelFacts, until: dt.date, today: dt.date) -> Period:
    """The half-year that ended before this day. Raises NotYetStarted, periods.NotABoundary or NotYetOver."""
    if channel.started_on is None:
        raise NotYetStarted
    period = periods.half_year_until(channel.started_on, until)
    if today < period.end:
        raise NotYetOver(period.end)
    return period


def freeze(channel: ChannelFacts, period: Period) -> Frozen:
    """This half-year's figures beside the half-year before and the same one a year ago.

    The same rows give the same digits, on every database.
    """
    assert channel.started_on is not None
    now = gather(channel, period)
    before = _beside(channel, periods.before(channel.started_on, period))
    year_before = _beside(channel, periods.year_before(channel.started_on, period))
    months = periods.months_of(channel.started_on, period)
    concept = queries.concept_in_force(period.last_day)
    totals, posts = totals_of(now), posts_of(now)
    figures = {
        "schema": SCHEMA,
        "channel": {"slug": channel.slug, "name": channel.name, "handle": channel.handle},
        "concept": concept.stand if concept else "",
        "period": days_of(period),
        "totals": totals,
        "before": compared(before),
        "year_before": compared(year_before),
        "followers": _followers(now, months),
        "months": [_month(now, month) for month in months],
        **_shares(now, channel),
        "deleted": sum(post["deleted"] for post in posts),
        "texts": {
            "frame": wording.FRAME,
            "how_counted": wording.HOW_COUNTED,
            "curve": wording.curve(totals["followers_start"], totals["followers_end"]),
        },
        "posts": posts,
    }
    return Frozen(figures, _sources(now, before, year_before))


def _beside(channel: ChannelFacts, period: Period | None) -> Material | None:
    return gather(channel, period) if period else None


def compared(material: Material | None) -> dict[str, Any] | None:
    return {"period": days_of(material.period), **totals_of(material)} if material else None


def gather(channel: ChannelFacts, period: Period) -> Material:
    start, end = period.begins_at, period.ends_at
    posts = queries.deliveries_published(channel.pk, start, end)
    ours = {post.pk for post in posts}
    # The level at the start may have been read in the week before.
    rows = FigureRow.objects.standing().filter(
        channel=channel.pk, taken_at__gte=start - measures.NEAR_BOUNDARY, taken_at__lt=end
    )
    fields = ("pk", "delivery_id", "figure", "value", "missing_reason", "taken_at")
    kept, followers = Kept(), []
    for row in rows.last_of_each().order_by("taken_at", "pk").values_list(*fields).iterator(ROWS_AT_ONCE):
        if row[1] in ours:
            kept.take(Reading(*row))
        elif row[1] is None and row[2] == Figure.FOLLOWERS:
            followers.append(Reading(*row))
    return Material(period, posts, kept, followers)


def totals_of(material: Material) -> dict[str, Any]:
    """Followers at both ends, posts, and per figure the sum, the median and the range over the own posts."""
    start = measures.level_at_start(material.follower_readings, material.period.begins_at)
    end = measures.level_at_end(material.follower_readings, material.period.ends_at)
    first, last = start.value if start else None, end.value if end else None
    own = measures.own_posts(material.posts)
    return {
        "followers_start": first,
        "followers_end": last,
        "followers_change": measures.change(last, first),
        "posts": len(material.posts),
        "figures": {
            figure.value: asdict(measures.spread(measures.values_of(own, figure, material.last)))
            for figure in DELIVERY_FIGURES
        },
    }


def _followers(material: Material, months: Sequence[Period]) -> dict[str, Any]:
    readings = material.follower_readings
    gaps = measures.months_without_value(readings, months)
    return {
        "weeks": [
            {"from": week.start.isoformat(), "value": measures.last_value_in(readings, week)}
            for week in material.period.weeks()
        ],
        "months_without_value": [days_of(month) for month in gaps],
    }


def _month(material: Material, month: Period) -> dict[str, Any]:
    posts = [post for post in material.posts if month.start <= berlin_day(post.published_at) < month.end]
    own = measures.own_posts(posts)
    sums = {
        figure.value: measures.spread(measures.values_of(own, figure, material.last)).sum if own else 0
        for figure in DELIVERY_FIGURES
    }
    return {**days_of(month), "posts": len(posts), **sums}


def _shares(material: Material, channel: ChannelFacts) -> dict[str, Any]:
    posts, own = material.posts, measures.own_posts(material.posts)
    topics, audiences = queries.topics(), queries.audiences()
    by_topic = measures.count_by(posts, lambda post: [post.topic] if post.topic else [], [t.slug for t in topics])
    by_audience = measures.count_by(posts, lambda post: post.audiences, [a.slug for a in audiences])
    moments = [post.published_at for post in posts]
    target = measures.daily_target(moments, queries.daily_targets(channel.pk), material.period)
    start, end = material.period.begins_at, material.period.ends_at
    stops = queries.not_sent(channel.pk, start, end), queries.send_pauses(start, end)
    with_media = sum(post.has_media for post in own)
    return {
        "topics": [{"slug": t.slug, "name": t.name, "posts": by_topic[t.slug]} for t in topics],
        "audiences": [{"slug": a.slug, "name": a.name, "posts": by_audience[a.slug]} for a in audiences],
        "kinds": {"post": len(own), "retweet": len(posts) - len(own)},
        "media": {"with": with_media, "without": len(own) - with_media},
        "target": {
            "working_days": target.working_days,
            "met": target.met,
            "missed": [day.isoformat() for day in target.missed],
            "reasons": {day.isoformat(): wording.missed_day(day, moments, *stops) for day in target.missed},
        },
        "twins": {
            **asdict(measures.twins(posts)),
            "excepted": [
                {"public_id": post.public_id, "published_on": berlin_day(post.published_at).isoformat()}
                for post in posts
                if post.has_twin_exception
            ],
        },
        "groups": groups.groups_of(posts, material.last, DELIVERY_FIGURES, topics=topics, audiences=audiences),
    }


def _post(post: PublishedDelivery, last: dict[tuple[int, str], Reading], reasons: dict[str, str]) -> dict[str, Any]:
    found = {figure: last.get((post.pk, figure)) for figure in DELIVERY_FIGURES}
    read_at = max((reading.taken_at for reading in found.values() if reading), default=None)
    return {
        "public_id": post.public_id,
        "published_on": berlin_day(post.published_at).isoformat(),
        "kind": str(post.kind),
        "topic": post.topic,
        "audiences": list(post.audiences),
        "has_media": post.has_media,
        "has_twin": post.has_twin,
        "read_on": berlin_day(read_at).isoformat() if read_at else None,
        "figures": {figure.value: reading.value if reading else None for figure, reading in found.items()},
        "missing": {
            figure.value: reasons.get(figure, _never_read(post)) for figure, reading in found.items() if reading is None
        },
    }


def posts_of(material: Material) -> list[dict[str, Any]]:
    reasons: dict[int, dict[str, str]] = {}
    for (pk, figure), reading in material.kept.missing.items():
        reasons.setdefault(pk, {})[figure] = reading.reason
    gone = {pk for pk, words in reasons.items() if Missing.GONE in words.values()}
    return [
        {
            **_post(post, material.last, reasons.get(post.pk, {})),
            "deleted": post.pk in gone or _was_deleted(post, material.period),
        }
        for post in material.posts
    ]


def _never_read(post: PublishedDelivery) -> str:
    return Missing.NOT_DELIVERED.value if post.kind == PostKind.POST else Missing.OF_THE_ORIGINAL.value


def _was_deleted(post: PublishedDelivery, period: Period) -> bool:
    return post.deleted_at is not None and post.deleted_at < period.ends_at


def _sources(*gathered: Material | None) -> dict[str, list[int]]:
    materials = [material for material in gathered if material]
    rows = {pk for material in materials for pk in material.kept.row_pks()}
    rows |= {reading.row_pk for material in materials for reading in material.follower_readings}
    return {
        "figure_rows": sorted(rows),
        "deliveries": sorted({post.pk for material in materials for post in material.posts}),
    }


def days_of(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}
