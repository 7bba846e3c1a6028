import time

import pytest
import requests

from tests.x_simulator.clients import Api
from tests.x_simulator.running import Simulator


def left(answer: requests.Response) -> tuple[int, int]:
    return int(answer.headers["x-rate-limit-limit"]), int(answer.headers["x-rate-limit-remaining"])


def test_every_answer_carries_the_counted_limit(api: Api) -> None:
    answers = [api.tweet("Eins"), api.tweet("Eins"), api.get("/2/users/me"), api.get("/2/users/42/tweets")]
    assert [left(answer) for answer in answers] == [(100, 99), (100, 98), (75, 74), (900, 899)]
    assert 890 < int(answers[0].headers["x-rate-limit-reset"]) - time.time() < 910
    assert all(answer.headers["x-transaction-id"] for answer in answers)
    assert answers[0].headers["content-type"] == "application/json; charset=utf-8"


def test_a_used_up_limit_is_429_until_the_window_ends(api: Api, simulator: Simulator) -> None:
    simulator.settings(limits={"POST /2/tweets": 2})
    statuses = [api.tweet(f"Nummer {number}").status_code for number in range(3)]
    refusal = api.tweet("Nummer 3")
    assert statuses == [201, 201, 429]
    assert (refusal.json()["title"], left(refusal)) == ("Too Many Requests", (2, 0))
    simulator.clock(advance_s=901)
    assert api.tweet("Nummer 3").status_code == 201


def test_the_limit_of_a_day_counts_for_the_app(api: Api, simulator: Simulator) -> None:
    simulator.settings(limits={"POST /2/tweets per day": 1}, daily_headers=True)
    first, second = api.tweet("Eins"), api.tweet("Zwei")
    assert (first.status_code, second.status_code) == (201, 429)
    assert second.headers["x-app-limit-24hour-remaining"] == "0"


def test_limits_can_be_widened_for_load_tests(api: Api, simulator: Simulator) -> None:
    simulator.settings(limit_factor=1000)
    assert left(api.tweet("Eins")) == (100_000, 99_999)


def test_refused_signatures_do_not_use_up_the_accounts_limit(api: Api, simulator: Simulator) -> None:
    Api(simulator.base_url, simulator.keys, consumer_secret="wrong").tweet("Eins")
    assert left(api.tweet("Eins")) == (100, 99)


def refreshed(simulator: Simulator, token: str) -> requests.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": simulator.keys.client_id}
    return requests.post(f"{simulator.base_url}/2/oauth2/token", data=form, timeout=5)


def test_a_refresh_token_works_once_and_the_new_access_token_posts(api: Api, simulator: Simulator) -> None:
    first = refreshed(simulator, simulator.keys.refresh_token)
    again = refreshed(simulator, simulator.keys.refresh_token)
    assert (first.status_code, first.json()["expires_in"]) == (200, 7200)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")
    bearer = {"authorization": f"Bearer {first.json()['access_token']}"}
    assert api.post("/2/tweets", {"text": "Mit OAuth 2"}, auth=None, headers=bearer).status_code == 201
    assert refreshed(simulator, first.json()["refresh_token"]).status_code == 200


def test_an_access_token_ends_after_two_hours(api: Api, simulator: Simulator) -> None:
    token = refreshed(simulator, simulator.keys.refresh_token).json()["access_token"]
    simulator.clock(advance_s=7201)
    answer = api.request("GET", "/2/users/me", auth=None, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert simulator.log()[-1]["auth"] == "expired_token"


@pytest.mark.parametrize("form", [{}, {"grant_type": "password"}, {"grant_type": "refresh_token", "client_id": "x"}])
def test_other_grants_and_clients_are_refused(simulator: Simulator, form: dict[str, str]) -> None:
    assert requests.post(f"{simulator.base_url}/2/oauth2/token", data=form, timeout=5).status_code == 400


def test_usage_is_told_to_the_app_only(api: Api, simulator: Simulator) -> None:
    api.tweet("Eins")
    bearer = {"authorization": f"Bearer {simulator.keys.app_bearer}"}
    answer = api.request("GET", "/2/usage/tweets", auth=None, headers=bearer)
    assert answer.json()["data"]["project_usage"] == "1"
    assert api.get("/2/usage/tweets").status_code == 403
