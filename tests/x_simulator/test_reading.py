from typing import Any

import pytest
import tweepy

from tests.x_simulator.clients import Api
from tests.x_simulator.running import Simulator

ADDRESS = "https://www.jobcenter-bremen.de/beratung?t=k7"


def test_the_link_of_a_post_can_be_read_back(api: Api) -> None:
    api.tweet(f"Fragen & Antworten: {ADDRESS}, jobcenter-bremen.de! #Beratung @somebody")
    [post] = api.timeline(**{"tweet.fields": "entities"})["data"]
    urls = post["entities"]["urls"]
    assert [url["expanded_url"] for url in urls] == [ADDRESS, "http://jobcenter-bremen.de"]
    assert [post["text"][url["start"] : url["end"]] for url in urls] == [url["url"] for url in urls]
    assert [tag["tag"] for tag in post["entities"]["hashtags"]] == ["Beratung"]
    assert [mention["username"] for mention in post["entities"]["mentions"]] == ["somebody"]


def test_only_asked_fields_are_answered(api: Api) -> None:
    post_id = api.tweet_id("Kurz")
    plain = api.get(f"/2/tweets/{post_id}").json()["data"]
    rich = api.get(f"/2/tweets/{post_id}", **{"tweet.fields": "author_id,created_at,lang"}).json()["data"]
    assert sorted(plain) == ["edit_history_tweet_ids", "id", "text"]
    assert sorted(rich) == ["author_id", "created_at", "edit_history_tweet_ids", "id", "lang", "text"]


def test_lookup_keeps_the_asked_order_and_names_the_missing(client: tweepy.Client, api: Api) -> None:
    first, second = api.tweet_id("Eins"), api.tweet_id("Zwei")
    api.delete(f"/2/tweets/{first}")
    answer = client.get_tweets([second, first, "5"], user_auth=True)
    assert [post["id"] for post in answer["data"]] == [second]
    assert [entry["resource_id"] for entry in answer["errors"]] == [first, "5"]
    assert answer["errors"][0]["type"].endswith("/resource-not-found")


def test_a_lookup_of_nothing_but_missing_posts_has_no_data(api: Api) -> None:
    answer = api.get("/2/tweets", ids="5")
    assert (answer.status_code, sorted(answer.json())) == (200, ["errors"])
    assert api.get("/2/tweets/5").status_code == 404


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/2/tweets", {"ids": ",".join(map(str, range(101)))}),
        ("/2/tweets", {"ids": "abc"}),
        ("/2/tweets", {}),
        ("/2/tweets", {"ids": "1", "tweet.fields": "colour"}),
        ("/2/tweets", {"ids": "1", "colour": "red"}),
        ("/2/users/42/tweets", {"max_results": "4"}),
        ("/2/users/42/tweets", {"max_results": "101"}),
        ("/2/users/42/tweets", {"start_time": "yesterday"}),
        ("/2/users/42/tweets", {"pagination_token": "zzz"}),
        ("/2/users/42/mentions", {"max_results": "4"}),
        ("/2/tweets/search/recent", {"query": "x", "max_results": "9"}),
        ("/2/tweets/search/recent", {"query": ""}),
        ("/2/tweets/search/recent", {"query": "(x"}),
        ("/2/tweets/search/recent", {"query": "x", "start_time": "2020-01-01T00:00:00Z"}),
        ("/2/users/me", {"user.fields": "colour"}),
    ],
)
def test_wrong_parameters_are_refused(api: Api, path: str, params: dict[str, str]) -> None:
    answer = api.get(path, **params)
    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")
    assert answer.json()["errors"][0]["message"]


