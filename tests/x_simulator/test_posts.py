from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import tweepy

from tests.x_simulator.clients import Api
from tests.x_simulator.running import Simulator

DUPLICATE = {
    "detail": "You are not allowed to create a Tweet with duplicate content.",
    "type": "about:blank",
    "title": "Forbidden",
    "status": 403,
}


def test_a_post_is_created_once_with_shortened_links_and_escaped_signs(api: Api, simulator: Simulator) -> None:
    answer = api.tweet("Rat & Tat <neu>: https://www.jobcenter-bremen.de/rat?t=a1 #Bremen")
    data = answer.json()["data"]
    start, link, end = data["text"].rpartition("https://t.co/")[0], data["text"].split()[4], data["text"].split()[5]
    assert (answer.status_code, start, end) == (201, "Rat &amp; Tat &lt;neu&gt;: ", "#Bremen")
    assert len(link) == 23
    assert data["edit_history_tweet_ids"] == [data["id"]]
    [post] = simulator.posts()
    assert (post["id"], post["text"]) == (
        data["id"],
        "Rat & Tat <neu>: https://www.jobcenter-bremen.de/rat?t=a1 #Bremen",
    )


def test_the_log_names_the_post_the_signature_and_the_body(api: Api, simulator: Simulator) -> None:
    post_id = api.tweet_id("Hallo")
    [entry] = simulator.log()
    wanted = ("method", "path", "auth", "scheme", "body", "status", "outcome", "post_id", "carried_out")
    assert [entry[name] for name in wanted] == [
        "POST", "/2/tweets", "ok", "oauth1", {"text": "Hallo"}, 201, "answered", post_id, True,
    ]  # fmt: skip
    assert simulator.log(after=entry["n"]) == []


def test_a_reply_to_an_own_post_starts_a_thread(client: tweepy.Client, api: Api) -> None:
    first = client.create_tweet(text="Teil 1")["data"]["id"]
    second = client.create_tweet(text="Teil 2", in_reply_to_tweet_id=first)["data"]["id"]
    shown = api.get(f"/2/tweets/{second}", **{"tweet.fields": "referenced_tweets,conversation_id"}).json()["data"]
    assert shown["referenced_tweets"] == [{"type": "replied_to", "id": first}]
    assert shown["conversation_id"] == first


def test_others_are_answered_only_when_they_mentioned_the_account(api: Api, simulator: Simulator) -> None:
    silent = simulator.mention("Schönes Wetter")["id"]
    asking = simulator.mention("Wann öffnet ihr, @jobcenter_demo?")["id"]
    refusal = api.tweet("Antwort", reply={"in_reply_to_tweet_id": silent})
    assert (refusal.status_code, refusal.json()["detail"]) == (
        403, "You can only reply to or quote posts where you are mentioned or are the author.",
    )  # fmt: skip
    assert api.tweet("Antwort", quote_tweet_id=silent).status_code == 403
    assert api.tweet("Antwort", reply={"in_reply_to_tweet_id": asking}).status_code == 201


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ([], 400, "The request body must be a JSON object"),
        ({}, 400, "Either text, media or a poll is required"),
        ({"text": ""}, 400, "Either text, media or a poll is required"),
        ({"text": 7}, 400, "text must be a string"),
        ({"text": "x", "reply_settings": "nobody"}, 400, "The `reply_settings` is not valid"),
        ({"text": "a\ufeffb"}, 400, "The text contains a sign that is not allowed"),
        ({"text": "x", "poll": {"options": ["a"], "duration_minutes": 60}}, 400, "a poll has 2 to 4 options"),
        ({"text": "x", "media": {"media_ids": []}}, 400, "media takes 1 to 4 media_ids and at most 10 tagged_user_ids"),
        ({"text": "x", "media": {"media_ids": ["1"]}}, 400, "Your media IDs are invalid."),
        ({"text": "x" * 281}, 400, "Your Tweet text is too long."),
        ({"text": "$ABC und $DEF"}, 403, None),
    ],
)
def test_a_wrong_post_is_refused_and_named(
    api: Api, simulator: Simulator, body: Any, status: int, message: str | None
) -> None:
    answer = api.post("/2/tweets", body)
    found = answer.json().get("errors", [{"message": None}])[0]["message"]
    assert (answer.status_code, found) == (status, message)
    assert simulator.posts() == []


