"""Reading figures from the channel: what is due, what is stored, and what is never made up.

The schedule follows a post's age and stays cheap: at once, then after 1 hour, 1 day, 1 week and so on every week until
the end of the half-year in which it appeared, and for 30 days in any case: so long the private figures are given.
The channel's followers are read once a day. One reading asks for up to 100 posts; the same post read twice on one day
of X's billing (UTC) is paid once.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

from editorial import paying, queries
from editorial.channels.protocol import ChannelError, Figures, Reader
from editorial.clock import berlin_day, database_now
from editorial.enums import CallKind, Figure, PostKind
from editorial.queries import ChannelFacts, MeasurableDelivery

from . import periods
from .models import FigureRow, Missing, Source, Unit

logger = logging.getLogger(__name__)

DELIVERY_FIGURES = (
    *(Figure.IMPRESSIONS, Figure.RETWEETS, Figure.LIKES, Figure.REPLIES),
    *(Figure.QUOTES, Figure.BOOKMARKS, Figure.LINK_CLICKS),
)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
WEEK, MONTH = 7 * DAY, 30 * DAY
FIRST_POINTS = {"0h": 0 * HOUR, "1h": HOUR, "1d": DAY, "7d": WEEK}
IDS_PER_CALL = 100
# A half-year has at most 184 days; the last reading may come 30 days after it.
LONGEST_SCHEDULE = 184 * DAY + MONTH


class BudgetSpent(Exception):
    """The next call would cost more than what is left of the month."""


@dataclass
class Tally:
    """What one run did. ``error`` is the channel's refusal, None when it answered.

    ``is_budget_spent``: something due was left unread because the month's rest does not pay for it.
    """

    followers_stored: bool = False
    posts_stored: int = 0
    error: ChannelError | None = None
    is_budget_spent: bool = False


@dataclass(frozen=True)
class DueReading:
    """``is_paid``: the channel has charged for this post today already."""

    delivery: MeasurableDelivery
    point: str
    is_paid: bool = False


def collect(reader: Reader | None, *, at: dt.datetime | None = None, extra: bool = False) -> Tally:
    """Read and store what is due at this moment; safe to run twice at once. ``reader=None`` (no keys): nothing.

    ``extra`` takes one more reading of everything younger than 30 days, whatever the schedule says.
    """
    tally, at = Tally(), at or database_now()
    channel = queries.channel_facts(at)
    if reader is None or channel is None or not channel.takes_calls:
        return tally
    try:
        tally.followers_stored = _collect_followers(reader, channel, at, extra=extra)
        for readings in _batches(due_readings(channel, at, extra=extra)):
            tally.posts_stored += _collect_posts(reader, channel, readings, at)
    except ChannelError as error:
        # Nothing was read, so nothing is stored: the next tick finds the same readings due.
        logger.warning("The channel gave no figures: %s", error)
        tally.error = error
    except BudgetSpent:
        logger.warning("The month's budget does not pay for more figures.")
        tally.is_budget_spent = True
    return tally


def due_readings(channel: ChannelFacts, at: dt.datetime, *, extra: bool = False) -> list[DueReading]:
    """The newest point of each post's schedule, where it was not read yet; points slept through stay a gap.

    Youngest first: when the month's budget ends in between, what is read weekly anyway waits.
    """
    since = at - LONGEST_SCHEDULE
    deliveries = queries.deliveries_to_measure(channel.pk, since=since, own_simulator=settings.X_SIMULATOR_IS_OURS)
    stored, finished, paid_today = _read_already(channel, since, at)
    found = []
    for delivery in reversed(deliveries):
        if delivery.pk in finished or delivery.published_at > at:
            continue
        point = newest_point(delivery.published_at, at, channel.started_on)
        if extra and at - delivery.published_at < MONTH:
            point = _extra_point(at)
        if point and (delivery.pk, point) not in stored:
            found.append(DueReading(delivery, point, delivery.pk in paid_today))
    return found


def newest_point(published_at: dt.datetime, at: dt.datetime, started_on: dt.date | None) -> str:
    """The name of the last point reached; "" when the schedule has come to its end."""
    age = at - published_at
    name, due_after = [(name, after) for name, after in FIRST_POINTS.items() if after <= age][-1]
    if age >= 2 * WEEK:
        number = age // WEEK
        name, due_after = f"{7 * number}d", number * WEEK
    if due_after > MONTH and started_on is not None:
        day = berlin_day(published_at)
        if berlin_day(published_at + due_after) >= periods.next_due(started_on, day):
            return ""
    return name


def _collect_followers(reader: Reader, channel: ChannelFacts, at: dt.datetime, *, extra: bool) -> bool:
    point = berlin_day(at).isoformat()
    if FigureRow.objects.filter(channel=channel.pk, delivery=None, figure=Figure.FOLLOWERS, point=point).exists():
        if not extra:
            return False
        point = _extra_point(at)
    with _paid(channel, paying.ACCOUNT_READ, 1, at):
        followers = reader.account().followers
    return store_followers(channel, followers, point=point, at=at)


def _collect_posts(reader: Reader, channel: ChannelFacts, readings: Sequence[DueReading], at: dt.datetime) -> int:
    asked = [reading for reading in readings if _known_beforehand(reading.delivery, at) is None]
    answers: Sequence[Figures] = []
    if asked:
        with _paid(channel, paying.POST_READ, sum(not reading.is_paid for reading in asked), at):
            answers = reader.figures([reading.delivery.external_id for reading in asked])
    told = {answer.external_id: answer for answer in answers}
    clicks = _link_clicks(reader, asked, at)
    rows = []
    for reading in readings:
        answer = told.get(reading.delivery.external_id)
        reason = _known_beforehand(reading.delivery, at) or (Missing.GONE if answer and answer.gone else None)
        values = {**answer.values, Figure.LINK_CLICKS: clicks.get(answer.external_id)} if answer else {}
        for figure in DELIVERY_FIGURES:
            value = None if reason else values.get(figure)
            rows.append(_row(channel, figure, value, reason, at=at, point=reading.point, delivery=reading.delivery))
    FigureRow.objects.bulk_create(rows, ignore_conflicts=True)  # the other tick was first
    return len(readings)


def _link_clicks(reader: Reader, asked: Sequence[DueReading], at: dt.datetime) -> dict[str, int]:
    """Private figures, given for 30 days; the same objects on the same day, so they cost nothing more."""
    young = [r.delivery.external_id for r in asked if at - r.delivery.published_at < MONTH]
    try:
        return reader.link_clicks(young) if young else {}
    except ChannelError as error:
        logger.warning("The channel gave no private figures: %s", error)
        return {}


@contextmanager
def _paid(channel: ChannelFacts, kind: CallKind, n: int, at: dt.datetime) -> Iterator[None]:
    """Only where the month's budget pays for it; what the channel refuses to give is not charged."""
    if not paying.affords(channel.pk, kind, n, at):
        raise BudgetSpent
    yield
    paying.count(channel.pk, kind, n, at)


