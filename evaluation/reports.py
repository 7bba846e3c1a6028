"""Freezing a half-year: read everything once, compute, and keep the digits with the ids of the rows behind them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from editorial import queries
from editorial.clock import berlin_day
from editorial.enums import Figure, PostKind
from editorial.queries import ChannelFacts, PublishedDelivery

from . import measures, periods, wording
from .collecting import DELIVERY_FIGURES
from .measures import Reading
from .models import FigureRow, Missing
from .periods import Period

SCHEMA = 1


@dataclass(frozen=True)
class Material:
    """All that a period's figures are computed from."""

    period: Period
    posts: list[PublishedDelivery]
    post_readings: list[Reading]
    follower_readings: list[Reading]
    last: dict[tuple[int, str], Reading]


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
    """The figures of this half-year beside those of the one before; the same rows give the same digits."""
    assert channel.started_on is not None
    now = gather(channel, period)
    earlier = periods.before(channel.started_on, period)
    then = gather(channel, earlier) if earlier else None
    months = periods.months_of(channel.started_on, period)
    concept = queries.concept_in_force(period.last_day)
    totals, posts = totals_of(now), _posts(now)
    figures = {
        "schema": SCHEMA,
        "channel": {"slug": channel.slug, "name": channel.name, "handle": channel.handle},
        "concept": concept.stand if concept else "",
        "period": _days(period),
        "totals": totals,
        "before": {"period": _days(earlier), **totals_of(then)} if earlier and then else None,
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
    return Frozen(figures, _sources(now, then))


def gather(channel: ChannelFacts, period: Period) -> Material:
    start, end = period.begins_at, period.ends_at
    posts = queries.deliveries_published(channel.pk, start, end)
    ours = {post.pk for post in posts}
    # The level at the start may have been read in the week before.
    rows = FigureRow.objects.standing().filter(
        channel=channel.pk, taken_at__gte=start - measures.NEAR_BOUNDARY, taken_at__lt=end
    )
    fields = ("pk", "delivery_id", "figure", "value", "missing_reason", "taken_at")
    readings = [Reading(*row) for row in rows.order_by("taken_at", "pk").values_list(*fields).iterator()]
    of_posts = [reading for reading in readings if reading.delivery_pk in ours]
    followers = [reading for reading in readings if reading.delivery_pk is None and reading.figure == Figure.FOLLOWERS]
    return Material(period, posts, of_posts, followers, measures.last_values(of_posts))


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
        "months_without_value": [_days(month) for month in gaps],
    }


def _month(material: Material, month: Period) -> dict[str, Any]:
    posts = [post for post in material.posts if month.start <= berlin_day(post.published_at) < month.end]
    own = measures.own_posts(posts)
    sums = {
        figure.value: measures.spread(measures.values_of(own, figure, material.last)).sum if own else 0
        for figure in DELIVERY_FIGURES
    }
    return {**_days(month), "posts": len(posts), **sums}


def _shares(material: Material, channel: ChannelFacts) -> dict[str, Any]:
    posts, own = material.posts, measures.own_posts(material.posts)
    topics, audiences = queries.topics(), queries.audiences()
    by_topic = measures.count_by(posts, lambda post: [post.topic] if post.topic else [], [t.slug for t in topics])
    by_audience = measures.count_by(posts, lambda post: post.audiences, [a.slug for a in audiences])
    moments = [post.published_at for post in posts]
    target = measures.daily_target(moments, queries.daily_targets(channel.pk), material.period)
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
        },
        "twins": asdict(measures.twins(posts)),
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


def _posts(material: Material) -> list[dict[str, Any]]:
    reasons: dict[int | None, dict[str, str]] = {}
    for reading in material.post_readings:
        if reading.value is None:
            reasons.setdefault(reading.delivery_pk, {})[reading.figure] = reading.reason
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


def _sources(now: Material, then: Material | None) -> dict[str, list[int]]:
    materials = [now, then] if then else [now]
    readings = [r for material in materials for r in (*material.post_readings, *material.follower_readings)]
    return {
        "figure_rows": sorted({reading.row_pk for reading in readings}),
        "deliveries": sorted({post.pk for material in materials for post in material.posts}),
    }


def _days(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}
