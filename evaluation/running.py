"""The half-year that still runs: figures as they stand now, never frozen and never published."""

import datetime as dt
from collections import Counter
from typing import Any

from editorial import queries
from editorial.clock import berlin_day
from editorial.queries import ChannelFacts

from . import groups, measures, periods, reports, wording
from .collecting import DELIVERY_FIGURES
from .periods import Period
from .reports import Material

NEVER = "noch nie gelesen"
AGES = ((1, "höchstens einen Tag alt"), (7, "höchstens eine Woche alt"), (30, "höchstens 30 Tage alt"))
OLDER = "älter als 30 Tage"


def period_at(channel: ChannelFacts, at: dt.datetime) -> Period | None:
    """None before the channel's start, and where none was entered."""
    today = berlin_day(at)
    if channel.started_on is None or today < channel.started_on:
        return None
    return periods.half_year(channel.started_on, periods.half_years_ended(channel.started_on, today) + 1)


def figures_at(channel: ChannelFacts, period: Period, at: dt.datetime) -> dict[str, Any]:
    """In the form of a review's figures, as far as the working page shows them.

    Compared is the half-year before up to the same day: a whole one would always look larger.
    """
    assert channel.started_on is not None
    today = berlin_day(at)
    so_far = Period(period.start, min(today + dt.timedelta(days=1), period.end))
    now = reports.gather(channel, so_far)
    earlier = periods.before(channel.started_on, period)
    then = reports.gather(channel, _same_span(so_far, earlier)) if earlier else None
    totals = reports.totals_of(now)
    target = measures.daily_target(
        [post.published_at for post in now.posts],
        queries.daily_targets(channel.pk),
        Period(period.start, max(today, period.start)),
    )
    return {
        "period": reports.days_of(so_far),
        "totals": totals,
        "before": reports.compared(then),
        "target": {"working_days": target.working_days, "met": target.met},
        "curve": wording.curve(totals["followers_start"], totals["followers_end"]),
        "groups": groups.groups_of(
            now.posts, now.last, DELIVERY_FIGURES, topics=queries.topics(), audiences=queries.audiences()
        ),
        "posts": [{"delivery": post.pk, **told} for post, told in zip(now.posts, reports.posts_of(now), strict=True)],
        "ages": _ages(now, today),
    }


def _same_span(so_far: Period, earlier: Period) -> Period:
    """As many days of the earlier half-year as this one has had; the earlier one may be a day or two shorter."""
    return Period(earlier.start, min(earlier.start + (so_far.end - so_far.start), earlier.end))


def _ages(material: Material, today: dt.date) -> list[tuple[str, int]]:
    """How many own posts have figures of which age; every age is named, zero included."""
    read: dict[int, dt.date] = {}
    for (pk, _), reading in material.last.items():
        read[pk] = max(read.get(pk, dt.date.min), berlin_day(reading.taken_at))
    counted = Counter(_age(read.get(post.pk), today) for post in measures.own_posts(material.posts))
    return [(words, counted[words]) for words in (*(words for _, words in AGES), OLDER, NEVER)]


def _age(read_on: dt.date | None, today: dt.date) -> str:
    if read_on is None:
        return NEVER
    return next((words for days, words in AGES if (today - read_on).days <= days), OLDER)
