import pytest

from tests.x_simulator.clients import Api
from tests.x_simulator.running import Simulator
from x_simulator.metrics import RANGES, followers, plateau_for, value
from x_simulator.model import FollowersCurve

DAY_S = 86400


@pytest.mark.parametrize(
    ("age_h", "expected"), [(-1, 0), (0, 0), (1, 26), (24, 464), (36, 603), (168, 951), (720, 982), (24 * 365, 1000)]
)
def test_the_published_formula_gives_these_figures(age_h: float, expected: int) -> None:
    assert value(1000, age_h * 3600) == expected


def test_figures_never_fall_and_end_at_the_plateau() -> None:
    grown = [value(137, age_h * 3600) for age_h in range(24 * 400)]
    assert grown == sorted(grown)
    assert grown[-1] == 137


def test_the_plateau_of_a_post_depends_on_its_id_only() -> None:
    for figure, (low, high) in RANGES.items():
        drawn = [plateau_for(str(post_id), figure) for post_id in range(1000, 1200)]
        assert drawn == [plateau_for(str(post_id), figure) for post_id in range(1000, 1200)]
        assert low <= min(drawn) < max(drawn) <= high


def test_followers_follow_a_straight_line() -> None:
    curve = FollowersCurve(start_at=0, start=100, end_at=10 * DAY_S, end=200)
    assert [followers(curve, day * DAY_S) for day in (-5, 0, 5, 10, 20)] == [100, 100, 150, 200, 300]


def figures(api: Api, post_id: str) -> dict[str, int]:
    return api.get(f"/2/tweets/{post_id}", **{"tweet.fields": "public_metrics"}).json()["data"]["public_metrics"]


def test_a_post_starts_at_zero_and_grows_with_the_clock(api: Api, simulator: Simulator) -> None:
    post_id = api.tweet_id("Frisch")
    assert set(figures(api, post_id).values()) == {0}
    simulator.clock(advance_s=DAY_S)
    after_a_day = figures(api, post_id)
    simulator.clock(advance_s=300 * DAY_S)
    in_the_end = figures(api, post_id)
    assert after_a_day == {name: value(plateau_for(post_id, name), DAY_S) for name in RANGES}
    assert in_the_end == {name: plateau_for(post_id, name) for name in RANGES}


def test_a_plateau_can_be_set_by_hand(api: Api, simulator: Simulator) -> None:
    post_id = api.tweet_id("Beliebt")
    simulator.metrics(id=post_id, plateau={"like_count": 5000})
    simulator.clock(advance_s=300 * DAY_S)
    assert figures(api, post_id)["like_count"] == 5000


def test_figures_can_fall_or_be_left_out_by_a_switch(api: Api, simulator: Simulator) -> None:
    post_id = api.tweet_id("Beliebt")
    simulator.metrics(id=post_id, plateau={"like_count": 100})
    simulator.clock(advance_s=300 * DAY_S)
    simulator.settings(metrics_drop=0.25, omit_metrics=["impression_count"])
    assert figures(api, post_id)["like_count"] == 75
    assert "impression_count" not in figures(api, post_id)


def test_a_retweet_shows_only_the_retweets_of_its_original(api: Api, simulator: Simulator) -> None:
    retweet = api.post("/2/users/42/retweets", {"tweet_id": "1234567890123456789"}).json()["data"]["rest_id"]
    simulator.metrics(id="1234567890123456789", plateau={"retweet_count": 9})
    simulator.clock(advance_s=300 * DAY_S)
    shown = figures(api, retweet)
    assert shown.pop("retweet_count") == 9
    assert set(shown.values()) == {0}


def test_followers_grow_slowly_with_the_clock(api: Api, simulator: Simulator) -> None:
    def count() -> int:
        answer = api.get("/2/users/me", **{"user.fields": "public_metrics"})
        return answer.json()["data"]["public_metrics"]["followers_count"]

    start = count()
    simulator.clock(advance_s=360 * DAY_S)
    assert (start, count()) == (1200, 1380)


def test_analytics_give_totals_of_own_posts(api: Api, simulator: Simulator) -> None:
    post_id = api.tweet_id("Eins")
    simulator.clock(advance_s=DAY_S)
    query = {"start_time": "2020-01-01T00:00:00Z", "end_time": simulator.state()["now"], "granularity": "total"}
    answer = api.get("/2/tweets/analytics", ids=f"{post_id},5", **query, **{"analytics.fields": "impressions"}).json()
    [bucket] = answer["data"][0]["timestamped_metrics"]
    assert bucket["metrics"] == {"impressions": figures(api, post_id)["impression_count"]}
    assert [entry["resource_id"] for entry in answer["errors"]] == ["5"]
    assert api.get("/2/tweets/analytics", ids=post_id).status_code == 400