def test_the_timeline_is_paged_newest_first(api: Api) -> None:
    ids = [api.tweet_id(f"Nummer {number}") for number in range(12)]
    first = api.timeline(max_results=5)
    second = api.timeline(max_results=5, pagination_token=first["meta"]["next_token"])
    third = api.timeline(max_results=5, pagination_token=second["meta"]["next_token"])
    pages = [[post["id"] for post in page["data"]] for page in (first, second, third)]
    assert pages == [ids[:6:-1], ids[6:1:-1], ids[1::-1]]
    assert first["meta"]["newest_id"] == ids[-1]
    assert "next_token" not in third["meta"]
    assert "previous_token" not in first["meta"]
    back = api.timeline(max_results=5, pagination_token=third["meta"]["previous_token"])
    assert [post["id"] for post in back["data"]] == pages[1]


def test_tweepys_paginator_walks_the_whole_timeline(client: tweepy.Client, api: Api) -> None:
    ids = [api.tweet_id(f"Nummer {number}") for number in range(7)]
    pages = tweepy.Paginator(client.get_users_tweets, 42, max_results=5, user_auth=True)
    assert [post["id"] for page in pages for post in page["data"]] == ids[::-1]


def test_the_timeline_can_be_cut_by_id_and_time(api: Api, simulator: Simulator) -> None:
    old = api.tweet_id("Alt")
    simulator.clock(advance_s=3600)
    start = simulator.state()["now"]
    middle, new = api.tweet_id("Mitte"), api.tweet_id("Neu")

    def found(**params: Any) -> list[str]:
        return [post["id"] for post in api.timeline(**params).get("data", [])]

    assert found(since_id=old) == [new, middle]
    assert found(until_id=middle) == [old]
    assert found(start_time=start) == [new, middle]
    assert found(end_time=start) == [old]


def test_retweets_and_replies_can_be_left_out(api: Api) -> None:
    first = api.tweet_id("Beitrag")
    api.tweet("Antwort", reply={"in_reply_to_tweet_id": first})
    api.post("/2/users/42/retweets", {"tweet_id": "1234567890123456789"})
    assert api.timeline_texts(exclude="retweets,replies") == ["Beitrag"]


def test_an_empty_timeline_has_no_data(api: Api) -> None:
    assert api.timeline() == {"meta": {"result_count": 0}}


def test_the_account_shows_its_counts(client: tweepy.Client, api: Api) -> None:
    api.tweet("Eins")
    answer = client.get_me(user_fields=["public_metrics", "created_at"])["data"]
    assert (answer["id"], answer["username"]) == ("42", "jobcenter_demo")
    assert answer["public_metrics"]["tweet_count"] == 1
    assert answer["public_metrics"]["followers_count"] == 1200


def test_mentions_come_with_their_authors(client: tweepy.Client, simulator: Simulator) -> None:
    mention = simulator.mention("Danke @Jobcenter_Demo!", user_id="1002", username="eine_person")
    simulator.mention("Danke @andere")
    answer = client.get_users_mentions(42, expansions=["author_id"], user_auth=True)
    assert [post["id"] for post in answer["data"]] == [mention["id"]]
    assert [user["username"] for user in answer["includes"]["users"]] == ["eine_person"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("bremen", ["a", "b"]),
        ("bremen -is:reply #arbeit", ["a"]),
        ('"jobcenter bremen"', ["b"]),
        ("from:eine_person", ["a"]),
        ("from:jobcenter_demo", ["c"]),
        ("(#arbeit OR jobcenter) bremen", ["a", "b"]),
        ("-(#arbeit OR jobcenter)", ["c"]),
        ("has:links", ["c"]),
        ("url:example.org", ["c"]),
        ("to:jobcenter_demo", ["b"]),
        ("is:retweet", []),
    ],
)
def test_recent_search_understands_common_operators(
    api: Api, simulator: Simulator, query: str, found: list[str]
) -> None:
    ids = {
        simulator.mention("Bremen hat #Arbeit", user_id="1002", username="eine_person")["id"]: "a",
        simulator.mention("Das Jobcenter Bremen hilft, @jobcenter_demo", user_id="1003", username="noch_eine")[
            "id"
        ]: "b",
        api.tweet_id("Mehr dazu: https://example.org/neu"): "c",
    }
    answer = api.get("/2/tweets/search/recent", query=query).json()
    assert sorted(ids[post["id"]] for post in answer.get("data", [])) == found
    assert answer["meta"]["result_count"] == len(found)