def store_followers(channel: ChannelFacts, followers: int | None, *, point: str, at: dt.datetime) -> bool:
    row = _row(channel, Figure.FOLLOWERS, followers, None, at=at, point=point)
    FigureRow.objects.bulk_create([row], ignore_conflicts=True)  # the other tick was first
    return True


def _row(
    channel: ChannelFacts,
    figure: Figure,
    value: int | None,
    reason: Missing | None,
    *,
    at: dt.datetime,
    point: str,
    delivery: MeasurableDelivery | None = None,
) -> FigureRow:
    return FigureRow(
        channel_id=channel.pk,
        delivery_id=delivery.pk if delivery else None,
        figure=figure,
        value=value,
        missing_reason="" if value is not None else reason or Missing.NOT_DELIVERED,
        unit=Unit.ACCOUNTS if figure == Figure.FOLLOWERS else Unit.TIMES,
        source=Source.API,
        point=point,
        taken_at=at,
    )


def _known_beforehand(delivery: MeasurableDelivery, at: dt.datetime) -> Missing | None:
    """Why the channel need not be asked: a retweet's figures are those of the original, the work of others."""
    if delivery.deleted_at is not None and delivery.deleted_at <= at:
        return Missing.GONE
    return Missing.OF_THE_ORIGINAL if delivery.kind == PostKind.RETWEET else None


def _read_already(
    channel: ChannelFacts, since: dt.datetime, at: dt.datetime
) -> tuple[set[tuple[int, str]], set[int], set[int]]:
    """(delivery, point) of every reading since then, the deliveries of which nothing more will come, those read today.

    Today is a day of X's billing, in UTC.
    """
    rows = FigureRow.objects.filter(channel=channel.pk, taken_at__gte=since, figure=Figure.IMPRESSIONS).exclude(
        delivery=None
    )
    found = list(rows.values_list("delivery_id", "point", "missing_reason", "source", "taken_at"))
    closing, today = (Missing.GONE, Missing.OF_THE_ORIGINAL), at.astimezone(dt.UTC).date()
    return (
        {(pk, point) for pk, point, *_ in found},
        {pk for pk, _, reason, *_ in found if reason in closing},
        {
            pk
            for pk, _, reason, source, taken_at in found
            if source == Source.API and not reason and taken_at.date() == today
        },
    )


def _extra_point(at: dt.datetime) -> str:
    """Twice in the same minute is once."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%MZ}"


def _batches(readings: Iterable[DueReading]) -> Iterator[list[DueReading]]:
    rest = list(readings)
    while rest:
        yield rest[:IDS_PER_CALL]
        rest = rest[IDS_PER_CALL:]
