"""Each fault as a real client over HTTP meets it, and what then stands on the service."""

import time
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests
import tweepy

from tests.x_simulator.clients import Api
from tests.x_simulator.running import Simulator
from tests.x_simulator.test_media import append, finalize, started, state_of, uploaded


def texts(simulator: Simulator) -> list[str]:
    return [post["text"] for post in simulator.live_posts()]


def test_a_status_with_body_and_headers(api: Api, simulator: Simulator) -> None:
    simulator.fault("status", args={"status": 418, "body": {"detail": "tea"}, "headers": {"x-kind": "pot"}})
    answer = api.tweet("Hallo")
    assert (answer.status_code, answer.json(), answer.headers["x-kind"]) == (418, {"detail": "tea"}, "pot")
    assert texts(simulator) == []
    [entry] = simulator.log()
    assert (entry["auth"], entry["faults"], entry["carried_out"], entry["status"]) == ("ok", ["status"], False, 418)


@pytest.mark.parametrize(("kind", "left"), [("reset_before", []), ("accept_then_reset", ["Hallo"])])
def test_a_reset_connection_with_and_without_the_post(
    api: Api, simulator: Simulator, kind: str, left: list[str]
) -> None:
    simulator.fault(kind)
    with pytest.raises(requests.ConnectionError, match="reset"):
        api.tweet("Hallo")
    assert texts(simulator) == left
    [entry] = simulator.log()
    assert (entry["outcome"], entry["status"], entry["carried_out"]) == ("reset", None, bool(left))


def test_a_post_that_is_stored_but_never_answered(api: Api, simulator: Simulator) -> None:
    simulator.fault("accept_then_hang", args={"seconds": 0.6})
    with pytest.raises(requests.ReadTimeout):
        api.post("/2/tweets", {"text": "Hallo"}, timeout=0.2)
    assert texts(simulator) == ["Hallo"]
    simulator.fault("accept_then_hang", args={"seconds": 0.1})
    with pytest.raises(requests.ConnectionError):
        api.tweet("Hallo zwei")
    assert simulator.log()[1]["outcome"] == "hung"


@pytest.mark.parametrize("status", [500, 503, 400])
def test_an_error_although_the_post_was_stored(api: Api, simulator: Simulator, status: int) -> None:
    simulator.fault("accept_then_5xx", args={"status": status})
    assert api.tweet("Hallo").status_code == status
    assert texts(simulator) == ["Hallo"]


def test_a_cut_answer_although_the_post_was_stored(client: tweepy.Client, simulator: Simulator) -> None:
    simulator.fault("accept_then_garbage")
    with pytest.raises(requests.JSONDecodeError):
        client.create_tweet(text="Hallo")
    assert texts(simulator) == ["Hallo"]


def test_an_empty_object_although_the_post_was_stored(api: Api, simulator: Simulator) -> None:
    simulator.fault("accept_empty")
    answer = api.tweet("Hallo")
    assert (answer.status_code, answer.json()) == (201, {})
    assert texts(simulator) == ["Hallo"]


def test_200_with_nothing_but_errors(api: Api, simulator: Simulator) -> None:
    simulator.fault("errors_only")
    answer = api.tweet("Hallo")
    assert (answer.status_code, list(answer.json())) == (200, ["errors"])
    assert texts(simulator) == []


def test_a_canned_answer_may_hide_that_the_post_was_stored(api: Api, simulator: Simulator) -> None:
    simulator.fault("errors_only", args={"accept": True})
    assert "data" not in api.tweet("Hallo").json()
    assert texts(simulator) == ["Hallo"]


def test_a_delay_comes_before_the_post_is_stored(api: Api, simulator: Simulator) -> None:
    simulator.fault("delay", args={"seconds": 0.4})
    with pytest.raises(requests.ReadTimeout):
        api.post("/2/tweets", {"text": "Hallo"}, timeout=0.1)
    assert texts(simulator) == []
    time.sleep(0.5)
    assert texts(simulator) == ["Hallo"]


def test_a_dripping_answer_outlasts_a_timeout_per_read(api: Api, simulator: Simulator) -> None:
    simulator.fault("slow_body", args={"interval_s": 0.01})
    started_at = time.monotonic()
    answer = api.post("/2/tweets", {"text": "Hallo"}, timeout=0.3)
    assert answer.json()["data"]["text"] == "Hallo"
    assert time.monotonic() - started_at > 0.01 * len(answer.content)


@pytest.mark.parametrize("variant", ["reset", "no_reset", "past_reset", "text_reset", "24h"])
def test_rate_limits_with_every_kind_of_reset(api: Api, simulator: Simulator, variant: str) -> None:
    simulator.fault("rate_limit", args={"variant": variant, "reset_in_s": 600})
    answer = api.tweet("Hallo")
    reset = answer.headers.get("x-rate-limit-reset")
    away_s = int(reset) - time.time() if reset and reset.isdecimal() else reset
    expected = {"reset": 600, "no_reset": None, "past_reset": -600, "text_reset": "soon", "24h": 600}[variant]
    assert answer.status_code == 429
    assert away_s == (pytest.approx(expected, abs=3) if isinstance(expected, int) else expected)
    assert ("x-user-limit-24hour-reset" in answer.headers) == (variant == "24h")


def test_rate_limits_with_other_bodies(api: Api, simulator: Simulator) -> None:
    simulator.faults(
        {"kind": "rate_limit", "args": {"body": "code_88"}}, {"kind": "rate_limit", "args": {"body": "usage_capped"}}
    )
    assert api.tweet("Hallo").json()["errors"][0]["code"] == 88
    assert api.tweet("Hallo").json()["type"].endswith("/usage-capped")