def test_recent_search_ends_after_seven_days(api: Api, simulator: Simulator) -> None:
    api.tweet("Bremen")
    simulator.clock(advance_s=7 * 86400 + 1)
    assert api.get("/2/tweets/search/recent", query="bremen").json() == {"meta": {"result_count": 0}}


def test_the_answer_speaks_the_vocabulary_that_was_asked(api: Api, simulator: Simulator) -> None:
    api.post("/2/users/42/retweets", {"tweet_id": "1234567890123456789"})
    old = api.timeline(**{"tweet.fields": "public_metrics,referenced_tweets", "expansions": "referenced_tweets.id"})
    new = api.timeline(**{"post.fields": "public_metrics,referenced_posts", "expansions": "referenced_posts.id"})
    assert {"edit_history_tweet_ids", "referenced_tweets"} <= set(old["data"][0])
    assert {"edit_history_post_ids", "referenced_posts"} <= set(new["data"][0])
    assert ("retweet_count" in old["data"][0]["public_metrics"], list(old["includes"])) == (True, ["tweets"])
    assert ("repost_count" in new["data"][0]["public_metrics"], list(new["includes"])) == (True, ["posts"])


def test_the_vocabulary_can_be_forced(api: Api, simulator: Simulator) -> None:
    simulator.settings(vocabulary="new")
    assert sorted(api.tweet("Neu").json()["data"]) == ["edit_history_post_ids", "id", "text"]
    metrics = api.get("/2/users/me", **{"user.fields": "public_metrics"}).json()["data"]["public_metrics"]
    assert ("post_count" in metrics, "tweet_count" in metrics) == (True, False)
    simulator.settings(vocabulary="old")
    assert "edit_history_tweet_ids" in api.timeline(**{"post.fields": "created_at"})["data"][0]


def test_the_edit_history_can_be_blank_as_seen_live(api: Api, simulator: Simulator) -> None:
    simulator.settings(edit_history_blank=True)
    assert api.tweet("Leer").json()["data"]["edit_history_tweet_ids"] == [""]


def test_a_long_text_is_cut_and_given_whole_in_note_tweet(api: Api, simulator: Simulator) -> None:
    simulator.settings(text_limit=4000)
    text = "Wort " * 100 + "Ende"
    post_id = api.tweet_id(text)
    shown = api.get(f"/2/tweets/{post_id}", **{"tweet.fields": "note_tweet,entities"}).json()["data"]
    assert shown["text"].startswith("Wort Wort")
    assert "… https://t.co/" in shown["text"]
    assert shown["note_tweet"]["text"] == text


def test_private_figures_are_shown_to_the_owner_for_thirty_days(api: Api, simulator: Simulator) -> None:
    post_id = api.tweet_id("Mein Beitrag")
    query = {"ids": post_id, "tweet.fields": "non_public_metrics"}
    simulator.clock(advance_s=29 * 86400)
    assert api.get("/2/tweets", **query).json()["data"][0]["non_public_metrics"]["impression_count"] > 300
    simulator.clock(advance_s=2 * 86400)
    answer = api.get("/2/tweets", **query).json()
    assert "non_public_metrics" not in answer["data"][0]
    assert answer["errors"][0]["type"].endswith("/not-authorized-for-field")


def test_private_figures_need_the_user_and_not_the_app(client: tweepy.Client, api: Api) -> None:
    answer = client.get_tweets([api.tweet_id("Mein Beitrag")], tweet_fields=["organic_metrics"])
    assert [entry["field"] for entry in answer["errors"]] == ["organic_metrics"]
