"""What we rely on inside tweepy 4.17.0 beyond its documented interface: red here means read before you upgrade."""

import gc
import inspect
import logging
import re
import weakref
from pathlib import Path
from typing import Any

import pytest
import requests
import tweepy

from editorial.channels.twitter import BUILT_IN_HOST, Twitter, XClient

ROOT = Path(__file__).resolve().parents[3]
KEYS = {
    "consumer_key": "key",
    "consumer_secret": "secret",
    "access_token": "42-token",
    "access_token_secret": "token-secret",
}


class Recorder:
    """Stands where tweepy has its session and answers with nothing but success."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, Any]]] = []

    def request(self, method: str, url: str, **more: Any) -> requests.Response:
        self.calls.append((method, url, more))
        response = requests.Response()
        response.status_code, response._content = 200, b'{"data": {}}'
        return response

    def post(self, url: str, **more: Any) -> requests.Response:
        return self.request("POST", url, **more)


def recorded(do):
    recorder = Recorder()
    do(XClient(recorder, KEYS))
    ((method, url, more),) = recorder.calls
    return method, url.removeprefix(BUILT_IN_HOST), more


def test_the_private_request_takes_what_we_hand_it():
    taken = inspect.signature(tweepy.Client._make_request).parameters

    assert list(taken) == ["self", "method", "route", "params", "endpoint_parameters", "json", "data_type", "user_auth"]


@pytest.mark.parametrize(
    ("do", "method", "path", "json"),
    [
        (
            lambda client: client.begin_media("image/png", 9),
            "POST",
            "/2/media/upload/initialize",
            {"media_type": "image/png", "total_bytes": 9, "media_category": "tweet_image"},
        ),
        (lambda client: client.finish_media("7"), "POST", "/2/media/upload/7/finalize", None),
        (lambda client: client.media_state("7"), "GET", "/2/media/upload", None),
        (
            lambda client: client.describe_media("7", "Ein Bild"),
            "POST",
            "/2/media/metadata",
            {"id": "7", "metadata": {"alt_text": {"text": "Ein Bild"}}},
        ),
        (lambda client: client.create_tweet(text="Hallo"), "POST", "/2/tweets", {"text": "Hallo"}),
        (lambda client: client.delete_tweet("7"), "DELETE", "/2/tweets/7", None),
        (lambda client: client.retweet("7"), "POST", "/2/users/42/retweets", {"tweet_id": "7"}),
        (lambda client: client.unretweet("7"), "DELETE", "/2/users/42/retweets/7", None),
    ],
)
def test_a_call_leaves_tweepy_signed_for_the_host_we_replace(do, method, path, json):
    found_method, found_path, more = recorded(do)

    assert (found_method, found_path, more["json"]) == (method, path, json)
    assert type(more["auth"]).__name__ == "OAuth1"


def test_a_piece_of_a_picture_is_signed_the_same_way():
    method, path, more = recorded(lambda client: client.append_media("7", 3, b"abc"))

    assert (method, path) == ("POST", "/2/media/upload/7/append")
    assert (more["data"], more["files"]) == ({"segment_index": "3"}, {"media": ("chunk", b"abc")})
    assert type(more["auth"]).__name__ == "OAuth1"


def test_the_state_of_a_picture_is_asked_with_its_parameters_unchanged():
    _, _, more = recorded(lambda client: client.media_state("7"))

    assert more["params"] == {"command": "STATUS", "media_id": "7"}


def test_an_answer_comes_back_as_plain_json():
    assert XClient(Recorder(), KEYS).create_tweet(text="Hallo") == {"data": {}}


def test_a_client_that_retweeted_can_be_forgotten():
    client = XClient(Recorder(), KEYS)
    client.retweet("7")
    gone = weakref.ref(client)

    del client
    gc.collect()

    assert gone() is None


def test_the_client_never_sleeps_on_a_rate_limit():
    assert XClient(Recorder(), KEYS).wait_on_rate_limit is False


def test_the_loggers_that_print_headers_stay_quiet():
    names = ("tweepy.client", "requests_oauthlib.oauth1_auth", "oauthlib.oauth1.rfc5849")

    assert [logging.getLogger(name).isEnabledFor(logging.DEBUG) for name in names] == [False, False, False]


@pytest.mark.parametrize("token", ["", "token", "-token", "x42-token"])
def test_an_access_token_without_the_number_of_the_account_is_named(token):
    keys = {**KEYS, "access_token": token}

    with pytest.raises(ValueError, match="X_ACCESS_TOKEN"):
        Twitter(base_url="http://127.0.0.1:9", keys=keys, http_timeout_s=1, task_limit_s=1)


def test_only_one_file_speaks_to_tweepy():
    speaks = re.compile(r"^\s*(?:import|from) tweepy|\.create_tweet\(", re.MULTILINE)
    files = [
        path for package in ("editorial", "evaluation", "jobcenter_social") for path in ROOT.glob(f"{package}/**/*.py")
    ]

    assert [path.relative_to(ROOT).as_posix() for path in files if speaks.search(path.read_text())] == [
        "editorial/channels/twitter.py"
    ]