@pytest.mark.parametrize(
    ("kind", "args", "status", "words"),
    [
        ("duplicate", {}, 403, "duplicate content"),
        ("expired_token", {}, 401, "Unauthorized"),
        ("suspended", {}, 403, "suspended"),
        ("read_only_token", {}, 403, "oauth1-permissions"),
        ("no_credits", {}, 402, "credits-depleted"),
        ("no_credits", {"body": "old"}, 402, "CreditsDepleted"),
        ("html_502", {}, 502, "<!DOCTYPE html>"),
        ("media_id_invalid", {}, 400, "Your media IDs are invalid."),
    ],
)
def test_refusals_as_they_were_seen(
    api: Api, simulator: Simulator, kind: str, args: dict[str, Any], status: int, words: str
) -> None:
    simulator.fault(kind, args=args)
    answer = api.tweet("Hallo")
    assert (answer.status_code, words in answer.text) == (status, True)
    assert answer.headers["x-access-level"] == ("read" if kind == "read_only_token" else "read-write")
    assert texts(simulator) == []


def test_a_redirect_to_another_host(api: Api, simulator: Simulator) -> None:
    simulator.fault("redirect")
    answer = api.tweet("Hallo")
    assert (answer.status_code, answer.headers["location"]) == (302, "https://elsewhere.invalid/2/tweets")


@pytest.mark.parametrize(
    ("kind", "raised"), [("json_list", AttributeError), ("json_null", AttributeError), ("errors_null", TypeError)]
)
def test_error_bodies_that_break_tweepy(
    client: tweepy.Client, simulator: Simulator, kind: str, raised: type[Exception]
) -> None:
    simulator.fault(kind)
    with pytest.raises(raised):
        client.create_tweet(text="Hallo")
    assert texts(simulator) == []


def test_media_that_are_processed_for_ever(api: Api, simulator: Simulator) -> None:
    simulator.fault("media_pending_forever")
    media_id = uploaded(api, b"film", "video/mp4", "tweet_video")
    simulator.clock(advance_s=3600)
    assert state_of(api, media_id) == "in_progress"
    assert api.tweet("Film", media={"media_ids": [media_id]}).status_code == 400


def test_media_whose_processing_fails(api: Api, simulator: Simulator) -> None:
    simulator.fault("media_failed")
    media_id = uploaded(api, b"film", "video/mp4", "tweet_video")
    info = api.get("/2/media/upload", command="STATUS", media_id=media_id).json()["data"]["processing_info"]
    assert (info["state"], sorted(info["error"])) == ("failed", ["code", "message", "name"])


def test_one_failing_piece_can_be_sent_again(api: Api, simulator: Simulator) -> None:
    simulator.fault("append_5xx_once", after=1)
    media_id = started(api, 6)
    statuses = [append(api, media_id, index, b"abc").status_code for index in (0, 1, 1)]
    assert statuses == [200, 503, 200]
    assert finalize(api, media_id).status_code == 200


def test_a_new_post_can_be_missing_from_the_timeline_for_a_while(api: Api, simulator: Simulator) -> None:
    simulator.faults({"kind": "tl_lag", "args": {"seconds": 60}}, {"kind": "accept_then_reset"})
    with pytest.raises(requests.ConnectionError):
        api.tweet("Hallo")
    assert api.timeline_texts() == []
    simulator.clock(advance_s=61)
    assert api.timeline_texts() == ["Hallo"]


def test_a_clock_that_is_wrong_on_one_side_shows_in_401_and_date(api: Api, simulator: Simulator) -> None:
    simulator.fault("clock_skew", args={"seconds": 7200}, times=None)
    answer = api.get("/2/users/me")
    assert answer.status_code == 401
    assert parsedate_to_datetime(answer.headers["date"]).timestamp() - time.time() == pytest.approx(7200, abs=3)
    assert simulator.log()[0]["auth"] == "stale_timestamp"
    simulator.clear_faults()
    assert api.get("/2/users/me").status_code == 200


def test_a_fault_strikes_the_named_path_so_often_and_after_so_many(api: Api, simulator: Simulator) -> None:
    simulator.fault("status", method="GET", path_glob="/2/users/*/tweets", args={"status": 503}, after=1, times=2)
    post = api.tweet("Hallo").status_code
    reads = [api.get("/2/users/42/tweets").status_code for _ in range(4)]
    assert (post, reads) == (201, [200, 503, 503, 200])


def test_of_two_faults_the_first_strikes_first(api: Api, simulator: Simulator) -> None:
    simulator.faults({"kind": "status", "args": {"status": 500}}, {"kind": "status", "args": {"status": 503}})
    assert [api.tweet("Hallo").status_code for _ in range(3)] == [500, 503, 201]


def test_a_share_of_requests_can_fail_repeatably(api: Api, simulator: Simulator) -> None:
    def failing() -> list[int]:
        fault = {"kind": "status", "args": {"status": 503}, "share": 0.3, "times": None}
        simulator.faults(fault, replace=True, seed=7)
        return [api.get("/2/users/42/tweets").status_code for _ in range(30)]

    first, second = failing(), failing()
    assert first == second
    assert 2 < first.count(503) < 18


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "earthquake"},
        {"kind": "status", "colour": "red"},
        {"kind": "status", "times": 0},
        {"kind": "status", "after": -1},
        {"kind": "status", "share": 0},
        {"kind": "status", "args": {"status": "many"}},
        {"kind": "tl_lag"},
        {"method": "POST"},
        "status",
    ],
)
def test_a_wrong_order_is_refused_with_words(simulator: Simulator, order: object) -> None:
    answer = requests.post(f"{simulator.base_url}/_sim/faults", json={"faults": [order]}, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert simulator.control("GET", "faults") == {"faults": []}
