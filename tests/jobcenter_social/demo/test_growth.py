import datetime as dt
from random import Random

import pytest

from jobcenter_social.demo.growth import FollowersLine, followers_line, plateau_of, value
from x_simulator import metrics
from x_simulator.model import FollowersCurve

BEGIN = dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
END = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("plateau", [0, 1, 17, 940, 12_345])
def test_figures_grow_as_the_simulator_lets_them_grow(plateau):
    ages = [dt.timedelta(minutes=minutes) for minutes in (0, 1, 30, 90, 1440, 10_080, 43_200, 400_000)]
    assert [value(plateau, age) for age in ages] == [metrics.value(plateau, age.total_seconds()) for age in ages]


def simulated(line: FollowersLine) -> FollowersCurve:
    (start_at, start), (end_at, end) = line.corners[-2:]
    return FollowersCurve(start_at.timestamp(), start, end_at.timestamp(), end)


def test_the_simulator_goes_on_where_the_stored_followers_end():
    line = followers_line(BEGIN, END, Random(1))
    moments = [line.corners[-2][0] + n * DAY / 3 for n in range(400)]
    assert [line.at(moment) for moment in moments] == [
        metrics.followers(simulated(line), moment.timestamp()) for moment in moments
    ]


def test_followers_never_become_fewer():
    line = followers_line(BEGIN, END, Random(2))
    counts = [line.at(BEGIN + n * DAY) for n in range(480)]
    assert counts == sorted(counts)
    assert counts[0] < 200 < 1000 < counts[-1] < 3000


def test_a_picture_and_more_followers_bring_more_readers():
    def impressions(**more):
        return plateau_of(**{"topic": "lesetipps", "followers": 500, "has_picture": False} | more, rng=Random(3))

    assert impressions()["impressions"] < impressions(has_picture=True)["impressions"]
    assert impressions()["impressions"] < impressions(followers=1500)["impressions"]