def test_unknown_keys_and_broken_json_are_refused(api: Api) -> None:
    assert api.tweet("x", txt="y").status_code == 400
    broken = api.request("POST", "/2/tweets", data=b"{", headers={"content-type": "application/json"})
    assert broken.json()["errors"] == [{"message": "The request body is not valid JSON"}]


def test_links_weigh_23_and_emoji_2(api: Api) -> None:
    link = "https://www.jobcenter-bremen.de/" + "a" * 200
    assert api.tweet("x" * 256 + " " + link).status_code == 201
    assert api.tweet("x" * 257 + " " + link).status_code == 400
    assert api.tweet("👩‍👩‍👧‍👦" * 140).status_code == 201
    assert api.tweet("👩‍👩‍👧‍👦" * 140 + "x").status_code == 400


def test_a_poll_is_shown_by_its_expansion(client: tweepy.Client) -> None:
    post_id = client.create_tweet(text="Was?", poll_options=["Ja", "Nein"], poll_duration_minutes=60)["data"]["id"]
    answer = client.get_tweet(post_id, expansions=["attachments.poll_ids"], user_auth=True)
    assert [option["label"] for option in answer["includes"]["polls"][0]["options"]] == ["Ja", "Nein"]


def test_the_same_text_is_refused_for_a_day(api: Api, simulator: Simulator) -> None:
    api.tweet("Caf\u00e9")
    answer = api.tweet("Cafe\u0301")
    assert (answer.status_code, answer.json()) == (403, DUPLICATE)
    simulator.clock(advance_s=86401)
    assert api.tweet("Café").status_code == 201


def test_a_deleted_text_may_be_sent_again(api: Api) -> None:
    api.delete(f"/2/tweets/{api.tweet_id('Noch einmal')}")
    assert api.tweet("Noch einmal").status_code == 201


def test_of_many_equal_posts_at_once_exactly_one_wins(simulator: Simulator) -> None:
    def send(_: int) -> int:
        return Api(simulator.base_url, simulator.keys).tweet("Gleich").status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(send, range(16)))
    assert statuses == [201] + [403] * 15
    assert len(simulator.posts()) == 1


def test_deleting_may_be_repeated(api: Api, simulator: Simulator) -> None:
    post_id = api.tweet_id("Weg damit")
    answers = [api.delete(f"/2/tweets/{post_id}") for _ in range(2)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {"data": {"deleted": True}})] * 2
    assert simulator.live_posts() == []
    assert api.timeline_texts() == []


def test_posts_of_others_cannot_be_deleted(api: Api, simulator: Simulator) -> None:
    assert api.delete(f"/2/tweets/{simulator.mention('Meins')['id']}").status_code == 403
    assert len(simulator.live_posts()) == 1


def test_retweeting_twice_leaves_one_retweet(client: tweepy.Client, api: Api, simulator: Simulator) -> None:
    first, second = (client.retweet("1234567890123456789")["data"] for _ in range(2))
    assert first == second
    assert first["retweeted"] is True
    [shown] = api.timeline(**{"tweet.fields": "referenced_tweets"})["data"]
    assert shown["referenced_tweets"] == [{"type": "retweeted", "id": "1234567890123456789"}]
    assert shown["text"].startswith("RT @somewhere_else: ")


def test_a_retweet_can_be_taken_back(client: tweepy.Client, api: Api) -> None:
    client.retweet("1234567890123456789")
    assert client.unretweet("1234567890123456789") == {"data": {"retweeted": False}}
    assert client.unretweet("1234567890123456789") == {"data": {"retweeted": False}}
    assert api.timeline_texts() == []


def test_a_retweet_of_what_is_gone_or_for_another_account_is_refused(api: Api, simulator: Simulator) -> None:
    gone = api.tweet_id("Kurz da")
    api.delete(f"/2/tweets/{gone}")
    simulator.settings(missing_ids=["555"])
    for missing in (gone, "555"):
        answer = api.post("/2/users/42/retweets", {"tweet_id": missing})
        assert (answer.status_code, answer.json()["errors"][0]["resource_id"]) == (404, missing)
    assert api.post("/2/users/43/retweets", {"tweet_id": "1"}).status_code == 403
    assert api.post("/2/users/42/retweets", {"tweet_id": "one"}).status_code == 400


def test_an_unknown_path_is_404_with_an_empty_body(api: Api) -> None:
    answer = api.get("/2/nothing")
    assert (answer.status_code, answer.content) == (404, b"")
    assert api.request("PUT", "/2/tweets").status_code == 404
