"""Clients of the simulator that sign with other people's code: requests_oauthlib, and tweepy on top of it."""

from typing import Any

import requests
import tweepy
from requests_oauthlib import OAuth1

from tests.x_simulator.running import Simulator
from x_simulator.keys import Keys

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
TIMEOUT_S = 5


class Api:
    """Signed requests; the answer is a plain requests.Response."""

    def __init__(self, base_url: str, keys: Keys, **replaced: str) -> None:
        self.base_url = base_url
        self.session = requests.Session()
        self.session.trust_env = False
        self.auth = OAuth1(
            replaced.get("consumer_key", keys.consumer_key),
            replaced.get("consumer_secret", keys.consumer_secret),
            replaced.get("access_token", keys.access_token),
            replaced.get("access_token_secret", keys.access_token_secret),
        )

    def request(self, method: str, path: str, **more: Any) -> requests.Response:
        more = {"auth": self.auth, "timeout": TIMEOUT_S, "allow_redirects": False, **more}
        return self.session.request(method, self.base_url + path, **more)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.request("GET", path, params=params)

    def post(self, path: str, content: Any = None, **more: Any) -> requests.Response:
        return self.request("POST", path, json=content, **more)

    def delete(self, path: str) -> requests.Response:
        return self.request("DELETE", path)

    def tweet(self, text: str, **more: Any) -> requests.Response:
        return self.post("/2/tweets", {"text": text, **more})

    def tweet_id(self, text: str, **more: Any) -> str:
        return self.tweet(text, **more).json()["data"]["id"]

    def timeline(self, **params: Any) -> dict[str, Any]:
        return self.get("/2/users/42/tweets", **params).json()

    def timeline_texts(self, **params: Any) -> list[str]:
        return [post["text"] for post in self.timeline(**params).get("data", [])]

    def picture(self, alt_text: str = "") -> str:
        answer = self.request("POST", "/2/media/upload", files={"media": ("picture.png", PNG)})
        media_id = answer.json()["data"]["id"]
        if alt_text:
            self.post("/2/media/metadata", {"id": media_id, "metadata": {"alt_text": {"text": alt_text}}})
        return media_id


class LoopbackSession(requests.Session):
    """tweepy has the address of X built in."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.base_url, self.trust_env = base_url, False

    def request(self, method: str, url: str, **more: Any) -> requests.Response:  # type: ignore[override]  # keywords only
        return super().request(method, url.replace("https://api.twitter.com", self.base_url), timeout=TIMEOUT_S, **more)


def tweepy_client(simulator: Simulator) -> tweepy.Client:
    keys = simulator.keys
    client = tweepy.Client(
        consumer_key=keys.consumer_key,
        consumer_secret=keys.consumer_secret,
        access_token=keys.access_token,
        access_token_secret=keys.access_token_secret,
        bearer_token=keys.app_bearer,
        return_type=dict,
    )
    client.session = LoopbackSession(simulator.base_url)
    return client
