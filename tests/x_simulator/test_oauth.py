"""The simulator's own signature check against the signatures of requests_oauthlib and tweepy."""

import time

import pytest
import requests
import tweepy
from requests_oauthlib import OAuth1

from tests.x_simulator.clients import PNG, TIMEOUT_S, Api
from tests.x_simulator.running import Simulator


def verdicts(simulator: Simulator) -> list[str]:
    return [entry["auth"] for entry in simulator.log()]


def test_tweepys_reads_with_comma_lists_are_accepted(client: tweepy.Client, simulator: Simulator) -> None:
    client.get_tweets(["1", "2"], tweet_fields=["created_at", "public_metrics"], user_auth=True)
    assert verdicts(simulator) == ["ok"]


def test_tweepys_json_posts_are_accepted(client: tweepy.Client, simulator: Simulator) -> None:
    client.create_tweet(text="Grüße aus Bremen & 100 % + mehr = gut")
    assert verdicts(simulator) == ["ok"]


def test_tweepys_deletions_and_retweets_are_accepted(client: tweepy.Client, simulator: Simulator) -> None:
    client.retweet("1234567890123456789")
    client.unretweet("1234567890123456789")
    client.delete_tweet("99")
    assert verdicts(simulator) == ["ok", "ok", "ok"]


def test_a_post_without_a_body_is_accepted(api: Api, simulator: Simulator) -> None:
    api.post("/2/media/upload/1/finalize")
    assert verdicts(simulator) == ["ok"]


def test_a_multipart_body_takes_no_part_in_the_signature(api: Api, simulator: Simulator) -> None:
    api.request(
        "POST", "/2/media/upload", files={"media": ("picture.png", PNG)}, data={"media_category": "tweet_image"}
    )
    assert verdicts(simulator) == ["ok"]


def test_a_urlencoded_body_takes_part_in_the_signature(api: Api, simulator: Simulator) -> None:
    api.request("POST", "/2/tweets", data={"text": "a b+c&d=ä"})
    assert verdicts(simulator) == ["ok"]


def test_signs_that_need_escaping_are_accepted_in_a_query(api: Api, simulator: Simulator) -> None:
    api.get("/2/tweets/search/recent", query='"Jobcenter Bremen" -from:x OR #Bürgergeld ~*!')
    assert verdicts(simulator) == ["ok"]


@pytest.mark.parametrize(
    ("replaced", "verdict"),
    [
        ({"consumer_secret": "wrong"}, "wrong_signature"),
        ({"access_token_secret": "wrong"}, "wrong_signature"),
        ({"consumer_key": "wrong"}, "unknown_consumer_key"),
        ({"access_token": "43-wrong"}, "unknown_token"),
    ],
)
def test_wrong_keys_are_refused(simulator: Simulator, replaced: dict[str, str], verdict: str) -> None:
    answer = Api(simulator.base_url, simulator.keys, **replaced).tweet("never")
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")
    assert verdicts(simulator) == [verdict]
    assert simulator.posts() == []


def signed_copy(api: Api, simulator: Simulator, **more: str) -> requests.PreparedRequest:
    keys = simulator.keys
    auth = OAuth1(keys.consumer_key, keys.consumer_secret, keys.access_token, keys.access_token_secret, **more)
    return requests.Request("GET", f"{api.base_url}/2/users/me", auth=auth).prepare()


def test_a_replayed_request_is_refused(api: Api, simulator: Simulator) -> None:
    request = signed_copy(api, simulator)
    statuses = [api.session.send(request, timeout=TIMEOUT_S).status_code for _ in range(2)]
    assert statuses == [200, 401]
    assert verdicts(simulator) == ["ok", "replayed_nonce"]


@pytest.mark.parametrize("away_s", [-400, 400])
def test_a_timestamp_far_from_the_clock_is_refused(api: Api, simulator: Simulator, away_s: int) -> None:
    request = signed_copy(api, simulator, timestamp=str(int(time.time()) + away_s))
    assert api.session.send(request, timeout=TIMEOUT_S).status_code == 401
    assert verdicts(simulator) == ["stale_timestamp"]


def test_a_timestamp_may_follow_the_moved_clock_as_well(api: Api, simulator: Simulator) -> None:
    simulator.clock(advance_s=86400)
    request = signed_copy(api, simulator, timestamp=str(int(time.time()) + 86400))
    assert api.session.send(request, timeout=TIMEOUT_S).status_code == 200
    assert api.get("/2/users/me").status_code == 200


def test_a_changed_query_breaks_the_signature(api: Api, simulator: Simulator) -> None:
    request = signed_copy(api, simulator)
    request.url = f"{request.url}?user.fields=verified"
    assert api.session.send(request, timeout=TIMEOUT_S).status_code == 401
    assert verdicts(simulator) == ["wrong_signature"]


def test_requests_without_or_with_foreign_credentials_are_refused(api: Api, simulator: Simulator) -> None:
    for header in ({}, {"authorization": "Bearer other"}, {"authorization": "Digest x"}, {"authorization": "OAuth x"}):
        answer = api.request("GET", "/2/users/42/tweets", auth=None, headers=header)
        assert answer.status_code == 401
    assert verdicts(simulator) == ["missing", "unknown_token", "unknown_scheme", "unknown_consumer_key"]


def test_the_apps_bearer_reads_but_does_not_post(client: tweepy.Client, simulator: Simulator) -> None:
    assert client.get_users_tweets("42")["meta"] == {"result_count": 0}
    with pytest.raises(tweepy.Forbidden) as caught:
        client.create_tweet(text="no", user_auth=False)
    assert caught.value.response.json()["title"] == "Unsupported Authentication"
    assert simulator.posts() == []


def test_keys_can_be_replaced_by_the_environment() -> None:
    from tests.x_simulator.running import running_simulator
    from x_simulator.keys import Keys

    with running_simulator(env={"X_SIMULATOR_CONSUMER_SECRET": "another", "X_SIMULATOR_ACCESS_TOKEN": "77-x"}) as own:
        keys = Keys(consumer_secret="another", access_token="77-x")
        assert Api(own.base_url, keys).get("/2/users/me").json()["data"]["id"] == "77"
        assert Api(own.base_url, Keys()).get("/2/users/me").status_code == 401
