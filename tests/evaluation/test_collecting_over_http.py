"""The same collection through tweepy and HTTP, from the simulated X."""

import datetime as dt
from dataclasses import asdict

import pytest

from editorial.channels.protocol import Message
from editorial.channels.twitter import Twitter
from editorial.enums import PostKind
from evaluation import collecting
from evaluation.models import FigureRow
from tests.factories import DeliveryFactory
from tests.x_simulator.running import running_simulator

pytestmark = pytest.mark.django_db

KEY_NAMES = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def simulator():
    with running_simulator() as running:
        yield running


@pytest.fixture
def twitter(simulator, channel):
    simulator.reset()
    keys = {name: value for name, value in asdict(simulator.keys).items() if name in KEY_NAMES}
    return Twitter(base_url=simulator.base_url, keys=keys, http_timeout_s=5.0, task_limit_s=10.0)


def delivered(receipt, **fields):
    return DeliveryFactory(published=True, external_id=receipt.external_id, slot=receipt.at, **fields)


def stored(delivery, point):
    rows = FigureRow.objects.filter(delivery=delivery, point=point)
    return {row.figure: row.value if row.value is not None else row.missing_reason for row in rows}


def test_the_simulators_figures_are_stored_as_it_tells_them(simulator, twitter):
    receipt = twitter.send(Message("Guten Morgen, Bremen. https://www.jobcenter-bremen.de/"))
    delivery = delivered(receipt)
    simulator.clock(advance_s=DAY.total_seconds())
    tally = collecting.collect(twitter, at=receipt.at + DAY)
    told = twitter.figures([receipt.external_id])[0].values
    assert (tally.followers_stored, tally.posts_stored, tally.error) == (True, 1, None)
    assert told["impressions"] >= 40
    clicks = {"link_clicks": told["impressions"] // 40}
    assert stored(delivery, "1d") == {name: {**told, **clicks}[name] for name in collecting.DELIVERY_FIGURES}
    assert stored(delivery, "1d")["impressions"] > 0
    followers = FigureRow.objects.get(figure="followers")
    assert followers.value == twitter.account().followers


def test_a_figure_the_simulator_keeps_back_is_missing(simulator, twitter):
    receipt = twitter.send(Message("Guten Tag, Bremen."))
    delivery = delivered(receipt)
    simulator.settings(omit_metrics=["impression_count"])
    collecting.collect(twitter, at=receipt.at)
    found = stored(delivery, "0h")
    assert found["impressions"] == "not_delivered"
    assert [found[name] for name in ("likes", "quotes")] == [0, 0]


def test_a_post_deleted_on_the_platform_is_marked(simulator, twitter):
    receipt = twitter.send(Message("Guten Abend, Bremen."))
    delivery = delivered(receipt)
    simulator.remove(receipt.external_id)
    collecting.collect(twitter, at=receipt.at)
    assert set(stored(delivery, "0h").values()) == {"gone"}


def test_what_a_retweet_carries_is_not_counted_as_ours(simulator, twitter):
    original = twitter.send(Message("Ein Original."))
    simulator.clock(advance_s=DAY.total_seconds())
    receipt = twitter.retweet(original.url)
    delivery = delivered(receipt, approval__post__kind=PostKind.RETWEET, approval__post__retweet_url=original.url)
    collecting.collect(twitter, at=receipt.at + DAY)
    assert set(stored(delivery, "1d").values()) == {"of_the_original"}


def test_an_error_of_the_simulator_leaves_nothing_behind(simulator, twitter):
    receipt = twitter.send(Message("Gute Nacht, Bremen."))
    delivered(receipt)
    simulator.fault("status", args={"status": 503}, times=9)
    tally = collecting.collect(twitter, at=receipt.at)
    assert str(tally.error) == "server_error (503)"
    assert FigureRow.objects.count() == 0
    simulator.clear_faults()
    assert collecting.collect(twitter, at=receipt.at).posts_stored == 1
