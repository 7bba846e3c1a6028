"""Builds the demonstration: one transaction, all or nothing, the same for the same day."""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import transaction

from editorial import standing
from editorial.actions import notices
from editorial.channels.addresses import address_to_id
from editorial.clock import berlin_day, database_now, start_of_day
from editorial.enums import DeliveryState, PostKind
from editorial.models import Channel, Delivery, MirrorItem, Notice, Post
from evaluation.models import FigureRow, Review

from . import ground, registers, reviews, simulator
from .aside import beside_the_embedded_database, must_be_empty
from .figures import Figures
from .growth import NAMES, followers_line
from .history import History
from .memory import Memory
from .moments import MONTHS_OF_HISTORY, first_of_month_ago, working_days_before
from .present import Present, days_to_plan
from .stage import Stage
from .walks import Walks

CHANNEL = "x"
PREPARATION = dt.timedelta(days=30)
FRESH = dt.timedelta(days=2)


@dataclass(frozen=True)
class Built:
    """What there is now, for the command's output."""

    posts: int
    published: int
    figures: int
    reviews: int


def build(present: dt.datetime | None = None) -> Built:
    """Raises aside.NotEmpty or simulator.NotFilled; then nothing was changed."""
    present = present or database_now()
    with all_or_nothing() as undo:
        must_be_empty()
        simulator.must_answer()
        with Memory() as memory, standing.kept():
            figures = _play(present, undo, memory)
        _read_old_notices(present)
        simulator.fill(_orders(figures), figures.line.as_ordered)
        return Built(
            posts=Post.objects.count(),
            published=Delivery.objects.filter(state=DeliveryState.PUBLISHED).count(),
            figures=FigureRow.objects.count(),
            reviews=Review.objects.count(),
        )


def _play(present: dt.datetime, undo: ExitStack, memory: Memory) -> Figures:
    today = berlin_day(present)
    rng = Random(today.isoformat())  # noqa: S311 - the same day brings the same demonstration, no secret
    channel = _start_channel(today)
    assert channel.started_on is not None
    start = start_of_day(channel.started_on)
    stage = Stage(present)
    checked_on = working_days_before(today, 20)
    laid = ground.lay(channel, at=start - PREPARATION, checked_on=checked_on, rng=rng, undo=undo)
    walks = Walks(stage, laid, memory, rng)
    figures = Figures(channel, followers_line(start, start_of_day(today), rng), today.isoformat())
    tomorrow = today + dt.timedelta(days=1)
    history = History(walks, rng, channel.started_on, tomorrow, days_to_plan(tomorrow))
    for walk in (
        *history.all_walks(),
        *Present(walks, history, rng).all_walks(),
        *reviews.all_walks(stage, laid.cast, figures),
        registers.look_back(_a_morning_before(today), laid.cast.proe[0], rng),
    ):
        stage.enter(walk)
    stage.play()
    figures.write_until(present)
    return figures


def _read_old_notices(present: dt.datetime) -> None:
    """Only what is fresh is new to people, and nobody gets a mail of what was played."""
    Notice.objects.update(mail_due_at=None)
    Notice.objects.filter(made_at__lt=present - FRESH).update(read_at=present)
    notices.forget_old(present)


def _a_morning_before(today: dt.date) -> dt.datetime:
    return start_of_day(working_days_before(today, 1)) + dt.timedelta(hours=10)


def _start_channel(today: dt.date) -> Channel:
    channel = Channel.objects.get(slug=CHANNEL)
    channel.handle = ground.HANDLE
    channel.profile_url = f"https://x.com/{ground.HANDLE}"
    channel.started_on = first_of_month_ago(today, MONTHS_OF_HISTORY)
    channel.save()
    return channel


def _orders(figures: Figures) -> list[dict[str, Any]]:
    """What is online, in the words of the simulator's ``fill``."""
    plateaus = {sent.pk: sent.plateau for sent in figures.sent()}
    pictures = dict(MirrorItem.objects.values_list("post", "media"))
    online = Delivery.objects.filter(state=DeliveryState.PUBLISHED).select_related("post").order_by("published_at")
    return [_order(delivery, plateaus[delivery.pk], pictures.get(delivery.post_id, [])) for delivery in online]


def _order(delivery: Delivery, plateau: dict[Any, int], pictures: list[dict[str, Any]]) -> dict[str, Any]:
    post, published_at = delivery.post, delivery.published_at
    assert published_at is not None
    known = {"id": delivery.external_id, "created_at": published_at.isoformat()}
    if post.kind == PostKind.RETWEET:
        return known | {"kind": "retweet", "retweet_of": address_to_id(post.retweet_url)}
    return known | {
        "text": post.message_text,
        "media": [{"alt_text": picture["alt_text"]} for picture in pictures],
        "plateau": {NAMES[figure]: count for figure, count in plateau.items()},
    }


@contextmanager
def all_or_nothing() -> Iterator[ExitStack]:
    """One transaction, around actions some of which insist on an outermost one of their own.

    ``claim`` does: its attempt must be on disk before a call goes out. Here no call goes out at all. What is to be
    done when nothing comes of it is put on the stack.
    """
    whole = transaction.atomic()
    whole._from_testcase = True  # type: ignore[attr-defined]  # how Django marks a block that durable ones may stand in
    with ExitStack() as undo:
        with beside_the_embedded_database(), whole:
            yield undo
        undo.pop_all()
