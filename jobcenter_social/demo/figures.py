"""Stored figures of fourteen months, at the moments and under the names of the real schedule of collection."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from django.db.models import Count

from editorial.clock import berlin_day
from editorial.enums import Figure, PostKind
from editorial.models import Channel, Delivery
from evaluation.collecting import DELIVERY_FIGURES, FIRST_POINTS, LONGEST_SCHEDULE, MONTH, WEEK, newest_point
from evaluation.models import FigureRow, Missing, Source, Unit

from .growth import IMPRESSIONS_PER_CLICK, FollowersLine, plateau_of, value
from .moments import at

ONE_DAY = dt.timedelta(days=1)
BATCH = 2000
# Days after the start on which X did not say how many follow, and on which nobody asked.
NOT_DELIVERED_DAYS = (47, 131, 263, 264)
NOT_ASKED_DAYS = range(318, 323)
# In these days after the start X kept quotes to itself; and a few posts never got their impressions.
WITHOUT_QUOTES_DAYS = range(150, 164)
NEVER_COUNTED_SHARE = 0.015


@dataclass(frozen=True)
class Sent:
    """What one Ausspielung is worth in the end."""

    pk: int
    kind: str
    published_at: dt.datetime
    deleted_at: dt.datetime | None
    plateau: dict[Figure, int]
    never_counted: bool


class Figures:
    """``write_until`` goes on where it ended, so that a review finds what had been read by its day."""

    def __init__(self, channel: Channel, line: FollowersLine, seed: str) -> None:
        assert channel.started_on is not None
        self.channel, self.started_on, self.line, self.seed = channel, channel.started_on, line, seed
        self._written = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._next_day = channel.started_on

    def write_until(self, moment: dt.datetime) -> None:
        rows = [*self._of_followers(moment), *self._of_posts(moment)]
        FigureRow.objects.bulk_create(rows, batch_size=BATCH)
        self._written = moment

    def sent(self) -> list[Sent]:
        """Everything that went out so far, oldest first."""
        found = (
            Delivery.objects.exclude(external_id=None)
            .annotate(pictures=Count("post__media_links"))
            .order_by("published_at", "pk")
        )
        fields = ("pk", "external_id", "published_at", "deleted_at", "post__kind", "post__topic__slug", "pictures")
        return [self._worth(*row) for row in found.values_list(*fields)]

    def _worth(
        self,
        pk: int,
        external_id: str,
        published_at: dt.datetime,
        deleted_at: dt.datetime | None,
        kind: str,
        topic: str,
        pictures: int,
    ) -> Sent:
        rng = Random(f"{self.seed}:{external_id}")  # noqa: S311 - repeatable figures, no secret
        plateau = plateau_of(topic, self.line.at(published_at), has_picture=bool(pictures), rng=rng)
        return Sent(pk, kind, published_at, deleted_at, plateau, rng.random() < NEVER_COUNTED_SHARE)

    def _of_followers(self, until: dt.datetime) -> Iterator[FigureRow]:
        """One reading a day, shortly after midnight, by the first tick of the day."""
        while (moment := at(self._next_day, 0, 7)) <= until:
            number = (self._next_day - self.started_on).days
            if number not in NOT_ASKED_DAYS:
                count = None if number in NOT_DELIVERED_DAYS else self.line.at(moment)
                yield self._row(Figure.FOLLOWERS, count, moment, self._next_day.isoformat())
            self._next_day += ONE_DAY

    def _of_posts(self, until: dt.datetime) -> Iterator[FigureRow]:
        for sent in self.sent():
            for moment, point in self._readings(sent):
                if self._written < moment <= until:
                    yield from self._rows_of(sent, moment, point)
                if moment > until or _is_last(sent, moment):
                    break

    def _readings(self, sent: Sent) -> Iterator[tuple[dt.datetime, str]]:
        """A tick comes some minutes after each point of the schedule."""
        rng = Random(f"{self.seed}:{sent.published_at.isoformat()}")  # noqa: S311 - repeatable moments, no secret
        weekly = (WEEK * number for number in range(2, LONGEST_SCHEDULE // WEEK))
        for after in (*FIRST_POINTS.values(), *weekly):
            moment = sent.published_at + after + dt.timedelta(seconds=rng.randrange(20, 840))
            point = newest_point(sent.published_at, moment, self.started_on)
            if not point:
                return
            yield moment, point

    def _rows_of(self, sent: Sent, moment: dt.datetime, point: str) -> Iterator[FigureRow]:
        reason = _reason(sent, moment)
        without_quotes = (berlin_day(moment) - self.started_on).days in WITHOUT_QUOTES_DAYS
        for figure in DELIVERY_FIGURES:
            kept_back = (without_quotes and figure == Figure.QUOTES) or (
                sent.never_counted and figure in (Figure.IMPRESSIONS, Figure.LINK_CLICKS)
            )
            grown = None if reason or kept_back else _grown(sent, figure, moment - sent.published_at)
            yield self._row(figure, grown, moment, point, delivery_pk=sent.pk, reason=reason)

    def _row(
        self,
        figure: Figure,
        count: int | None,
        moment: dt.datetime,
        point: str,
        *,
        delivery_pk: int | None = None,
        reason: str = "",
    ) -> FigureRow:
        return FigureRow(
            channel=self.channel,
            delivery_id=delivery_pk,
            figure=figure,
            value=count,
            missing_reason="" if count is not None else reason or Missing.NOT_DELIVERED,
            unit=Unit.ACCOUNTS if figure == Figure.FOLLOWERS else Unit.TIMES,
            source=Source.API,
            point=point,
            taken_at=moment,
        )


def _grown(sent: Sent, figure: Figure, age: dt.timedelta) -> int | None:
    """Clicks are a private figure: given for thirty days."""
    if figure != Figure.LINK_CLICKS:
        return value(sent.plateau[figure], age)
    return value(sent.plateau[Figure.IMPRESSIONS], age) // IMPRESSIONS_PER_CLICK if age < MONTH else None


def _reason(sent: Sent, moment: dt.datetime) -> str:
    """Why X is not even asked."""
    if sent.deleted_at and sent.deleted_at <= moment:
        return Missing.GONE
    return Missing.OF_THE_ORIGINAL if sent.kind == PostKind.RETWEET else ""


def _is_last(sent: Sent, moment: dt.datetime) -> bool:
    """The real collection reads nothing more of what is gone or belongs to others."""
    return bool(_reason(sent, moment))
