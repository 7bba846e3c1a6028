import json
from typing import Any

import pytest
import requests

from tests.x_simulator.clients import Api
from tests.x_simulator.running import Simulator
from x_simulator.clock import moment_of
from x_simulator.metrics import value
from x_simulator.store import id_for

LONG_AGO = "2026-01-15T09:30:00Z"
POST_ID = str(id_for(moment_of(LONG_AGO), 1))


def history(**more: Any) -> dict[str, Any]:
    return {"id": POST_ID, "text": "Rückblick & mehr", "created_at": LONG_AGO, **more}


def test_history_stands_on_the_timeline_with_its_pictures_and_figures(api: Api, simulator: Simulator) -> None:
    simulator.fill([history(media=[{"alt_text": "Ein Turm"}], plateau={"impression_count": 800})])
    simulator.clock(at="2026-01-16T09:30:00Z")
    fields = {"tweet.fields": "created_at,public_metrics", "media.fields": "alt_text"}
    answer = api.timeline(expansions="attachments.media_keys", **fields)
    [post] = answer["data"]
    assert (post["id"], post["created_at"]) == (POST_ID, "2026-01-15T09:30:00.000Z")
    assert post["text"].startswith("Rückblick &amp; mehr https://t.co/")
    assert post["public_metrics"]["impression_count"] == value(800, 86400)
    assert [media["alt_text"] for media in answer["includes"]["media"]] == ["Ein Turm"]


def test_filling_twice_changes_nothing(simulator: Simulator) -> None:
    without_id = {"text": "Ohne Kennung", "created_at": LONG_AGO}
    first = simulator.fill([history(), without_id])
    second = simulator.fill([history(text="anders"), without_id])
    assert (first["added"], second["added"]) == (2, 0)
    assert first["ids"] == second["ids"]
    assert sorted(post["text"] for post in simulator.posts()) == ["Ohne Kennung", "Rückblick & mehr"]


def test_retweets_can_be_filled_in(api: Api, simulator: Simulator) -> None:
    simulator.fill([history(kind="retweet", retweet_of="1234567890123456789", text="Der fremde Text")])
    assert api.timeline_texts() == ["RT @somewhere_else: Der fremde Text"]


def test_the_followers_curve_can_be_given(api: Api, simulator: Simulator) -> None:
    curve = {"start_at": "2026-01-01T00:00:00Z", "start": 500, "end_at": "2026-02-10T00:00:00Z", "end": 900}
    simulator.fill([], followers=curve)
    simulator.clock(at="2026-01-11T00:00:00Z")
    answer = api.get("/2/users/me", **{"user.fields": "public_metrics"}).json()
    assert answer["data"]["public_metrics"]["followers_count"] == 600


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"posts": [history(id="17")]}, "id 17 does not encode created_at; see README.md, Ids"),
        ({"posts": [history(kind="story")]}, "kind is one of ('post', 'retweet')"),
        ({"posts": [history(kind="retweet")]}, "a retweet needs retweet_of, the id of the original"),
        ({"posts": [history(plateau={"views": 1})]}, "unknown figures ['views']"),
        ({"posts": [{"text": "x"}]}, "missing or unknown: 'created_at'"),
        ({"posts": [history(created_at="gestern")]}, "Invalid isoformat string"),
        ({"posts": [history(created_at="1999-01-01")]}, "created_at lies between 2011 and 2099"),
        ({"posts": [history(), history(colour="red")]}, "unknown fields ['colour']"),
        ({"colour": "red"}, "unknown fields ['colour']"),
        ([], "the body is a JSON object"),
    ],
)
def test_a_wrong_order_is_refused_as_a_whole(simulator: Simulator, order: object, words: str) -> None:
    answer = requests.post(f"{simulator.base_url}/_sim/fill", json=order, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(words)
    assert simulator.posts() == []


def test_an_older_post_of_the_same_text_triggers_the_duplicate_check(api: Api, simulator: Simulator) -> None:
    simulator.clock(at="2026-01-15T20:00:00Z")
    simulator.fill([history()])
    assert api.tweet("Rückblick & mehr").status_code == 403


def test_an_edit_by_hand_gives_a_new_version(api: Api, simulator: Simulator) -> None:
    old = api.tweet_id("Fehla")
    new = simulator.alter(old, "Fehler")
    [shown] = api.timeline()["data"]
    assert (shown["id"], shown["text"], shown["edit_history_tweet_ids"]) == (new, "Fehler", [old, new])
    earlier = api.get(f"/2/tweets/{old}").json()["data"]
    assert (earlier["text"], earlier["edit_history_tweet_ids"]) == ("Fehla", [old, new])
    simulator.remove(new)
    assert api.get(f"/2/tweets/{old}").status_code == 404


def test_a_post_deleted_by_hand_is_gone(api: Api, simulator: Simulator) -> None:
    post_id = api.tweet_id("Weg")
    simulator.remove(post_id)
    assert api.get(f"/2/tweets/{post_id}").status_code == 404
    assert [post["deleted"] for post in simulator.posts()] == [True]


def test_control_refuses_browsers_and_other_hosts(simulator: Simulator) -> None:
    url = f"{simulator.base_url}/_sim/state"
    assert requests.get(url, timeout=5, headers={"origin": "http://127.0.0.1:8000"}).status_code == 403
    assert requests.get(url, timeout=5, headers={"host": "rebound.example:80"}).status_code == 403


def test_control_names_what_it_knows(simulator: Simulator) -> None:
    answer = requests.get(f"{simulator.base_url}/_sim/nothing", timeout=5)
    assert answer.status_code == 404
    assert "POST /_sim/faults" in answer.json()["known"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("clock", {}),
        ("clock", {"advance_s": 1e12}),
        ("clock", {"at": float("nan")}),
        ("clock", {"advance_s": 1, "at": LONG_AGO}),
        ("settings", {"colour": "red"}),
        ("settings", {"text_limit": "long"}),
        ("settings", {"vocabulary": "klingon"}),
        ("metrics", {"id": "5", "plateau": {}}),
        ("mention", {}),
        ("alter", {"id": "5", "text": "x"}),
    ],
)
def test_wrong_control_calls_are_refused(simulator: Simulator, name: str, body: object) -> None:
    answer = requests.post(f"{simulator.base_url}/_sim/{name}", data=json.dumps(body), timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_reset_empties_everything(api: Api, simulator: Simulator) -> None:
    api.tweet("Hallo")
    simulator.clock(advance_s=1000)
    simulator.settings(text_limit=10)
    simulator.fault("status", times=None)
    simulator.reset()
    state = simulator.state()
    assert (state["posts"], state["offset_s"], state["requests"], state["limits"]) == (0, 0.0, 0, [])
    assert state["settings"]["text_limit"] == 280
    assert api.tweet("Hallo").status_code == 201
