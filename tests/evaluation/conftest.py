"""A channel with a start, posts at given moments, figures as they were read."""

import datetime as dt
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
import time_machine
from django.test import Client

from editorial import navigation, queries
from editorial.clock import BERLIN
from editorial.enums import Figure, Role
from editorial.models import Channel
from evaluation import collecting, views, workflow
from evaluation.management.commands import build_review
from evaluation.models import FigureRow, Missing, Source, Unit
from tests.factories import DeliveryFactory, person

STARTED_ON = dt.date(2025, 9, 1)
END = dt.date(2026, 9, 1)
AFTER = dt.datetime(2026, 9, 2, 9, tzinfo=BERLIN)


def moment(text):
    """The moment of a Berlin wall time like "2026-03-02 09:00", in UTC: there a day has always 24 hours."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(dt.UTC)


def facts(at=AFTER):
    return queries.channel_facts(at)


def published(text, **fields):
    """A Beitrag that appeared at this Berlin wall time."""
    return DeliveryFactory(published=True, slot=moment(text), **fields)


def reading(delivery, figure, value, at, *, reason=Missing.NOT_DELIVERED, **fields):
    return FigureRow.objects.create(
        channel=delivery.channel,
        delivery=delivery,
        figure=figure,
        value=value,
        missing_reason="" if value is not None else reason,
        unit=Unit.TIMES,
        source=Source.API,
        taken_at=moment(at),
        **fields,
    )


def followers(value, at):
    return FigureRow.objects.create(
        channel=Channel.objects.get(slug="x"),
        figure=Figure.FOLLOWERS,
        value=value,
        missing_reason="" if value is not None else Missing.NOT_DELIVERED,
        unit=Unit.ACCOUNTS,
        source=Source.API,
        taken_at=moment(at),
    )


@pytest.fixture(autouse=True)
def no_memory_of_a_demonstration(monkeypatch):
    """The process remembers that it serves a demonstration; whether another test made one must not count here."""
    monkeypatch.setattr(navigation, "_known_as_demo", None)


@pytest.fixture
def at_this_moment(monkeypatch):
    """Set every clock: this machine's and, for what is decided, the database's."""
    with ExitStack() as clocks:

        def set_to(moment):
            clocks.enter_context(time_machine.travel(moment, tick=False))
            for module in (build_review, collecting, views, workflow):
                monkeypatch.setattr(module, "database_now", lambda: moment)

        yield set_to


@pytest.fixture
def channel(db):
    channel = Channel.objects.get(slug="x")
    channel.started_on = STARTED_ON
    channel.handle = "jobcenter_probe"
    channel.save()
    return channel


@pytest.fixture
def half_year(channel):
    """Two posts and a retweet in the half-year until 1 September 2026, one post in the one before."""
    long_ago = published("2025-10-01 09:00")
    reading(long_ago, Figure.IMPRESSIONS, 500, "2025-10-31 09:00")
    first, second = published("2026-03-02 09:00"), published("2026-08-31 23:59")
    retweet = published(
        "2026-05-04 10:00", approval__post__kind="retweet", approval__post__retweet_url="https://x.com/a/status/1"
    )
    for figure in (Figure.IMPRESSIONS, Figure.LIKES):
        reading(first, figure, 100, "2026-03-03 09:00")
        reading(first, figure, 300, "2026-04-01 09:00")
    reading(first, Figure.IMPRESSIONS, 999, "2026-09-01 00:00")  # belongs to the next half-year
    reading(second, Figure.IMPRESSIONS, 40, "2026-08-31 23:59")
    reading(second, Figure.LIKES, None, "2026-08-31 23:59")
    followers(1000, "2026-02-28 12:00")
    followers(None, "2026-05-10 12:00")
    followers(1100, "2026-08-30 12:00")
    followers(9999, "2026-09-01 00:00")
    return SimpleNamespace(first=first, second=second, retweet=retweet, long_ago=long_ago)


@pytest.fixture
def review(half_year):
    return workflow.build(facts(), END, at=AFTER)


@pytest.fixture
def published_review(review):
    written = workflow.take("comment", review, by=person(), at=AFTER, seen_digest=review.digest(), comment="Ein Jahr.")
    return workflow.publish(written, by=person(Role.GF), seen_digest=written.digest(), at=AFTER)


@pytest.fixture
def login():
    """A logged-in browser for a role; the person stands at ``client.person``."""

    def log_in(role=Role.PROE):
        client = Client()
        client.person = person(role)
        client.force_login(client.person)
        return client

    return log_in
